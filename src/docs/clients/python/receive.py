"""Receives webhooks, and prints each event once: python3 receive.py KEY_FILE PORT

KEY_FILE has the key of the subscription."""
import base64, hashlib, hmac, json, pathlib, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer


class Receiver(BaseHTTPRequestHandler):
    last, protocol_version = "", "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        event = json.loads(body)
        if event["type"] == "subscription.challenge":
            return self.answer(200, event["data"]["challenge"].encode())
        if not self.is_signed(body):
            return self.answer(401)
        # An event may arrive again. Its sequence shows that.
        sequence = event.get("sequence")
        if sequence is None or sequence > Receiver.last:
            print(body.decode(), flush=True)
            Receiver.last = sequence or Receiver.last
        self.answer(200)

    def is_signed(self, body):
        moment = self.headers.get("webhook-timestamp", "0")
        key = base64.b64decode(pathlib.Path(sys.argv[1]).read_text().strip().removeprefix("whsec_"))
        message = f"{self.headers.get('webhook-id')}.{moment}.".encode() + body
        expected = "v1," + base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode()
        signatures = self.headers.get("webhook-signature", "").split(" ")
        return abs(time.time() - int(moment)) < 300 and any(hmac.compare_digest(expected, each) for each in signatures)

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


HTTPServer(("localhost", int(sys.argv[2])), Receiver).serve_forever()

"""Runs the clients of src/docs/clients: python3 clients.py PORT TOKEN FOLDER

Each works through a proxy that cuts connections, and followers are killed. Nothing may be lost or repeated."""
import atexit, base64, hashlib, hmac, json, os, pathlib, socket, subprocess, sys, threading, time, urllib.error, urllib.request

PORT, TOKEN, WORK = int(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
CLIENTS = pathlib.Path("src/docs/clients")
JAVA = os.environ["JAVA"]
ARTICLES = 120


class Proxy:
    """Cuts a connection whenever the server has sent some bytes more."""

    def __init__(self, target, after):
        self.target, self.after, self.left, self.cuts = target, after, after, 0
        self.listener = socket.create_server(("localhost", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client = self.listener.accept()[0]
            try:
                server = socket.create_connection(("localhost", self.target))
            except OSError:
                client.close()
                continue
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self.copy, args=(source, target, source is server), daemon=True).start()

    def copy(self, source, target, counted):
        try:
            while data := source.recv(4096):
                if counted and len(data) >= self.left:
                    target.sendall(data[:self.left // 2])
                    self.left, self.cuts = self.after, self.cuts + 1
                    break
                target.sendall(data)
                self.left -= len(data) if counted else 0
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass


class FirstResponseProxy(Proxy):
    """Cuts the first of two connections at its response."""

    def copy(self, source, target, counted):
        if counted:
            self.after = 1 if self.after != 1 else sys.maxsize
            self.left = self.after
        super().copy(source, target, counted)


class Client:
    """A running client, with its output."""

    def __init__(self, name, command, environment=()):
        self.output, self.command = WORK / name, [str(part) for part in command]
        self.environment = {**os.environ, "FRESHET_TOKEN": TOKEN, **dict(environment)}
        self.start()
        atexit.register(self.stop)

    def start(self):
        with open(self.output, "a") as output:
            self.process = subprocess.Popen(self.command, env=self.environment, stdout=output, stderr=subprocess.DEVNULL)

    def stop(self):
        self.process.kill()
        self.process.wait()

    def events(self):
        """Returns the events of complete lines."""
        return [json.loads(line) for line in self.output.read_text().splitlines(True) if line.endswith("\n")]


def command(language, name):
    """Returns the command of a client. Those of Go and Java are compiled once, since each runs several times."""
    return {
        "node": ["node", CLIENTS / f"node/{name}.mjs"],
        "python": ["python3", CLIENTS / f"python/{name}.py"],
        "php": ["php", CLIENTS / f"php/{name}.php"],
        "ruby": ["ruby", CLIENTS / f"ruby/{name}.rb"],
        "go": [WORK / "go" / name],
        "java": [JAVA, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-cp", WORK / "java", name.title()],
    }[language]


LANGUAGES = ["node", "python", "php", "ruby", "go", "java"]


def compile_clients():
    subprocess.run([JAVA + "c", "-d", WORK / "java", *(CLIENTS / "java").glob("*.java")], check=True)
    for file in (CLIENTS / "go").glob("*.go"):
        environment = {**os.environ, "GOCACHE": str(WORK / "cache")}
        subprocess.run(["go", "build", "-o", WORK / "go" / file.stem, file], check=True, env=environment)


def request(path, body=None, port=PORT, headers=()):
    """Sends a request, and returns the status and the body of the response."""
    sent = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json", **dict(headers)}
    try:
        with urllib.request.urlopen(urllib.request.Request(f"http://localhost:{port}{path}", body, sent)) as response:
            return response.status, response.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def post(path, body):
    status, answer = request(path, json.dumps(body).encode())
    assert status < 300, answer
    return json.loads(answer)


def until(description, condition):
    for _ in range(300):
        if condition():
            return
        time.sleep(0.2)
    sys.exit(f"Timed out: {description}")


def is_open(port):
    try:
        socket.create_connection(("localhost", port)).close()
        return True
    except OSError:
        return False


def follow(language):
    proxy = Proxy(PORT, 25_000)
    arguments = command(language, "follow") + [WORK / f"{language}.position"]
    return proxy, Client(f"{language}.followed", arguments, {"FRESHET_URL": f"http://localhost:{proxy.port}"})


class Receiver:
    def __init__(self, language):
        with socket.create_server(("localhost", 0)) as free:
            self.port = free.getsockname()[1]
        self.key = WORK / f"{language}.key"
        self.proxy = Proxy(self.port, 1000)
        script = command(language, "receive")
        full = ["php", "-S", f"localhost:{self.port}", script[1]] if language == "php" else [*script, self.key, self.port]
        self.client = Client(f"{language}.received", full, {"FRESHET_KEY_FILE": str(self.key)})
        until(f"{language} receives", lambda: is_open(self.port))
        target = {"type": "webhook", "url": f"http://localhost:{self.proxy.port}/"}
        self.key.write_text(post("/api/v1/subscriptions", {"name": language, "target": target, "start": "earliest"})["key"])

    def forged(self, age, key):
        """Returns the status of a request that is signed with a key."""
        body, moment = b'{"type":"article.published","sequence":"9"}', str(int(time.time()) - age)
        digest = hmac.new(base64.b64decode(key), f"1.{moment}.".encode() + body, hashlib.sha256).digest()
        headers = {"webhook-id": "1", "webhook-timestamp": moment, "webhook-signature": "v1," + base64.b64encode(digest).decode()}
        return request("/", body, self.port, headers)[0]


def publish(language):
    """Publishes an article, whose first response is lost."""
    proxy = FirstResponseProxy(PORT, sys.maxsize)
    environment = {**os.environ, "FRESHET_TOKEN": TOKEN, "FRESHET_URL": f"http://localhost:{proxy.port}"}
    arguments = [*command(language, "publish"), f'"{language}" \\ Grüße']
    answer = subprocess.run(arguments, env=environment, stdout=subprocess.PIPE, check=True, timeout=60).stdout
    assert json.loads(answer)["title"] == f'"{language}" \\ Grüße', answer
    assert proxy.cuts == 1, f"{language} sent {proxy.cuts} requests that were cut"


def publish_directly(numbers):
    for number in numbers:
        post("/api/v1/articles", {"title": f"Number {number} · Grüße", "status": "published"})


def main():
    (WORK / "go").mkdir()
    compile_clients()
    followers = {language: follow(language) for language in LANGUAGES}
    receivers = {language: Receiver(language) for language in LANGUAGES}
    publish_directly(range(ARTICLES // 2))
    for language in LANGUAGES:
        publish(language)
    for _, client in followers.values():
        client.stop()
    publish_directly(range(ARTICLES // 2, ARTICLES))
    for _, client in followers.values():
        client.start()

    stream = request("/api/v1/articles?since=earliest&follow=false", headers={"Accept": "application/x-ndjson"})[1]
    cursors = [json.loads(line)["cursor"] for line in stream.splitlines()]
    assert len(cursors) == ARTICLES + len(LANGUAGES), f"{len(cursors)} articles were published"

    for language, (proxy, client) in followers.items():
        until(f"{language} follows", lambda: cursors[-1] in [event["cursor"] for event in client.events()])
        followed = [event["cursor"] for event in client.events()]
        # A client that is killed between printing and storing the position prints one event again.
        assert list(dict.fromkeys(followed)) == cursors and len(followed) <= len(cursors) + 1, (language, followed)
        assert proxy.cuts > 1, f"{language} had {proxy.cuts} cuts"
        client.stop()
    for language, receiver in receivers.items():
        until(f"{language} receives", lambda: cursors[-1] in [event["id"] for event in receiver.client.events()])
        assert [event["id"] for event in receiver.client.events()] == cursors, language
        assert receiver.proxy.cuts > 1, f"{language} had {receiver.proxy.cuts} cuts"
        key = receiver.key.read_text().removeprefix("whsec_")
        assert receiver.forged(0, base64.b64encode(b"another key").decode()) == 401, f"{language} accepts another key"
        assert receiver.forged(600, key) == 401, f"{language} accepts an old request"
        assert receiver.forged(0, key) in (200, 204), f"{language} refuses a valid request"
        receiver.client.stop()
    print(f"Clients: {len(cursors)} events in each of {len(LANGUAGES)} languages")


main()

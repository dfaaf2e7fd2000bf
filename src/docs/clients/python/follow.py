"""Prints the events of a feed: python3 follow.py FILE [QUERY]

FILE stores the position, from which the next run continues."""
import os, pathlib, sys, time
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

URL = os.environ.get("FRESHET_URL", "http://localhost:8080") + "/api/v1/articles"
TOKEN = os.environ.get("FRESHET_TOKEN")
HEADERS = {"Authorization": f"Bearer {TOKEN}"} if TOKEN else {}


def pause_after(error):
    """Returns the seconds until the next attempt. Ends the program if another attempt cannot succeed."""
    if isinstance(error, HTTPError) and error.code != 429 and error.code < 500:
        sys.exit(error.read().decode())
    return int(error.headers.get("Retry-After", 2)) if isinstance(error, HTTPError) else 1


file, pause = pathlib.Path(sys.argv[1]), 1
query = sys.argv[2] if len(sys.argv) > 2 else "since=earliest"
while True:
    position = {"Last-Event-ID": file.read_text()} if file.exists() else {}
    request = Request(f"{URL}?{query}", headers={**HEADERS, **position, "Accept": "text/event-stream"})
    try:
        event = {}
        # The server sends a comment every 15 seconds.
        for line in urlopen(request, timeout=45):
            name, _, value = line.decode(errors="replace").rstrip("\n").partition(":")
            if line == b"\n":
                if event.get("event", "").startswith("article.") or event.get("event") == "reset":
                    print(event["data"], flush=True)
                if "id" in event:
                    new = file.with_name(file.name + ".new")
                    new.write_text(event["id"])
                    new.replace(file)
                pause, event = int(event.get("retry", 1000 * pause)) / 1000, {}
            else:
                event[name] = value.removeprefix(" ")
    except (OSError, HTTPException) as error:
        pause = pause_after(error)
    time.sleep(pause)

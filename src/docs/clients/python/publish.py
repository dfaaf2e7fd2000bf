"""Publishes an article once, however often the connection fails: python3 publish.py TITLE"""
import json, os, sys, time, uuid
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


headers = {**HEADERS, "Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
body = json.dumps({"title": sys.argv[1], "status": "published"}).encode()
for attempt in range(10):
    try:
        print(urlopen(Request(URL, body, headers), timeout=30).read().decode())
        sys.exit()
    except (OSError, HTTPException) as error:
        time.sleep(pause_after(error))
sys.exit("The article may not be published")

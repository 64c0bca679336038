"""A picture of a page that only who is logged in may see; `__main__.py` takes one for the documents."""

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from tempfile import TemporaryDirectory

import requests

from tests.chromium import CHROMIUM, FLAGS

FRAME = ("--hide-scrollbars", "--window-size=1400,900")
PASSED_ON = ("Accept", "X-Requested-With")  # the latter tells a script's request from a page's


def take(url: str, session: requests.Session, picture: str) -> None:
    """Chromium cannot be given cookies, so it asks a relay that has them."""
    site, path = url[: url.index("/", 8)], url[url.index("/", 8) :]
    if not CHROMIUM:
        raise SystemExit("There is no Chromium to take a picture with.")
    with ThreadingHTTPServer(("127.0.0.1", 0), _relay(site, session)) as relay, TemporaryDirectory() as profile:
        threading.Thread(target=relay.serve_forever, daemon=True).start()
        where = (f"--user-data-dir={profile}", f"--screenshot={picture}")
        command = [CHROMIUM, *FLAGS, *FRAME, *where, f"http://127.0.0.1:{relay.server_port}{path}"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        relay.shutdown()


def _relay(site: str, session: requests.Session) -> type[BaseHTTPRequestHandler]:
    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = {name: value for name, value in self.headers.items() if name in PASSED_ON}
            answer = requests.get(site + self.path, cookies=session.cookies, headers=told)
            self.send_response(answer.status_code)
            self.send_header("Content-Type", answer.headers["Content-Type"])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Relay

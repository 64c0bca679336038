"""As much of an object store as the scenario runner needs for a job's data; jobsmock has none.

`__main__.py` plays it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

NOT_THERE = b"<Error><Code>NoSuchBucket</Code></Error>"
EMPTY = b"<ListBucketResult></ListBucketResult>"  # the runner deletes what it has put before it lists the rest


class Bucket(BaseHTTPRequestHandler):
    """Remembers which paths have been put, and not what."""

    protocol_version = "HTTP/1.1"
    paths: set[str] = set()

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.paths.add(self._path())
        self._answer(200)

    def do_GET(self) -> None:
        self._answer(*(200, EMPTY) if self._path() in self.paths else (404, NOT_THERE))

    def do_HEAD(self) -> None:
        self._answer(200 if self._path() in self.paths else 404)

    def do_DELETE(self) -> None:
        self.paths.discard(self._path())
        self._answer(204)

    def _path(self) -> str:
        return self.path.partition("?")[0].rstrip("/")

    def _answer(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def bucket() -> Iterator[str]:
    """Its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Bucket) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()

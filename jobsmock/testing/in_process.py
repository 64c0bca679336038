"""Sends a request to the app in this process, without a socket. The adapters for requests and httpx use it."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from jobsmock.http.request import CONNECTION, Connection
from jobsmock.world.clock import sleep

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LATE = "late"  # a wire fault of its own: the response comes after the client has given up


class InProcessResponse(NamedTuple):
    """`wire` is how a rule broke the connection, or LATE, or None. `content` is the part of the body that arrives."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    content: bytes
    wire: str | None


class _Connection(Connection):
    """The connection of a client that waits for `timeout` seconds. A longer delay ends at once."""

    def __init__(self, timeout: float | None) -> None:
        self._timeout = timeout
        self.wire: str | None = None

    def wait(self, seconds: float) -> None:
        if self._timeout is not None and seconds > self._timeout:
            self.wire = LATE
        else:
            sleep(seconds)

    def break_wire(self, how: str) -> None:
        self.wire = self.wire or how


class InProcessClient:
    """Sends requests to a world, as one pool of connections does."""

    def __init__(self, app: App, world: str) -> None:
        self._app, self._world = app, world
        self._is_closed = False  # whether the server closed the connection without telling the client

    def __call__(
        self, method: str, url: str, headers: Iterable[tuple[str, str | bytes]], content: bytes, timeout: float | None
    ) -> InProcessResponse:
        """Send a request to an absolute URL. `timeout` is in seconds of real time, not of the world's clock."""
        if self._is_closed:
            self._is_closed = False
            return _NO_RESPONSE
        response = _send(self._app, _make_environ(self._world, method, url, content), headers, timeout)
        if response.wire != "close":
            return response
        self._is_closed = True
        return response._replace(wire=None)


_NO_RESPONSE = InProcessResponse(0, "", [], b"", "empty")


def _send(
    app: App, environ: dict[str, Any], headers: Iterable[tuple[str, str | bytes]], timeout: float | None
) -> InProcessResponse:
    for name, value in headers:
        _add_header(environ, name.upper().replace("-", "_"), value)
    connection = environ[CONNECTION] = _Connection(timeout)
    starts: list[tuple[str, list[tuple[str, str]]]] = []
    content = b"".join(app(environ, lambda status, headers, *_: starts.append((status, headers))))
    (status, response_headers), wire = starts[-1], connection.wire
    if wire == "truncate":
        content = content[: len(content) // 2]
    elif wire == "hang" and timeout is not None:
        wire = LATE
    return InProcessResponse(int(status[:3]), status[4:], response_headers, content, wire)


def _make_environ(world: str, method: str, url: str, content: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    path = unquote_to_bytes(parts.path or "/").decode("latin-1")
    if world and not path.startswith("/w/"):  # the client uses an address without the world's prefix
        path = f"/w/{world}{path}"
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": parts.hostname or "",
        "SERVER_PORT": str(parts.port or {"https": 443}.get(parts.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": parts.netloc.rpartition("@")[2],
        **({"CONTENT_LENGTH": str(len(content))} if content else {}),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": parts.scheme,
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }


def _add_header(environ: dict[str, Any], key: str, value: str | bytes) -> None:
    """Add a header as WSGI wants it, in Latin-1. The length and encoding of the body are known without headers."""
    if key in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
        return
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    elif not value.isascii():
        value.encode("latin-1")
    environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value

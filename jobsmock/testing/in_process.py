"""One request to the app in this process, without a socket. The clients that come with jobsmock ask it here."""

import io
import sys
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from urllib.parse import unquote_to_bytes, urlsplit

from jobsmock.http.request import CONNECTION, Connection
from jobsmock.world.clock import sleep

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
LATE = "late"  # in place of a wire that is broken: the answer comes after the client has given up


class InProcessResponse(NamedTuple):
    """`wire` is how a rule broke it, or LATE, or None. Of a truncated one, `content` is what arrives."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    content: bytes
    wire: str | None


class _Connection(Connection):
    """The connection of a client that waits for `timeout` seconds. A wait longer than that is over at once."""

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
    """Asks a world, as one pool of connections to it would."""

    def __init__(self, app: App, world: str) -> None:
        self._app, self._world = app, world
        self._is_closed = False  # whether the world has closed the connection that the client thinks it has

    def __call__(
        self, method: str, url: str, headers: Iterable[tuple[str, str | bytes]], content: bytes, timeout: float | None
    ) -> InProcessResponse:
        """What the world answers to a client that waits for `timeout` seconds of the machine. `url` is a whole one."""
        if self._is_closed:
            self._is_closed = False
            return _GONE
        answer = _send(self._app, _make_environ(self._world, method, url, content), headers, timeout)
        if answer.wire != "close":
            return answer
        self._is_closed = True
        return answer._replace(wire=None)


_GONE = InProcessResponse(0, "", [], b"", "empty")


def _send(
    app: App, environ: dict[str, Any], headers: Iterable[tuple[str, str | bytes]], timeout: float | None
) -> InProcessResponse:
    for name, value in headers:
        _add_header(environ, name.upper().replace("-", "_"), value)
    connection = environ[CONNECTION] = _Connection(timeout)
    started: list[tuple[str, list[tuple[str, str]]]] = []
    answer = b"".join(app(environ, lambda status, headers, *_: started.append((status, headers))))
    (status, told), wire = started[-1], connection.wire
    if wire == "truncate":
        answer = answer[: len(answer) // 2]
    elif wire == "hang" and timeout is not None:
        wire = LATE
    return InProcessResponse(int(status[:3]), status[4:], told, answer, wire)


def _make_environ(world: str, method: str, url: str, content: bytes) -> dict[str, Any]:
    parts = urlsplit(url)
    path = unquote_to_bytes(parts.path or "/").decode("latin-1")
    if world and not path.startswith("/w/"):  # the client knows the service by an address of its own
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
    """Put a header where WSGI wants it, as Latin-1; but the length of the body is counted, and its coding is undone."""
    if key in ("CONTENT_LENGTH", "TRANSFER_ENCODING"):
        return
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    elif not value.isascii():
        value.encode("latin-1")
    environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value

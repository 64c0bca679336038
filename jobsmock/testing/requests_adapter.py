"""The transport of `requests`, without a socket: the app answers, and urllib3 and requests do all else as ever.

So retries, redirects, streams, timeouts and exceptions are theirs, not imitations. Only an answer that needs none of
that is spared the way through urllib3, which takes a fifth of a request's time.
"""

import errno
import io
from collections.abc import Callable
from functools import partial
from http.client import BadStatusLine, RemoteDisconnected
from typing import Any

from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from urllib3 import HTTPConnectionPool, HTTPHeaderDict, HTTPResponse
from urllib3.connection import HTTPConnection

from jobsmock.testing.in_process import LATE, App, InProcessClient, InProcessResponse


class Adapter(HTTPAdapter):
    """Mount it on a Session: `session.mount("http://sahara.example.com/", adapter)`."""

    def __init__(self, app: App, world: str, **settings: Any) -> None:
        super().__init__(**settings)
        self._ask = InProcessClient(app, world)
        self._answers: dict[
            int, InProcessResponse
        ] = {}  # of requests that urllib3 is yet to be handed, by their identity

    def send(
        self,
        request: PreparedRequest,
        stream: bool = False,
        timeout: Any = None,
        verify: Any = True,
        cert: Any = None,
        proxies: Any = None,
    ) -> Response:
        if stream or self.max_retries.total != 0:
            return super().send(request, stream, timeout, verify, cert, proxies)
        content, patience = _read_content(request.body), _read_timeout(timeout)
        answer = self._ask(str(request.method), str(request.url), request.headers.items(), content, patience)
        if answer.wire is None:
            return self._make_response(request, answer)
        self._answers[id(request)] = answer
        request.body = content if request.body else request.body  # it may have been there to be read once only
        return super().send(request, stream, timeout, verify, cert, proxies)

    def _make_response(self, request: PreparedRequest, answer: InProcessResponse) -> Response:
        raw = _make_raw_response(answer, b"", request_method=request.method)
        response = self.build_response(request, raw)
        response._content, response._content_consumed = answer.content, True  # type: ignore[attr-defined]
        return response

    def get_connection_with_tls_context(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> "_Pool":
        base = "/".join(str(request.url).split("/", 3)[:3])
        return _Pool(self._ask, base, self._answers.pop(id(request), None))

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """There is nobody to be verified."""

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """The path: whatever the environment says, no proxy is between."""
        return request.path_url


class _Pool(HTTPConnectionPool):
    """Where urllib3 gets connections to `base` for one request and its repetitions; its answer may be there already."""

    def __init__(self, ask: Callable[..., InProcessResponse], base: str, answer: InProcessResponse | None) -> None:
        super().__init__("jobsmock")
        self.ask, self.base, self.answer = ask, base, answer
        self.ConnectionCls = partial(_UrllibConnection, self)  # type: ignore[assignment]


class _UrllibConnection(HTTPConnection):
    """A connection on which a request is kept until its answer is wanted."""

    is_closed = False
    is_connected = True

    def __init__(self, pool: _Pool, **settings: Any) -> None:
        super().__init__(**settings)
        self._pool = pool

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **reading: Any) -> None:
        reading.pop("chunked", None)
        self._request = (method, self._pool.base + url, dict(headers or {}).items(), _read_content(body)), reading

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        request, reading = self._request
        answer, self._pool.answer = self._pool.answer or self._pool.ask(*request, self.timeout), None
        if answer.wire in _ERRORS:
            raise _ERRORS[answer.wire]()
        method, url, *_ = request
        return _make_raw_response(answer, _Body(answer.content), request_method=method, request_url=url, **reading)


class _Body(io.BytesIO):
    """A body that is closed once it is read to its end, as http.client's is: whoever streams waits for that."""

    def read(self, size: int | None = -1, /) -> bytes:
        return self._close_at_end(super().read(size)) if not self.closed else b""

    def read1(self, size: int | None = -1, /) -> bytes:
        return self.read(size)

    def readinto(self, buffer: Any, /) -> int:
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def readline(self, size: int | None = -1, /) -> bytes:
        return self._close_at_end(super().readline(size)) if not self.closed else b""

    def _close_at_end(self, data: bytes) -> bytes:
        if self.tell() == len(self.getbuffer()):
            self.close()
        return data


def _make_raw_response(answer: InProcessResponse, body: Any, **reading: Any) -> HTTPResponse:
    headers = HTTPHeaderDict(answer.headers)
    return HTTPResponse(body, headers, answer.status, version=11, reason=answer.reason, **reading)


_GONE = partial(RemoteDisconnected, "Remote end closed connection without response")
_ERRORS: dict[str | None, Callable[[], Exception]] = {
    "reset": partial(ConnectionResetError, errno.ECONNRESET, "Connection reset by peer"),
    "empty": _GONE,
    "garbage": partial(BadStatusLine, "jobsmock speaks no HTTP today"),
    "hang": _GONE,  # as after a minute: whoever gives no timeout would wait for so long
    LATE: partial(TimeoutError, "timed out"),
}


def _read_timeout(timeout: Any) -> float | None:
    """Seconds, of what requests takes for a timeout: a number, one to connect and one to read, or urllib3's own."""
    if isinstance(timeout, tuple):
        timeout = timeout[-1]
    seconds: float | None = getattr(timeout, "read_timeout", timeout)
    return seconds


def _read_content(body: Any) -> bytes:
    """The whole of a body, which may be a text, a file, or an iterable of pieces."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    pieces = [body.read()] if hasattr(body, "read") else body
    return b"".join(piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces)

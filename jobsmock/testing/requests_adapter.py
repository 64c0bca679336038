"""The transport adapter for `requests`, which calls the app without a socket. `cloud.adapter()` creates it.

Retries, redirects, streams, timeouts and exceptions are those of urllib3 and requests, and not imitations. Only a
response that needs none of them skips urllib3, which would take a fifth of a request's time.

It is the only module that uses the internals of both: `_content` and `_content_consumed` of requests' Response, and
urllib3's `ConnectionCls`, HTTPConnection and the arguments of HTTPResponse. `tests/contracts/test_requests.py` and
`tests/contracts/test_urllib3.py` check them.
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
        self._client = InProcessClient(app, world)
        # By the identity of a request: the response, while the request is on its way through urllib3.
        self._pending: dict[int, InProcessResponse] = {}

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
        content, seconds = _read_content(request.body), _read_timeout(timeout)
        answer = self._client(str(request.method), str(request.url), request.headers.items(), content, seconds)
        if answer.wire is None:
            return self._make_response(request, answer)
        self._pending[id(request)] = answer
        request.body = content if request.body else request.body  # an iterator can be read only once
        return super().send(request, stream, timeout, verify, cert, proxies)

    def _make_response(self, request: PreparedRequest, answer: InProcessResponse) -> Response:
        raw = _make_raw_response(answer, b"", request_method=request.method)
        response = self.build_response(request, raw)
        response._content, response._content_consumed = answer.content, True  # type: ignore[attr-defined, unused-ignore]
        return response

    def get_connection_with_tls_context(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> "_Pool":
        base = "/".join(str(request.url).split("/", 3)[:3])
        return _Pool(self._client, base, self._pending.pop(id(request), None))

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing: there is no certificate to verify."""

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        """The path of the URL, even if the environment sets a proxy, since none is used."""
        return request.path_url


class _Pool(HTTPConnectionPool):
    """The connections to `base` for one request and its retries. `answer` is the first response if it is known."""

    def __init__(self, client: InProcessClient, base: str, answer: InProcessResponse | None) -> None:
        super().__init__("jobsmock")
        self.client, self.base, self.answer = client, base, answer
        self.ConnectionCls = partial(_UrllibConnection, self)  # type: ignore[assignment]


class _UrllibConnection(HTTPConnection):
    """A connection that keeps a request until its response is read."""

    is_closed = False
    is_connected = True

    def __init__(self, pool: _Pool, **settings: Any) -> None:
        super().__init__(**settings)
        self._pool = pool

    def request(self, method: str, url: str, body: Any = None, headers: Any = None, **settings: Any) -> None:
        settings.pop("chunked", None)
        self._request = (method, self._pool.base + url, dict(headers or {}).items(), _read_content(body)), settings

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        request, settings = self._request
        answer, self._pool.answer = self._pool.answer or self._pool.client(*request, self.timeout), None
        if answer.wire in _ERRORS:
            raise _ERRORS[answer.wire]()
        method, url, *_ = request
        return _make_raw_response(answer, _Body(answer.content), request_method=method, request_url=url, **settings)


class _Body(io.BytesIO):
    """A body that closes itself at its end, as http.client's does. Loops that read a stream rely on that."""

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


def _make_raw_response(answer: InProcessResponse, body: Any, **settings: Any) -> HTTPResponse:
    headers = HTTPHeaderDict(answer.headers)
    return HTTPResponse(body, headers, answer.status, version=11, reason=answer.reason, **settings)


_disconnected = partial(RemoteDisconnected, "Remote end closed connection without response")
_ERRORS: dict[str | None, Callable[[], Exception]] = {
    "reset": partial(ConnectionResetError, errno.ECONNRESET, "Connection reset by peer"),
    "empty": _disconnected,
    "garbage": partial(BadStatusLine, "jobsmock speaks no HTTP today"),
    "hang": _disconnected,  # which a client without a timeout gets from a real server after a minute
    LATE: partial(TimeoutError, "timed out"),
}


def _read_timeout(timeout: Any) -> float | None:
    """The seconds to wait for a response, of a number, a pair for connecting and reading, or urllib3's Timeout."""
    if isinstance(timeout, tuple):
        timeout = timeout[-1]
    seconds: float | None = getattr(timeout, "read_timeout", timeout)
    return seconds


def _read_content(body: Any) -> bytes:
    """The whole of a body, which may be a string, a file, or an iterable of pieces."""
    if body is None or isinstance(body, bytes):
        return body or b""
    if isinstance(body, str):
        return body.encode()
    pieces = [body.read()] if hasattr(body, "read") else body
    return b"".join(piece.encode() if isinstance(piece, str) else bytes(piece) for piece in pieces)

"""The transport of `httpx`, without a socket: the app answers, and a broken wire is what httpx would make of it."""

from collections.abc import Callable, Iterator
from typing import Any

import httpx

from jobsmock.testing.wsgi import LATE, App, asked


class Transport(httpx.BaseTransport):
    def __init__(self, app: App, world: str) -> None:
        self._app, self._world = app, world

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        headers = [(name.decode("latin-1"), value) for name, value in request.headers.raw]
        timeout = request.extensions.get("timeout", {}).get("read")
        answer = asked(self._app, self._world, request.method, str(request.url), headers, request.read(), timeout)
        if answer.wire in _BROKEN:
            raise _BROKEN[answer.wire](request)
        stream = _Stream(answer.content, answer.wire == "truncate")
        return httpx.Response(answer.status, headers=answer.headers, stream=stream)


class _Stream(httpx.SyncByteStream):
    """A body, which may end before its time."""

    def __init__(self, content: bytes, is_truncated: bool) -> None:
        self._content, self._is_truncated = content, is_truncated

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        if self._is_truncated:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")


def _error(kind: type[httpx.RequestError], message: str) -> Callable[[Any], httpx.RequestError]:
    return lambda request: kind(message, request=request)


_BROKEN = {
    "reset": _error(httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "empty": _error(httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "garbage": _error(httpx.RemoteProtocolError, "illegal status line"),
    "hang": _error(httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    LATE: _error(httpx.ReadTimeout, "The read operation timed out"),
}

"""The transport for `httpx`, which calls the app without a socket. `cloud.transport()` creates it.

A broken connection raises what httpx raises over a real socket.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import anyio.to_thread
import httpx

from jobsmock.testing.in_process import LATE, App, InProcessClient, InProcessResponse


class Transport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """For both kinds of client. For the asynchronous one, the app runs in a thread, since a response may be delayed."""

    def __init__(self, app: App, world: str) -> None:
        self._client = InProcessClient(app, world)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._make_response(request, self._send(request, request.read()))

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        return self._make_response(request, await anyio.to_thread.run_sync(self._send, request, content))

    def _send(self, request: httpx.Request, content: bytes) -> InProcessResponse:
        headers = [(name.decode("latin-1"), value) for name, value in request.headers.raw]
        timeout = request.extensions.get("timeout", {}).get("read")
        return self._client(request.method, str(request.url), headers, content, timeout)

    def _make_response(self, request: httpx.Request, response: InProcessResponse) -> httpx.Response:
        if response.wire in _ERRORS:
            raise _ERRORS[response.wire](request)
        stream = _Stream(response.content, response.wire == "truncate")
        return httpx.Response(response.status, headers=response.headers, stream=stream)


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body, which may end too early."""

    def __init__(self, content: bytes, is_truncated: bool) -> None:
        self._content, self._is_truncated = content, is_truncated

    def __iter__(self) -> Iterator[bytes]:
        yield self._content
        if self._is_truncated:
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def _make_error(kind: type[httpx.RequestError], message: str) -> Callable[[Any], httpx.RequestError]:
    return lambda request: kind(message, request=request)


_ERRORS = {
    "reset": _make_error(httpx.ReadError, "[Errno 104] Connection reset by peer"),
    "empty": _make_error(httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    "garbage": _make_error(httpx.RemoteProtocolError, "illegal status line"),
    "hang": _make_error(httpx.RemoteProtocolError, "Server disconnected without sending a response."),
    LATE: _make_error(httpx.ReadTimeout, "The read operation timed out"),
}

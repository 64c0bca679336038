"""A response on its way to the client, and the simplest ones: JSON, bytes, nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import orjson
from werkzeug.datastructures import Headers
from werkzeug.http import HTTP_STATUS_CODES, remove_entity_headers

from jobsmock.http.request import App, Environ

_STATUS_LINES = {code: f"{code} {phrase.upper()}" for code, phrase in HTTP_STATUS_CODES.items()}


class Response:
    """`notes` are sentences for the journal: why the response is as it is, where the client is not told."""

    __slots__ = ("body", "headers", "notes", "status")

    def __init__(self, status: int, body: bytes, content_type: str = "application/json") -> None:
        self.status, self.body = status, body
        self.notes: list[str] = []
        self.headers = Headers([("Content-Type", content_type), ("Content-Length", str(len(body)))])

    @classmethod
    def from_wsgi(cls, app: App, environ: Environ) -> Response:
        """The response of a WSGI application, read whole."""
        started: list[tuple[str, list[tuple[str, str]]]] = []
        pieces = app(environ, lambda status, headers, *_: started.append((status, headers)))
        try:
            body = b"".join(pieces)
        finally:
            if close := getattr(pieces, "close", None):
                close()
        status, headers = started[-1]
        response = cls(int(status[:3]), body)
        response.headers = Headers(headers)
        return response

    def send(self, start_response: Callable[..., Any], method: str) -> Iterable[bytes]:
        """Answer a WSGI request with this."""
        if self.status == 204:
            self.headers.remove("Content-Length")
        elif self.status == 304:
            remove_entity_headers(self.headers)
        start_response(_STATUS_LINES.get(self.status, f"{self.status} UNKNOWN"), self.headers.to_wsgi_list())
        return [b"" if method == "HEAD" or self.status in (204, 304) else self.body]


def make_response(content: Any, status: int) -> Response:
    """A response with what an operation returned: bytes as they are, None as no body, anything else as JSON."""
    if isinstance(content, bytes):
        return Response(status, content, "text/html; charset=utf-8")
    return make_json_response(content, status) if content is not None else Response(status, b"")


def make_json_response(content: Any, status: int) -> Response:
    return Response(status, orjson.dumps(content))

"""A request to one world, with just what routes, operations, rules and the journal look at."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import Any
from urllib.parse import parse_qs

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.sansio.utils import get_host
from werkzeug.wsgi import get_input_stream

from jobsmock.http.headers import RequestHeaders, decode_header
from jobsmock.world.clock import read_stopwatch, sleep

LARGEST_BODY = 16 * 1024 * 1024  # bytes; what the service stores is a third of that at most

CONNECTION = "jobsmock.connection"  # the key of a WSGI environ under which a server may offer its Connection

Environ = dict[str, Any]
App = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


class Connection:
    """What faults do to the connection of a request. A server that can do more offers an object of its own."""

    def wait(self, seconds: float) -> None:
        """Hold the response back for so many seconds, or fewer if the server stops."""
        sleep(seconds)

    def break_wire(self, how: str) -> None:
        """Send the response in a broken way: one of `rules.effect.WIRES`. A plain WSGI server cannot."""


class Request:
    """`path` is below the prefix of the world and percent-decoded, as WSGI has it, and `root` is that prefix."""

    def __init__(self, environ: Environ, root: str, path: str) -> None:
        self.method: str = environ["REQUEST_METHOD"]
        self.root, self.path = root, path
        self.query_string: str = environ["QUERY_STRING"]
        self.headers = RequestHeaders.from_environ(environ)
        self.connection: Connection = environ.get(CONNECTION) or Connection()
        self.received_at = read_stopwatch()
        body = read_bounded_body(environ)
        self.body, self.is_too_large = body or b"", body is None
        self._scheme: str = environ["wsgi.url_scheme"]
        self._server = (environ["SERVER_NAME"], environ["SERVER_PORT"])
        self._script_name: str = environ["SCRIPT_NAME"]

    @property
    def text_path(self) -> str:
        return decode_header(self.path)

    @cached_property
    def query(self) -> dict[str, list[str]]:
        """The query parameters, each with all its values."""
        if not self.query_string:
            return {}
        text = self.query_string if self.query_string.isascii() else decode_header(self.query_string)
        return parse_qs(text, keep_blank_values=True, errors=_KEEP_PERCENT)

    @property
    def content_type(self) -> str:
        """The media type of the body, without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def base_url(self) -> str:
        """The URL of the world under the name by which the client knows it, without a slash at the end."""
        return make_base_url(self._scheme, self.headers.get("host"), self._server, self._script_name + self.root)


def make_base_url(scheme: str, host: str | None, server: tuple[str, str | int | None] | None, root: str) -> str:
    """The URL of a world. Where the Host header names no host, the address of the server takes its place."""
    address, port = server or ("", None)
    own = (address, int(str(port))) if str(port).isdigit() else None  # a proxy may have put anything there
    return f"{scheme}://{get_host(scheme, host, own) or f'{address}:{port}'}{root}"


def read_bounded_body(environ: Environ) -> bytes | None:
    """The body of a request; None if it is too large. At most one byte more than the limit is read of it.

    Werkzeug cuts a body without a Content-Length at its limit, so the limit given to it is one byte higher.
    """
    if not environ.get("CONTENT_LENGTH") and "wsgi.input_terminated" not in environ:
        return b""
    try:
        body = get_input_stream(environ, max_content_length=LARGEST_BODY + 1).read()
    except RequestEntityTooLarge:
        return None
    return body if len(body) <= LARGEST_BODY else None


def _keep_percent(error: UnicodeError) -> tuple[str, int]:
    """Leave bytes that are not UTF-8 percent-encoded."""
    assert isinstance(error, UnicodeDecodeError)
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


_KEEP_PERCENT = "jobsmock.keep_percent"
codecs.register_error(_KEEP_PERCENT, _keep_percent)

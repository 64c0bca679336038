"""Logs each request as one line on stderr, in the format of Flask's development server."""

import contextlib
import sys
import time
from collections.abc import Callable
from typing import Any


class AccessLog:
    """WSGI middleware that logs each response when it starts."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        target = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            when = time.strftime("%d/%b/%Y %H:%M:%S")
            line = f'{environ["REMOTE_ADDR"]} - - [{when}] "{environ["REQUEST_METHOD"]} {target}" {status[:3]}'
            with contextlib.suppress(OSError):  # stderr may be a pipe whose reader is gone
                print(line.encode("unicode_escape").decode(), file=sys.stderr, flush=True)
            return start_response(status, headers, *exc_info)

        return self._app(environ, start)

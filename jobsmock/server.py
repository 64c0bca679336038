"""Waitress around the app: a server that has its port before it says so, and lets go of it at once."""

import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from waitress import wasyncore
from waitress.server import create_server

from jobsmock.web.app import create_app
from jobsmock.world.world import World

THREADS = 8  # makes no difference to speed; answers that wait need one each


class CannotListen(OSError):
    """The address cannot be had. The message says which, and what to do."""


class Server:
    """A world served over HTTP. The port is bound once this is made; `port` 0 takes any free one."""

    def __init__(
        self, world: World, host: str = "127.0.0.1", port: int = 0, threads: int = THREADS, log_requests: bool = False
    ) -> None:
        app: Callable[..., Any] = create_app(world)
        if log_requests:
            app = _RequestLines(app)
        sock = _bound(host, port)
        self._waitress = create_server(app, sockets=[sock], threads=threads, ident="jobsmock", clear_untrusted_proxy_headers=False)
        self._thread: threading.Thread | None = None
        self.host, self.port = host, sock.getsockname()[1]

    @property
    def url(self) -> str:
        """Where to reach it; a server that listens on all addresses is reached on this machine's own."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)
        return f"http://{f'[{host}]' if ':' in host and host[0] != '[' else host}:{self.port}"

    def run(self) -> None:
        """Serve until `stop` is called, or the program is interrupted."""
        self._waitress.run()
        self._waitress.task_dispatcher.shutdown()

    def start(self) -> None:
        """Serve in a thread."""
        self._thread = threading.Thread(target=self.run, name="jobsmock", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close every connection and free the port. Returns when that is done, if `start` was called."""
        sockets = self._waitress._map
        self._waitress.trigger.pull_trigger(lambda: wasyncore.close_all(sockets, ignore_all=True))
        if self._thread:
            self._thread.join()


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has the address. CannotListen if it is taken, not ours to take, or no address at all."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror or error}; --port 0 takes any free port") from None
    return sock


class _RequestLines:
    """Writes a line for each request, as development servers do."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        target = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            when = time.strftime("%d/%b/%Y %H:%M:%S")
            line = f'{environ["REMOTE_ADDR"]} - - [{when}] "{environ["REQUEST_METHOD"]} {target}" {status[:3]}'
            print(line.encode("unicode_escape").decode(), file=sys.stderr, flush=True)
            return start_response(status, headers, *exc_info)

        return self._app(environ, start)

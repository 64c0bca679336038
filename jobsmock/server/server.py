"""Starts and stops a server. Its port is bound before its address is given out, and is free at once after a stop.

The command and `testing/server.py` use it.
"""

import contextlib
import errno
import functools
import logging
import socket
import threading
from collections.abc import Callable
from typing import Any

from jobsmock.http.app import create_app
from jobsmock.http.paths import get_world_name
from jobsmock.http.request import LARGEST_BODY
from jobsmock.server.access_log import AccessLog
from jobsmock.server.connections import MOST_CONNECTIONS, limit_connections
from jobsmock.server.task_dispatcher import TaskDispatcher
from jobsmock.server.waitress_internals import close_all
from jobsmock.server.waitress_loop import Listener
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

THREADS = 4


class CannotListen(OSError):
    """The server cannot listen on an address. The message names it, and says what to do."""


class HttpServer:
    """Serves worlds over HTTP. The constructor binds the port; `port` 0 picks a free one."""

    def __init__(
        self,
        worlds: Worlds | World,
        host: str = "127.0.0.1",
        port: int = 0,
        threads: int = THREADS,
        log_requests: bool = False,
        control_token: str | None = None,
        max_connections: int = MOST_CONNECTIONS,
        trust_proxy: int = 0,
        middleware: Callable[[Callable[..., Any]], Callable[..., Any]] | None = None,
    ) -> None:
        app: Callable[..., Any] = create_app(worlds, control_token, trust_proxy)
        if middleware:
            app = middleware(app)
        if log_requests:
            app = AccessLog(app)
        logging.getLogger("waitress.queue").setLevel(
            logging.ERROR
        )  # it warns if there are more connections than threads
        sock = _bind(host, port)
        self.host, self.port = host, sock.getsockname()[1]
        self._threads = threads
        self._dispatcher = TaskDispatcher(functools.partial(_may_wait, worlds))
        self._listener = Listener(app, sock, self._dispatcher, limit_connections(max_connections), LARGEST_BODY)
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The address of the server, without a slash at the end."""
        host = self.reachable_host
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def reachable_host(self) -> str:
        """The host for clients on this machine: the loopback address if the server listens on all addresses."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)

    def start(self) -> None:
        """Serve in a thread, until `stop` is called."""
        self._thread = threading.Thread(target=self._run, name="jobsmock", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has stopped. An interrupt ends the wait, but not the requests in progress."""
        while self._thread and self._thread.is_alive():
            self._thread.join(0.1)  # Python handles signals in this thread, and only while it is awake

    def stop(self) -> None:
        """Close every connection, free the port, and return when both are done. May be called more than once."""
        close = functools.partial(close_all, self._listener.map, ignore_all=True)
        if self._thread is None:
            close()
        elif self._thread.is_alive():
            self._dispatcher.stopping.set()
            with contextlib.suppress(OSError):  # the loop has closed already
                self._listener.trigger.pull_trigger(close)
            self._thread.join()

    def _run(self) -> None:
        self._dispatcher.set_thread_count(self._threads)
        self._listener.run()
        self._dispatcher.stop()


def _bind(host: str, port: int) -> socket.socket:
    """Bind a socket to an address. CannotListen if the address is taken, forbidden or invalid."""
    if port not in range(65536):  # the system would silently use the lower 16 bits
        raise CannotListen(f"cannot listen on {host}:{port}: invalid port: expected a number from 0 to 65535")
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind, proto)
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(address)
        except OSError:
            sock.close()
            raise
    except OSError as error:
        raise CannotListen(f"cannot listen on {host}:{port}: {_explain_bind_error(error)}") from None
    return sock


def _explain_bind_error(error: OSError) -> str:
    """Say why a socket cannot be bound, and what to do about it."""
    is_about_host = isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL
    advice = "expected an address of this machine, such as 127.0.0.1" if is_about_host else "--port 0 picks a free port"
    return f"{error.strerror or error}; {advice}"


def _may_wait(worlds: Worlds | World, request: Any) -> bool:
    """Whether a response may be delayed: by a Prefer header, or by a rule of its world.

    A world that does not exist yet counts as one with such a rule, as the sample may have some.
    """
    if "PREFER" in getattr(request, "headers", {}):
        return True
    path = "/" + getattr(request, "path", "").lstrip("/")  # as waitress puts it into PATH_INFO
    world = worlds if isinstance(worlds, World) else worlds.peek(get_world_name(path))
    return world is None or world.rules.may_wait

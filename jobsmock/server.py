"""Waitress around the app: a server that has its port before it says so, and lets go of it at once.

Waitress reads requests in one loop and hands each to a thread. The hand-over costs more than most requests do, and
nothing is gained by it: a world decides one thing at a time anyway. So what is quick is answered in the loop itself.
"""

import contextlib
import functools
import logging
import select
import socket
import struct
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import create_server
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from jobsmock.web.answers import framework_error
from jobsmock.web.app import create_app
from jobsmock.web.entrance import ENDED, WIRE, world_name
from jobsmock.world.clock import ticks
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

THREADS = 4
_QUICK = 64 * 1024  # bytes of a request body up to which the loop answers itself
_MOST_THREADS = 1000
_CONNECTIONS = 2000
_HANG = 60.0  # seconds that a client may be left hanging, if it does not give up before
_NEVER = sys.maxsize  # for a bound at which waitress would wait for its loop, which must not wait for itself


class CannotListen(OSError):
    """The address cannot be had. The message says which, and what to do."""


class Server:
    """Worlds served over HTTP. The port is bound once this is made; `port` 0 takes any free one."""

    def __init__(
        self,
        worlds: Worlds | World,
        host: str = "127.0.0.1",
        port: int = 0,
        threads: int = THREADS,
        log_requests: bool = False,
        control_token: str | None = None,
    ) -> None:
        app: Callable[..., Any] = create_app(worlds, control_token)
        if log_requests:
            app = _RequestLines(app)
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # it warns whenever connections outnumber threads
        sock = _bound(host, port)
        self.host, self.port = host, sock.getsockname()[1]
        self._threads = threads
        self._dispatcher = _Dispatcher(functools.partial(_may_wait, worlds))
        self._waitress = create_server(
            app,
            sockets=[sock],
            _dispatcher=self._dispatcher,
            ident="jobsmock",
            connection_limit=_CONNECTIONS,
            asyncore_use_poll=True,  # select knows no more than 1024
            outbuf_high_watermark=_NEVER,
        )
        self._waitress.channel_class = _Channel
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where to reach it; a server that listens on all addresses is reached on this machine's own."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    def start(self) -> None:
        """Serve in a thread, until `stop` is called."""
        self._thread = threading.Thread(target=self._run, name="jobsmock", daemon=True)
        self._thread.start()

    def wait(self) -> None:
        """Return when the server has stopped. An interrupt ends the waiting, and disturbs no request."""
        while self._thread and self._thread.is_alive():
            self._thread.join(0.1)  # a signal that another thread caught is heeded here at the next waking

    def stop(self) -> None:
        """Close every connection and free the port, and return when that is done. Harmless when it is."""
        close = functools.partial(wasyncore.close_all, self._waitress._map, ignore_all=True)
        if self._thread is None:
            close()
        elif self._thread.is_alive():
            self._dispatcher.ended.set()
            with contextlib.suppress(OSError):  # something else woke the loop, which has closed already
                self._waitress.trigger.pull_trigger(close)
            self._thread.join()

    def _run(self) -> None:
        self._dispatcher.loop = threading.get_ident()
        self._dispatcher.set_thread_count(self._threads)
        self._waitress.run()
        self._dispatcher.end()


def _bound(host: str, port: int) -> socket.socket:
    """A socket that has the address. CannotListen if it is taken, not ours to take, or no address at all."""
    if port not in range(65536):  # which the system would cut to one that nobody asked for
        raise CannotListen(f"cannot listen on {host}:{port}: ports go from 0 to 65535")
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
        reason = error.strerror or str(error)
        raise CannotListen(f"cannot listen on {host}:{port}: {reason}; --port 0 takes any free port") from None
    return sock


# --- waitress, made quicker -----------------------------------------------------------------------------------------


class _Dispatcher(ThreadedTaskDispatcher):
    """Keeps back what the loop is to answer itself; hands the rest to threads."""

    loop: int | None = None  # the loop's thread

    def __init__(self, may_wait: Callable[[Any], bool]) -> None:
        super().__init__()
        self._may_wait = may_wait
        self.kept_back: deque[HTTPChannel] = deque()
        self._started: list[threading.Thread] = []
        self.ended = threading.Event()

    def start_new_thread(self, target: Callable[[int], None], thread_no: int) -> None:
        thread = threading.Thread(target=target, name=f"jobsmock-{thread_no}", args=(thread_no,), daemon=True)
        self._started.append(thread)
        thread.start()

    def end(self) -> None:
        """Let the threads finish what they are at, but wait for nothing, and return when they are gone."""
        self.ended.set()
        self.shutdown(cancel_pending=False)
        for thread in self._started:
            thread.join(1)

    def add_task(self, channel: HTTPChannel) -> None:
        request = channel.requests[0]
        if threading.get_ident() == self.loop and _is_small(request) and not self._may_wait(request):
            self.kept_back.append(channel)
            return
        if self.active_count + len(self.queue) >= len(self.threads) < _MOST_THREADS:  # who waits keeps a thread
            self.set_thread_count(len(self.threads) + 1)
        super().add_task(channel)


def _is_small(request: Any) -> bool:
    return request.body_rcv is None or len(request.body_rcv) <= _QUICK


def _may_wait(worlds: Worlds | World, request: Any) -> bool:
    """Whether an answer may be held back: the request wishes it, or its world, which is perhaps yet to be made, may."""
    if "PREFER" in getattr(request, "headers", {}):
        return True
    path = "/" + getattr(request, "path", "").lstrip("/")  # as waitress hands it on
    world = worlds if isinstance(worlds, World) else worlds.peek(world_name(path))
    return world is None or world.rules.may_wait


class _Task(WSGITask):
    """Hands head and body to the channel as one piece: sent apart, each wakes a thread here and the client there.

    Where a rule breaks the wire, it does that instead.
    """

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[ENDED] = self.channel.server.task_dispatcher.ended
        return environ

    def write(self, data: bytes) -> None:
        if wire := (self.environ or {}).get(WIRE):
            self._break(wire, data)
        elif self.wrote_header:
            super().write(data)
        else:
            with self.channel.one_piece():
                super().write(data)

    def _break(self, wire: str, data: bytes) -> None:
        head, self.wrote_header = self.build_response_header(), True
        self.content_length = None  # nobody is to miss what is not sent
        self.set_close_on_finish()
        if wire == "reset":
            self.channel.reset()
        elif wire == "garbage":
            self.channel.write_soon(b"\x16\x03\x01\x00\xa5jobsmock speaks no HTTP today\r\n\r\n")
        elif wire == "truncate":
            self.channel.write_soon(head + data[: len(data) // 2] if data else head[:8])  # HTTP/1.1, and no status
        elif wire == "hang":
            self.channel.hang()


class _ErrorTask(ErrorTask):
    """What waitress refuses itself, before there is a request: told as the service tells an unknown URL."""

    def execute(self) -> None:
        error = self.request.error
        body = framework_error(error.code, f"{error.reason}: {error.body}")
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.content_length = len(body)
        self.set_close_on_finish()
        self.write(body)


class _Channel(HTTPChannel):
    task_class = _Task
    error_task_class = _ErrorTask
    _pieces: list[bytes] | None = None

    def handle_read(self) -> None:
        super().handle_read()
        kept_back = self.server.task_dispatcher.kept_back
        while kept_back:
            kept_back.popleft().service()

    def reset(self) -> None:
        """Close so that the client gets a RST: the loop closes, as a socket closed in a thread would end the server."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.will_close = True
        self.server.pull_trigger()

    def hang(self) -> None:
        """Say nothing until the client gives up, or for so long as is bearable."""
        sock, until, ended = self.socket, ticks() + _HANG, self.server.task_dispatcher.ended
        with contextlib.suppress(OSError, ValueError):  # the connection is gone
            while sock and ticks() < until and not ended.is_set():
                if select.select([sock], [], [], 0.02)[0] and not sock.recv(_QUICK):
                    return

    @contextlib.contextmanager
    def one_piece(self) -> Iterator[None]:
        """What is written within is sent as one."""
        self._pieces = []
        try:
            yield
        finally:
            pieces, self._pieces = self._pieces, None
        super().write_soon(b"".join(pieces))

    def write_soon(self, data: Any) -> int:
        if self._pieces is None:
            return int(super().write_soon(data))
        self._pieces.append(data)
        return len(data)


# --- request lines --------------------------------------------------------------------------------------------------


class _RequestLines:
    """Writes a line for each request, as development servers do."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        target = environ["PATH_INFO"] + (f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else "")

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            when = time.strftime("%d/%b/%Y %H:%M:%S")
            line = f'{environ["REMOTE_ADDR"]} - - [{when}] "{environ["REQUEST_METHOD"]} {target}" {status[:3]}'
            with contextlib.suppress(OSError):  # whoever read the lines may have gone
                print(line.encode("unicode_escape").decode(), file=sys.stderr, flush=True)
            return start_response(status, headers, *exc_info)

        return self._app(environ, start)

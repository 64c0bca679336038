"""One connection: waitress's channel, parser and tasks, adapted to how jobsmock reads requests and sends responses.

`waitress_loop.py` creates a Channel for each connection that it accepts, and calls it when its socket is ready.
"""

import contextlib
import logging
import re
import selectors
import socket
from collections.abc import Iterator
from typing import Any

from jobsmock.http.cors import make_cors_headers
from jobsmock.http.errors import make_framework_error
from jobsmock.http.request import CONNECTION
from jobsmock.server.waitress_internals import (
    Error,
    ErrorTask,
    HTTPChannel,
    HTTPRequestParser,
    RequestEntityTooLarge,
    WSGITask,
)
from jobsmock.server.wires import break_wire
from jobsmock.world.clock import sleep

_TLS_HANDSHAKE = b"\x16\x03"  # the first bytes of TLS; no HTTP request begins with them
_NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
_DRAIN_SECONDS = 10.0  # how long to keep reading from a client that was refused before it had sent everything
_RECV_SIZE = 64 * 1024  # bytes to read at once
_TINY_PIECE = 256  # bytes; a client that sends less at a time is slow on purpose, or has a very bad connection

_log = logging.getLogger("jobsmock")


class RequestTimeout(Error):
    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):
    """Parses a request. One whose body is too large counts as complete at once, so that the app can refuse it."""

    error: Any = None
    is_cut_off = False  # whether the rest of the request is left unread

    def received(self, data: bytes) -> int:
        consumed = int(super().received(data))
        if self.error is not None:
            self.expect_continue = False  # do not ask the client for the body
            if isinstance(self.error, RequestEntityTooLarge):
                self.error, self.is_cut_off = None, True
                self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Percent-encode raw UTF-8 in the URL, which curl and other clients send."""
        line, end, rest = header_plus.partition(b"\r\n")
        if not line.isascii():
            line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line)
        super().parse_header(line + end + rest)


class Task(WSGITask):
    """Sends head and body together, since each piece wakes the client up, or breaks the wire instead."""

    close_on_finish: bool
    _wire: str | None = None  # how to break the connection

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[CONNECTION] = self
        return environ

    # What the app may do with the connection: the methods of Connection in http/request.py.

    def wait(self, seconds: float) -> None:
        sleep(seconds, self.channel.server.task_dispatcher.stopping)

    def break_wire(self, how: str) -> None:
        self._wire = how

    def build_response_header(self) -> bytes:
        """Keep the connection open after a response without a body, which waitress would close for lack of a length."""
        wants_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.close_on_finish or wants_close or self.version == "1.0":
            return bytes(super().build_response_header())
        self.close_on_finish = True  # waitress then leaves the connection alone
        header = bytes(super().build_response_header())
        self.close_on_finish = False
        return header

    def write(self, data: bytes) -> None:
        if self.wrote_header:
            super().write(data)
            return
        if self.request.is_cut_off:
            self.set_close_on_finish()
        if self._wire:
            self._break(self._wire, data)
        else:
            with self.channel.buffer_writes():
                super().write(data)

    def _break(self, wire: str, data: bytes) -> None:
        head, self.wrote_header = self.build_response_header(), True
        self.content_length = None  # otherwise waitress would report that too little was written
        self.set_close_on_finish()
        break_wire(wire, self.channel, head, data if self.has_body and self.request.command != "HEAD" else b"")


class RefusalTask(ErrorTask):
    """Answers what cannot be parsed as a request, in the form of the service's error for an unknown URL."""

    def execute(self) -> None:
        error = self.request.error
        body = make_framework_error(error.code, f"{error.reason}: {error.body}")
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.content_length = len(body)
        self.set_close_on_finish()
        if origin := self.request.headers.get("ORIGIN"):
            self.response_headers += make_cors_headers(origin, ()).items()
        self.write(body if getattr(self.request, "command", "GET") != "HEAD" else b"")


class Channel(HTTPChannel):
    """A connection. The loop reads and writes it; a thread that has answered a request notifies the loop."""

    parser_class = Parser
    task_class = Task
    error_task_class = RefusalTask
    request: Any = None  # a request that has been received in part
    events = 0  # the selector events that the loop waits for
    tiny_pieces = 0  # how many tiny pieces of the current request have arrived
    _buffered: list[bytes] | None = None
    _drain_seconds = 0.0  # how long to drain once everything is sent
    _is_silent = False  # whether the client is not even told that no more data follows
    _is_draining = False

    # --- its state

    def is_idle(self) -> bool:
        """Whether the connection is between two requests, or before the first."""
        return not (self.request or self.requests or self.total_outbufs_len or self._is_draining)

    def is_reading_head(self) -> bool:
        """Whether the connection waits for the rest of a request's head, and for nothing else."""
        return self.request is not None and not self.request.headers_finished and not self.requests

    def get_wanted_events(self) -> int:
        """The selector events to wait for now."""
        reads = self._is_draining or self.readable()
        return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if self.writable() else 0)

    # --- called by the loop

    def add_channel(self, map: Any = None) -> None:
        super().add_channel(map)
        self.server.connections.add(self)

    def del_channel(self, map: Any = None) -> None:
        self.server.loop.forget(self)
        self.server.connections.remove(self)
        super().del_channel(map)

    def handle_read(self) -> None:
        if self._is_draining:
            self.recv(_RECV_SIZE)
            return
        super().handle_read()
        tasks = self.server.task_dispatcher.loop_tasks
        while tasks:
            tasks.popleft().service()
        if self.connected and self.writable():
            self.handle_write()

    def handle_write(self) -> None:
        if self._drain_seconds and self.close_when_flushed and not self.total_outbufs_len:
            self._start_draining()
        else:
            super().handle_write()

    def received(self, data: bytes) -> bool:
        if data[:2] == _TLS_HANDSHAKE and self.request is None:
            port = self.server.effective_port
            _log.warning("client %s sent an https request to port %s, which serves http only", self.addr[0], port)
            self.will_close = True
            return False
        received = bool(super().received(data))
        self.tiny_pieces = self.tiny_pieces + 1 if self.request is not None and len(data) < _TINY_PIECE else 0
        return received

    def service(self) -> None:
        request = self.requests[0]
        super().service()
        if request.error or request.is_cut_off:
            self.drain_before_close(_DRAIN_SECONDS)
        if not self.server.task_dispatcher.is_loop_thread():
            self.server.loop.update(self)

    def refuse_late_head(self) -> None:
        """Send a 408, since the head of the request took too long to arrive, and close."""
        self.request.error = RequestTimeout("the request's headers did not arrive in time")
        self.requests, self.request = [self.request], None
        self.service()
        self.handle_write()

    # --- sending

    def drain_before_close(self, seconds: float) -> None:
        """Once everything is sent, keep reading for that long before the close.

        Closing a socket with unread data resets the connection, and the client might lose the response.
        """
        self._drain_seconds = seconds

    def keep_silent(self, seconds: float) -> None:
        """Send nothing until the client gives up, or for that long."""
        self._drain_seconds, self._is_silent = seconds, True

    def _start_draining(self) -> None:
        self._is_draining, self.close_when_flushed = True, False
        self.server.connections.start_draining(self, self._drain_seconds)
        if not self._is_silent:
            with contextlib.suppress(OSError):  # the client is gone
                self.socket.shutdown(socket.SHUT_WR)

    @contextlib.contextmanager
    def buffer_writes(self) -> Iterator[None]:
        """Send everything that is written inside the `with` block in one piece."""
        self._buffered = []
        try:
            yield
        finally:
            pieces, self._buffered = self._buffered, None
        super().write_soon(b"".join(pieces))

    def write_soon(self, data: Any) -> int:
        if self._buffered is None:
            return int(super().write_soon(data))
        self._buffered.append(data)
        return len(data)

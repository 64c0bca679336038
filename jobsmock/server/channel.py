"""One connection: waitress's channel and its tasks, with requests read and answers sent as this server needs it."""

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

_TLS_HANDSHAKE = b"\x16\x03"  # how TLS begins, and no request does
_NOT_ASCII = re.compile(rb"[^\x00-\x7f]")
_DRAIN = 10.0  # seconds to go on reading from a client that was refused before it had sent everything
_PIECE = 64 * 1024  # bytes to read at once
_CRUMB = 256  # bytes; who sends less of a request at a time is slow on purpose, or has a very bad line

_log = logging.getLogger("jobsmock")


class RequestTimeout(Error):
    code = 408
    reason = "Request Timeout"


class Parser(HTTPRequestParser):
    """Reads a request. One whose body is too large counts as complete at once, for the app to refuse."""

    error: Any = None
    is_cut_off = False  # whether there is more of it that nobody is going to read

    def received(self, data: bytes) -> int:
        consumed = int(super().received(data))
        if self.error is not None:
            self.expect_continue = False  # nobody wants the rest
            if isinstance(self.error, RequestEntityTooLarge):
                self.error, self.is_cut_off = None, True
                self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received))
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Take raw UTF-8 in the URL, which curl and others send, for what it should have been."""
        line, end, rest = header_plus.partition(b"\r\n")
        if not line.isascii():
            line = _NOT_ASCII.sub(lambda byte: b"%%%02X" % ord(byte[0]), line)
        super().parse_header(line + end + rest)


class Task(WSGITask):
    """Sends head and body as one piece, as each piece wakes the client; or breaks the wire instead."""

    close_on_finish: bool
    _wire: str | None = None  # how to break it

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[CONNECTION] = self
        return environ

    # What the app may do with the connection; see http/request.py.

    def wait(self, seconds: float) -> None:
        sleep(seconds, self.channel.server.task_dispatcher.ended)

    def break_wire(self, how: str) -> None:
        self._wire = how

    def build_response_header(self) -> bytes:
        """Keep the connection after an answer that has no body; waitress would close it for want of a length."""
        wants_close = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.close_on_finish or wants_close or self.version == "1.0":
            return bytes(super().build_response_header())
        self.close_on_finish = True  # so that waitress does not see to it
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
        self.content_length = None  # nobody is to miss what is not sent
        self.set_close_on_finish()
        break_wire(wire, self.channel, head, data if self.has_body and self.request.command != "HEAD" else b"")


class RefusalTask(ErrorTask):
    """What is refused before there is a request: told as the service tells an unknown URL."""

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
    """A connection. It is read and written in the loop; a thread that has answered a request tells the loop so."""

    parser_class = Parser
    task_class = Task
    error_task_class = RefusalTask
    request: Any = None  # one that has come in part
    events = 0  # those that the loop waits for
    crumbs = 0  # tiny pieces in which a request has come so far
    _pieces: list[bytes] | None = None
    _drains_for = 0.0  # seconds, once everything is sent
    _stays_silent = False  # while draining: the client is not even told that nothing more comes
    _is_draining = False

    # --- how it stands

    def is_idle(self) -> bool:
        """Whether it is between two requests, or before the first."""
        return not (self.request or self.requests or self.total_outbufs_len or self._is_draining)

    def is_reading_head(self) -> bool:
        """Whether it waits for the rest of a request's head, and for nothing else."""
        return self.request is not None and not self.request.headers_finished and not self.requests

    def wanted_events(self) -> int:
        """What it waits for now, as a selector has it."""
        reads = self._is_draining or self.readable()
        return (selectors.EVENT_READ if reads else 0) | (selectors.EVENT_WRITE if self.writable() else 0)

    # --- what the loop does with it

    def add_channel(self, map: Any = None) -> None:
        super().add_channel(map)
        self.server.connections.add(self)

    def del_channel(self, map: Any = None) -> None:
        self.server.loop.forget(self)
        self.server.connections.remove(self)
        super().del_channel(map)

    def handle_read(self) -> None:
        if self._is_draining:
            self.recv(_PIECE)
            return
        super().handle_read()
        waiting = self.server.task_dispatcher.for_the_loop
        while waiting:
            waiting.popleft().service()
        if self.connected and self.writable():
            self.handle_write()

    def handle_write(self) -> None:
        if self._drains_for and self.close_when_flushed and not self.total_outbufs_len:
            self._begin_to_drain()
        else:
            super().handle_write()

    def received(self, data: bytes) -> bool:
        if data[:2] == _TLS_HANDSHAKE and self.request is None:
            port = self.server.effective_port
            _log.warning("a client at %s speaks https to port %s, which speaks http only", self.addr[0], port)
            self.will_close = True
            return False
        received = bool(super().received(data))
        self.crumbs = self.crumbs + 1 if self.request is not None and len(data) < _CRUMB else 0
        return received

    def service(self) -> None:
        request = self.requests[0]
        super().service()
        if request.error or request.is_cut_off:
            self.drain_before_close(_DRAIN)
        if not self.server.task_dispatcher.is_loop_thread():
            self.server.loop.update(self)

    def refuse_late_head(self) -> None:
        """Answer that a request took too long to come, and close."""
        self.request.error = RequestTimeout("the request's headers did not come in time")
        self.requests, self.request = [self.request], None
        self.service()
        self.handle_write()

    # --- sending

    def drain_before_close(self, seconds: float) -> None:
        """Once everything is sent, go on reading so long: a close on what was not read would take the answer back."""
        self._drains_for = seconds

    def keep_silent(self, seconds: float) -> None:
        """Say nothing until the client gives up, or for so long."""
        self._drains_for, self._stays_silent = seconds, True

    def _begin_to_drain(self) -> None:
        self._is_draining, self.close_when_flushed = True, False
        self.server.connections.start_draining(self, self._drains_for)
        if not self._stays_silent:
            with contextlib.suppress(OSError):  # the client has gone
                self.socket.shutdown(socket.SHUT_WR)

    @contextlib.contextmanager
    def buffer_writes(self) -> Iterator[None]:
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

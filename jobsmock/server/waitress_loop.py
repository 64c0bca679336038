"""The loop that waits for sockets, in place of waitress's own, and the listening socket. `server.py` runs them.

Waitress asks every connection on every turn which events it waits for, which is slow with thousands of connections.
Here, a connection is asked only after something has happened to it, and the system (epoll, kqueue) remembers the rest.
"""

import contextlib
import errno
import heapq
import os
import selectors
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

from jobsmock.http.errors import make_framework_error
from jobsmock.server.channel import Channel
from jobsmock.server.connections import STALL_SECONDS, Connections
from jobsmock.server.task_dispatcher import TaskDispatcher
from jobsmock.server.waitress_internals import Adjustments, TcpWSGIServer, read, write
from jobsmock.world.clock import read_stopwatch

_UNLIMITED = (
    sys.maxsize
)  # beyond its high watermark, waitress waits for the loop, and the loop must not wait for itself
_CHECK_SECONDS = 1.0  # between two checks for connections that have taken too long
_SHORT_CHECK_SECONDS = 0.01  # the same if the last check has left some over
_STALL_CHECK_SECONDS = 10.0  # between two checks for stalled connections, which look at all connections
_MOST_CLOSED_AT_ONCE = 20
_MOST_ACCEPTED_AT_ONCE = 200
_TINY_PIECES_ALLOWED = 4  # of one request; after that, its connection rests before it is read again
_REST_SECONDS, _LONGEST_REST_SECONDS = 0.05, 1.0  # each tiny piece makes the rest longer by the first, up to the second
_MOST_WOKEN_AT_ONCE = 20
_RECV_SIZE = 64 * 1024  # bytes to read at once


class Loop:
    """Lets channels read and write when their sockets are ready. Other threads may call `update` only."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._selector = selectors.DefaultSelector()
        self._changed: deque[Channel] = deque()
        self._resting: list[tuple[float, int, Channel]] = []  # a heap by end of rest; the number breaks ties
        self._numbers = count()
        self._is_closed = False

    def watch(self, dispatcher: Any) -> None:
        """Read from the listening socket, or from what wakes the loop, whenever it is ready."""
        self._selector.register(dispatcher._fileno, selectors.EVENT_READ, dispatcher)

    def update(self, channel: Channel) -> None:
        """Ask a channel again which events it waits for, since a thread has changed them."""
        self._changed.append(channel)
        with contextlib.suppress(OSError):  # the server has stopped
            self._wake()

    def forget(self, channel: Channel) -> None:
        if not self._is_closed:
            self._wait_for(channel, 0)

    def run_once(self, until: float) -> Iterator[Channel]:
        """Wait for sockets until a moment at most, handle their events, and yield each channel that had some."""
        listening = None
        for key, events in self._selector.select(self._compute_timeout(until)):
            if isinstance(key.data, Channel):
                self._handle_events(key.data, events)
                yield key.data
            elif key.data.accepting:
                listening = key.data
            else:
                read(key.data)
        while self._changed:
            yield self._changed.popleft()
        if self._resting:
            self._end_rests()
        if listening is not None and listening.accepting:
            read(listening)  # last, when it is known which connections are idle

    def register(self, channel: Channel) -> None:
        """Wait for the events that a channel wants now. One that receives tiny pieces rests before it is read again."""
        if channel.tiny_pieces > _TINY_PIECES_ALLOWED:
            until = read_stopwatch() + min(
                _LONGEST_REST_SECONDS, _REST_SECONDS * (channel.tiny_pieces - _TINY_PIECES_ALLOWED)
            )
            heapq.heappush(self._resting, (until, next(self._numbers), channel))
            self._wait_for(channel, 0)
        else:
            self._wait_for(channel, channel.get_wanted_events())

    def close(self) -> None:
        self._selector.close()
        self._is_closed = True

    def _handle_events(self, channel: Channel, events: int) -> None:
        if events & selectors.EVENT_READ and channel._fileno is not None:
            read(channel)
        if events & selectors.EVENT_WRITE and channel._fileno is not None:
            write(channel)

    def _wait_for(self, channel: Channel, events: int) -> None:
        if events == channel.events:
            return
        if not events:
            self._selector.unregister(channel._fileno)
        elif channel.events:
            self._selector.modify(channel._fileno, events, channel)
        else:
            self._selector.register(channel._fileno, events, channel)
        channel.events = events

    def _compute_timeout(self, until: float) -> float:
        """The longest time to wait for sockets, in seconds."""
        if self._resting:
            until = min(until, self._resting[0][0])
        return max(0.0, until - read_stopwatch())

    def _end_rests(self) -> None:
        """Wait again for channels that have rested long enough; only a few per turn, so that others are not delayed."""
        now = read_stopwatch()
        for _ in range(_MOST_WOKEN_AT_ONCE):
            if not self._resting or self._resting[0][0] > now:
                return
            channel = heapq.heappop(self._resting)[2]
            if channel._fileno is not None:
                self._wait_for(channel, channel.get_wanted_events())


class Listener(TcpWSGIServer):
    """The listening socket. It accepts connections as long as there is room, and runs the loop."""

    channel_class = Channel

    def __init__(
        self, app: Any, sock: socket.socket, dispatcher: TaskDispatcher, connections: Connections, largest_body: int
    ) -> None:
        self.connections = connections
        settings = Adjustments(
            sockets=[sock],
            ident="jobsmock",
            outbuf_high_watermark=_UNLIMITED,
            recv_bytes=_RECV_SIZE,
            clear_untrusted_proxy_headers=False,  # the app looks at them
            max_request_body_size=largest_body + 1,  # waitress refuses bodies from this size on
        )
        socket_info = (sock.family, sock.type, sock.proto, sock.getsockname())
        super().__init__(app, {}, True, sock, dispatcher, settings, socket_info, bind_socket=False)
        self.loop = Loop(self.trigger.pull_trigger)
        # Closed when no descriptor is left, so that one more connection can be accepted and refused.
        self._spare_descriptor: int | None = os.open(os.devnull, os.O_RDONLY)
        self._next_check = self._next_stall_check = 0.0

    @property
    def map(self) -> dict[int, Any]:
        """Everything that is open, by file descriptor."""
        return self._map  # type: ignore[no-any-return]

    def pull_trigger(self) -> None:
        """Do nothing: when a thread has answered a request, its channel wakes the loop itself."""

    def run(self) -> None:
        """Serve until everything is closed."""
        self.task_dispatcher.loop_thread = threading.get_ident()
        self.loop.watch(self)
        self.loop.watch(self.trigger)
        while self._map:
            for channel in self.loop.run_once(self._next_check):
                self._update(channel)
            if read_stopwatch() >= self._next_check:
                self._close_late()

    def close(self) -> None:
        super().close()
        self.loop.close()
        if self._spare_descriptor is not None:
            os.close(self._spare_descriptor)

    # --- accepting

    def handle_accept(self) -> None:
        """Accept as many connections as there is room for; if there is none, one that takes the place of another."""
        for _ in range(min(self.connections.free_slots, _MOST_ACCEPTED_AT_ONCE) or 1):
            try:
                sock, address = self.socket.accept()
            except BlockingIOError:
                return
            except OSError as error:
                if error.errno in (errno.EMFILE, errno.ENFILE):
                    self._accept_without_descriptor()
                return
            self._admit(sock, address)

    def _admit(self, sock: socket.socket, address: Any) -> None:
        if not (self.connections.free_slots or self.connections.close_longest_idle()):
            _refuse(sock)
            return
        with contextlib.suppress(OSError):  # the client is gone already
            self.set_socket_options(sock)
            self._update(Channel(self, sock, address, self.adj, map=self._map))

    def _accept_without_descriptor(self) -> None:
        """Close an idle connection or refuse the new one, since the process has reached its limit of open files."""
        if self.connections.close_longest_idle() or self._spare_descriptor is None:
            return
        os.close(self._spare_descriptor)
        with contextlib.suppress(OSError):
            _refuse(self.socket.accept()[0])
        self._spare_descriptor = None
        with contextlib.suppress(OSError):
            self._spare_descriptor = os.open(os.devnull, os.O_RDONLY)

    # --- connections that have taken too long

    def _update(self, channel: Channel) -> None:
        """Note the state of a channel, and wait for the events that it wants, unless it has been closed."""
        if channel._fileno is not None:
            self.loop.register(channel)
            self.connections.update(channel)

    def _close_late(self) -> None:
        """Close connections that have waited too long for a request, and those that are idle, drained or stalled."""
        late = self.connections.list_late_heads(_MOST_CLOSED_AT_ONCE)
        finished = self.connections.list_finished(_MOST_CLOSED_AT_ONCE)
        for channel in late:
            channel.refuse_late_head()
            self._update(channel)
        for channel in finished:
            channel.handle_close()
        are_more = _MOST_CLOSED_AT_ONCE in (len(late), len(finished))
        self._next_check = read_stopwatch() + (_SHORT_CHECK_SECONDS if are_more else _CHECK_SECONDS)
        if read_stopwatch() >= self._next_stall_check:
            self._next_stall_check = read_stopwatch() + _STALL_CHECK_SECONDS
            self._close_stalled()

    def _close_stalled(self) -> None:
        before = time.time() - STALL_SECONDS
        for channel in list(self.active_channels.values()):
            if channel.last_activity < before and not channel.requests and not channel.is_idle():
                channel.handle_close()


def _refuse(sock: socket.socket) -> None:
    """Send a 503 and close. What the client has sent is read first, as closing with unread data sends a reset."""
    with sock, contextlib.suppress(OSError):
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.recv(_RECV_SIZE)
        sock.send(_TOO_MANY_RESPONSE)
        sock.shutdown(socket.SHUT_WR)


def _render_too_many_response() -> bytes:
    body = make_framework_error(503, "Too many connections are open; jobsmock serve --max-connections allows more")
    lines = "HTTP/1.1 503 Service Unavailable", "Connection: close", "Retry-After: 1", "Content-Type: application/json"
    return "\r\n".join([*lines, f"Content-Length: {len(body)}", "", ""]).encode() + body


_TOO_MANY_RESPONSE = _render_too_many_response()

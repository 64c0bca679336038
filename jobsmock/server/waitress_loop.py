"""The loop that waits for sockets, in place of waitress's own, and the listening socket.

Waitress asks every connection at every turn what it waits for. With thousands of them that takes longer than all else.
Here a connection is asked when something has happened to it, and the system (epoll, kqueue) remembers the rest.
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

_NEVER = sys.maxsize  # for a bound at which waitress would wait for its loop, which must not wait for itself
_TURN = 1.0  # seconds between two looks for connections that have taken too long
_SHORT_TURN, _LONG_TURN = 0.01, 10.0  # the same while there are more of them, and for those that only a search finds
_CLOSED_AT_ONCE = 20
_ACCEPTED_AT_ONCE = 200
_CRUMBS = 4  # pieces of a request that are tiny and still not the last; from then on its connection rests
_REST, _LONGEST_REST = 0.05, 1.0  # seconds; a rest is that much longer with each crumb
_WOKEN_AT_ONCE = 20
_PIECE = 64 * 1024  # bytes to read at once


class Loop:
    """Lets channels read and write when their sockets are ready. Only `update` may be called by other threads."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._selector = selectors.DefaultSelector()
        self._to_look_at: deque[Channel] = deque()
        self._resting: list[tuple[float, int, Channel]] = []  # a heap: until when, and a number that makes it unique
        self._numbers = count()
        self._is_closed = False

    def watch(self, dispatcher: Any) -> None:
        """Read whenever there is something: for the listening socket, and what wakes the loop."""
        self._selector.register(dispatcher._fileno, selectors.EVENT_READ, dispatcher)

    def update(self, channel: Channel) -> None:
        """Ask a channel anew what it waits for; a thread has changed that."""
        self._to_look_at.append(channel)
        with contextlib.suppress(OSError):  # the server has stopped
            self._wake()

    def forget(self, channel: Channel) -> None:
        if not self._is_closed:
            self._wait_for(channel, 0)

    def run_once(self, until: float) -> Iterator[Channel]:
        """Wait for sockets, until a moment at most, and let them act; each channel that did."""
        listening = None
        for key, events in self._selector.select(self._compute_timeout(until)):
            if isinstance(key.data, Channel):
                self._act(key.data, events)
                yield key.data
            elif key.data.accepting:
                listening = key.data
            else:
                read(key.data)
        while self._to_look_at:
            yield self._to_look_at.popleft()
        if self._resting:
            self._end_rests()
        if listening is not None and listening.accepting:
            read(listening)  # at last, when it is known which connections are idle

    def register(self, channel: Channel) -> None:
        """Wait for what a channel waits for now. One that sends its request in crumbs rests before it is read again."""
        if channel.crumbs > _CRUMBS:
            until = read_stopwatch() + min(_LONGEST_REST, _REST * (channel.crumbs - _CRUMBS))
            heapq.heappush(self._resting, (until, next(self._numbers), channel))
            self._wait_for(channel, 0)
        else:
            self._wait_for(channel, channel.wanted_events())

    def close(self) -> None:
        self._selector.close()
        self._is_closed = True

    def _act(self, channel: Channel, events: int) -> None:
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
        """Seconds to wait for sockets at most."""
        if self._resting:
            until = min(until, self._resting[0][0])
        return max(0.0, until - read_stopwatch())

    def _end_rests(self) -> None:
        """Wait again for those that have rested long enough: a few in a turn, so that they hold up nobody."""
        now = read_stopwatch()
        for _ in range(_WOKEN_AT_ONCE):
            if not self._resting or self._resting[0][0] > now:
                return
            channel = heapq.heappop(self._resting)[2]
            if channel._fileno is not None:
                self._wait_for(channel, channel.wanted_events())


class Listener(TcpWSGIServer):
    """The listening socket: accepts connections as long as there is room, and runs the loop."""

    channel_class = Channel

    def __init__(
        self, app: Any, sock: socket.socket, dispatcher: TaskDispatcher, connections: Connections, largest_body: int
    ) -> None:
        self.connections = connections
        settings = Adjustments(
            sockets=[sock],
            ident="jobsmock",
            outbuf_high_watermark=_NEVER,
            recv_bytes=_PIECE,
            clear_untrusted_proxy_headers=False,  # the app looks at them
            max_request_body_size=largest_body + 1,  # from which on waitress refuses
        )
        where = (sock.family, sock.type, sock.proto, sock.getsockname())
        super().__init__(app, {}, True, sock, dispatcher, settings, where, bind_socket=False)
        self.loop = Loop(self.trigger.pull_trigger)
        self._spare: int | None = os.open(os.devnull, os.O_RDONLY)  # given up to accept one more, and refuse it
        self._next_look = self._next_long_look = 0.0

    @property
    def map(self) -> dict[int, Any]:
        """All that is open, by descriptor."""
        return self._map  # type: ignore[no-any-return]

    def pull_trigger(self) -> None:
        """Do nothing: when a thread has answered a request, its channel tells the loop itself."""

    def run(self) -> None:
        """Serve until everything is closed."""
        self.task_dispatcher.loop_thread = threading.get_ident()
        self.loop.watch(self)
        self.loop.watch(self.trigger)
        while self._map:
            for channel in self.loop.run_once(self._next_look):
                self._settle(channel)
            if read_stopwatch() >= self._next_look:
                self._close_late()

    def close(self) -> None:
        super().close()
        self.loop.close()
        if self._spare is not None:
            os.close(self._spare)

    # --- accepting

    def handle_accept(self) -> None:
        """Accept as many as there is room for; where there is none, only one, for which another has to go."""
        for _ in range(min(self.connections.count_free, _ACCEPTED_AT_ONCE) or 1):
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
        if not (self.connections.count_free or self.connections.close_oldest()):
            _refuse(sock)
            return
        with contextlib.suppress(OSError):  # the client has gone already
            self.set_socket_options(sock)
            self._settle(Channel(self, sock, address, self.adj, map=self._map))

    def _accept_without_descriptor(self) -> None:
        """The process has as many files open as it may: an idle connection goes, or else the new one is refused."""
        if self.connections.close_oldest() or self._spare is None:
            return
        os.close(self._spare)
        with contextlib.suppress(OSError):
            _refuse(self.socket.accept()[0])
        self._spare = None
        with contextlib.suppress(OSError):
            self._spare = os.open(os.devnull, os.O_RDONLY)

    # --- looking after connections

    def _settle(self, channel: Channel) -> None:
        """Note what a channel does now, and wait for what it waits for; nothing if it has been closed."""
        if channel._fileno is not None:
            self.loop.register(channel)
            self.connections.update(channel)

    def _close_late(self) -> None:
        """Close what has taken too long: heads of requests, idle and drained connections, and stalled ones."""
        late, finished = (
            self.connections.list_late_heads(_CLOSED_AT_ONCE),
            self.connections.list_finished(_CLOSED_AT_ONCE),
        )
        for channel in late:
            channel.refuse_late_head()
            self._settle(channel)
        for channel in finished:
            channel.handle_close()
        are_more = _CLOSED_AT_ONCE in (len(late), len(finished))
        self._next_look = read_stopwatch() + (_SHORT_TURN if are_more else _TURN)
        if read_stopwatch() >= self._next_long_look:
            self._next_long_look = read_stopwatch() + _LONG_TURN
            self._close_stalled()

    def _close_stalled(self) -> None:
        before = time.time() - STALL_SECONDS
        for channel in list(self.active_channels.values()):
            if channel.last_activity < before and not channel.requests and not channel.is_idle():
                channel.handle_close()


def _refuse(sock: socket.socket) -> None:
    """Answer 503, and close. What the client has sent is read first: if it were not, the close would be a reset."""
    with sock, contextlib.suppress(OSError):
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            sock.recv(_PIECE)
        sock.send(_TOO_MANY)
        sock.shutdown(socket.SHUT_WR)


def _too_many() -> bytes:
    body = make_framework_error(503, "Too many connections are open; jobsmock serve --max-connections allows more")
    head = "HTTP/1.1 503 Service Unavailable", "Connection: close", "Retry-After: 1", "Content-Type: application/json"
    return "\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body


_TOO_MANY = _too_many()

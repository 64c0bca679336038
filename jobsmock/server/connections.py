"""Limits the number of open connections: decides which one is closed to make room, and which have taken too long.

`waitress_loop.py` reports the state of a channel after each of its events. Nothing here iterates over all channels,
so idle connections cost nothing.
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain, islice, takewhile
from typing import Any

from jobsmock.world.clock import read_stopwatch

MOST_CONNECTIONS = 16_000
HEAD_SECONDS = 20.0  # for a request's line and headers, from their first byte
IDLE_SECONDS = 120.0  # between requests
STALL_SECONDS = 120.0  # in which neither a byte of a request's body arrives nor the client reads one of a response
_OTHER_FILES = 100  # file descriptors for other things: standard streams, files, the loop, the wake-up of threads


def limit_connections(most: int) -> "Connections":
    """Make room for that many connections, or for as many as the system lets this process open."""
    return Connections(max(1, min(most, _raise_file_limit() - _OTHER_FILES)))


def _raise_file_limit() -> int:
    """Raise the limit on open files as far as needed and allowed, and return it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return MOST_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Connections:
    """Open channels by state, with those that have been in it for the longest time first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        # The values are moments of the stopwatch: since when, since when, and until when.
        self._idle: OrderedDict[Any, float] = OrderedDict()
        self._reading_heads: dict[Any, float] = {}  # a part of a request's head has arrived
        self._draining: dict[Any, float] = {}

    def add(self, channel: Any) -> None:
        self.count += 1
        self._idle[channel] = read_stopwatch()

    def remove(self, channel: Any) -> None:
        self.count -= 1
        for channels in (self._idle, self._reading_heads, self._draining):
            channels.pop(channel, None)

    def update(self, channel: Any) -> None:
        """Note the present state of a channel."""
        if channel.is_idle():
            self._idle[channel] = read_stopwatch()
            self._idle.move_to_end(channel)
            self._reading_heads.pop(channel, None)
            return
        self._idle.pop(channel, None)
        if channel.is_reading_head():
            self._reading_heads.setdefault(channel, read_stopwatch())
        else:
            self._reading_heads.pop(channel, None)

    def start_draining(self, channel: Any, seconds: float) -> None:
        """Close a channel after that many seconds. Until then, it discards what it receives."""
        self._draining[channel] = read_stopwatch() + seconds

    @property
    def free_slots(self) -> int:
        """How many more connections may be opened."""
        return self.most - self.count

    def close_longest_idle(self) -> bool:
        """Close the connection that has been idle for the longest time. False if none is idle."""
        channel = next(iter(self._idle), None)
        if channel is None:
            return False
        channel.handle_close()
        return True

    def list_late_heads(self, most: int) -> list[Any]:
        """Up to `most` channels on which the head of a request has not arrived in time."""
        return list(islice(_take_older_than(self._reading_heads, read_stopwatch() - HEAD_SECONDS), most))

    def list_finished(self, most: int) -> list[Any]:
        """Up to `most` channels to be closed, since they have been idle for too long or are drained."""
        now = read_stopwatch()
        drained = (channel for channel, until in self._draining.items() if until <= now)
        return list(islice(chain(_take_older_than(self._idle, now - IDLE_SECONDS), drained), most))


def _take_older_than(channels: dict[Any, float], moment: float) -> Iterator[Any]:
    """The channels of a dict in order of time whose time is not after a moment."""
    return takewhile(lambda channel: channels[channel] <= moment, channels)

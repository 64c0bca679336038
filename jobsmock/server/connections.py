"""The bound on connections: how many may be open, which one goes to make room, and which have taken too long.

The loop tells after each event how a channel stands. Nothing here looks at all of them, so idle connections cost
nothing.
"""

from collections import OrderedDict
from collections.abc import Iterator
from itertools import chain, islice, takewhile
from typing import Any

from jobsmock.world.clock import read_stopwatch

MOST_CONNECTIONS = 16_000
HEAD_SECONDS = 20.0  # for a request's line and headers, from their first byte
IDLE_SECONDS = 120.0  # between requests
STALL_SECONDS = 120.0  # without a byte of a body, or of an answer that the client takes
_OTHER_FILES = 100  # descriptors that are no connections: standard streams, files, threads' wakers, the loop's own


def limit_connections(most: int) -> "Connections":
    """Room for as many connections as were asked for, or as the system lets this process have open."""
    return Connections(max(1, min(most, _raise_file_limit() - _OTHER_FILES)))


def _raise_file_limit() -> int:
    """How many files this process may have open. What the system allows on request is requested."""
    try:
        import resource
    except ImportError:  # on Windows there is no such bound
        return MOST_CONNECTIONS + _OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + _OTHER_FILES
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    return wanted


class Connections:
    """Open channels by what they do, those that have done it for longest first."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.count = 0
        self._idle: OrderedDict[Any, float] = OrderedDict()  # since when
        self._heads: dict[Any, float] = {}  # heads of requests that have begun and not ended
        self._draining: dict[Any, float] = {}  # until when

    def add(self, channel: Any) -> None:
        self.count += 1
        self._idle[channel] = read_stopwatch()

    def remove(self, channel: Any) -> None:
        self.count -= 1
        for place in (self._idle, self._heads, self._draining):
            place.pop(channel, None)

    def update(self, channel: Any) -> None:
        """Remember what a channel does now."""
        if channel.is_idle():
            self._idle[channel] = read_stopwatch()
            self._idle.move_to_end(channel)
            self._heads.pop(channel, None)
            return
        self._idle.pop(channel, None)
        if channel.is_reading_head():
            self._heads.setdefault(channel, read_stopwatch())
        else:
            self._heads.pop(channel, None)

    def start_draining(self, channel: Any, seconds: float) -> None:
        """Let go of a channel after that time; until then what it receives is thrown away."""
        self._draining[channel] = read_stopwatch() + seconds

    @property
    def count_free(self) -> int:
        """How many more there may be."""
        return self.most - self.count

    def close_oldest(self) -> bool:
        """Close the connection that has been idle for longest; false if none is idle."""
        oldest = next(iter(self._idle), None)
        if oldest is None:
            return False
        oldest.handle_close()
        return True

    def list_late_heads(self, most: int) -> list[Any]:
        """Some channels whose request has not had its whole head in time."""
        return list(islice(_take_until(self._heads, read_stopwatch() - HEAD_SECONDS), most))

    def list_finished(self, most: int) -> list[Any]:
        """Some channels to be closed: idle for too long, or drained."""
        now = read_stopwatch()
        drained = (channel for channel, until in self._draining.items() if until <= now)
        return list(islice(chain(_take_until(self._idle, now - IDLE_SECONDS), drained), most))


def _take_until(places: dict[Any, float], moment: float) -> Iterator[Any]:
    """The channels, of those in order of time, that are not after a moment."""
    return takewhile(lambda channel: places[channel] <= moment, places)

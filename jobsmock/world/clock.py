"""The clock of a world. Only this module reads the time of the machine."""

import re
import time
from datetime import datetime, timezone
from functools import lru_cache, partial
from threading import Event
from typing import Any

WIRE_FORMAT = "%Y-%m-%dT%H:%M:%S"

FASTEST = 1e6  # seconds of the world for each of the machine's
FIRST, LAST = -62135596800.0, 253402300799.0  # the first and the last second of the calendar, years 1 to 9999

_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_LENGTH_PART = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)(ms|[dhms])", re.ASCII)
_LENGTH = re.compile(rf"(?:{_LENGTH_PART.pattern})+", re.ASCII)
_ABSOLUTE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d{1,9})?Z?")
_LONGEST = 100  # characters of a length of time


class Clock:
    """The time of a world, in seconds since the epoch. It is real time until it is frozen, set, advanced or scaled.

    It runs from an anchor, a time of the world and one of the machine, `scale` times as fast as the machine's.
    """

    def __init__(self) -> None:
        self._world = self._machine = time.time()
        self._frozen = False
        self.scale = 1.0

    def now(self) -> float:
        if self._frozen:
            return self._world
        return self._world + (time.time() - self._machine) * self.scale

    def set(self, moment: float) -> None:
        """Set the time, also backwards. The clock then goes on as before. ValueError if the time is out of range."""
        if not FIRST <= moment <= LAST:
            raise ValueError("out of range: expected a time in the years 1 to 9999")
        self._world, self._machine = moment, time.time()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def freeze(self) -> None:
        self.set(self.now())
        self._frozen = True

    def resume(self) -> None:
        self._frozen = False
        self.set(self._world)

    def set_scale(self, scale: float) -> None:
        """Let `scale` seconds pass in the world for each second of the machine, from now on."""
        self.set(self.now())
        self.scale = scale

    def epoch(self) -> tuple[float, float, float, bool]:
        """A value that changes whenever somebody changes the clock."""
        return self._world, self._machine, self.scale, self._frozen

    def dump_state(self) -> dict[str, Any]:
        """The state of the clock for a snapshot: `{"now", "frozen", "scale"}`."""
        return {"now": self.now(), "frozen": self._frozen, "scale": self.scale}

    def restore_state(self, state: dict[str, Any]) -> None:
        """Restore what `dump_state` returned. KeyError, TypeError or ValueError if the state is invalid."""
        scale, frozen = float(state["scale"]), state["frozen"]
        if not (0 < scale <= FASTEST and isinstance(frozen, bool)):
            raise ValueError("invalid state of a clock")
        self.set(float(state["now"]))
        self.scale, self._frozen = scale, frozen


def read_stopwatch() -> float:
    """Seconds of the machine, to measure durations. Libraries that freeze time in tests do not stop them."""
    return _ticks()


# freezegun puts its own in the place of time.monotonic and the like, wherever a module names them.
_ticks = partial(time.clock_gettime, time.CLOCK_MONOTONIC) if hasattr(time, "clock_gettime") else time.perf_counter


def sleep(seconds: float, ended: Event | None = None) -> None:
    """Wait for some seconds of the machine, or until `ended` is set."""
    (ended or Event()).wait(seconds)


@lru_cache(maxsize=1024)
def _format_second(second: int) -> str:
    return datetime.fromtimestamp(second, timezone.utc).isoformat()[:19]


def format_time(moment: float) -> str:
    """A time as the API has it, in UTC and whole seconds: `2026-01-31T12:00:00`."""
    return _format_second(int(min(max(moment, FIRST), LAST) // 1))


@lru_cache(maxsize=1024)
def parse_time(stamped: str) -> float:
    """Parse what `format_time` returns. A blank in place of the T, and a fraction of a second, are accepted."""
    whole = datetime.strptime(stamped[:19].replace(" ", "T"), WIRE_FORMAT)
    return whole.replace(tzinfo=timezone.utc).timestamp()


@lru_cache(maxsize=1024)
def parse_duration(text: str) -> float:
    """Seconds of a duration such as `500ms`, `2s`, `1m30s` or `1d2h`. ValueError if it is invalid."""
    if len(text) > _LONGEST or not _LENGTH.fullmatch(text):
        raise ValueError(f"invalid duration {text!r}: expected a value such as 500ms, 2s, 1m30s, 2h or 1d")
    return sum(float(number) * _UNITS[unit] for number, unit in _LENGTH_PART.findall(text))


def resolve_time(text: str, now: float) -> float:
    """The time of `2026-01-31T12:00:00`, or relative to `now`, `-2h` or `+10s`. ValueError if it is invalid."""
    try:
        if text[:1] in ("-", "+"):
            return now + float(text[0] + "1") * parse_duration(text[1:])
        if _ABSOLUTE.fullmatch(text):
            return parse_time(text)
    except ValueError:
        pass
    raise ValueError(
        f"invalid time {text!r}: expected 2026-01-31T12:00:00 or a time relative to the start such as -2h or -1d6h"
    )

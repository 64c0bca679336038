"""Delays, fixed or random: `2s`, `200ms..2s`, `lognormal(100ms, 2s)`."""

import re
from math import log
from random import Random
from statistics import NormalDist
from typing import Any, NamedTuple

from jobsmock.world.clock import parse_duration
from jobsmock.world.plan import DurationRange
from jobsmock.world.validation import quote_value

LONGEST = 86400.0  # seconds of a delay; a draw stops there too
_LOGNORMAL = re.compile(r"lognormal\(([^(),]*),([^(),]*)\)")
_Z99 = NormalDist().inv_cdf(0.99)


class Lognormal(NamedTuple):
    """Seconds: half of all delays are below `median`, and one in a hundred is above `p99`."""

    median: float
    p99: float


Delay = DurationRange | Lognormal


def parse_delay(text: Any) -> Delay:
    """Parse `2s`, `200ms..2s` or `lognormal(100ms, 2s)`. ValueError if it is invalid."""
    if not isinstance(text, str):
        raise ValueError(
            f"invalid delay {quote_value(text)}: expected a string such as 2s, 200ms..2s or lognormal(100ms, 2s)"
        )
    try:
        delay = _parse_delay_part(text)
    except ValueError:
        raise ValueError(
            f"invalid delay {quote_value(text)}: expected a value such as 2s, 200ms..2s or lognormal(100ms, 2s)"
        ) from None
    if delay[0] > delay[1]:
        what = (
            "range ends before it begins" if isinstance(delay, DurationRange) else "99th percentile is below the median"
        )
        raise ValueError(f"{quote_value(text)}: the {what}; write the shorter length first")
    if delay[1] > LONGEST:
        raise ValueError(f"invalid delay {quote_value(text)}: expected at most 1d")
    if isinstance(delay, Lognormal) and not delay.median:
        raise ValueError(f"invalid delay {quote_value(text)}: expected a median above 0, as in lognormal(100ms, 2s)")
    return delay


def _parse_delay_part(text: str) -> Delay:
    if found := _LOGNORMAL.fullmatch(text.strip()):
        return Lognormal(parse_duration(found[1].strip()), parse_duration(found[2].strip()))
    low, dots, high = text.partition("..")
    return DurationRange(parse_duration(low.strip()), parse_duration((high if dots else low).strip()))


def draw_delay(delay: Delay, random: Random) -> float:
    """The seconds of one delay. A fixed delay uses no random number."""
    low, high = delay
    if isinstance(delay, Lognormal):
        return min(random.lognormvariate(log(low), log(high / low) / _Z99), LONGEST)
    return low if low == high else random.uniform(low, high)

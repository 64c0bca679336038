"""The `on` of a rule: to which of the requests that it matches it applies."""

from math import inf
from random import Random
from typing import Any, NamedTuple

from jobsmock.world.clock import resolve_time
from jobsmock.world.validation import RuleError, parse_keys, parse_text, quote_value

ON_KEYS = ("skip", "times", "every", "probability", "from", "until")


class Trigger(NamedTuple):
    """`since` and `until` are times; None for `times` means always."""

    skip: int = 0
    times: int | None = None
    every: int = 1
    probability: float = 1.0
    since: float = -inf
    until: float = inf

    def explain_outside(self, now: float) -> str | None:
        if now < self.since:
            return f"its window opens in {self.since - now:g}s"
        return f"its window closed {now - self.until:g}s ago" if now >= self.until else None

    def explain_skip(self, number: int, acted: int, random: Random, drawn: dict[str, float]) -> str | None:
        """Why a rule that has applied `acted` times does not apply to the request of that number, counted from 1."""
        after = number - self.skip
        if after <= 0:
            return f"the first {self.skip} are skipped, and this is number {number}"
        if after % self.every:
            return f"only one in {self.every} counts, and this is number {after}"
        if 0 < self.probability < 1:
            drawn["probability"] = random.random()
        chance = drawn.get("probability", 0.0)
        if chance >= self.probability:
            return f"by chance: {chance:.3f} is not below its probability of {self.probability:g}"
        return f"its {self.times} times are over" if self.times is not None and acted >= self.times else None


def parse_trigger(document: Any, added: float) -> Trigger:
    given = parse_keys(document, ON_KEYS, "on")
    return Trigger(
        skip=parse_count(given.get("skip", 0), "on.skip"),
        times=parse_count(given["times"], "on.times") if "times" in given else None,
        every=parse_count(given.get("every", 1), "on.every", least=1),
        probability=_parse_probability(given.get("probability", 1)),
        since=_parse_moment(given["from"], "on.from", added) if "from" in given else -inf,
        until=_parse_moment(given["until"], "on.until", added) if "until" in given else inf,
    )


def parse_count(value: Any, where: str, least: int = 0) -> int:
    if type(value) is not int or value < least:
        raise RuleError(f"{where}: invalid count {quote_value(value)}: expected a whole number of at least {least}")
    return value


def _parse_probability(value: Any) -> float:
    if type(value) not in (int, float) or not 0 <= value <= 1:
        raise RuleError(f"on.probability: invalid probability {quote_value(value)}: expected a number from 0 to 1")
    return float(value)


def _parse_moment(value: Any, where: str, added: float) -> float:
    try:
        return resolve_time(parse_text(value, where), added)
    except RuleError:
        raise
    except ValueError:
        raise RuleError(f"{where}: invalid time {quote_value(value)}: expected +10s or 2026-01-31T12:00:00") from None

"""How a rule acts: `on` which of the requests that it is about, and `then` with what effect.

`rules.py` reads both and adds up the effects on a request to an Act, which the web layer carries out.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from math import inf
from random import Random
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jobsmock.world.clock import resolve_time
from jobsmock.world.delays import Delay, parse_delay
from jobsmock.world.plan import PlanError
from jobsmock.world.store import copy_data
from jobsmock.world.validation import RuleError, parse_keys, parse_object, parse_text, quote_value, suggest

ON_KEYS = ("skip", "times", "every", "probability", "from", "until")
THEN_KEYS = ("delay", "status", "error", "headers", "body", "wire", "plan")
WIRES = ("reset", "empty", "garbage", "truncate", "hang", "close")

# Of a plan and the operations it is for, None for all; raises PlanError if it is a plan for none of them.
CheckPlan = Callable[[str, Collection[str] | None], object]
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_THE_SERVER = {
    "connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "trailers", "transfer-encoding", "upgrade",
}  # fmt: skip
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,8000}")  # clients read no more


# --- on: which of the requests ---------------------------------------------------------------------------------------


class Trigger(NamedTuple):
    """Which of the requests that a rule is about it acts on; `since` and `until` are moments."""

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
        """What keeps a rule that has `acted` from acting on the request of that number, the first being 1."""
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


# --- then: what is done ----------------------------------------------------------------------------------------------


class Effect(NamedTuple):
    """What a rule does to one request. `has_body` tells a body that is null from none."""

    delay: Delay | None
    status: int | None
    error: dict[str, str] | None
    headers: dict[str, str]
    body: Any
    has_body: bool
    wire: str | None
    plan: str | None

    @property
    def gives_response(self) -> bool:
        return self.has_body or any(part is not None for part in (self.status, self.error, self.wire))

    @property
    def may_wait(self) -> bool:
        return self.delay is not None or self.wire == "hang"


NO_EFFECT = Effect(None, None, None, {}, None, False, None, None)


def parse_effect(document: Any, where: str, check_plan: Callable[[str], object]) -> Effect:
    given = parse_keys(document, THEN_KEYS, where)

    def read(key: str, reader: Callable[[Any, str], Any]) -> Any:
        return reader(given[key], f"{where}.{key}") if key in given else None

    effect = Effect(
        delay=read("delay", _parse_delay),
        status=read("status", _parse_status),
        error=read("error", _parse_error),
        headers=read("headers", _parse_headers) or {},
        body=copy_data(given.get("body")),
        has_body="body" in given,
        wire=read("wire", lambda value, path: _parse_word(value, path, WIRES)),
        plan=read("plan", parse_text),
    )
    if effect.plan is not None:
        _check_plan(effect.plan, f"{where}.plan", check_plan)
    return effect


def _parse_delay(value: Any, where: str) -> Delay:
    try:
        return parse_delay(value)
    except ValueError as error:
        raise RuleError(f"{where}: {error}") from None


def _parse_status(value: Any, where: str) -> int:
    if type(value) is not int or not 200 <= value <= 599:
        raise RuleError(f"{where}: invalid status {quote_value(value)}: expected a whole number from 200 to 599")
    return value


def _parse_error(value: Any, where: str) -> dict[str, str]:
    error = parse_keys(value, ("name", "message"), where)
    if not error:
        raise RuleError(f"{where}: empty error: expected a name, a message or both")
    return {key: parse_text(text, f"{where}.{key}") for key, text in error.items()}


def _parse_headers(value: Any, where: str) -> dict[str, str]:
    for name, text in parse_object(value, where).items():
        if not _HEADER_NAME.fullmatch(name):
            raise RuleError(f"{where}: invalid header name {quote_value(name)}: expected a name such as Retry-After")
        if name.lower() in _OF_THE_SERVER:
            raise RuleError(f"{where}.{name}: the server sets this header itself: to break the connection, use wire")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise RuleError(
                f"{where}.{name}: invalid header value {quote_value(text)}: expected a line of at most 8000 characters"
            )
        if name.lower() == "location" and not _is_address(text):
            raise RuleError(
                f"{where}.{name}: invalid URL {quote_value(text)}: expected one such as http://127.0.0.1:8386/v1.1"
            )
    return dict(value)


def _is_address(text: str) -> bool:
    """Whether a text can be taken apart as an address, whole or not: what sends the answer does that."""
    try:
        parts = urlsplit(text)
        (parts.hostname or "").encode("idna")
        return parts.port is None or parts.port >= 0
    except ValueError:
        return False


def _parse_word(value: Any, where: str, known: Collection[str]) -> str:
    if value not in known:
        raise RuleError(f"{where}: unknown value {quote_value(value)}: {suggest(str(value), known)}")
    return str(value)


def _check_plan(plan: str, where: str, check_plan: Callable[[str], object]) -> None:
    try:
        check_plan(plan)
    except PlanError as error:
        raise RuleError(f"{where}: {error}") from None


# --- acts ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What is to be done with one request, and how that was decided. Nothing of it is shared with a rule."""

    delay: float = 0.0  # seconds
    status: int | None = None
    error: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    has_body: bool = False
    wire: str | None = None
    plan: str | None = None
    commit: bool = False  # do what the request asks for, and only then the rest
    acted: tuple[str, ...] = ()  # ids of rules
    drawn: dict[str, dict[str, float]] = field(default_factory=dict)  # by id of the rule: probability, delay
    looked_at: list[str] = field(default_factory=list)  # a line for each rule
    notes: list[str] = field(default_factory=list)  # what else came into it

    @property
    def replaces_response(self) -> bool:
        """Whether it takes the place of the real answer."""
        return self.status is not None or self.error is not None or self.has_body

    @property
    def is_silent(self) -> bool:
        """Whether the client gets no answer at all, not even half of one."""
        return self.wire not in (None, "truncate", "close")

    @property
    def prevents_operation(self) -> bool:
        """Whether what the request asks for is not done."""
        return (self.replaces_response or self.is_silent) and not self.commit


NO_OUTCOME = Outcome()  # the act of a world without rules


class RuleEffect(NamedTuple):
    """What one rule adds to an act. `delay` is seconds, drawn."""

    rule: str
    effect: Effect
    delay: float
    commit: bool

    def describe(self) -> str:
        """What it does, as the end of a line of the journal."""
        effect = self.effect
        parts = [
            f"delay {self.delay:.3f} s" if effect.delay else "",
            f"status {effect.status}" if effect.status else "",
            "an error" if effect.error else "",
            "a body" if effect.has_body else "",
            f"headers {', '.join(effect.headers)}" if effect.headers else "",
            f"wire {effect.wire}" if effect.wire else "",
            f"plan {effect.plan}" if effect.plan else "",
            "after the work is done" if self.commit and effect.gives_response else "",
        ]
        return ": " * any(parts) + ", ".join(filter(None, parts))


def combine_effects(
    rule_effects: list[RuleEffect], drawn: dict[str, dict[str, float]], looked_at: list[str]
) -> Outcome:
    """The sum of deeds, of which only the last can be one that answers: whether to commit is for that one to say."""
    if not rule_effects:
        return Outcome(drawn=drawn, looked_at=looked_at)
    last = rule_effects[-1].effect
    plans = (rule_effect.effect.plan for rule_effect in rule_effects if rule_effect.effect.plan is not None)
    return Outcome(
        delay=sum(rule_effect.delay for rule_effect in rule_effects),
        status=last.status,
        error=dict(last.error) if last.error else None,
        headers=_merge_headers(rule_effect.effect.headers for rule_effect in rule_effects),
        body=copy_data(last.body),
        has_body=last.has_body,
        wire=last.wire,
        plan=next(plans, None),
        commit=rule_effects[-1].commit
        if last.gives_response
        else any(rule_effect.commit for rule_effect in rule_effects),
        acted=tuple(rule_effect.rule for rule_effect in rule_effects),
        drawn=drawn,
        looked_at=looked_at,
    )


def _merge_headers(all_headers: Iterable[dict[str, str]]) -> dict[str, str]:
    """Of headers with the same name, in whatever capitals, the last."""
    by_small = {name.lower(): (name, value) for headers in all_headers for name, value in headers.items()}
    return dict(by_small.values())

"""One rule: its parsed document, and how often it has applied. `engine.py` has all rules of a world."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from random import Random
from typing import Any

from jobsmock.world.limits import estimate_size
from jobsmock.world.rules.effect import CheckPlan, Effect, parse_effect
from jobsmock.world.rules.matcher import Matcher, RequestSummary
from jobsmock.world.rules.trigger import Trigger, parse_count, parse_trigger
from jobsmock.world.store import copy_data
from jobsmock.world.validation import RuleError, check_depth, parse_keys, quote_value, suggest

KEYS = ("id", "when", "on", "then", "commit", "after", "state")
AFTER = ("pass", "repeat", "last")

_PER_RULE = 4096  # bytes that a rule takes beside its document, about
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")  # it stands in URLs and in a header


@dataclass
class Rule:
    """`matched` counts requests within the window that match, and `acted` those to which the rule applied."""

    document: dict[str, Any]  # as given, without its state
    id: str
    when: Matcher
    on: Trigger
    then: list[Effect]
    after: str  # what follows the last of `then`
    commit: bool
    added: float
    size: int  # bytes, about
    matched: int = 0
    acted: int = 0

    def decide(self, request: RequestSummary, now: float, random: Random, drawn: dict[str, float]) -> Effect | str:
        """The effect on a request, which is counted; or a sentence that says why there is none."""
        if differences := self.when.list_differences(request):
            return "; ".join(differences)
        if outside := self.on.explain_outside(now):
            return outside
        self.matched += 1
        if why := self.on.explain_skip(self.matched, self.acted, random, drawn):
            return why
        effect = self._next_effect()
        if effect is None:
            return f"the {len(self.then)} of its list are used up"
        self.acted += 1
        return effect

    def _next_effect(self) -> Effect | None:
        if self.acted < len(self.then):
            return self.then[self.acted]
        return {"repeat": self.then[self.acted % len(self.then)], "last": self.then[-1]}.get(self.after)

    def always_answers(self) -> bool:
        """Whether every request that it matches gets its response from this rule."""
        return self.on == Trigger() and self.after != "pass" and all(effect.gives_response for effect in self.then)

    def may_wait(self) -> bool:
        return any(effect.may_wait for effect in self.then)

    def dump(self) -> dict[str, Any]:
        state = {"matched": self.matched, "acted": self.acted, "added": self.added}
        document: dict[str, Any] = copy_data(self.document)
        return {**document, "id": self.id, "state": state}


def parse_rule(document: Any, now: float, id: str, operations: Collection[str], check_plan: CheckPlan) -> Rule:
    """Parse a rule. `id` and `now` are used if the document has no id, or no time at which it was added."""
    check_depth(document, "rule")
    given = parse_keys(document, KEYS, "")
    if "then" not in given:
        raise RuleError('then: missing: expected an effect, as in "then": {"status": 503}')
    state = parse_keys(given.get("state", {}), ("matched", "acted", "added"), "state")
    added = _parse_moment(state.get("added", now), "state.added")
    when = Matcher.parse(given.get("when", {}), operations)
    then, after = _parse_then(given, lambda plan: check_plan(plan, when.operations))
    return Rule(
        document=copy_data({key: value for key, value in given.items() if key != "state"}),
        id=_parse_id(given.get("id", id)),
        when=when,
        on=parse_trigger(given.get("on", {}), added),
        then=then,
        after=after,
        commit=_parse_boolean(given.get("commit", False), "commit"),
        added=added,
        size=_PER_RULE + 2 * estimate_size(document),
        matched=parse_count(state.get("matched", 0), "state.matched"),
        acted=parse_count(state.get("acted", 0), "state.acted"),
    )


def _parse_then(given: dict[str, Any], check_plan: Callable[[str], object]) -> tuple[list[Effect], str]:
    """The effects, and what follows the last of them. A single effect repeats."""
    then = given["then"]
    if not isinstance(then, list):
        if "after" in given:
            raise RuleError("after: unexpected without a list: expected then to be a list")
        return [parse_effect(then, "then", check_plan)], "repeat"
    if not then:
        raise RuleError("then: empty list: expected at least one effect")
    after = given.get("after", "pass")
    if after not in AFTER:
        raise RuleError(f"after: unknown value {quote_value(after)}: {suggest(str(after), AFTER)}")
    return [parse_effect(effect, f"then[{number}]", check_plan) for number, effect in enumerate(then)], after


def _parse_id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise RuleError(f"id: invalid id {quote_value(value)}: expected at most 64 letters, digits, '-', '_' or '.'")
    return value


def _parse_boolean(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise RuleError(f"{where}: invalid value {quote_value(value)}: expected true or false")
    return value


def _parse_moment(value: Any, where: str) -> float:
    if type(value) not in (int, float) or not abs(value) < 1e12:
        raise RuleError(f"{where}: invalid time {quote_value(value)}: expected seconds since the epoch")
    return float(value)

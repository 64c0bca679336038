"""Rules: when a request looks so, then this happens to it (a delay, an answer, a broken wire, a plan).

A rule is a JSON document: `when` says which requests it is about (see matching.py), `on` which of those it acts on, and
`then` what it does (see acting.py). Samples and the control API add rules. For each request the web layer asks `act`
what is to be done, and does it. All of it is called under the world's lock.
"""

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from random import Random
from typing import Any

from jobsmock.world import lint
from jobsmock.world.acting import (
    NOTHING,
    Act,
    CheckPlan,
    Deed,
    Effect,
    On,
    act_of,
    count_of,
    effect_of,
    on_of,
)
from jobsmock.world.delays import draw_delay
from jobsmock.world.documents import RuleError, check_depth, hint, keys_of, shown
from jobsmock.world.limits import size_of
from jobsmock.world.matching import Seen, When
from jobsmock.world.rule_index import RuleIndex
from jobsmock.world.shadows import Shadows
from jobsmock.world.store import plain_copy

__all__ = ["AFTER", "KEYS", "Act", "NoSuchRule", "RuleError", "Rules", "Seen"]

KEYS = ("id", "when", "on", "then", "commit", "after", "state")
AFTER = ("pass", "repeat", "last")

_PER_RULE = 4096  # bytes that a rule takes beside its document, about
_ID = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}")  # it stands in URLs and in a header


class NoSuchRule(LookupError):
    """There is no rule of that id. The message names the nearest."""


# --- one rule --------------------------------------------------------------------------------------------------------


@dataclass
class Rule:
    """A document that has been read, and how far it has come: requests it was about, within its window, and acts."""

    document: dict[str, Any]  # as given, without its state
    id: str
    when: When
    on: On
    then: list[Effect]
    after: str  # what follows the last of `then`
    commit: bool
    added: float
    size: int  # bytes, about
    matched: int = 0
    acted: int = 0

    def effect_on(self, seen: Seen, now: float, random: Random, drawn: dict[str, float]) -> Effect | str:
        """What it does to a request, which is counted; or why it does nothing."""
        if differences := self.when.differences(seen):
            return "; ".join(differences)
        if outside := self.on.why_outside(now):
            return outside
        self.matched += 1
        if why := self.on.why_not(self.matched, self.acted, random, drawn):
            return why
        effect = self._next()
        if effect is None:
            return f"the {len(self.then)} of its list are used up"
        self.acted += 1
        return effect

    def _next(self) -> Effect | None:
        if self.acted < len(self.then):
            return self.then[self.acted]
        return {"repeat": self.then[self.acted % len(self.then)], "last": self.then[-1]}.get(self.after)

    def always_answers(self) -> bool:
        """Whether no request that it is about ever gets past it."""
        return self.on == On() and self.after != "pass" and all(effect.answers for effect in self.then)

    def may_wait(self) -> bool:
        return any(effect.may_wait for effect in self.then)

    def written(self) -> dict[str, Any]:
        state = {"matched": self.matched, "acted": self.acted, "added": self.added}
        document: dict[str, Any] = plain_copy(self.document)
        return {**document, "id": self.id, "state": state}


def _rule_of(document: Any, now: float, id: str, operations: Collection[str], check_plan: CheckPlan) -> Rule:
    """Read a rule. `id` and `now`, the moment when it is added, are for one that does not say so itself."""
    check_depth(document, "rule")
    given = keys_of(document, KEYS, "")
    if "then" not in given:
        raise RuleError('then: it is missing; say what happens, as in "then": {"status": 503}')
    state = keys_of(given.get("state", {}), ("matched", "acted", "added"), "state")
    added = _moment(state.get("added", now), "state.added")
    when = When.parse(given.get("when", {}), operations)
    then, after = _then(given, lambda plan: check_plan(plan, when.operations))
    return Rule(
        document=plain_copy({key: value for key, value in given.items() if key != "state"}),
        id=_id(given.get("id", id)),
        when=when,
        on=on_of(given.get("on", {}), added),
        then=then,
        after=after,
        commit=_truth(given.get("commit", False), "commit"),
        added=added,
        size=_PER_RULE + 2 * size_of(document),
        matched=count_of(state.get("matched", 0), "state.matched"),
        acted=count_of(state.get("acted", 0), "state.acted"),
    )


def _then(given: dict[str, Any], check_plan: Callable[[str], object]) -> tuple[list[Effect], str]:
    """Effects, and what follows the last of them: a single one is a list that repeats."""
    then = given["then"]
    if not isinstance(then, list):
        if "after" in given:
            raise RuleError("after: it belongs to a list; write then as a list, or leave after out")
        return [effect_of(then, "then", check_plan)], "repeat"
    if not then:
        raise RuleError("then: the list is empty; say what happens, one by one")
    after = given.get("after", "pass")
    if after not in AFTER:
        raise RuleError(f"after: {shown(after)} is unknown; {hint(str(after), AFTER)}")
    return [effect_of(effect, f"then[{number}]", check_plan) for number, effect in enumerate(then)], after


def _id(value: Any) -> str:
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise RuleError(f"id: {shown(value)} is no id; write letters, digits, - _ or ., 64 at most")
    return value


def _truth(value: Any, where: str) -> bool:
    if not isinstance(value, bool):
        raise RuleError(f"{where}: {shown(value)} is neither true nor false")
    return value


def _moment(value: Any, where: str) -> float:
    if type(value) not in (int, float) or not abs(value) < 1e12:
        raise RuleError(f"{where}: {shown(value)} is no moment; write seconds since the epoch")
    return float(value)


# --- all rules of a world --------------------------------------------------------------------------------------------


class Rules:
    """Rules in the order in which they were added, with an index by operation. `operations` are all there are."""

    def __init__(self, operations: Collection[str], random: Random, check_plan: CheckPlan) -> None:
        self.operations, self._random, self._check_plan = operations, random, check_plan
        self._edits = 0
        self.clear()

    def __len__(self) -> int:
        return len(self._rules)

    def clear(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._reindex()

    def mark(self) -> tuple[int, int]:
        """What is another once a rule has come or gone, or has been counted."""
        return self._edits, sum(rule.matched for rule in list(self._rules.values()))

    @property
    def may_wait(self) -> bool:
        """Whether any rule can make an answer wait."""
        return self._index.waiting > 0

    @property
    def size(self) -> int:
        """Bytes that they take, about."""
        return self._index.size

    def add(self, document: Any, now: float) -> tuple[str, list[str]]:
        """Its id, and a warning for each thing that is odd about it. `state`, if it has one, is where it goes on."""
        rule = self._read(document, now, self._index.free_id())
        if rule.id in self._rules:
            raise RuleError(f"id: there is a rule {rule.id!r} already; choose another id, or replace that rule")
        warnings = lint.warnings(rule, now, self._index.shadows.over(rule))
        self._rules[rule.id] = rule
        self._index.add(rule)
        self._edits += 1
        return rule.id, warnings

    def replace(self, id: str, document: Any, now: float) -> list[str]:
        """Put another rule in the place of one, counted anew. Warnings as from `add`."""
        self._rule(id)
        rule = self._read(document, now, id)
        if rule.id != id:
            raise RuleError(f"id: {rule.id!r} is not the id of the rule to replace; write {id!r}, or leave it out")
        rules, place = list(self._rules.values()), list(self._rules).index(id)
        earlier = (other for other in rules[:place] if other.always_answers() and other.when.includes(rule.when))
        warnings = lint.warnings(rule, now, next(earlier, None), rules[place + 1 :])
        self._rules[id] = rule
        self._reindex()
        return warnings

    def remove(self, id: str) -> None:
        rule = self._rule(id)
        del self._rules[id]
        self._index.remove(rule)
        self._edits += 1

    def get(self, id: str) -> dict[str, Any]:
        return self._rule(id).written()

    def documents(self) -> list[dict[str, Any]]:
        """Each rule as given, with its `id` and its `state`: what `restore` takes."""
        return [rule.written() for rule in self._rules.values()]

    def restore(self, documents: Iterable[Any], now: float = 0.0) -> None:
        """Put these in the place of all rules; those without a state are added at `now`."""
        fresh = Rules(self.operations, self._random, self._check_plan)
        for number, document in enumerate(documents, 1):
            try:
                fresh.add(document, now)
            except RuleError as error:
                raise RuleError(f"rule {number}: {error}") from None
        self._rules = fresh._rules
        self._reindex()

    def warnings(self, now: float) -> list[str]:
        """What is odd about each rule, after its id."""
        shadows, odd = Shadows(), []
        for rule in self._rules.values():
            odd += [f"{rule.id}: {line}" for line in lint.warnings(rule, now, shadows.over(rule))]
            shadows.add(rule)
        return odd

    def act(self, seen: Seen, now: float) -> Act:
        """What the rules do to a request. It is counted: ask once for each."""
        rules = self._index.by_operation.get(seen.operation, self._index.by_operation[None])
        if not rules:
            return NOTHING
        deeds: list[Deed] = []
        drawn: dict[str, dict[str, float]] = {}
        looked_at: list[str] = []
        for rule in rules.values():
            chances: dict[str, float] = {}
            effect = rule.effect_on(seen, now, self._random, chances)
            if isinstance(effect, str):
                looked_at.append(f"{rule.id}: {effect}")
            else:
                deeds.append(self._deed(rule, effect, chances))
                looked_at.append(f"{rule.id}: acted, number {rule.acted}{deeds[-1].told()}")
            if chances:
                drawn[rule.id] = chances
            if deeds and deeds[-1].effect.answers:
                break
        return act_of(deeds, drawn, looked_at)

    # --- inside

    def _deed(self, rule: Rule, effect: Effect, chances: dict[str, float]) -> Deed:
        if effect.delay is None:
            return Deed(rule.id, effect, 0.0, rule.commit)
        chances["delay"] = draw_delay(effect.delay, self._random)
        return Deed(rule.id, effect, chances["delay"], rule.commit)

    def _read(self, document: Any, now: float, id: str) -> Rule:
        return _rule_of(document, now, id, self.operations, self._check_plan)

    def _rule(self, id: str) -> Rule:
        if id not in self._rules:
            known = f"; {hint(id, self._rules)}" if self._rules else ""
            raise NoSuchRule(f"there is no rule {shown(id)}{known}")
        return self._rules[id]

    def _reindex(self) -> None:
        self._edits += 1
        self._index = RuleIndex(self.operations)
        for rule in self._rules.values():
            self._index.add(rule)

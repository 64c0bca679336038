"""All rules of a world, and what they decide for each request.

A rule is a JSON document: `when` says which requests it matches (matcher.py), `on` to which of these it applies
(trigger.py), and `then` what happens (effect.py). All calls are made under the lock of the world.
"""

from collections.abc import Collection, Iterable
from random import Random
from typing import Any

from jobsmock.world.delays import draw_delay
from jobsmock.world.rules.effect import CheckPlan, Effect
from jobsmock.world.rules.index import RuleIndex
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.rules.outcome import NO_OUTCOME, Outcome, RuleEffect, combine_effects
from jobsmock.world.rules.rule import Rule, parse_rule
from jobsmock.world.rules.shadows import ShadowIndex
from jobsmock.world.rules.warnings import list_warnings
from jobsmock.world.validation import RuleError, quote_value, suggest


class NoSuchRule(LookupError):
    """There is no rule with that id. The message suggests the nearest."""


class Rules:
    """Rules in the order in which they were added, indexed by operation. `operations` are the known names."""

    def __init__(self, operations: Collection[str], random: Random, check_plan: CheckPlan) -> None:
        self.operations, self._random, self._check_plan = operations, random, check_plan
        self._edits = 0
        self.clear()

    def __len__(self) -> int:
        return len(self._rules)

    def clear(self) -> None:
        self._rules: dict[str, Rule] = {}
        self._reindex()

    def version(self) -> tuple[int, int]:
        """A value that changes when a rule is added, removed or counted."""
        return self._edits, sum(rule.matched for rule in list(self._rules.values()))

    @property
    def may_wait(self) -> bool:
        """Whether any rule can delay a response."""
        return self._index.waiting > 0

    @property
    def size(self) -> int:
        """The approximate memory of all rules in bytes."""
        return self._index.size

    def add(self, document: Any, now: float) -> tuple[str, list[str]]:
        """Add a rule, and return its id and warnings. A `state` in the document has its counts."""
        rule = self._read_rule(document, now, self._index.next_free_id())
        if rule.id in self._rules:
            raise RuleError(f"id: a rule {rule.id!r} exists already: choose another id, or replace that rule")
        warnings = list_warnings(rule, now, self._index.shadows.find_shadow_of(rule))
        self._rules[rule.id] = rule
        self._index.add(rule)
        self._edits += 1
        return rule.id, warnings

    def replace(self, id: str, document: Any, now: float) -> list[str]:
        """Replace a rule and reset its counts. Returns warnings, as `add` does."""
        self._get_rule(id)
        rule = self._read_rule(document, now, id)
        if rule.id != id:
            raise RuleError(f"id: invalid id {rule.id!r}: expected {id!r}, the id of the rule to replace, or none")
        rules, place = list(self._rules.values()), list(self._rules).index(id)
        earlier = (other for other in rules[:place] if other.always_answers() and other.when.includes(rule.when))
        warnings = list_warnings(rule, now, next(earlier, None), rules[place + 1 :])
        self._rules[id] = rule
        self._reindex()
        return warnings

    def remove(self, id: str) -> None:
        rule = self._get_rule(id)
        del self._rules[id]
        self._index.remove(rule)
        self._edits += 1

    def show(self, id: str) -> dict[str, Any]:
        return self._get_rule(id).dump()

    def dump(self) -> list[dict[str, Any]]:
        """The documents of all rules, each with its `id` and `state`, for `restore`."""
        return [rule.dump() for rule in self._rules.values()]

    def restore(self, documents: Iterable[Any], now: float = 0.0) -> None:
        """Replace all rules. Those without a state are added at `now`."""
        fresh = Rules(self.operations, self._random, self._check_plan)
        for number, document in enumerate(documents, 1):
            try:
                fresh.add(document, now)
            except RuleError as error:
                raise RuleError(f"rule {number}: {error}") from None
        self._rules = fresh._rules
        self._reindex()

    def list_warnings(self, now: float) -> list[str]:
        """All warnings, each after the id of its rule."""
        shadows, odd = ShadowIndex(), []
        for rule in self._rules.values():
            odd += [f"{rule.id}: {line}" for line in list_warnings(rule, now, shadows.find_shadow_of(rule))]
            shadows.add(rule)
        return odd

    def decide(self, request: RequestSummary, now: float) -> Outcome:
        """What the rules do to a request. Counts the request, so it is called once for each."""
        rules = self._index.by_operation.get(request.operation, self._index.by_operation[None])
        if not rules:
            return NO_OUTCOME
        rule_effects: list[RuleEffect] = []
        drawn: dict[str, dict[str, float]] = {}
        looked_at: list[str] = []
        for rule in rules.values():
            chances: dict[str, float] = {}
            effect = rule.decide(request, now, self._random, chances)
            if isinstance(effect, str):
                looked_at.append(f"{rule.id}: {effect}")
            else:
                rule_effects.append(self._draw_effect(rule, effect, chances))
                looked_at.append(f"{rule.id}: acted, number {rule.acted}{rule_effects[-1].describe()}")
            if chances:
                drawn[rule.id] = chances
            if rule_effects and rule_effects[-1].effect.gives_response:
                break
        return combine_effects(rule_effects, drawn, looked_at)

    # --- inside

    def _draw_effect(self, rule: Rule, effect: Effect, chances: dict[str, float]) -> RuleEffect:
        if effect.delay is None:
            return RuleEffect(rule.id, effect, 0.0, rule.commit)
        chances["delay"] = draw_delay(effect.delay, self._random)
        return RuleEffect(rule.id, effect, chances["delay"], rule.commit)

    def _read_rule(self, document: Any, now: float, id: str) -> Rule:
        return parse_rule(document, now, id, self.operations, self._check_plan)

    def _get_rule(self, id: str) -> Rule:
        if id not in self._rules:
            known = f": {suggest(id, self._rules)}" if self._rules else ""
            raise NoSuchRule(f"unknown rule {quote_value(id)}{known}")
        return self._rules[id]

    def _reindex(self) -> None:
        self._edits += 1
        self._index = RuleIndex(self.operations)
        for rule in self._rules.values():
            self._index.add(rule)

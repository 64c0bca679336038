"""What the effects of all rules on one request add up to. `http/fault_injection.py` carries it out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jobsmock.world.rules.effect import Effect
from jobsmock.world.store import copy_data


@dataclass(frozen=True)
class Outcome:
    """What happens to one request, and how that was decided. It shares no data with a rule."""

    delay: float = 0.0  # seconds
    status: int | None = None
    error: dict[str, str] | None = None
    headers: dict[str, str] = field(default_factory=dict)
    body: Any = None
    has_body: bool = False
    wire: str | None = None
    plan: str | None = None
    commit: bool = False  # do what the request asks for, and only then the rest
    rules: tuple[str, ...] = ()  # ids of rules
    drawn: dict[str, dict[str, float]] = field(default_factory=dict)  # by id of the rule: probability, delay
    decisions: list[str] = field(default_factory=list)  # a line for each rule
    notes: list[str] = field(default_factory=list)  # what else came into it

    @property
    def replaces_response(self) -> bool:
        """Whether it replaces the response of the operation."""
        return self.status is not None or self.error is not None or self.has_body

    @property
    def is_silent(self) -> bool:
        """Whether the client gets no response at all, not even part of one."""
        return self.wire not in (None, "truncate", "close")

    @property
    def prevents_operation(self) -> bool:
        """Whether the operation is not carried out."""
        return (self.replaces_response or self.is_silent) and not self.commit


NO_OUTCOME = Outcome()  # the act of a world without rules


class RuleEffect(NamedTuple):
    """The effect of one rule. `delay` is in seconds."""

    rule: str
    effect: Effect
    delay: float
    commit: bool

    def describe(self) -> str:
        """What it does, as the end of a line in the journal."""
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
    """Combine effects into an outcome. Only the last one can replace the response, and decides whether to commit."""
    if not rule_effects:
        return Outcome(drawn=drawn, decisions=looked_at)
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
        rules=tuple(rule_effect.rule for rule_effect in rule_effects),
        drawn=drawn,
        decisions=looked_at,
    )


def _merge_headers(all_headers: Iterable[dict[str, str]]) -> dict[str, str]:
    """Headers by name, ignoring case; the last of equal names wins."""
    by_small = {name.lower(): (name, value) for headers in all_headers for name, value in headers.items()}
    return dict(by_small.values())

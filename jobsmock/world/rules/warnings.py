"""What looks wrong with a valid rule: it never applies, or has no effect. What needs the routes is in
http/rule_warnings.py.
"""

from collections.abc import Iterable, Iterator

from jobsmock.world.rules.effect import NO_EFFECT
from jobsmock.world.rules.rule import Rule


def list_warnings(rule: Rule, now: float, shadow: Rule | None, later: Iterable[Rule] = ()) -> list[str]:
    """One line for each warning at the time `now`.

    `shadow` is an earlier rule that answers every request which this one matches, and `later` are the rules behind it.
    """
    return [
        *_warn_if_never_active(rule, now),
        *_warn_if_shadowed(shadow),
        *_warn_if_shadowing(rule, later),
        *_warn_if_empty(rule),
    ]


def _warn_if_never_active(rule: Rule, now: float) -> Iterator[str]:
    if rule.on.times == 0:
        yield "on.times is 0: this rule never applies"
    if rule.on.probability == 0:
        yield "on.probability is 0: this rule never applies"
    if rule.on.until <= rule.on.since:
        yield "on.until is not after on.from: this rule never applies"
    elif rule.on.until <= now:
        yield "on.until is in the past: this rule never applies"


def _warn_if_shadowed(shadow: Rule | None) -> list[str]:
    if shadow is None:
        return []
    return [f"the earlier rule {shadow.id!r} answers every request that this one matches: this rule never applies"]


def _warn_if_shadowing(rule: Rule, later: Iterable[Rule]) -> list[str]:
    covered = [other.id for other in later if rule.always_answers() and rule.when.includes(other.when)]
    return [
        f"this rule answers every request that the later rule {id!r} matches: that one never applies" for id in covered
    ]


def _warn_if_empty(rule: Rule) -> list[str]:
    """A list may contain empty effects, to let requests pass, but not only those."""
    return [] if any(effect != NO_EFFECT for effect in rule.then) else ["then is empty: this rule does nothing"]

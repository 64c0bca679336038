"""Finds the rule that hides another one, without comparing each with each.

A rule that always answers is filed under each of its operations, together with one thing that a request must have to
match it; of several, the one under which the fewest rules are filed. A rule is compared only with those that are filed
under what its own `when` requires, and these are few.
"""

from collections.abc import Hashable, Iterator, Mapping
from itertools import count
from typing import Any

from jobsmock.world.rules.matcher import Matcher, Pattern
from jobsmock.world.rules.rule import Rule

_Key = tuple[str | None, Hashable]  # an operation, None for all, and what a request must have, None for nothing
_LONGEST_PREFIX = 64  # characters of a text before its first `*` that are looked at


class ShadowIndex:
    """Rules that always answer, in the order in which they were added."""

    def __init__(self) -> None:
        self._filed: dict[_Key, dict[str, tuple[int, Rule]]] = {}
        self._keys: dict[str, list[_Key]] = {}  # by a rule's id, where it is filed
        self._numbers = count()

    def add(self, rule: Rule) -> None:
        if not rule.always_answers():
            return
        operations = rule.when.operations or (None,)
        rarest = min(
            _iterate_requirements(rule.when),
            key=lambda wanted: max(self._count_filed((one, wanted)) for one in operations),
        )
        place, keys = (next(self._numbers), rule), [(one, rarest) for one in operations]
        self._keys[rule.id] = keys
        for key in keys:
            self._filed.setdefault(key, {})[rule.id] = place

    def remove(self, rule: Rule) -> None:
        for key in self._keys.pop(rule.id, ()):
            del self._filed[key][rule.id]
            if not self._filed[key]:
                del self._filed[key]

    def find_shadow_of(self, rule: Rule) -> Rule | None:
        """The first rule that answers every request which this one matches."""
        found = (self._find_first(rule, key) for key in _iterate_keys(rule.when))
        return min((place for place in found if place), default=(0, None), key=lambda place: place[0])[1]

    def _find_first(self, rule: Rule, key: _Key) -> tuple[int, Rule] | None:
        places = self._filed.get(key, {}).values()
        return next((place for place in places if place[1].when.includes(rule.when)), None)

    def _count_filed(self, key: _Key) -> int:
        return len(self._filed.get(key, ()))


def _iterate_requirements(when: Matcher) -> Iterator[Hashable]:
    """Everything that a rule can be filed under. All rules that it includes require it, too."""
    for place, text in _iterate_texts(when):
        prefix, star, _ = text.partition("*")
        yield (*place, "^", prefix[:_LONGEST_PREFIX]) if star else (*place, text)
    for place, value in _iterate_leaves(when.body, ("body",)):
        yield place if value is None else (*place, value)
    yield from _iterate_names(when)
    yield None


def _iterate_keys(when: Matcher) -> Iterator[_Key]:
    """Where rules are filed that may include this one: under one of its operations, and something that it requires."""
    operations = {None, next(iter(when.operations))} if when.operations else {None}
    for wanted in {
        *_iterate_requirements(when),
        *_iterate_prefixes(when),
        *(place for place, _ in _iterate_leaves(when.body, ("body",))),
    }:
        for operation in operations:
            yield operation, wanted


def _iterate_prefixes(when: Matcher) -> Iterator[Hashable]:
    """The prefixes that a pattern must have to include those of a rule."""
    for place, text in _iterate_texts(when):
        prefix = text.partition("*")[0][:_LONGEST_PREFIX]
        yield from ((*place, "^", prefix[:end]) for end in range(len(prefix) + 1))


def _iterate_texts(when: Matcher) -> Iterator[tuple[tuple[str, ...], str]]:
    if when.path is not None:
        yield ("path",), when.path.text
    for kind, values in (("query", when.query), ("header", when.headers)):
        yield from (((kind, name), value.text) for name, value in values.items() if value is not None)
    yield from ((("project",), project.replace("*", "\0")) for project in when.projects or ())


def _iterate_names(when: Matcher) -> Iterator[Hashable]:
    yield from (("query", name) for name in when.query)
    yield from (("header", name) for name in when.headers)


def _iterate_leaves(shape: Any, place: tuple[Any, ...]) -> Iterator[tuple[tuple[Any, ...], Hashable]]:
    """Each place in a body that a request must have, with its value if that is exact."""
    if shape is None:
        return
    if isinstance(shape, (Mapping, list)):
        yield place, None
        items = shape.items() if isinstance(shape, Mapping) else enumerate(shape)
        for name, inner in items:
            yield from _iterate_leaves(inner, (*place, name))
    elif isinstance(shape, Pattern):
        yield place, None if "*" in shape.text else shape.text
    else:
        yield place, shape

"""What is odd about a rule, as the tables of URLs show: no operation has its method, its path, or use for its plan."""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from jobsmock.api.operations import NAMES, ROUTES
from jobsmock.api.routes import Route
from jobsmock.world.rules.matcher import Matcher, Pattern
from jobsmock.world.world import World


def list_warnings(document: dict[str, Any]) -> list[str]:
    """A line for each thing that is odd about a rule, which has been read already."""
    when = Matcher.parse(document.get("when", {}), NAMES)
    rows = [row for row in ROUTES if when.operations is None or row.name in when.operations]
    by_method = [row for row in rows if when.methods is None or when.methods & _list_methods(row)]
    if not by_method:
        methods = set().union(*map(_list_methods, rows))
        return [f"when.method: such requests have the method {_join_words(methods)}: this rule never applies"]
    by_path = [row for row in by_method if when.path is None or when.path.overlaps(_make_pattern(row.path))]
    if not by_path:
        paths = _join_words({route.path for route in by_method})
        return [f"when.path: such requests have the path {paths}: this rule never applies"]
    if _has_plan(document) and not any(row.parse_plan for row in by_path):
        takers = {row.name for row in ROUTES if row.parse_plan}
        return [f"then.plan: only {_join_words(takers)} follows a plan: it has no effect here"]
    return []


def list_all_warnings(world: World) -> list[str]:
    """What is odd about the rules of a world, each line with the rule's id first."""
    return [
        *world.rules.list_warnings(world.clock.now()),
        *(f"{rule['id']}: {line}" for rule in world.rules.dump() for line in list_warnings(rule)),
    ]


@cache
def _make_pattern(path: str) -> Pattern:
    """The URLs of a row, as a pattern."""
    return Pattern(re.sub(r"<\w+>", "*", path))


def _list_methods(row: Route) -> set[str]:
    return {row.method, "HEAD"} if row.method == "GET" else {row.method}


def _has_plan(document: dict[str, Any]) -> bool:
    then = document["then"] if isinstance(document["then"], list) else [document["then"]]
    return any("plan" in effect for effect in then)


def _join_words(words: Iterable[str]) -> str:
    """Some of them, if there are many."""
    some = sorted(words)
    return " or ".join(some[:4]) + (" and others" if len(some) > 4 else "")

"""Checks JSON that users write, and words the errors. For rules, and for everything else that is read from JSON."""

import difflib
import reprlib
from collections.abc import Collection
from typing import Any

# Lists and objects within each other; what walks through a document may recurse so far. A body of a request is kept in
# records, and a rule in a world's settings, and a snapshot holds both: each has to leave room for what is around it.
DEEPEST_RULE, DEEPEST_BODY, DEEPEST_SNAPSHOT = 50, 100, 150


class RuleError(ValueError):
    """A rule or a `when` is invalid. The message names the key, what was given, and what is expected."""


_short = reprlib.Repr()
_short.maxstring = _short.maxother = 80


def quote_value(value: Any) -> str:
    """A value on one line, shortened if it is long."""
    return _short.repr(value)


def suggest(word: str, known: Collection[str]) -> str:
    """The known name that is nearest to a word, or else the known names."""
    by_small = {name.lower(): name for name in known}
    near = difflib.get_close_matches(word[:100].lower(), by_small, 1)
    return f"did you mean {by_small[near[0]]}?" if near else f"expected one of {', '.join(known)}"


def check_depth(document: Any, where: str) -> None:
    if is_deeper(document, DEEPEST_RULE):
        raise RuleError(f"{where}: nested too deeply: expected at most {DEEPEST_RULE} levels of objects and lists")


def is_deeper(value: Any, bound: int) -> bool:
    """Whether lists and objects are nested deeper than a bound."""
    level = [value]
    for _ in range(bound + 1):
        level = [one for one in level if isinstance(one, (dict, list))]
        if not level:
            return False
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return True


def parse_object(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise RuleError(f"{where}: invalid value {quote_value(value)}: expected an object")
    return value


def parse_keys(value: Any, known: Collection[str], where: str) -> dict[str, Any]:
    """An object that has only known keys. `where` is empty for a whole rule."""
    document = parse_object(value, where or "rule")
    for key in document:
        if key not in known:
            path = f"{where}.{key}" if where else key
            raise RuleError(f"{path}: unknown key: {suggest(str(key), known)}")
    return document


def parse_text(value: Any, where: str) -> str:
    if not isinstance(value, str) or not value:
        raise RuleError(f"{where}: invalid value {quote_value(value)}: expected a string")
    return value

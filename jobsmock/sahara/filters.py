"""Filters of lists: whether a record has what the query parameters ask for.

On MySQL and PostgreSQL, as in production, the service takes the value of some parameters for a regular expression, and
search boxes rely on that. On SQLite it compares all of them exactly. The setting `filters` of a world chooses.
"""

import re
from collections.abc import Callable, Collection, Mapping
from math import prod
from typing import Any

from jobsmock.sahara.errors import InvalidQuery
from jobsmock.world.clock import read_stopwatch
from jobsmock.world.store import Record

REGEX, EXACT = "regex", "exact"
CHOICES = (REGEX, EXACT)

ValueFinder = Callable[[Record, str], Any]
_Test = Callable[[Any], bool]

_PAGING = ("limit", "marker", "sort_by")
_SPECIAL = re.compile(r"[][.^$*+?{}\\|()]")
_REPETITION = re.compile(r"\{(\d*),?(\d*)\}", re.ASCII)
_LONGEST_PATTERN = 1000  # characters
_MOST_REPETITIONS = 1000  # of one part of a pattern, by all the counts around it
_PATIENCE = 0.25  # seconds for matching a pattern with all records of a list


def make_filter(
    query: Mapping[str, list[str]], project: str, known: Collection[str], searchable: Collection[str], fact: ValueFinder
) -> Callable[[Record], bool] | None:
    """Whether a record has the values that a query asks for; None if it asks for none.

    `known` are the fields that may be asked for, `searchable` those of them whose value is a pattern. `fact` finds what
    a record has there. InvalidQuery for an unknown field, and for a pattern that cannot be matched in time.
    """
    tests = {}
    for key in query:
        if key in _PAGING:
            continue
        if key not in known:
            raise InvalidQuery(f"Unknown field for filtering {key}")
        tests[key] = _match_pattern(key, query[key][0]) if key in searchable else _match_equal(query[key][0])
    if not tests:
        return None

    def value(record: Record, key: str) -> Any:
        if key == "tenant_id":  # a sample's record that belongs to every project names none
            return record["tenant_id"] or project
        return fact(record, key)

    return lambda record: all(test(value(record, key)) for key, test in tests.items())


def _match_equal(text: str) -> _Test:
    """Compare as the service's database does: flags are 0 and 1, nothing equals null."""
    return lambda value: value is not None and text == (str(int(value)) if isinstance(value, int) else value)


def _match_pattern(field: str, text: str) -> _Test:
    """Look for a pattern anywhere in a value, small and capital letters being the same, as they are on MySQL."""
    if not _SPECIAL.search(text):
        return _match_substring(text)
    import regex  # only where a pattern is asked for: not all programs that use jobsmock do

    _check_size(field, text)
    try:
        pattern = regex.compile(text, regex.IGNORECASE)
    except (regex.error, RecursionError):
        return _match_substring(text)
    left = _PATIENCE

    def search(value: Any) -> bool:
        nonlocal left
        began = read_stopwatch()
        try:
            return isinstance(value, str) and pattern.search(value, timeout=max(left, 0.001)) is not None
        except TimeoutError:
            raise InvalidQuery(f"{field}: the pattern {text[:80]!r} takes too long to match") from None
        finally:
            left -= read_stopwatch() - began

    return search


def _match_substring(text: str) -> _Test:
    wanted = text.lower()
    return lambda value: isinstance(value, str) and wanted in value.lower()


def _check_size(field: str, text: str) -> None:
    """Refuse a pattern that would take too much memory to be read."""
    counts = (max(int(number[-6:] or 0) for number in pair) for pair in _REPETITION.findall(text))
    if len(text) > _LONGEST_PATTERN or prod(filter(None, counts)) > _MOST_REPETITIONS:
        raise InvalidQuery(
            f"{field}: the pattern {text[:80]!r} is too large: at most {_LONGEST_PATTERN} characters, and counts in"
            f" braces whose product is at most {_MOST_REPETITIONS}"
        )

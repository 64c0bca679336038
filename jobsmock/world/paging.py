"""Walking through records in an order, a page at a time, as the service's database does. `store.py` has the records."""

from collections.abc import Iterator
from itertools import chain
from math import inf
from typing import Any, NamedTuple

from sortedcontainers import SortedList

Record = dict[str, Any]
Row = tuple[str, int, str]  # value sorted by, order of making, id
Bound = tuple[Any, ...]  # a row, or the beginning of one: a place in an order


class Page(NamedTuple):
    """Part of a list. `prev` and `next` are the ids to give as marker for the pages around it."""

    records: list[Record]
    prev: str | None
    next: str | None


def after_value(value: str) -> Bound:
    """A place behind every row with that value."""
    return (value, inf)


def iterate_rows(rows: "SortedList[Row]", start: Row | None, descending: bool, values_differ: bool) -> Iterator[Row]:
    """Rows in order, those after `start` if there is one. What has no value to compare begins anew, as NULL does."""
    if start and not start[0]:
        start = None
    if descending:
        filled = _iterate_down if values_differ else _iterate_down_by_value
        without_value = () if start else rows.irange(maximum=after_value(""))
        return chain(filled(rows, start), without_value)
    after = start if values_differ or start is None else after_value(start[0])
    return iter(rows.irange(after, inclusive=(False, True)))


def _iterate_down(rows: "SortedList[Row]", start: Row | None) -> Iterator[Row]:
    return iter(rows.irange(after_value(""), start, inclusive=(False, False), reverse=True))


def _iterate_down_by_value(rows: "SortedList[Row]", start: Row | None) -> Iterator[Row]:
    """From the greatest value down, but by age among equals, as the service's database does."""
    below = start and (start[0],)
    while last := next(rows.irange(after_value(""), below, inclusive=(False, False), reverse=True), None):
        below = (last[0],)
        yield from rows.irange(below, last)


def find_markers(
    rows: "SortedList[Row]", start: Row | None, descending: bool, limit: int | None
) -> tuple[str | None, str | None]:
    """The markers of the pages before and after, as the service counts them: by places in the whole list.

    Equals count in reverse when descending, and the last page names a next one if it is full; both as the service.
    """

    def at(place: int) -> str | None:
        return rows[-1 - place if descending else place][2] if 0 <= place < len(rows) else None

    if limit is None:
        return None, None
    if start is None:
        return None, at(limit - 1) if limit < len(rows) else None
    if start not in rows:  # the marker itself is filtered out
        return None, None
    place = rows.index(start)
    if descending:
        place = len(rows) - 1 - place
    return at(place - limit), at(place + limit)

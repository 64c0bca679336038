"""Iterates over sorted rows, and over pages of them, as the service's database does. For `store.py`."""

from collections.abc import Iterator
from itertools import chain
from math import inf
from typing import Any, NamedTuple

from sortedcontainers import SortedList

Record = dict[str, Any]
Row = tuple[str, int, str]  # value sorted by, order of making, id
Bound = tuple[Any, ...]  # a row, or the beginning of one: a place in an order


class Page(NamedTuple):
    """Part of a list. `prev` and `next` are the markers of the pages before and after."""

    records: list[Record]
    prev: str | None
    next: str | None


def after_value(value: str) -> Bound:
    """A position behind all rows with that value."""
    return (value, inf)


def iterate_rows(rows: "SortedList[Row]", start: Row | None, descending: bool, values_differ: bool) -> Iterator[Row]:
    """The rows after `start`, in order. A start without a value begins at the first row, as NULL does in SQL."""
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
    """Rows by descending value, but by ascending age among equal values, as in the service's database."""
    below = start and (start[0],)
    while last := next(rows.irange(after_value(""), below, inclusive=(False, False), reverse=True), None):
        below = (last[0],)
        yield from rows.irange(below, last)


def find_markers(
    rows: "SortedList[Row]", start: Row | None, descending: bool, limit: int | None
) -> tuple[str | None, str | None]:
    """The markers of the pages before and after, by positions in the whole list, as the service computes them.

    When descending, equal rows count in reverse order, and a full last page has a next marker; both as in the service.
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

"""Where a world keeps its records: one Table per resource, each a set of plain dicts, ordered by whatever is asked for.

A record is never changed in place: a change puts a new dict in its stead. So a project can go on looking at a sample's
records until it first writes, and only then gets a dict of its own. What leaves a table is a copy.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
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


class UnknownMarker(KeyError):
    """A page was asked for that begins after a record which is not there."""


class Shelf:
    """Records that are seen together, and the orders in which they have been asked for."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._made: dict[str, int] = {}
        self._orders: dict[str, SortedList[Row]] = {}

    def copy(self) -> "Shelf":
        twin = Shelf()
        twin.records, twin._made = dict(self.records), dict(self._made)
        return twin

    def put(self, record: Record, made: int) -> None:
        """Keep a record, in place of the one with its id. `made` orders those that compare equal."""
        id = record["id"]
        old = self.records.get(id)
        self._made.setdefault(id, made)
        for field, rows in self._orders.items():
            if old is None or old.get(field) != record.get(field):
                if old is not None:
                    rows.remove(self._row(old, field))
                rows.add(self._row(record, field))
        self.records[id] = record

    def drop(self, id: str) -> None:
        record = self.records.pop(id)
        for field, rows in self._orders.items():
            rows.remove(self._row(record, field))
        del self._made[id]

    def order(self, field: str) -> "SortedList[Row]":
        """All rows by a field, sorted when first asked for and kept so from then on."""
        if field not in self._orders:
            self._orders[field] = SortedList(self._row(record, field) for record in self.records.values())
        return self._orders[field]

    def row(self, id: str, field: str) -> Row:
        return self._row(self.records[id], field)

    def find(self, field: str, value: str) -> Record | None:
        """The first record, if any, with that value in a field."""
        row = next(self.order(field).irange((value,), _end_of(value)), None)
        return self.records[row[2]] if row else None

    def _row(self, record: Record, field: str) -> Row:
        return (record.get(field) or "", self._made[record["id"]], record["id"])


class Table:
    """The records of one resource, of all projects of a world.

    A project sees its own records, the public ones of others, and the sample's `shared` ones, which belong to every
    project: each sees them as its own, with its own id in `tenant_id`.
    """

    def __init__(self) -> None:
        self._shared = Shelf()
        self._own: dict[str, Shelf] = {}
        self._public = Shelf()
        self._making = count()

    # --- reading

    def get(self, project: str, id: str) -> Record | None:
        record = self._shelf(project).records.get(id) or self._public.records.get(id)
        return _copied(record, project) if record else None

    def own(self, project: str, field: str, value: str) -> Record | None:
        """A record of the project's own, if any, with that value in a field."""
        record = self._shelf(project).find(field, value)
        return _copied(record, project) if record else None

    def seen(self, project: str, field: str, value: str) -> Record | None:
        """The same among all that the project sees."""
        record = self._shelf(project).find(field, value) or self._public.find(field, value)
        return _copied(record, project) if record else None

    def every(self) -> Iterator[Record]:
        """Every record of every project; not copied, so not to be changed."""
        for shelf in (self._shared, *self._own.values()):
            yield from shelf.records.values()

    def page(
        self,
        project: str,
        keep: Callable[[Record], bool] | None = None,
        field: str = "id",
        descending: bool = False,
        limit: int | None = None,
        marker: str | None = None,
        ties_follow: bool = True,
    ) -> Page:
        """Records that `keep` accepts, by a field, `limit` of them after the record `marker`.

        Where `ties_follow` is false, records with the marker's own value in the field count as before it, whatever
        their order. UnknownMarker if the project sees no such record.
        """
        rows = self._rows(project, field)
        start = self._start(project, marker, field, ties_follow) if marker is not None else None
        after = _down_from if descending else _up_from
        records = list(islice(self._kept(after(rows, start), project, keep), limit and limit + 1))
        page = [_copied(record, project) for record in records[:limit]]
        prev = None
        if start and limit:
            before = _up_to if descending else _down_to
            earlier = self._kept(before(rows, start), project, keep)
            prev = next((record["id"] for record in islice(earlier, limit, None)), None)
        return Page(page, prev, page[-1]["id"] if len(records) > len(page) else None)

    # --- writing

    def share(self, record: Record) -> None:
        """Keep a record that belongs to every project. Only before the first project is seen."""
        self._shared.put(record, next(self._making))

    def put(self, record: Record) -> None:
        """Keep a record of the project that its `tenant_id` names, in place of the one with its id."""
        kept = _copied(record, record["tenant_id"])
        made = next(self._making)
        self._shelf_to_write(record["tenant_id"]).put(kept, made)
        if record.get("is_public") and record["id"] not in self._shared.records:
            self._public.put(kept, made)
        elif record["id"] in self._public.records:
            self._public.drop(record["id"])

    def drop(self, project: str, id: str) -> None:
        self._shelf_to_write(project).drop(id)
        if id in self._public.records:
            self._public.drop(id)

    # --- inside

    def _shelf(self, project: str) -> Shelf:
        return self._own.get(project, self._shared)

    def _shelf_to_write(self, project: str) -> Shelf:
        if project not in self._own:
            self._own[project] = self._shared.copy()
        return self._own[project]

    def _rows(self, project: str, field: str) -> "SortedList[Row]":
        """All rows a project sees. Those of other projects are few as a rule, and are sorted in when they are there."""
        own = self._shelf(project)
        rows = own.order(field)
        foreign = [row for row in self._public.order(field) if row[2] not in own.records]
        return SortedList([*rows, *foreign]) if foreign else rows

    def _start(self, project: str, marker: str, field: str, ties_follow: bool) -> Bound:
        own = self._shelf(project)
        shelf = own if marker in own.records else self._public
        if marker not in shelf.records:
            raise UnknownMarker(marker)
        row = shelf.row(marker, field)
        return row if ties_follow else _end_of(row[0])

    def _kept(self, rows: Iterable[Row], project: str, keep: Callable[[Record], bool] | None) -> Iterator[Record]:
        own, public = self._shelf(project).records, self._public.records
        records = (own.get(row[2]) or public[row[2]] for row in rows)
        return records if keep is None else filter(keep, records)


# --- walks over an order: up and down by value, but always by age among equals, as the service's database does ------


def _end_of(value: str) -> Bound:
    """A place behind every row with that value."""
    return (value, inf)


def _up_from(rows: "SortedList[Row]", start: Bound | None) -> Iterator[Row]:
    yield from rows.irange(minimum=start, inclusive=(False, True))


def _down_to(rows: "SortedList[Row]", start: Bound) -> Iterator[Row]:
    """What `_up_from` would have passed before `start`, nearest first."""
    yield from rows.irange(maximum=start, reverse=True)


def _down_from(rows: "SortedList[Row]", start: Bound | None) -> Iterator[Row]:
    if start:
        yield from rows.irange(start, _end_of(start[0]), inclusive=(False, True))
    below = start and (start[0],)
    while last := next(rows.irange(maximum=below, inclusive=(True, False), reverse=True), None):
        below = (last[0],)
        yield from rows.irange(below, last)


def _up_to(rows: "SortedList[Row]", start: Bound) -> Iterator[Row]:
    """What `_down_from` would have passed before `start`, nearest first."""
    yield from rows.irange((start[0],), start, reverse=True)
    above = _end_of(start[0])
    while first := next(rows.irange(minimum=above, inclusive=(False, True)), None):
        above = _end_of(first[0])
        yield from rows.irange(first, above, reverse=True)


# --- copies ---------------------------------------------------------------------------------------------------------


def _copied(record: Record, project: str) -> Record:
    copy: Record = plain_copy(record)
    if copy.get("tenant_id") is None:
        copy["tenant_id"] = project
    return copy


def plain_copy(value: Any) -> Any:
    """A deep copy of plain data; many times faster than copy.deepcopy, which looks for what plain data cannot hold."""
    if type(value) is dict:
        return {k: plain_copy(v) if type(v) in (dict, list) else v for k, v in value.items()}
    if type(value) is list:
        return [plain_copy(v) if type(v) in (dict, list) else v for v in value]
    return value

"""Where a world keeps its records: one Table per resource, each a set of plain dicts, ordered by whatever is asked for.

A record is never changed in place: a change puts a new dict in its stead. So a project can go on looking at a sample's
records until it first writes, and only then gets a dict of its own. What leaves a table is a copy.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count, islice
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
        self._published: Counter[str] = Counter()  # how many of the public ones each project owns
        self._making = count()
        self.changes = 0
        self._merged: dict[tuple[str, str], tuple[int, SortedList[Row]]] = {}  # orders with the public ones of others

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

    def seen_with(self, project: str, field: str, value: str) -> list[Record]:
        """All records that the project sees with that value in a field."""
        return self._copies(project, self._rows(project, field).irange((value,), _end_of(value)))

    def every(self) -> Iterator[Record]:
        """Every record of every project; not copied, so not to be changed."""
        for shelf in (self._shared, *self._own.values()):
            yield from shelf.records.values()

    def owned(self, project: str, others_too: bool) -> Iterator[Record]:
        """The records of a project, and perhaps those of all others; not copied, so not to be changed."""
        yield from self._shelf(project).records.values()
        for owner, shelf in self._own.items() if others_too else ():
            if owner != project:
                yield from shelf.records.values()

    def distinct(self) -> Iterator[Record]:
        """What the table holds, each once: the shared records, then each project's own and those it has changed."""
        shared = self._shared.records
        yield from shared.values()
        for shelf in self._own.values():
            yield from (record for id, record in shelf.records.items() if shared.get(id) is not record)

    def deleted(self) -> dict[str, list[str]]:
        """The ids of shared records that projects have deleted."""
        gone = {owner: [id for id in self._shared.records if id not in own.records] for owner, own in self._own.items()}
        return {owner: ids for owner, ids in gone.items() if ids}

    def is_shared(self, id: str) -> bool:
        return id in self._shared.records

    def referred(self, project: str, id: str) -> Record | None:
        """What a record of the project refers to, even if its owner has made it private since."""
        if record := self.get(project, id):
            return record
        owner = next((owner for owner, shelf in self._own.items() if id in shelf.records), None)
        return self.get(owner, id) if owner else None

    def page(
        self,
        project: str,
        keep: Callable[[Record], bool] | None = None,
        field: str = "id",
        descending: bool = False,
        limit: int | None = None,
        marker: str | None = None,
        values_differ: bool = True,
    ) -> Page:
        """Records that `keep` accepts, by a field, `limit` of them after the record with the id `marker`.

        Where records may share a value and `values_differ` is false, they stand by age whichever way the order goes,
        and those with the marker's own value all count as before it. KeyError if the project sees no such record.
        """
        start = self._row(project, marker, field) if marker is not None else None
        rows = self._rows(project, field)
        if keep:
            rows = SortedList(row for row in rows if keep(self._record(project, row)))
        walk = islice(_walk(rows, start, descending, values_differ), limit)
        return Page(self._copies(project, walk), *_markers(rows, start, descending, limit))

    # --- writing

    def share(self, record: Record) -> None:
        """Keep a record that belongs to every project. Only before any project has records of its own."""
        assert not self._own
        self._shared.put(record, next(self._making))

    def put(self, record: Record) -> None:
        """Keep a record of the project that its `tenant_id` names, in place of the one with its id."""
        kept = _copied(record, record["tenant_id"])
        made = next(self._making)
        self.changes += 1
        self._shelf_to_write(record["tenant_id"]).put(kept, made)
        if record.get("is_public") and not self.is_shared(record["id"]):
            self._published[record["tenant_id"]] += record["id"] not in self._public.records
            self._public.put(kept, made)
        else:
            self._unpublish(record["tenant_id"], record["id"])

    def drop(self, project: str, id: str) -> None:
        self.changes += 1
        self._shelf_to_write(project).drop(id)
        self._unpublish(project, id)

    # --- inside

    def _unpublish(self, project: str, id: str) -> None:
        if id in self._public.records and self._public.records[id]["tenant_id"] == project:
            self._public.drop(id)
            self._published[project] -= 1

    def _shelf(self, project: str) -> Shelf:
        return self._own.get(project, self._shared)

    def _shelf_to_write(self, project: str) -> Shelf:
        if project not in self._own:
            self._own[project] = self._shared.copy()
        return self._own[project]

    def _rows(self, project: str, field: str) -> "SortedList[Row]":
        """All rows a project sees: its own order, with the public ones of others sorted in if there are any."""
        own = self._shelf(project)
        if len(self._public.records) == self._published[project]:
            return own.order(field)
        changes, rows = self._merged.get((project, field), (-1, None))
        if changes != self.changes:
            foreign = (row for row in self._public.order(field) if row[2] not in own.records)
            rows = SortedList([*own.order(field), *foreign])
            self._merged[project, field] = self.changes, rows
        return rows

    def _row(self, project: str, id: str, field: str) -> Row:
        own = self._shelf(project)
        return own.row(id, field) if id in own.records else self._public.row(id, field)

    def _copies(self, project: str, rows: Iterable[Row]) -> list[Record]:
        return [_copied(self._record(project, row), project) for row in rows]

    def _record(self, project: str, row: Row) -> Record:
        return self._shelf(project).records.get(row[2]) or self._public.records[row[2]]


# --- pages ----------------------------------------------------------------------------------------------------------


def _end_of(value: str) -> Bound:
    """A place behind every row with that value."""
    return (value, inf)


def _walk(rows: "SortedList[Row]", start: Row | None, descending: bool, values_differ: bool) -> Iterator[Row]:
    """Rows in order, those after `start` if there is one. What has no value to compare begins anew, as NULL does."""
    if start and not start[0]:
        start = None
    if descending:
        filled = _down if values_differ else _down_by_value
        without_value = () if start else rows.irange(maximum=_end_of(""))
        return chain(filled(rows, start), without_value)
    after = start if values_differ or start is None else _end_of(start[0])
    return iter(rows.irange(after, inclusive=(False, True)))


def _down(rows: "SortedList[Row]", start: Row | None) -> Iterator[Row]:
    return iter(rows.irange(_end_of(""), start, inclusive=(False, False), reverse=True))


def _down_by_value(rows: "SortedList[Row]", start: Row | None) -> Iterator[Row]:
    """From the greatest value down, but by age among equals, as the service's database does."""
    below = start and (start[0],)
    while last := next(rows.irange(_end_of(""), below, inclusive=(False, False), reverse=True), None):
        below = (last[0],)
        yield from rows.irange(below, last)


def _markers(
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

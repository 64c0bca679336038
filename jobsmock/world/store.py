"""Where a world keeps its records: one Table per resource, each a set of plain dicts, ordered by whatever is asked for.

A record is never changed in place: a change puts a new dict in its stead. So a project can go on looking at a sample's
records until it first writes, and only then gets a dict of its own. What leaves a table is a copy.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from typing import Any

from sortedcontainers import SortedList

from jobsmock.world.limits import Usage, size_of
from jobsmock.world.paging import Page, Record, Row, end_of, markers, walk

__all__ = ["Record", "Shelf", "Table", "plain_copy"]

_MOST_MERGED_ROWS = 1_000_000  # of orders that hold the records of others, too: one for each project that lists them
_PER_RECORD = 128  # bytes that it takes to know of a record, once for each project that has written


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
        row = next(self.order(field).irange((value,), end_of(value)), None)
        return self.records[row[2]] if row else None

    def _row(self, record: Record, field: str) -> Row:
        return (record.get(field) or "", self._made[record["id"]], record["id"])


class _MergedOrders:
    """Orders with the public records of others, by project and field; those that were made first go first."""

    def __init__(self) -> None:
        self._orders: dict[tuple[str, str], tuple[int, SortedList[Row]]] = {}
        self._rows = 0

    def get(self, project: str, field: str, changes: int) -> "SortedList[Row] | None":
        """The order, if it is as new as the table, which has seen so many changes."""
        made_at, rows = self._orders.get((project, field), (-1, None))
        return rows if made_at == changes else None

    def put(self, project: str, field: str, changes: int, rows: "SortedList[Row]") -> None:
        self._drop((project, field))
        self._orders[project, field] = changes, rows
        self._rows += _rows_of(project, rows)
        while self._rows > _MOST_MERGED_ROWS and len(self._orders) > 1:
            self._drop(next(iter(self._orders)))

    def _drop(self, key: tuple[str, str]) -> None:
        if dropped := self._orders.pop(key, None):
            self._rows -= _rows_of(key[0], dropped[1])


def _rows_of(project: str, rows: "SortedList[Row]") -> int:
    """As many rows as an order and the name of its project take the place of."""
    return len(rows) + 100 + len(project) // 8


class Table:
    """The records of one resource, of all projects of a world.

    A project sees its own records, the public ones of others, and the sample's `shared` ones, which belong to every
    project: each sees them as its own, with its own id in `tenant_id`. What projects write is counted in `usage`.
    """

    def __init__(self, usage: Usage | None = None) -> None:
        self._usage = usage or Usage()
        self._shared = Shelf()
        self._own: dict[str, Shelf] = {}
        self._public = Shelf()
        self._published: Counter[str] = Counter()  # how many of the public ones each project owns
        self._making = count()
        self.changes = 0
        self._merged = _MergedOrders()

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
        return self._copies(project, self._rows(project, field).irange((value,), end_of(value)))

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
        wanted = islice(walk(rows, start, descending, values_differ), limit)
        return Page(self._copies(project, wanted), *markers(rows, start, descending, limit))

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
        shelf = self._shelf_to_write(record["tenant_id"])
        self._usage.size += _weight(kept) - self._own_weight(shelf.records.get(record["id"]))
        shelf.put(kept, made)
        if record.get("is_public") and not self.is_shared(record["id"]):
            self._published[record["tenant_id"]] += record["id"] not in self._public.records
            self._public.put(kept, made)
        else:
            self._unpublish(record["tenant_id"], record["id"])

    def drop(self, project: str, id: str) -> None:
        self.changes += 1
        shelf = self._shelf_to_write(project)
        self._usage.size -= self._own_weight(shelf.records.get(id))
        shelf.drop(id)
        self._unpublish(project, id)

    # --- inside

    def _unpublish(self, project: str, id: str) -> None:
        if id in self._public.records and self._public.records[id]["tenant_id"] == project:
            self._public.drop(id)
            self._published[project] -= 1

    def _own_weight(self, record: Record | None) -> int:
        """Bytes that are free once a project lets go of a record: none while the sample's is still there for others."""
        is_shared = record is None or self._shared.records.get(record["id"]) is record
        return 0 if is_shared else _weight(record)

    def _shelf(self, project: str) -> Shelf:
        return self._own.get(project, self._shared)

    def _shelf_to_write(self, project: str) -> Shelf:
        if project not in self._own:
            self._own[project] = self._shared.copy()
            self._usage.size += _PER_RECORD * (len(self._shared.records) + 1)
        return self._own[project]

    def _rows(self, project: str, field: str) -> "SortedList[Row]":
        """All rows a project sees: its own order, with the public ones of others sorted in if there are any."""
        own = self._shelf(project)
        if len(self._public.records) == self._published[project]:
            return own.order(field)
        rows = self._merged.get(project, field, self.changes)
        if rows is None:
            foreign = (row for row in self._public.order(field) if row[2] not in own.records)
            rows = SortedList([*own.order(field), *foreign])
            self._merged.put(project, field, self.changes, rows)
        return rows

    def _row(self, project: str, id: str, field: str) -> Row:
        own = self._shelf(project)
        return own.row(id, field) if id in own.records else self._public.row(id, field)

    def _copies(self, project: str, rows: Iterable[Row]) -> list[Record]:
        return [_copied(self._record(project, row), project) for row in rows]

    def _record(self, project: str, row: Row) -> Record:
        return self._shelf(project).records.get(row[2]) or self._public.records[row[2]]


def _weight(record: Record | None) -> int:
    return size_of(record) + _PER_RECORD


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

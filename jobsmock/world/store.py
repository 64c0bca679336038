"""The records of a world: one Table for each resource, with plain dicts, sorted by any field on demand.

Records are never changed in place; a change replaces the dict. So a project can share the records of the sample until
it writes for the first time. Tables return copies.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import count, islice
from typing import Any

from sortedcontainers import SortedList

from jobsmock.world.limits import Usage, estimate_size
from jobsmock.world.paging import Page, Record, Row, after_value, find_markers, iterate_rows

__all__ = ["Collection", "Record", "Table", "copy_data"]

_MOST_MERGED_ROWS = 1_000_000  # in all orders that include the records of other projects, of one table
_PER_RECORD = 128  # bytes that a record takes beside its values, in each project that has written, about


class Collection:
    """The records of one project, or all public ones, and the orders in which they have been requested."""

    def __init__(self) -> None:
        self.records: dict[str, Record] = {}
        self._numbers: dict[str, int] = {}  # by id, in the order in which records were inserted
        self._orders: dict[str, SortedList[Row]] = {}

    def copy(self) -> "Collection":
        twin = Collection()
        twin.records, twin._numbers = dict(self.records), dict(self._numbers)
        return twin

    def save(self, record: Record, number: int) -> None:
        """Insert or replace a record. One that is replaced keeps its number."""
        id = record["id"]
        old = self.records.get(id)
        self._numbers.setdefault(id, number)
        for field, rows in self._orders.items():
            if old is None or old.get(field) != record.get(field):
                if old is not None:
                    rows.remove(self._row(old, field))
                rows.add(self._row(record, field))
        self.records[id] = record

    def delete(self, id: str) -> None:
        record = self.records.pop(id)
        for field, rows in self._orders.items():
            rows.remove(self._row(record, field))
        del self._numbers[id]

    def get_order(self, field: str) -> "SortedList[Row]":
        """All rows sorted by a field. They are sorted at the first request, and kept sorted from then on."""
        if field not in self._orders:
            self._orders[field] = SortedList(self._row(record, field) for record in self.records.values())
        return self._orders[field]

    def get_row(self, id: str, field: str) -> Row:
        return self._row(self.records[id], field)

    def find(self, field: str, value: str) -> Record | None:
        """The oldest record with that value in a field, if there is one."""
        row = next(self.get_order(field).irange((value,), after_value(value)), None)
        return self.records[row[2]] if row else None

    def _row(self, record: Record, field: str) -> Row:
        return (record.get(field) or "", self._numbers[record["id"]], record["id"])


class _MergedOrders:
    """Orders that include the public records of other projects, by project and field. The oldest are dropped first."""

    def __init__(self) -> None:
        self._orders: dict[tuple[str, str], tuple[int, SortedList[Row]]] = {}
        self._rows = 0

    def get(self, project: str, field: str, changes: int) -> "SortedList[Row] | None":
        """The order, if the table has not changed since it was put here."""
        changes_then, rows = self._orders.get((project, field), (-1, None))
        return rows if changes_then == changes else None

    def put(self, project: str, field: str, changes: int, rows: "SortedList[Row]") -> None:
        self._drop((project, field))
        self._orders[project, field] = changes, rows
        self._rows += _count_rows(project, rows)
        while self._rows > _MOST_MERGED_ROWS and len(self._orders) > 1:
            self._drop(next(iter(self._orders)))

    def _drop(self, key: tuple[str, str]) -> None:
        if order := self._orders.pop(key, None):
            self._rows -= _count_rows(key[0], order[1])


def _count_rows(project: str, rows: "SortedList[Row]") -> int:
    """The size of an order in rows; the name of its project counts, too."""
    return len(rows) + 100 + len(project) // 8


class Table:
    """The records of one resource in all projects of a world.

    A project sees its own records, the public ones of others, and the shared ones of the sample. It sees those as its
    own, with its own id in `tenant_id`. What projects write is counted in `usage`.
    """

    def __init__(self, usage: Usage | None = None) -> None:
        self._usage = usage or Usage()
        self._shared = Collection()
        self._own: dict[str, Collection] = {}
        self._public = Collection()
        self._published: Counter[str] = Counter()  # how many of the public ones each project owns
        self._numbers = count()
        self.changes = 0
        self._merged = _MergedOrders()

    # --- reading

    def get(self, project: str, id: str) -> Record | None:
        record = self._get_collection(project).records.get(id) or self._public.records.get(id)
        return _copy_for_project(record, project) if record else None

    def find_own(self, project: str, field: str, value: str) -> Record | None:
        """A record of the project itself with that value in a field, if there is one."""
        record = self._get_collection(project).find(field, value)
        return _copy_for_project(record, project) if record else None

    def find(self, project: str, field: str, value: str) -> Record | None:
        """The same among all records that the project sees."""
        record = self._get_collection(project).find(field, value) or self._public.find(field, value)
        return _copy_for_project(record, project) if record else None

    def find_all(self, project: str, field: str, value: str) -> list[Record]:
        """All records that the project sees with that value in a field."""
        return self._copy_all(project, self._list_rows(project, field).irange((value,), after_value(value)))

    def iterate_all(self) -> Iterator[Record]:
        """All records of all projects. They are not copies, and must not be changed."""
        for collection in (self._shared, *self._own.values()):
            yield from collection.records.values()

    def iterate_owned(self, project: str, others_too: bool) -> Iterator[Record]:
        """The records of a project, and those of others if wanted. They are not copies, and must not be changed."""
        yield from self._get_collection(project).records.values()
        for owner, collection in self._own.items() if others_too else ():
            if owner != project:
                yield from collection.records.values()

    def iterate_distinct(self) -> Iterator[Record]:
        """Every record once: the shared ones, then each project's own, and its changed copies of shared ones."""
        shared = self._shared.records
        yield from shared.values()
        for collection in self._own.values():
            yield from (record for id, record in collection.records.items() if shared.get(id) is not record)

    def list_deleted(self) -> dict[str, list[str]]:
        """The ids of shared records that projects have deleted."""
        deleted = {
            owner: [id for id in self._shared.records if id not in own.records] for owner, own in self._own.items()
        }
        return {owner: ids for owner, ids in deleted.items() if ids}

    def is_shared(self, id: str) -> bool:
        return id in self._shared.records

    def get_referred(self, project: str, id: str) -> Record | None:
        """A record that the project refers to, even if its owner has made it private since."""
        if record := self.get(project, id):
            return record
        owner = next((owner for owner, collection in self._own.items() if id in collection.records), None)
        return self.get(owner, id) if owner else None

    def list_page(
        self,
        project: str,
        keep: Callable[[Record], bool] | None = None,
        field: str = "id",
        descending: bool = False,
        limit: int | None = None,
        marker: str | None = None,
        values_differ: bool = True,
    ) -> Page:
        """A page of the records that `keep` accepts, sorted by `field`: `limit` of them after the id `marker`.

        If records can share a value (`values_differ` is false), they are sorted by age in either direction, and all
        with the value of the marker count as before it. KeyError if the project does not see the marker.
        """
        start = self._get_row(project, marker, field) if marker is not None else None
        rows = self._list_rows(project, field)
        if keep:
            rows = SortedList(row for row in rows if keep(self._copy_record(project, row)))
        page = islice(iterate_rows(rows, start, descending, values_differ), limit)
        return Page(self._copy_all(project, page), *find_markers(rows, start, descending, limit))

    # --- writing

    def insert_shared(self, record: Record) -> None:
        """Insert a record that belongs to every project. Only before any project has records of its own."""
        assert not self._own
        self._shared.save(record, next(self._numbers))

    def save(self, record: Record) -> None:
        """Insert or replace a record of the project in its `tenant_id`."""
        copy = _copy_for_project(record, record["tenant_id"])
        number = next(self._numbers)
        self.changes += 1
        collection = self._get_collection_to_write(record["tenant_id"])
        self._usage.size += _measure(copy) - self._measure_own(collection.records.get(record["id"]))
        collection.save(copy, number)
        if record.get("is_public") and not self.is_shared(record["id"]):
            self._published[record["tenant_id"]] += record["id"] not in self._public.records
            self._public.save(copy, number)
        else:
            self._unpublish(record["tenant_id"], record["id"])

    def delete(self, project: str, id: str) -> None:
        self.changes += 1
        collection = self._get_collection_to_write(project)
        self._usage.size -= self._measure_own(collection.records.get(id))
        collection.delete(id)
        self._unpublish(project, id)

    # --- inside

    def _unpublish(self, project: str, id: str) -> None:
        if id in self._public.records and self._public.records[id]["tenant_id"] == project:
            self._public.delete(id)
            self._published[project] -= 1

    def _measure_own(self, record: Record | None) -> int:
        """The bytes that become free when a project drops a record: none if the sample still has it for others."""
        is_shared = record is None or self._shared.records.get(record["id"]) is record
        return 0 if is_shared else _measure(record)

    def _get_collection(self, project: str) -> Collection:
        return self._own.get(project, self._shared)

    def _get_collection_to_write(self, project: str) -> Collection:
        if project not in self._own:
            self._own[project] = self._shared.copy()
            self._usage.size += _PER_RECORD * (len(self._shared.records) + 1)
        return self._own[project]

    def _list_rows(self, project: str, field: str) -> "SortedList[Row]":
        """All rows that a project sees: its own, merged with the public ones of others."""
        own = self._get_collection(project)
        if len(self._public.records) == self._published[project]:
            return own.get_order(field)
        rows = self._merged.get(project, field, self.changes)
        if rows is None:
            foreign = (row for row in self._public.get_order(field) if row[2] not in own.records)
            rows = SortedList([*own.get_order(field), *foreign])
            self._merged.put(project, field, self.changes, rows)
        return rows

    def _get_row(self, project: str, id: str, field: str) -> Row:
        own = self._get_collection(project)
        return own.get_row(id, field) if id in own.records else self._public.get_row(id, field)

    def _copy_all(self, project: str, rows: Iterable[Row]) -> list[Record]:
        return [_copy_for_project(self._copy_record(project, row), project) for row in rows]

    def _copy_record(self, project: str, row: Row) -> Record:
        return self._get_collection(project).records.get(row[2]) or self._public.records[row[2]]


def _measure(record: Record | None) -> int:
    return estimate_size(record) + _PER_RECORD


def _copy_for_project(record: Record, project: str) -> Record:
    copy: Record = copy_data(record)
    if copy.get("tenant_id") is None:
        copy["tenant_id"] = project
    return copy


def copy_data(value: Any) -> Any:
    """A deep copy of plain data, many times faster than copy.deepcopy."""
    if type(value) is dict:
        return {k: copy_data(v) if type(v) in (dict, list) else v for k, v in value.items()}
    if type(value) is list:
        return [copy_data(v) if type(v) in (dict, list) else v for v in value]
    return value

"""Loads the records of a sample into a world. sample.py calls it for each new world.

completion.py completes the records of the data processing service, and openstack_tables.py those of the other services.
"""

from collections.abc import Iterable
from typing import Any

from jobsmock.sahara.clusters import creation, plugins
from jobsmock.sahara.clusters.standard_plugins import STANDARD, UNLESS_LISTED
from jobsmock.sahara.edp import job_executions
from jobsmock.sahara.errors import ServiceError
from jobsmock.samples import openstack_tables
from jobsmock.samples.completion import TABLES, CompletionContext
from jobsmock.samples.file_format import SampleError, Tables
from jobsmock.samples.references import References
from jobsmock.world.clock import format_time, resolve_time
from jobsmock.world.plan import PlanError
from jobsmock.world.store import Record
from jobsmock.world.world import World


def make_record_error(label: str, table: str, number: int, record: Record, fault: str) -> SampleError:
    """Prepend the sample, the table, the number and the name of a record to what is wrong with it."""
    name = f" ({record['name']})" if isinstance(record.get("name"), str) else ""
    return SampleError(f"{label}: {table}, record {number}{name}: {fault}")


_DEFAULTS: dict[str, Any] = {"tenant_id": None, "is_public": False, "is_protected": False}
_TIMES = ("created_at", "updated_at", "start_time", "end_time")


def load_records(label: str, tables: Tables, world: World) -> None:
    """Insert the records of a sample into an empty world. SampleError if one is invalid; `tables` are changed."""
    _Loader(label, tables, world).load()


class _Loader:
    def __init__(self, label: str, tables: Tables, world: World) -> None:
        self._label, self._tables, self._world = label, tables, world
        self._now = world.clock.now()
        self._references = References()

    def load(self) -> None:
        self._add_plugins()
        for table in TABLES:
            for number, record in self._tables.get(table, {}).items():
                self._prepare_record(table, number, record)
        for table in TABLES:
            self._load_table(table)
        self._load_openstack_tables()

    def _add_plugins(self) -> None:
        """Add the usual plugins and those of the clusters to a sample that does not list plugins."""
        if plugins.TABLE not in self._tables:
            used = [cluster["plugin_name"] for cluster in self._tables.get(creation.KIND.table, {}).values()]
            names = [name for name in STANDARD if name in UNLESS_LISTED or name in used]
            self._tables[plugins.TABLE] = {number: {"id": name, "name": name} for number, name in enumerate(names, 1)}

    def _prepare_record(self, table: str, number: int, record: Record) -> None:
        """Give a record an id and absolute times, and register it, so that other records can refer to it."""
        if "id" not in record:
            record["id"] = self._world.new_id()
        for key, value in _DEFAULTS.items():
            record.setdefault(key, value)
        record.setdefault("created_at", format_time(self._now))
        for key in _TIMES:
            if record.get(key) is not None:
                record[key] = format_time(resolve_time(record[key], self._now))
        for key in ("id", "name"):
            if key in record:
                try:
                    self._references.register(table, record, key)
                except ValueError as error:
                    raise make_record_error(self._label, table, number, record, str(error)) from None

    def _load_table(self, table: str) -> None:
        records = self._tables.get(table, {})
        context = CompletionContext(self._world, self._references, self._now)
        for number, record in records.items():
            try:
                record.update(TABLES[table].complete(context, record))
            except (ServiceError, PlanError, ValueError) as error:
                raise make_record_error(self._label, table, number, record, str(error)) from None
        self._insert_records(table, records.values())

    def _insert_records(self, table: str, records: Iterable[Record]) -> None:
        stored = self._world.tables[table]
        for record in records:
            if record["tenant_id"] is None:
                stored.insert_shared(record)
        for record in records:
            if record["tenant_id"] is not None:
                stored.save(record)
            if record.get("replay"):
                key = job_executions.KIND.replayed_by if table == job_executions.KIND.table else "name"
                self._world.replays[table, record[key]] = record["id"]

    def _load_openstack_tables(self) -> None:
        """Load the other tables, with standard records for each table that the sample does not have."""
        for table, definition in openstack_tables.TABLES.items():
            for number, record in self._tables.get(table, dict(enumerate(definition.standard, 1))).items():
                try:
                    openstack_tables.insert_record(self._world, table, record)
                except ValueError as error:
                    raise make_record_error(self._label, table, number, record, str(error)) from None

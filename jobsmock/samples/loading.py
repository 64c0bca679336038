"""Fills a world with the records of a sample: finds what they refer to, and adds what they leave out."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from jobsmock.sahara.clusters import (
    cluster_lifecycle,
    cluster_plans,
    cluster_templates,
    creation,
    images,
    node_group_templates,
    node_groups,
    plugins,
    topologies,
)
from jobsmock.sahara.clusters.standard_plugins import STANDARD, UNLESS_LISTED, complete, list_engines
from jobsmock.sahara.edp import data_sources, engine_facts, execution_lifecycle, interface, jobs
from jobsmock.sahara.edp import job_binaries as binaries
from jobsmock.sahara.edp import job_binary_internals as internals
from jobsmock.sahara.edp import job_executions as executions
from jobsmock.sahara.errors import ServiceError
from jobsmock.sahara.resources import ResourceType
from jobsmock.sahara.validation import Body
from jobsmock.samples import openstack_tables
from jobsmock.samples.file_format import SampleError, Tables
from jobsmock.samples.references import References
from jobsmock.world.clock import format_time, resolve_time
from jobsmock.world.plan import PlanError, RequestedPlan
from jobsmock.world.store import Record
from jobsmock.world.world import World


def record_error(label: str, table: str, number: int, record: Record, fault: str) -> SampleError:
    """What is wrong with a record, and which it is."""
    called = f" ({record['name']})" if isinstance(record.get("name"), str) else ""
    return SampleError(f"{label}: {table}, record {number}{called}: {fault}")


_ALWAYS: Record = {"tenant_id": None, "is_public": False, "is_protected": False}


class Loader:
    """The records of a sample on their way into one world."""

    def __init__(self, label: str, tables: Tables, world: World) -> None:
        self._label, self._tables, self.world = label, tables, world
        self._now = self.world.clock.now()
        self._beginning = format_time(self._now)
        self._references = References()
        self._load_plugins()
        for table in TABLES:
            for number, record in self._tables.get(table, {}).items():
                self._give_ids(table, number, record)
        for table in TABLES:
            self._complete(table)
        self._load_openstack_tables()

    def _load_openstack_tables(self) -> None:
        """A table that the sample leaves out has the standard records."""
        for table, kind in openstack_tables.TABLES.items():
            for number, record in self._tables.get(table, dict(enumerate(kind.standard, 1))).items():
                try:
                    openstack_tables.insert_record(self.world, table, record)
                except ValueError as error:
                    raise record_error(self._label, table, number, record, str(error)) from None

    # --- what every record has, so that others can refer to it

    def _give_ids(self, table: str, number: int, record: Record) -> None:
        if "id" not in record:
            record["id"] = self.world.new_id()
        for key, value in _ALWAYS.items():
            record.setdefault(key, value)
        record.setdefault("created_at", self._beginning)
        for key in ("created_at", "updated_at", "start_time", "end_time"):
            if record.get(key) is not None:
                record[key] = format_time(resolve_time(record[key], self._now))
        for key in ("id", "name"):
            if key in record:
                try:
                    self._references.register(table, record, key)
                except ValueError as error:
                    raise record_error(self._label, table, number, record, str(error)) from None

    def _load_plugins(self) -> None:
        """A sample that lists no plugins has the usual ones, and those of its clusters."""
        if plugins.TABLE not in self._tables:
            used = [cluster["plugin_name"] for cluster in self._tables.get(creation.KIND.table, {}).values()]
            names = [name for name in STANDARD if name in UNLESS_LISTED or name in used]
            self._tables[plugins.TABLE] = {number: {"id": name, "name": name} for number, name in enumerate(names, 1)}

    # --- filling in

    def _complete(self, table: str) -> None:
        records = self._tables.get(table, {})
        for number, record in records.items():
            try:
                record.update(TABLES[table].complete(self, record))
            except (ServiceError, PlanError, ValueError) as error:
                raise record_error(self._label, table, number, record, str(error)) from None
        self._insert(table, records.values())

    def _insert(self, table: str, records: Iterable[Record]) -> None:
        kept = self.world.tables[table]
        for record in records:
            if record["tenant_id"] is None:
                kept.insert_shared(record)
        for record in records:
            if record["tenant_id"] is not None:
                kept.save(record)
            if record.get("replay"):
                by = executions.KIND.replayed_by if table == executions.KIND.table else "name"
                self.world.replays[table, record[by]] = record["id"]

    def _complete_binary(self, record: Record) -> Record:
        url: str = record["url"]
        if url.startswith(binaries.INTERNAL):
            meant = self._references.resolve(record, "url", internals.KIND.table, url.removeprefix(binaries.INTERNAL))
            return {"url": binaries.INTERNAL + meant["id"]}
        if not binaries.is_location(url):
            raise ValueError(f"url: invalid URL {url!r}: expected swift://container/object or internal-db://NAME")
        return {}

    def _complete_node_group_template(self, record: Record) -> Record:
        image = self._references.resolve_all(record, image_id=images.KIND.table)
        return node_group_templates.complete(self.world, self._references.find_plugin(record), {**record, **image})

    def _complete_cluster_template(self, record: Record) -> Record:
        plugin, refers = (
            self._references.find_plugin(record),
            self._references.resolve_all(record, default_image_id=images.KIND.table),
        )
        groups = [self._complete_group(record, group) for group in record.get("node_groups") or []]
        return cluster_templates.complete(self.world, plugin, {**record, **refers, "node_groups": groups})

    def _complete_cluster(self, record: Record) -> Record:
        self._references.find_plugin(record)
        plan = record.pop("plan", None)  # it will be in the run
        refers = self._references.resolve_all(
            record, default_image_id=images.KIND.table, cluster_template_id=cluster_templates.KIND.table
        )
        groups = [self._complete_group(record, group) for group in record.get("node_groups", [])]
        if refers.get("cluster_template_id") and "node_groups" not in record:
            template = self._references.resolve(
                record, "cluster_template_id", cluster_templates.KIND.table, refers["cluster_template_id"]
            )
            groups = [{**group, "id": self.world.new_id()} for group in template["node_groups"]]
        filled = [node_groups.complete(self.world, record, group) for group in groups]
        whole = {
            **creation.DEFAULTS,
            "updated_at": record["created_at"],
            "host_name": record["name"],
            **record,
            **refers,
        }
        whole["node_groups"] = filled
        topologies.check_quota(filled)
        if plan is None:
            return creation.complete_standing(self.world, whole)
        course = cluster_plans.parse_cluster_plan("create", plan)
        return creation.start_creation(self.world, whole, course, resolve_time(record["created_at"], self._now))

    def _complete_group(self, owner: Record, group: Record) -> Record:
        refers = {"image_id": images.KIND.table, "node_group_template_id": node_groups.TEMPLATE.table}
        return {**group, **self._references.resolve_all({"tenant_id": owner["tenant_id"], **group}, **refers)}

    def _complete_job(self, record: Record) -> Record:
        parts = {
            part: [
                self._references.resolve(record, part, binaries.KIND.table, given)["id"]
                for given in record.get(part, [])
            ]
            for part in ("mains", "libs")
        }
        jobs.check_flow(record["type"], parts["mains"], parts["libs"])
        arguments = record.get("interface") or []
        declared = interface.parse_interface(self.world, record["tenant_id"] or "", record["type"], arguments)
        return {**parts, "interface": declared}

    def _complete_execution(self, record: Record) -> Record:
        """An execution of the past with an `info` of its own, or one that follows a plan since its making.

        One with an `engine` is a snapshot's, and may have outlived its cluster.
        """
        job = self._references.resolve(record, "job_id", jobs.KIND.table, record["job_id"])
        sources = {
            key: self._references.resolve(record, key, data_sources.KIND.table, record[key])
            for key in ("input_id", "output_id")
            if record.get(key) is not None
        }
        filled = {
            "input_id": None,
            "output_id": None,
            **{key: source["id"] for key, source in sources.items()},
            "job_id": job["id"],
            "job_configs": {**record.get("job_configs", {}), "job_execution_info": {}},
        }
        if record.get("oozie_job_id"):
            filled["engine_job_id"] = record["oozie_job_id"]
        is_whole = "run" in record or "info" in record
        if is_whole and "engine" in record:
            return filled
        cluster = self._references.resolve(record, "cluster_id", creation.KIND.table, record["cluster_id"])
        filled |= {"cluster_id": cluster["id"], "engine": self._find_engine(job, cluster)}
        if is_whole:
            return filled
        run = self._make_run({**record, **filled}, job, cluster, list(sources.values()))
        record.pop("plan", None)  # it is in the run now
        return {**filled, "info": {"status": "PENDING"}, "run": run}

    def _find_engine(self, job: Record, cluster: Record) -> str:
        engine = list_engines(self._references.find_plugin(cluster)).get(job["type"])
        if engine is None:
            raise ValueError(f"cluster_id: cluster {cluster['name']!r} doesn't support job type {job['type']!r}")
        return engine

    def _make_run(self, record: Record, job: Record, cluster: Record, sources: list[Record]) -> dict[str, Any]:
        facts = engine_facts.make_engine_facts(self.world, job, cluster, record, sources)
        configs, requested_plan = record["job_configs"].get("configs", {}), RequestedPlan(record.get("plan"))
        plan, source = execution_lifecycle.choose_plan(self.world, job, configs, requested_plan)
        facts["plan_of"] = "the sample" if "plan" in record else source
        began, made = cluster_lifecycle.find_active_since(cluster), resolve_time(record["created_at"], self._now)
        run = execution_lifecycle.start_run(self.world, plan, waits=began is None or began > made, **facts)
        return run if run["began"] is None else {**run, "began": made}


class SampleTable(NamedTuple):
    """A table of a sample: the schema of its records, and what makes one whole that leaves something out."""

    schema: Body
    complete: Callable[[Loader, Record], Record]


def _ignore_loader(complete: Callable[[Record], Record]) -> Callable[[Loader, Record], Record]:
    return lambda loader, record: complete(record)


_COMPLETERS: tuple[tuple[ResourceType, Callable[[Loader, Record], Record]], ...] = (
    (images.KIND, _ignore_loader(images.complete)),
    (internals.KIND, _ignore_loader(internals.complete)),
    (binaries.KIND, Loader._complete_binary),
    (data_sources.KIND, _ignore_loader(data_sources.complete)),
    (node_groups.TEMPLATE, Loader._complete_node_group_template),
    (cluster_templates.KIND, Loader._complete_cluster_template),
    (creation.KIND, Loader._complete_cluster),
    (jobs.KIND, Loader._complete_job),
    (executions.KIND, Loader._complete_execution),
)
# In the order in which they refer to each other.
TABLES = {plugins.TABLE: SampleTable(plugins.SAMPLE, _ignore_loader(complete))} | {
    kind.table: SampleTable(kind.sample, complete) for kind, complete in _COMPLETERS
}

"""From a sample to a world: what a sample's tables may say, what they may leave out, and whether it fits together.

Samples are read by jobsmock.world.sample; the ones that come with jobsmock are in the package jobsmock.data.
"""

import difflib
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from jobsmock.sahara import clusters, data_sources, interface, jobs, plugins, runs, templates
from jobsmock.sahara import job_binaries as binaries
from jobsmock.sahara import job_binary_internals as internals
from jobsmock.sahara import job_executions as executions
from jobsmock.sahara.errors import ServiceError
from jobsmock.sahara.sample_records import SCHEMAS, SIMULATION, first_fault
from jobsmock.world import sample
from jobsmock.world.clock import resolved, stamp
from jobsmock.world.plan import PlanError
from jobsmock.world.sample import SampleError
from jobsmock.world.store import Record
from jobsmock.world.world import World

KINDS = (
    internals.KIND, binaries.KIND, data_sources.KIND, clusters.KIND, jobs.KIND, executions.KIND, templates.NODE_GROUP,
    templates.CLUSTER,
)  # fmt: skip
TABLES = (plugins.TABLE, *(kind.table for kind in KINDS))
LATER = ("images", "flavors", "networks")  # accepted, for the parts of the service that are still to come

BUILT_IN = ("demo", "reference", "empty")


def made_world(source: str, plan: str | None = None, seed: int | None = None) -> World:
    """A world that holds what a sample says: a built-in one by name, or a file.

    `plan`, a plan or a profile, takes the place of the sample's own. SampleError or PlanError if either is no good.
    """
    if source in BUILT_IN:
        with as_file(files("jobsmock.data") / f"{source}.json") as path:
            return _Loading(path, plan, seed).world
    path = Path(source)
    if not path.exists() and not path.suffix and path.name == source:
        raise SampleError(f"{source}: there is no such sample; built in are {', '.join(BUILT_IN)}, or give a file")
    return _Loading(path, plan, seed).world


class _Loading:
    """One sample on its way into one world."""

    def __init__(self, path: Path, plan: str | None, seed: int | None) -> None:
        self.path = path
        self.tables, singles = sample.read(path, singles=("simulation",))
        settings = singles.get("simulation", {})
        self._check(settings)
        self.world = World(
            TABLES,
            plan=runs.plan_of(plan or settings.get("plan", "demo")),
            cancel_plan=runs.plan_of(settings.get("cancel_plan", runs.CANCEL)),
            name_plans=[(pattern, runs.plan_of(text)) for pattern, text in settings.get("job_plans", {}).items()],
            seed=seed,
        )
        self.now = self.world.clock.now()
        for name in TABLES:
            for number, record in enumerate(self.tables.get(name, []), 1):
                self._identify(name, number, record)
        self._fill_in()

    # --- is it well formed?

    def _check(self, settings: dict[str, Any]) -> None:
        known = (*TABLES, *LATER)
        for name in self.tables:
            if name not in known:
                raise SampleError(f"{self.path}: there is no table {name!r}{_nearest(name, (*known, 'simulation'))}")
        if fault := first_fault(SIMULATION, settings):
            raise SampleError(f"{self.path}: simulation: {fault}")
        for name, schema in SCHEMAS.items():
            for number, record in enumerate(self.tables.get(name, []), 1):
                if fault := first_fault(schema, record):
                    raise self._error(name, number, record, fault)

    def _error(self, name: str, number: int, record: Record, fault: str) -> SampleError:
        called = f" ({record['name']})" if isinstance(record.get("name"), str) else ""
        return SampleError(f"{self.path}: {name}, record {number}{called}: {fault}")

    # --- filling in

    def _identify(self, name: str, number: int, record: Record) -> None:
        """What every record has, so that others can refer to it."""
        record.setdefault("id", self.world.new_id())
        record.setdefault("tenant_id", None)
        record.setdefault("is_public", False)
        record.setdefault("is_protected", False)
        for key in ("created_at", "updated_at", "start_time", "end_time"):
            if record.get(key) is not None:
                record[key] = stamp(resolved(record[key], self.now))
        record.setdefault("created_at", stamp(self.now))
        twins = [other for other in self.tables[name][: number - 1] if self._are_twins(record, other)]
        if twins:
            raise self._error(name, number, record, "a record before it has the same id, or the same name")

    @staticmethod
    def _are_twins(record: Record, other: Record) -> bool:
        if record["tenant_id"] != other["tenant_id"]:
            return False
        names_count = "name" in record and not (record.get("replay") or other.get("replay"))
        return bool(record["id"] == other["id"] or (names_count and record["name"] == other["name"]))

    def _fill_in(self) -> None:
        fill: dict[str, Callable[[Record], Record]] = {
            "plugins": plugins.filled_in,
            "job_binary_internals": _internal,
            "job_binaries": self._binary,
            "data_sources": _data_source,
            "clusters": self._cluster,
            "jobs": self._job,
            "job_executions": self._execution,
        }
        self._list_plugins()
        for name in TABLES:
            for number, record in enumerate(self.tables.get(name, []), 1):
                try:
                    self._keep(name, fill[name](record))
                except (ServiceError, PlanError, ValueError) as error:
                    raise self._error(name, number, record, str(error)) from None

    def _keep(self, name: str, record: Record) -> None:
        table = self.world.tables[name]
        table.put(record) if record["tenant_id"] else table.share(record)
        if record.get("replay"):
            by = "job_id" if name == "job_executions" else "name"
            self.world.replays[name, record[by]] = record["id"]

    def _list_plugins(self) -> None:
        """A sample that lists no plugins has the usual ones, and those of its clusters."""
        if "plugins" in self.tables:
            return
        used = [cluster["plugin_name"] for cluster in self.tables.get("clusters", [])]
        names = [name for name in plugins.STANDARD if name in plugins.UNLESS_LISTED or name in used]
        self.tables["plugins"] = [{"id": name, "tenant_id": None, "name": name} for name in names]

    def _referred(self, name: str, given: str) -> Record:
        """The record that a reference means, by id or by name. ValueError if there is none."""
        found = [record for record in self.tables.get(name, []) if given in (record["id"], record.get("name"))]
        if not found:
            raise ValueError(f"there is no {given!r} in {name}, by id or by name")
        return found[0]

    def _binary(self, record: Record) -> Record:
        if record["url"].startswith(binaries.INTERNAL):
            meant = record["url"].removeprefix(binaries.INTERNAL)
            record["url"] = binaries.INTERNAL + self._referred("job_binary_internals", meant)["id"]
        return record

    def _cluster(self, record: Record) -> Record:
        groups = [
            {**clusters.NODE_GROUP_DEFAULTS, "id": self.world.new_id(), "created_at": record["created_at"], **group}
            for group in record.get("node_groups", [])
        ]
        return {**clusters.DEFAULTS, "updated_at": record["created_at"], **record, "node_groups": groups}

    def _job(self, record: Record) -> Record:
        for part in ("mains", "libs"):
            record[part] = [self._referred("job_binaries", given)["id"] for given in record.get(part, [])]
        jobs.check_flow(record["type"], record["mains"], record["libs"])
        record["interface"] = interface.declared(self.world, "", record["type"], record.get("interface") or [])
        if "plan" in record:
            runs.plan_of(record["plan"])
        return record

    def _execution(self, record: Record) -> Record:
        """An execution of the past with an `info` of its own, or one that follows a plan since its making."""
        job = self._referred("jobs", record["job_id"])
        cluster = self._referred("clusters", record["cluster_id"])
        sources = []
        for key in ("input_id", "output_id"):
            if record.setdefault(key, None) is not None:
                sources.append(self._referred("data_sources", record[key]))
                record[key] = sources[-1]["id"]
        record |= {"job_id": job["id"], "cluster_id": cluster["id"], "engine": self._engine(job, cluster)}
        record["job_configs"] = {**record.get("job_configs", {}), "job_execution_info": {}}
        if "oozie_job_id" in record:
            record["engine_job_id"] = record["oozie_job_id"]
        if "info" not in record:
            record["info"] = {"status": "PENDING"}
            record["run"] = self._run(record, job, cluster, sources)
        return record

    def _engine(self, job: Record, cluster: Record) -> str:
        engine = plugins.engine_for(self.world, "", {**clusters.DEFAULTS, **cluster}, job["type"])
        if engine is None:
            raise ValueError(f"cluster {cluster['name']!r} doesn't support job type {job['type']!r}")
        return engine

    def _run(self, record: Record, job: Record, cluster: Record, sources: list[Record]) -> dict[str, Any]:
        facts = executions.engine_facts(self.world, job, {**clusters.DEFAULTS, **cluster}, record, sources)
        plan = runs.plan_of(record.pop("plan")) if "plan" in record else self.world.plan
        waits = cluster.get("status", "Active") != "Active"
        run = runs.begun(self.world, plan, waits, **facts)
        return run if waits else {**run, "began": resolved(record["created_at"], self.now)}


def _internal(record: Record) -> Record:
    filler = b"jobsmock " * (record.get("datasize", 64) // 9 + 1)
    data = record["data"].encode() if "data" in record else filler[: record.get("datasize", 64)]
    return {"updated_at": None, **record, "datasize": len(data), "data": internals.packed(data)}


def _data_source(record: Record) -> Record:
    stand_in = {"user": "demo", "password": "demo"} if record["type"] == "swift" else {}
    record.setdefault("credentials", stand_in)
    data_sources.check_location(record["type"], record["url"], record["credentials"])
    return record


def _nearest(name: str, known: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(name, known, 1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(sorted(known))}"

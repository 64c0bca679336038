"""Job executions: runs of a job on a cluster, with data sources and configs.

execution_lifecycle.py computes how they proceed; execution_checks.py has the checks of a new one.
"""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import cluster_lifecycle, plugins, termination
from jobsmock.sahara.clusters.creation import KIND as CLUSTERS
from jobsmock.sahara.edp import engine_facts, execution_lifecycle, interface, jobs
from jobsmock.sahara.edp.execution_checks import find_sources, get_cluster
from jobsmock.sahara.errors import CancelingFailed, InvalidData, InvalidReference, ServiceError
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import PlanField, SampleRecord, SampleTime, SnapshotTime
from jobsmock.sahara.validation import (
    AnyObject,
    Array,
    Body,
    CheckedField,
    Flag,
    Object,
    SimpleConfig,
    Text,
    id_field,
    name_field,
    validate,
)
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.store import Record
from jobsmock.world.world import World


class JobConfigs(Body):
    configs = SimpleConfig()
    params = SimpleConfig()
    args = Array(Text())
    job_execution_info = SimpleConfig()


class SampleInfo(Body):
    class Meta:
        unknown = "include"

    status = Text(one_of=execution_lifecycle.STATUSES, required=True)


class SampleExecution(SampleRecord):
    name = name_field()
    job_id = Text(shortest=1, required=True)
    cluster_id = Text(shortest=1, required=True)
    input_id = Text(shortest=1, null=True)
    output_id = Text(shortest=1, null=True)
    job_configs = Object(JobConfigs)
    plan = PlanField(execution_lifecycle.parse_execution_plan)
    info = Object(SampleInfo)
    start_time = SampleTime(null=True)
    end_time = SampleTime(null=True)
    oozie_job_id = Text(null=True)
    data_source_urls = AnyObject(null=True)
    return_code = Text(null=True)
    engine = Text()
    engine_job_id = Text(null=True)
    run = AnyObject()
    ended = SnapshotTime()


KIND = ResourceType(
    table=execution_lifecycle.TABLE,
    label="JobExecution",
    columns=(
        "created_at", "updated_at", "id", "tenant_id", "job_id", "input_id", "output_id", "start_time", "end_time",
        "cluster_id", "info", "engine_job_id", "return_code", "job_configs", "data_source_urls", "is_public",
        "is_protected", "oozie_job_id",
    ),
    sortable=("id",),
    filterable=("extra", "status", "job.name", "cluster.name"),
    searchable=("job.name", "cluster.name"),
    has_name=False,
    replayed_by="job_id",
    takes_any_limit=True,
    sample=SampleExecution(),
)  # fmt: skip


_CREDENTIALS = {  # configs whose values are not shown
    "fs.swift.service.sahara.username",
    "fs.swift.service.sahara.password",
    "fs.s3a.access.key",
    "fs.s3a.secret.key",
}


class JobExecute(Body):
    input_id = id_field()
    output_id = id_field()
    cluster_id = id_field(required=True)
    interface = SimpleConfig()
    job_configs = Object(JobConfigs)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


class _Action(CheckedField):
    def wrong(self, value: Any) -> list[str]:
        return [] if value in ("suspend", "cancel") else [f"{value!r} is not one of ['suspend', 'cancel']"]


class ExecutionInfo(Body):
    status = _Action()


class _InfoObject(Object):
    """The service checks this as a simple config, and also as an object with a status."""

    types = ("simple_config",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        return self.with_own(SimpleConfig().wrong(value), super().wrong(value))


class ExecutionUpdate(Body):
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    info = _InfoObject(ExecutionInfo)


_EXECUTE, _UPDATE = JobExecute(), ExecutionUpdate()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    query = {key: [values[0].upper()] if key == "status" else values for key, values in query.items()}
    return resources.list_page(
        world, KIND, project, query, "job_executions",
        view=lambda record: _render(resources.render(KIND, execution_lifecycle.poll(world, record))),
        fact=lambda record, key: _find_filter_value(world, project, record, key),
    )  # fmt: skip


def _find_filter_value(world: World, project: str, record: Record, key: str) -> Any:
    """The value that a filter compares: of the execution as it is now, or the name of its job or cluster."""
    if key in _NEVER_CHANGING:
        return record.get(key)
    if key in _NAMES:
        kind, reference = _NAMES[key]
        referred = resources.table_of(world, kind).get_referred(project, record[reference])
        return referred and referred["name"]
    current = execution_lifecycle.peek(world, record)
    return current["info"]["status"] if key == "status" else current.get(key)


_NEVER_CHANGING = ("id", "job_id", "cluster_id", "input_id", "output_id", "created_at")
_NAMES = {"job.name": (jobs.KIND, "job_id"), "cluster.name": (CLUSTERS, "cluster_id")}


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return _render_response(execution_lifecycle.poll(world, resources.get_or_404(world, KIND, project, id)))


def execute(world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """Start an execution of a job. Its status in the response is PENDING, whatever its plan."""
    job = resources.get_or_404(world, jobs.KIND, project, id)
    return start_execution(world, project, job, validate(_EXECUTE, body), requested_plan)


def start_execution(
    world: World, project: str, job: Record, values: dict[str, Any], requested_plan: RequestedPlan
) -> dict[str, Any]:
    cluster = get_cluster(world, project, values["cluster_id"])
    engine = plugins.find_engine(world, project, cluster, job["type"])
    if engine is None:
        raise InvalidReference(f"Cluster with id '{cluster['id']}' doesn't support job type '{job['type']}'")
    job_configs = interface.merge_arguments(world, project, job, values.get("interface"), values.get("job_configs", {}))
    plugins.check_components(cluster, engine, job["type"])
    sources = find_sources(world, project, job, engine, values)
    record = resources.new_record(
        world, KIND, project,
        job_id=job["id"],
        input_id=values.get("input_id"),
        output_id=values.get("output_id"),
        cluster_id=cluster["id"],
        info={"status": "PENDING"},
        job_configs={**job_configs, "job_execution_info": {}},
        oozie_job_id=None,
        engine=engine,
    )  # fmt: skip
    configs = job_configs.get("configs", {})
    plan, origin = execution_lifecycle.choose_plan(world, job, configs, requested_plan)
    facts = {"plan_of": origin, **engine_facts.make_engine_facts(world, job, cluster, record, sources)}
    waits = cluster_lifecycle.get_status(world, cluster) != "Active"
    record["run"] = execution_lifecycle.start_run(world, plan, waits, **facts)
    termination.note_use(world, cluster)
    _save_new(world, project, record)
    return {"job_execution": _render(resources.render_created(KIND, record))}


def _save_new(world: World, project: str, record: Record) -> None:
    """Save a new execution. If it replays one of the sample, the execution of the sample takes its place."""
    replay = resources.find_replay(world, KIND, project, record)
    resources.save_record(world, KIND, {**replay, "replay": False} if replay else record)


def cancel(world: World, project: str, id: str) -> dict[str, Any]:
    record = resources.get_or_404(world, KIND, project, id)
    if record["tenant_id"] != project:
        raise CancelingFailed(
            f"Job execution with id '{id}' cannot be canceled because it wasn't created in this tenant"
        )
    if record["is_protected"]:
        raise CancelingFailed(f"Job Execution with id '{id}' cannot be canceled because it's marked as protected")
    return _render_response(execution_lifecycle.cancel(world, record))


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(_UPDATE, body)
    resources.check_may_update(KIND, record, project, values)
    _check_action(world, project, record, values)
    return change(world, record, values)


def change(world: World, record: Record, values: dict[str, Any]) -> dict[str, Any]:
    """Change the flags of an execution, and cancel or suspend it if `info` asks for that and its engine can."""
    action = values.pop("info", {}).get("status")
    record = resources.update_record(world, KIND, record, values)
    if action == "cancel":
        return _render_response(execution_lifecycle.cancel(world, record))
    if action == "suspend" and record["engine"] == "oozie":
        return _render_response(execution_lifecycle.suspend(world, record))
    return _render_response(execution_lifecycle.poll(world, record))


def delete(world: World, project: str, id: str) -> None:
    record = resources.get_or_404(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    termination.note_deletion(world, record)
    resources.delete_record(world, KIND, record)


def _render_response(record: Record) -> dict[str, Any]:
    return {"job_execution": _render(resources.render(KIND, record))}


def _render(execution: dict[str, Any]) -> dict[str, Any]:
    """Blank the credentials among the configs of an execution."""
    configs = execution["job_configs"].get("configs", {})
    if not _CREDENTIALS.isdisjoint(configs):
        blanked = {key: "" if key in _CREDENTIALS else value for key, value in configs.items()}
        execution["job_configs"] = {**execution["job_configs"], "configs": blanked}
    return execution


def _check_action(world: World, project: str, record: Record, values: dict[str, Any]) -> None:
    """Check whether the action that an update requests is possible."""
    action: str | None = values["info"].get("status", "") if "info" in values else None
    if action is not None and len(values) > 1:
        raise ServiceError("Invalid status parameter", "INVALID_JOB_STATUS")
    cluster = termination.find(world, project, record["cluster_id"])
    if cluster is None or cluster_lifecycle.get_status(world, cluster) != "Active":
        raise InvalidData("Suspending operation can not be performed on an inactive or non-existent cluster")
    if action == "":
        raise ServiceError("Invalid status parameter", "INVALID_JOB_STATUS")
    if action == "suspend" and record["engine"] != "oozie":
        raise InvalidReference("Engine doesn't support suspending job feature")

"""Completes the records of a sample: resolves what they refer to, and fills in what they leave out.

`TABLES` has the schema and the function of each table of the data processing service. To add a resource to samples, add
it there. loading.py calls the functions; a ValueError, PlanError or ServiceError means that the record is invalid.
"""

from collections.abc import Callable
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
    standard_plugins,
    topologies,
)
from jobsmock.sahara.edp import (
    data_sources,
    engine_facts,
    execution_lifecycle,
    interface,
    job_binaries,
    job_binary_internals,
    job_executions,
    jobs,
)
from jobsmock.sahara.resources import ResourceType
from jobsmock.sahara.validation import Body
from jobsmock.samples.references import References
from jobsmock.world.clock import resolve_time
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.store import Record
from jobsmock.world.world import World


class CompletionContext(NamedTuple):
    """The world that a sample is loaded into, the records of the sample, and the time at which the world starts."""

    world: World
    references: References
    now: float


# Takes a record, which has an id and times already, and returns the values to update it with.
CompleteRecord = Callable[[CompletionContext, Record], Record]


def _complete_binary(context: CompletionContext, record: Record) -> Record:
    url: str = record["url"]
    if url.startswith(job_binaries.INTERNAL):
        reference = url.removeprefix(job_binaries.INTERNAL)
        internal = context.references.resolve(record, "url", job_binary_internals.KIND.table, reference)
        return {"url": job_binaries.INTERNAL + internal["id"]}
    if not job_binaries.is_location(url):
        raise ValueError(f"url: invalid URL {url!r}: expected swift://container/object or internal-db://NAME")
    return {}


def _complete_job(context: CompletionContext, record: Record) -> Record:
    binaries = {
        part: [
            context.references.resolve(record, part, job_binaries.KIND.table, reference)["id"]
            for reference in record.get(part, [])
        ]
        for part in ("mains", "libs")
    }
    jobs.check_flow(record["type"], binaries["mains"], binaries["libs"])
    arguments = record.get("interface") or []
    parsed = interface.parse_interface(context.world, record["tenant_id"] or "", record["type"], arguments)
    return {**binaries, "interface": parsed}


# --- executions -----------------------------------------------------------------------------------------------------


def _complete_execution(context: CompletionContext, record: Record) -> Record:
    """Complete an execution. Without `info` it follows a plan from its `created_at` on.

    One that has an `engine` comes from a snapshot, and its cluster may have been deleted.
    """
    job = context.references.resolve(record, "job_id", jobs.KIND.table, record["job_id"])
    sources = {
        key: context.references.resolve(record, key, data_sources.KIND.table, record[key])
        for key in ("input_id", "output_id")
        if record.get(key) is not None
    }
    completed = {
        "input_id": None,
        "output_id": None,
        **{key: source["id"] for key, source in sources.items()},
        "job_id": job["id"],
        "job_configs": {**record.get("job_configs", {}), "job_execution_info": {}},
    }
    if record.get("oozie_job_id"):
        completed["engine_job_id"] = record["oozie_job_id"]
    has_status = "run" in record or "info" in record
    if has_status and "engine" in record:
        return completed
    cluster = context.references.resolve(record, "cluster_id", creation.KIND.table, record["cluster_id"])
    completed |= {"cluster_id": cluster["id"], "engine": _find_engine(context, job, cluster)}
    if has_status:
        return completed
    run = _start_run(context, {**record, **completed}, job, cluster, list(sources.values()))
    record.pop("plan", None)  # it is in the run now
    return {**completed, "info": {"status": "PENDING"}, "run": run}


def _find_engine(context: CompletionContext, job: Record, cluster: Record) -> str:
    engine = standard_plugins.list_engines(context.references.find_plugin(cluster)).get(job["type"])
    if engine is None:
        raise ValueError(f"cluster_id: cluster {cluster['name']!r} doesn't support job type {job['type']!r}")
    return engine


def _start_run(
    context: CompletionContext, record: Record, job: Record, cluster: Record, sources: list[Record]
) -> dict[str, Any]:
    facts = engine_facts.make_engine_facts(context.world, job, cluster, record, sources)
    configs, requested_plan = record["job_configs"].get("configs", {}), RequestedPlan(record.get("plan"))
    plan, origin = execution_lifecycle.choose_plan(context.world, job, configs, requested_plan)
    facts["plan_of"] = "the sample" if "plan" in record else origin
    active_since, created = (
        cluster_lifecycle.find_active_since(cluster),
        resolve_time(record["created_at"], context.now),
    )
    waits = active_since is None or active_since > created
    run = execution_lifecycle.start_run(context.world, plan, waits, **facts)
    return run if waits else {**run, "began": created}


# --- clusters and templates -----------------------------------------------------------------------------------------


def _complete_node_group_template(context: CompletionContext, record: Record) -> Record:
    image = context.references.resolve_all(record, image_id=images.KIND.table)
    plugin = context.references.find_plugin(record)
    return node_group_templates.complete(context.world, plugin, {**record, **image})


def _complete_cluster_template(context: CompletionContext, record: Record) -> Record:
    plugin = context.references.find_plugin(record)
    image = context.references.resolve_all(record, default_image_id=images.KIND.table)
    groups = [_resolve_group(context, record, group) for group in record.get("node_groups") or []]
    return cluster_templates.complete(context.world, plugin, {**record, **image, "node_groups": groups})


def _complete_cluster(context: CompletionContext, record: Record) -> Record:
    """Complete a cluster. With `plan` it follows that from its `created_at` on, else it keeps its status."""
    context.references.find_plugin(record)
    plan = record.pop("plan", None)  # it will be in the run
    ids = context.references.resolve_all(
        record, default_image_id=images.KIND.table, cluster_template_id=cluster_templates.KIND.table
    )
    groups = [node_groups.complete(context.world, record, group) for group in _list_groups(context, record, ids)]
    topologies.check_quota(groups)
    completed = {
        **creation.DEFAULTS,
        "updated_at": record["created_at"],
        "host_name": record["name"],
        **record,
        **ids,
        "node_groups": groups,
    }
    if plan is None:
        return creation.complete_standing(context.world, completed)
    creation_plan = cluster_plans.parse_cluster_plan("create", plan)
    began = resolve_time(record["created_at"], context.now)
    return creation.start_creation(context.world, completed, creation_plan, began)


def _list_groups(context: CompletionContext, cluster: Record, ids: dict[str, str]) -> list[Record]:
    """The node groups of a cluster, or those of its template if it has none."""
    if not ids.get("cluster_template_id") or "node_groups" in cluster:
        return [_resolve_group(context, cluster, group) for group in cluster.get("node_groups", [])]
    template = context.references.resolve(
        cluster, "cluster_template_id", cluster_templates.KIND.table, ids["cluster_template_id"]
    )
    return [{**group, "id": context.world.new_id()} for group in template["node_groups"]]


def _resolve_group(context: CompletionContext, owner: Record, group: Record) -> Record:
    tables = {"image_id": images.KIND.table, "node_group_template_id": node_groups.TEMPLATE.table}
    return {**group, **context.references.resolve_all({"tenant_id": owner["tenant_id"], **group}, **tables)}


# --- tables ---------------------------------------------------------------------------------------------------------


class SampleTable(NamedTuple):
    """A table of a sample: the schema of its records, and the function that completes them."""

    schema: Body
    complete: CompleteRecord


def _ignore_context(complete: Callable[[Record], Record]) -> CompleteRecord:
    return lambda context, record: complete(record)


_RESOURCES: tuple[tuple[ResourceType, CompleteRecord], ...] = (
    (images.KIND, _ignore_context(images.complete)),
    (job_binary_internals.KIND, _ignore_context(job_binary_internals.complete)),
    (job_binaries.KIND, _complete_binary),
    (data_sources.KIND, _ignore_context(data_sources.complete)),
    (node_groups.TEMPLATE, _complete_node_group_template),
    (cluster_templates.KIND, _complete_cluster_template),
    (creation.KIND, _complete_cluster),
    (jobs.KIND, _complete_job),
    (job_executions.KIND, _complete_execution),
)
# In the order in which their records refer to each other.
TABLES = {plugins.TABLE: SampleTable(plugins.SAMPLE, _ignore_context(standard_plugins.complete))} | {
    resource.table: SampleTable(resource.sample, complete) for resource, complete in _RESOURCES
}

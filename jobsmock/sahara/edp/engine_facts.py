"""What the engine reports of an execution: decided once, when it starts, and kept in its `run`."""

from typing import Any

from jobsmock.sahara.edp import data_sources, oozie
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.world.store import Record
from jobsmock.world.world import World


def make_engine_facts(
    world: World, job: Record, cluster: Record, record: Record, sources: list[Record]
) -> dict[str, Any]:
    """What the engine will report of a run: its job's number, its addresses, its data."""
    number = world.random.randrange(1, 10_000)
    urls = {source["id"]: data_sources.resolve_url(source, record["id"], world.random) for source in sources}
    if record["engine"] == "fake":  # the service's own tells as little; resolved placeholders could not be seen else
        resolved = any(urls[source["id"]] != source["url"] for source in sources)
        return {"engine_job_id": "engine_job_id", "urls": urls if resolved else None}
    if record["engine"] != "oozie":
        return {"engine_job_id": f"{number}@{cluster['id']}", "urls": urls}
    return {
        "engine_job_id": oozie.format_job_id(record["created_at"], number),
        "urls": urls,
        "action": JOB_TYPES[job["type"]].oozie_action,
        "application": f"{number * 1_000_003:013d}_{number:04d}",
        "host": f"{cluster['name']}-{_find_node_group(cluster, 'oozie')}-0",
        "job": job["name"],
        "workflow": world.new_id(),
    }


def _find_node_group(cluster: Record, process: str) -> str:
    return next((str(group["name"]) for group in cluster["node_groups"] if process in group["node_processes"]), "all")

"""What the engine of an execution will report about it. Decided when the execution starts, and stored in its `run`.

job_executions.py calls this for a new execution, and samples/completion.py for one of a sample.
"""

from typing import Any

from jobsmock.sahara.edp import data_sources, oozie
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.world.store import Record
from jobsmock.world.world import World


def make_engine_facts(
    world: World, job: Record, cluster: Record, execution: Record, sources: list[Record]
) -> dict[str, Any]:
    """Return the `engine_job_id`, the resolved `urls` by data source, and for Oozie what oozie.py makes reports of."""
    number = world.random.randrange(1, 10_000)
    urls = {source["id"]: data_sources.resolve_url(source, execution["id"], world.random) for source in sources}
    if execution["engine"] == "fake":
        # As in the service, with one exception: without the URLs, nobody could see how placeholders were resolved.
        has_placeholders = any(urls[source["id"]] != source["url"] for source in sources)
        return {"engine_job_id": "engine_job_id", "urls": urls if has_placeholders else None}
    if execution["engine"] != "oozie":
        return {"engine_job_id": f"{number}@{cluster['id']}", "urls": urls}
    action = JOB_TYPES[job["type"]].oozie_action
    return {
        "engine_job_id": oozie.format_job_id(execution["created_at"], number),
        "urls": urls,
        "action": action and action.type,
        "application": f"{number * 1_000_003:013d}_{number:04d}",
        "host": f"{cluster['name']}-{_find_node_group_name(cluster, 'oozie')}-0",
        "job": job["name"],
        "workflow": world.new_id(),
    }


def _find_node_group_name(cluster: Record, process: str) -> str:
    """The name of the first node group that runs a process; `all` if none does, as in samples without node groups."""
    return next((str(group["name"]) for group in cluster["node_groups"] if process in group["node_processes"]), "all")

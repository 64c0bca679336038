"""How clusters end: they are deleted on request, or, if they are transient, after the last execution on them.

Look for clusters here. Whatever has ended is stored when somebody looks, and a cluster that is gone is deleted then.
Executions that waited for it are updated first.
"""

from collections.abc import Iterator
from typing import Any

from jobsmock.sahara.clusters import cluster_lifecycle
from jobsmock.sahara.clusters.cluster_lifecycle import ALONG, AWAY
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.errors import NotFound
from jobsmock.world.store import Record
from jobsmock.world.world import World


def get_or_404(world: World, project: str, id: str) -> Record:
    """The stored record of a cluster, for changes; see cluster_lifecycle.py for what the API shows."""
    record = find(world, project, id)
    if record is None:
        raise NotFound(id=id)
    return record


def find(world: World, project: str, id: str) -> Record | None:
    record = world.tables[cluster_lifecycle.TABLE].get(project, id)
    return record and settle_or_delete(world, record)


def delete_gone(world: World, project: str) -> None:
    """Delete clusters that have ended."""
    for record in world.tables[cluster_lifecycle.TABLE].find_all(project, "moves", AWAY):
        settle_or_delete(world, record)


def update_statuses(world: World, project: str) -> None:
    """Store the status of each changing cluster, for lists to filter and sort by."""
    table = world.tables[cluster_lifecycle.TABLE]
    for record in (*table.find_all(project, "moves", AWAY), *table.find_all(project, "moves", ALONG)):
        kept = settle_or_delete(world, record)
        if kept and "run" in kept and kept["status"] != (now := cluster_lifecycle.get_status(world, kept)):
            table.save({**kept, "status": now})


def settle_or_delete(world: World, record: Record) -> Record | None:
    """The cluster with all that has ended stored; None if it has ended itself."""
    came_up = cluster_lifecycle.settle(world, record)
    settled = cluster_lifecycle.settle(world, _start_termination(world, came_up))
    if settled is not came_up:
        release_waiting(world, came_up)
    if cluster_lifecycle.is_gone(settled):
        world.tables[cluster_lifecycle.TABLE].delete(record["tenant_id"], record["id"])
        return None
    if settled is not record:
        world.tables[cluster_lifecycle.TABLE].save(settled)
    return settled


def get_status(world: World, record: Record) -> str:
    """The status that a reader would see now; `Gone` if there is no cluster any more."""
    settled = _start_termination(world, cluster_lifecycle.settle(world, record))
    return cluster_lifecycle.get_status(world, settled)


def _start_termination(world: World, settled: Record) -> Record:
    """The cluster, with a run that deletes it if it is transient and used up."""
    if "run" in settled or settled["status"] != "Active":
        return settled
    run = find_termination(world, settled)
    return {**settled, "run": run} if run and run["began"] <= world.clock.now() else settled


def change_course(world: World, record: Record, run: dict[str, Any], **values: Any) -> Record:
    """Let a cluster follow another run from now on."""
    release_waiting(world, record)
    moves = AWAY if run["aim"] == "delete" or record["is_transient"] else ALONG
    record = {**record, **values, "run": run, "moves": moves}
    world.tables[cluster_lifecycle.TABLE].save(record)
    return record


def release_waiting(world: World, cluster: Record) -> None:
    """Store since when a cluster has been Active in the executions that waited for it, before that is forgotten."""
    since, now = cluster_lifecycle.find_active_since(cluster), world.clock.now()
    if since is None or since > now:
        return
    for execution in list(_iterate_executions(world, cluster)):
        if "run" in execution and execution["run"]["began"] is None:
            run = {**execution["run"], "began": since}
            world.tables[execution_lifecycle.TABLE].save({**execution, "run": run})


# --- transient clusters ---------------------------------------------------------------------------------------------


def note_use(world: World, cluster: Record) -> None:
    """Note that an execution starts on a cluster: a transient one ends after it."""
    if cluster["is_transient"] and cluster.get("moves") != AWAY:
        world.tables[cluster_lifecycle.TABLE].save({**cluster, "moves": AWAY})


def note_deletion(world: World, execution: Record) -> None:
    """Note that an execution is deleted, which may have been the last on a transient cluster."""
    cluster = find(world, execution["tenant_id"], execution["cluster_id"])
    if cluster and cluster.get("moves") == AWAY:
        now = world.clock.now()
        ended = execution_lifecycle.find_end(world, execution)
        until = max(cluster.get("used_until", now), now if ended is None else min(ended, now))
        world.tables[cluster_lifecycle.TABLE].save({**cluster, "used_until": until})


def find_termination(world: World, cluster: Record) -> dict[str, Any] | None:
    """The run that deletes a transient cluster after its last execution; None if that time is unknown."""
    if cluster.get("moves") != AWAY or "parting" not in cluster:
        return None
    ends = [execution_lifecycle.find_end(world, execution) for execution in _iterate_executions(world, cluster)]
    ends += [cluster["used_until"]] if "used_until" in cluster else []
    if not ends or None in ends:
        return None
    last = max(end for end in ends if end is not None)
    return cluster_lifecycle.make_run("delete", cluster["parting"], last)


def _iterate_executions(world: World, cluster: Record) -> Iterator[Record]:
    """The executions on a cluster: its project's, and those of other projects if it is public."""
    executions = world.tables[execution_lifecycle.TABLE]
    if cluster["is_public"]:
        everybodys = executions.iterate_owned(cluster["tenant_id"], others_too=True)
        return (execution for execution in everybodys if execution["cluster_id"] == cluster["id"])
    return iter(executions.find_all(cluster["tenant_id"], "cluster_id", cluster["id"]))

"""When clusters go: deleted on request, or, the transient ones, after the last execution on them.

Whoever looks for a cluster asks here. Nothing happens behind their backs: what has come to its end is written down when
somebody looks, and a cluster that is gone is dropped then. Executions that have waited for a cluster are told first.
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
    """A cluster that is there. Its record as it is kept, to be changed; see cluster_lifecycle for how it reads."""
    record = find(world, project, id)
    if record is None:
        raise NotFound(id=id)
    return record


def find(world: World, project: str, id: str) -> Record | None:
    record = world.tables[cluster_lifecycle.TABLE].get(project, id)
    return record and settle_or_delete(world, record)


def delete_gone(world: World, project: str) -> None:
    """Let go what has gone."""
    for record in world.tables[cluster_lifecycle.TABLE].find_all(project, "moves", AWAY):
        settle_or_delete(world, record)


def update_statuses(world: World, project: str) -> None:
    """Write down the status of each moving cluster, for lists to filter and sort by."""
    table = world.tables[cluster_lifecycle.TABLE]
    for record in (*table.find_all(project, "moves", AWAY), *table.find_all(project, "moves", ALONG)):
        kept = settle_or_delete(world, record)
        if kept and "run" in kept and kept["status"] != (now := cluster_lifecycle.get_status(world, kept)):
            table.save({**kept, "status": now})


def settle_or_delete(world: World, record: Record) -> Record | None:
    """A cluster with what has come to its end written down; None if that was the end of it."""
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
    """The status of a cluster as it would be seen now; `Gone` if it would not be."""
    settled = _start_termination(world, cluster_lifecycle.settle(world, record))
    return cluster_lifecycle.get_status(world, settled)


def _start_termination(world: World, settled: Record) -> Record:
    """A cluster, on its way out if it is a transient one that is used up."""
    if "run" in settled or settled["status"] != "Active":
        return settled
    run = find_termination(world, settled)
    return {**settled, "run": run} if run and run["began"] <= world.clock.now() else settled


def change_course(world: World, record: Record, run: dict[str, Any], **values: Any) -> Record:
    """A cluster that takes another course from now on."""
    release_waiting(world, record)
    moves = AWAY if run["aim"] == "delete" or record["is_transient"] else ALONG
    record = {**record, **values, "run": run, "moves": moves}
    world.tables[cluster_lifecycle.TABLE].save(record)
    return record


def release_waiting(world: World, cluster: Record) -> None:
    """Tell those that have waited for a cluster since when it has been Active, before that is forgotten."""
    since, now = cluster_lifecycle.find_active_since(cluster), world.clock.now()
    if since is None or since > now:
        return
    for execution in list(_iterate_executions(world, cluster)):
        if "run" in execution and execution["run"]["began"] is None:
            run = {**execution["run"], "began": since}
            world.tables[execution_lifecycle.TABLE].save({**execution, "run": run})


# --- transient clusters ---------------------------------------------------------------------------------------------


def note_use(world: World, cluster: Record) -> None:
    """An execution begins on a cluster: if it is a transient one, it goes when that is over."""
    if cluster["is_transient"] and cluster.get("moves") != AWAY:
        world.tables[cluster_lifecycle.TABLE].save({**cluster, "moves": AWAY})


def note_deletion(world: World, execution: Record) -> None:
    """An execution is deleted, which may have been the last on a transient cluster."""
    cluster = find(world, execution["tenant_id"], execution["cluster_id"])
    if cluster and cluster.get("moves") == AWAY:
        now = world.clock.now()
        ended = execution_lifecycle.find_end(world, execution)
        until = max(cluster.get("used_until", now), now if ended is None else min(ended, now))
        world.tables[cluster_lifecycle.TABLE].save({**cluster, "used_until": until})


def find_termination(world: World, cluster: Record) -> dict[str, Any] | None:
    """The run by which a transient cluster goes once the last execution on it is over; None if nobody can tell when."""
    if cluster.get("moves") != AWAY or "parting" not in cluster:
        return None
    ends = [execution_lifecycle.find_end(world, execution) for execution in _iterate_executions(world, cluster)]
    ends += [cluster["used_until"]] if "used_until" in cluster else []
    if not ends or None in ends:
        return None
    last = max(end for end in ends if end is not None)
    return cluster_lifecycle.make_run("delete", cluster["parting"], last)


def _iterate_executions(world: World, cluster: Record) -> Iterator[Record]:
    """Those on a cluster: its project's, and if it is public, those of others, too."""
    executions = world.tables[execution_lifecycle.TABLE]
    if cluster["is_public"]:
        everybodys = executions.iterate_owned(cluster["tenant_id"], others_too=True)
        return (execution for execution in everybodys if execution["cluster_id"] == cluster["id"])
    return iter(executions.find_all(cluster["tenant_id"], "cluster_id", cluster["id"]))

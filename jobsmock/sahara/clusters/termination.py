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


def found(world: World, project: str, id: str) -> Record:
    """A cluster that is there. Its record as it is kept, to be changed; see cluster_lifecycle for how it reads."""
    record = there(world, project, id)
    if record is None:
        raise NotFound(id=id)
    return record


def there(world: World, project: str, id: str) -> Record | None:
    record = world.tables[cluster_lifecycle.TABLE].get(project, id)
    return record and present(world, record)


def sweep(world: World, project: str) -> None:
    """Let go what has gone."""
    for record in world.tables[cluster_lifecycle.TABLE].seen_with(project, "moves", AWAY):
        present(world, record)


def bring_up_to_date(world: World, project: str) -> None:
    """Write down the status of each moving cluster, for lists to filter and sort by."""
    table = world.tables[cluster_lifecycle.TABLE]
    for record in (*table.seen_with(project, "moves", AWAY), *table.seen_with(project, "moves", ALONG)):
        kept = present(world, record)
        if kept and "run" in kept and kept["status"] != (now := cluster_lifecycle.status(world, kept)):
            table.put({**kept, "status": now})


def present(world: World, record: Record) -> Record | None:
    """A cluster with what has come to its end written down; None if that was the end of it."""
    came_up = cluster_lifecycle.settle(world, record)
    settled = cluster_lifecycle.settle(world, _parted(world, came_up))
    if settled is not came_up:
        release(world, came_up)
    if cluster_lifecycle.is_gone(settled):
        world.tables[cluster_lifecycle.TABLE].drop(record["tenant_id"], record["id"])
        return None
    if settled is not record:
        world.tables[cluster_lifecycle.TABLE].put(settled)
    return settled


def status(world: World, record: Record) -> str:
    """The status of a cluster as it would be seen now; `Gone` if it would not be."""
    settled = _parted(world, cluster_lifecycle.settle(world, record))
    return cluster_lifecycle.status(world, settled)


def _parted(world: World, settled: Record) -> Record:
    """A cluster, on its way out if it is a transient one that is used up."""
    if "run" in settled or settled["status"] != "Active":
        return settled
    run = parting(world, settled)
    return {**settled, "run": run} if run and run["began"] <= world.clock.now() else settled


def turned(world: World, record: Record, run: dict[str, Any], **values: Any) -> Record:
    """A cluster that takes another course from now on."""
    release(world, record)
    moves = AWAY if run["aim"] == "delete" or record["is_transient"] else ALONG
    record = {**record, **values, "run": run, "moves": moves}
    world.tables[cluster_lifecycle.TABLE].put(record)
    return record


def release(world: World, cluster: Record) -> None:
    """Tell those that have waited for a cluster since when it has been Active, before that is forgotten."""
    since, now = cluster_lifecycle.active_since(cluster), world.clock.now()
    if since is None or since > now:
        return
    for execution in list(_executions(world, cluster)):
        if "run" in execution and execution["run"]["began"] is None:
            run = {**execution["run"], "began": since}
            world.tables[execution_lifecycle.TABLE].put({**execution, "run": run})


# --- transient clusters ---------------------------------------------------------------------------------------------


def use(world: World, cluster: Record) -> None:
    """An execution begins on a cluster: if it is a transient one, it goes when that is over."""
    if cluster["is_transient"] and cluster.get("moves") != AWAY:
        world.tables[cluster_lifecycle.TABLE].put({**cluster, "moves": AWAY})


def forget(world: World, execution: Record) -> None:
    """An execution is deleted, which may have been the last on a transient cluster."""
    cluster = there(world, execution["tenant_id"], execution["cluster_id"])
    if cluster and cluster.get("moves") == AWAY:
        now = world.clock.now()
        ended = execution_lifecycle.ended_at(world, execution)
        until = max(cluster.get("used_until", now), now if ended is None else min(ended, now))
        world.tables[cluster_lifecycle.TABLE].put({**cluster, "used_until": until})


def parting(world: World, cluster: Record) -> dict[str, Any] | None:
    """The run by which a transient cluster goes once the last execution on it is over; None if nobody can tell when."""
    if cluster.get("moves") != AWAY or "parting" not in cluster:
        return None
    ends = [execution_lifecycle.ended_at(world, execution) for execution in _executions(world, cluster)]
    ends += [cluster["used_until"]] if "used_until" in cluster else []
    if not ends or None in ends:
        return None
    last = max(end for end in ends if end is not None)
    return cluster_lifecycle.run_of("delete", cluster["parting"], last)


def _executions(world: World, cluster: Record) -> Iterator[Record]:
    """Those on a cluster: its project's, and if it is public, those of others, too."""
    executions = world.tables[execution_lifecycle.TABLE]
    if cluster["is_public"]:
        everybodys = executions.owned(cluster["tenant_id"], others_too=True)
        return (execution for execution in everybodys if execution["cluster_id"] == cluster["id"])
    return iter(executions.seen_with(cluster["tenant_id"], "cluster_id", cluster["id"]))

"""The status of a cluster, and what depends on it, computed from its schedule.

The record of a cluster that is changing has a `run` in addition to what the API shows:

    {"aim": "create", "began": 1769860800.0, "course": {...}, "polls": [], "before": {group: 0}, "counts": {group: 2}}

`before` and `counts` are the numbers of instances of the node groups that change, by id, and `leaving` the ids of
instances to remove, if they were given. When the end has been seen, it is stored: the run moves to `past`, from which
instances and steps are computed, and `active_since` is the time for which executions have waited. `moves` is AWAY for
clusters that will end (see termination.py), ALONG for others with a run, and else empty.
"""

from collections.abc import Mapping
from math import inf
from typing import Any

from jobsmock.sahara.clusters import instances
from jobsmock.sahara.clusters.cluster_plans import ENDS, GONE
from jobsmock.world import plan as plans
from jobsmock.world.clock import format_time
from jobsmock.world.plan import Plan, Progress, Schedule, status_at
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "clusters"
AWAY, ALONG = "away", "along"

_DOING = {"create": "Creating", "scale": "Scaling", "delete": "Deleting"}


def compute_progress(run: dict[str, Any], now: float) -> Progress:
    return status_at(run["course"], run["began"], now, run["polls"])


def get_status(world: World, record: Record) -> str:
    """The status by the run alone. Whether a transient cluster is used up does not count here."""
    return compute_progress(record["run"], world.clock.now()).status if "run" in record else str(record["status"])


def find_active_since(record: Record) -> float | None:
    """When the cluster became Active, or will become so by time alone; None if it will not.

    A cluster that is Active in a sample has always been so.
    """
    if "run" not in record:
        return float(record.get("active_since", -inf)) if record["status"] == "Active" else None
    end = compute_progress(record["run"], inf)
    return end.entered[-1][1] if end.status == "Active" else None


def peek(world: World, record: Record) -> Record:
    """The record as it is now. This does not count as a poll."""
    return _apply_progress(record, world.clock.now())


def poll(world: World, record: Record, events: bool = False) -> Record:
    """The record as it is now, for a client that reads it: counts as a poll, and stores the end once it is seen."""
    now = world.clock.now()
    if "run" not in record:
        return _apply_progress(record, now, events)
    run = record["run"]
    polled = len(run["polls"]) < plans.count_polls_needed(run["course"])
    if polled:
        run["polls"].append(now)
    settled = _settle_at(record, now)
    if (polled or settled is not record) and not is_gone(settled):
        world.tables[TABLE].save(settled)
    return _apply_progress(settled, now, events)


def is_gone(settled: Record) -> bool:
    return bool(settled["status"] == GONE)


def settle(world: World, record: Record) -> Record:
    """The record with its end stored if it has come, for changes that follow."""
    return _settle_at(record, world.clock.now())


def start_run(
    world: World, aim: str, plan: Plan, counts: Mapping[str, int] = {}, before: Mapping[str, int] = {}
) -> dict[str, Any]:
    """The `run` of a cluster that starts to change now."""
    return make_run(aim, plans.draw_schedule(plan, world.random), world.clock.now(), counts, before)


def make_run(
    aim: str, course: Schedule, began: float, counts: Mapping[str, int] = {}, before: Mapping[str, int] = {}
) -> dict[str, Any]:
    return {
        "aim": aim,
        "began": began,
        "course": course,
        "polls": [],
        "before": dict(before),
        "counts": dict(counts),
    }


def render_start(record: Record) -> Record:
    """The record at the first step of its schedule, however short that is, for the response to a change."""
    return _apply_progress(record, record["run"]["began"] - 1)


# --- inside ---------------------------------------------------------------------------------------------------------


def _settle_at(record: Record, now: float) -> Record:
    """The same record, or one whose run is over."""
    if "run" not in record:
        return record
    run = record["run"]
    progress = compute_progress(run, now)
    if progress.status not in (*ENDS, GONE):
        return record
    ended = {**record, **_describe_progress(record, run, progress), "past": [*record.get("past", []), run]}
    del ended["run"]
    ended["moves"] = AWAY if record["is_transient"] else ""
    if progress.status == "Active":
        ended["active_since"] = progress.entered[-1][1]
    ended["node_groups"] = instances.resize_groups(record, run, progress)
    return ended


def _describe_progress(record: Record, run: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """What changes with the progress in the record as a whole."""
    told: dict[str, Any] = {"status": progress.status}
    if progress.is_last and progress.status == "Error":
        reason = f" for the following reason(s): {progress.reason}" if progress.reason else ""
        told["status_description"] = f"{_DOING[run['aim']]} cluster failed{reason}"
    elif progress.is_last and progress.reason:
        told["status_description"] = progress.reason
    moved = format_time(progress.entered[-1][1])
    return {**told, "updated_at": max(record.get("updated_at") or "", moved)}


def _apply_progress(record: Record, now: float, events: bool = False) -> Record:
    passed = [(run, compute_progress(run, inf)) for run in record.get("past", [])]
    seen = dict(record)
    if "run" in record:
        run, progress = record["run"], compute_progress(record["run"], now)
        passed.append((run, progress))
        seen.update(_describe_progress(record, run, progress))
        seen["node_groups"] = instances.resize_groups(record, run, progress)
    if "verification" in record:
        seen["verification"] = instances.render_health(record, compute_progress(record["verification"], now))
    return instances.add_instances(seen, passed, now, events)

"""Where a cluster stands: its status and all that moves with it, computed from the course that it is on.

A record of a cluster that is on its way somewhere has a `run` beside what the wire shows:

    {"aim": "create", "began": 1769860800.0, "course": {...}, "polls": [], "before": {group: 0}, "counts": {group: 2}}

`before` and `counts` tell the instances of each node group that changes, by its id, and `leaving`, where it is there,
the ids of those that shall go. Once the end has been seen, it is written down: the run moves to `past`, where instances
and steps are read from, and `active_since` is the moment for which executions have waited. `moves` is AWAY for clusters
that will not be there for ever, which termination.py looks after, ALONG for others with a run, and else empty.
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
    """The status, by the run alone: without a look at whether a transient cluster has been used up."""
    return compute_progress(record["run"], world.clock.now()).status if "run" in record else str(record["status"])


def find_active_since(record: Record) -> float | None:
    """The moment at which a cluster is, or will be, Active, as far as time alone can tell; None if it will not be.

    A cluster that a sample calls Active has always been.
    """
    if "run" not in record:
        return float(record.get("active_since", -inf)) if record["status"] == "Active" else None
    end = compute_progress(record["run"], inf)
    return end.entered[-1][1] if end.status == "Active" else None


def peek(world: World, record: Record) -> Record:
    """A record as it stands now, without the look being counted as a poll."""
    return _apply_progress(record, world.clock.now())


def poll(world: World, record: Record, events: bool = False) -> Record:
    """A record as it stands now, for a client that reads it: that is a poll, and an end once seen is written down."""
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
    """A record with its end written down if it has come, for whoever is going to change it."""
    return _settle_at(record, world.clock.now())


def start_run(
    world: World, aim: str, plan: Plan, counts: Mapping[str, int] = {}, before: Mapping[str, int] = {}
) -> dict[str, Any]:
    """The `run` of a cluster that sets out now."""
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
    """A record at the first step of its present course, however short that is: what the answer to a change shows."""
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
    """What a standing changes of what is told of the whole cluster."""
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

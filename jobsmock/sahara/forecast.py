"""When an execution or a cluster will reach a status, for a clock that is to jump there; and how they stand, in words.

`/_jobsmock/clock` asks for moments, the journal for words.
"""

from math import inf
from typing import Any

from jobsmock.sahara.clusters import cluster_lifecycle, termination
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.world.plan import status_at
from jobsmock.world.store import Record
from jobsmock.world.world import World


class UnknownResource(LookupError):
    """There is no execution, or cluster, of that id in the world."""


class NeverReached(ValueError):
    """It will not reach the status by time alone. The message says why."""


def find_execution_moment(world: World, id: str, status: str) -> float:
    """The moment at which an execution enters a status; the present one, if it has it now."""
    record = _find_latest(world, execution_lifecycle.TABLE, id)
    if record is None:
        raise UnknownResource(f"there is no execution {id!r} in this world")
    now = str(execution_lifecycle.peek(world, record)["info"]["status"])
    if now == status:
        return world.clock.now()
    if "run" not in record:
        raise NeverReached(f"the execution has ended: it is {now}")
    began = execution_lifecycle.find_start(world, record)
    if began is None:
        raise NeverReached(f"the execution waits for its cluster, {_describe_cluster_of(world, record)}")
    return _find_ahead(world, "execution", {**record["run"], "began": began}, status, now)


def find_cluster_moment(world: World, id: str, status: str) -> float:
    """The same of a cluster. One that is to be deleted will be `Gone`."""
    record = _find_latest(world, cluster_lifecycle.TABLE, id)
    if record is None:
        raise UnknownResource(f"there is no cluster {id!r} in this world")
    now = termination.get_status(world, record)
    if now == status:
        return world.clock.now()
    parting = termination.find_termination(world, record)
    if parting and status in ("Deleting", "Gone"):
        return _find_ahead(world, "cluster", parting, status, now)
    if "run" not in record:
        raise NeverReached(f"the cluster is {now}, and on its way nowhere")
    return _find_ahead(world, "cluster", record["run"], status, now)


def _find_latest(world: World, table: str, id: str) -> Record | None:
    """Behind a sample's record, which every project has, stands the one that a project has changed."""
    found = [one for one in world.tables[table].iterate_all() if one["id"] == id]
    return found[-1] if found else None


def _find_ahead(world: World, what: str, run: dict[str, Any], status: str, now: str) -> float:
    progress = status_at(run["course"], run["began"], inf, run["polls"])
    entered = dict(progress.entered)
    if status not in entered:
        course = " > ".join([*(leg["status"] for leg in run["course"]["legs"]), run["course"]["end"]])
        polls = "" if progress.is_last else f"; it stays {progress.status} until it is polled"
        raise NeverReached(f"the {what}, now {now}, will not be {status} by time alone: its course is {course}{polls}")
    if entered[status] < world.clock.now():
        raise NeverReached(f"the {what} has been {status} and is {now} now")
    return entered[status]


# --- in words -------------------------------------------------------------------------------------------------------


def describe_execution(world: World, id: str) -> list[str]:
    """How an execution stands, whose plan it follows, and what will become of it, in sentences."""
    record = _find_latest(world, execution_lifecycle.TABLE, id)
    if record is None:
        return ["The execution is not there any more."]
    status = execution_lifecycle.peek(world, record)["info"]["status"]
    if "run" not in record:
        return [f"The execution has ended: it is {status}."]
    began = execution_lifecycle.find_start(world, record)
    if began is None or began > world.clock.now():
        return [f"The execution is {status}: its cluster is not Active, and it waits for that."]
    return [_describe_schedule(world, "execution", str(status), {**record["run"], "began": began})]


def describe_cluster(world: World, id: str) -> list[str]:
    record = _find_latest(world, cluster_lifecycle.TABLE, id)
    if record is None:
        return ["The cluster is not there any more."]
    status = termination.get_status(world, record)
    return [
        _describe_schedule(world, "cluster", status, record["run"]) if "run" in record else f"The cluster is {status}."
    ]


def _describe_schedule(world: World, what: str, status: str, run: dict[str, Any]) -> str:
    course = " > ".join([*map(_describe_step, run["course"]["legs"]), run["course"]["end"]])
    passed = world.clock.now() - run["began"]
    of = f" of {run['plan_of']}" if "plan_of" in run else ""
    return f"The {what} is {status}, {passed:.1f}s into its course, which was drawn from the plan{of} as {course}."


def _describe_step(leg: dict[str, Any]) -> str:
    unit = ("s", " poll" if leg["lasts"] == 1 else " polls")[leg["polls"]]
    return f"{leg['status']} {leg['lasts']:g}{unit}"


def _describe_cluster_of(world: World, execution: Record) -> str:
    cluster = world.tables[cluster_lifecycle.TABLE].get_referred(execution["tenant_id"], execution["cluster_id"])
    return f"which is {termination.get_status(world, cluster)} and not Active" if cluster else "which is gone"

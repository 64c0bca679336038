"""When an execution will reach a status, for a clock that is to jump there."""

from typing import Any

from jobsmock.sahara import runs
from jobsmock.world.plan import status_at
from jobsmock.world.world import World

_FOR_EVER = float("inf")


class NoSuchExecution(LookupError):
    """There is no execution of that id in the world."""


class NeverThere(ValueError):
    """The execution will not reach the status by time alone. The message says why."""


def moment(world: World, id: str, status: str) -> float:
    """The moment at which an execution enters a status; the present one, if it has it now."""
    found = [one for one in world.tables[runs.TABLE].every() if one["id"] == id]
    if not found:
        raise NoSuchExecution(f"there is no execution {id!r} in this world")
    record = found[-1]  # behind a sample's, which every project has, stands the one that a project has changed
    now = str(runs.peeked(world, record)["info"]["status"])
    if now == status:
        return world.clock.now()
    if "run" not in record:
        raise NeverThere(f"the execution has ended: it is {now}")
    return _ahead(world, record["run"], status, now)


def _ahead(world: World, run: dict[str, Any], status: str, now: str) -> float:
    if run["began"] is None:
        raise NeverThere("the execution waits for its cluster, which is not Active")
    standing = status_at(run["course"], run["began"], _FOR_EVER, run["polls"])
    entered = dict(standing.entered)
    if status not in entered:
        course = " > ".join([*(leg["status"] for leg in run["course"]["legs"]), run["course"]["end"]])
        polls = "" if standing.is_last else f"; it stays {standing.status} until it is polled"
        raise NeverThere(f"the execution, now {now}, will not be {status} by time alone: its course is {course}{polls}")
    if entered[status] < world.clock.now():
        raise NeverThere(f"the execution has been {status} and is {now} now")
    return entered[status]


def told(world: World, id: str) -> list[str]:
    """How an execution stands, whose plan it follows, and what will become of it, in sentences."""
    found = [one for one in world.tables[runs.TABLE].every() if one["id"] == id]
    if not found:
        return ["The execution is not there any more."]
    status = runs.peeked(world, found[-1])["info"]["status"]
    if "run" not in found[-1]:
        return [f"The execution has ended: it is {status}."]
    run = found[-1]["run"]
    if run["began"] is None:
        return [f"The execution is {status}: its cluster is not Active, and it waits for that."]
    course = " > ".join([*map(_leg_told, run["course"]["legs"]), run["course"]["end"]])
    passed = world.clock.now() - run["began"]
    of = f" of {run['plan_of']}" if "plan_of" in run else ""
    return [f"The execution is {status}, {passed:.1f}s into its course, which was drawn from the plan{of} as {course}."]


def _leg_told(leg: dict[str, Any]) -> str:
    unit = ("s", " poll" if leg["lasts"] == 1 else " polls")[leg["polls"]]
    return f"{leg['status']} {leg['lasts']:g}{unit}"

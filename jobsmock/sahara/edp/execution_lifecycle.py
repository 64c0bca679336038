"""The lifecycle of executions: the plan of each, its progress, and the values that this sets in its record.

All modules that read an execution use `poll` or `peek`. The record of a running execution has a `run` in addition to
what the API shows:

    {"began": 1769860800.0, "course": {...}, "polls": [], "history": [["PENDING", 1769860800.0]],
     "plan_of": "a rule", "engine_job_id": "0000001-260131120000000-oozie-hado-W", "urls": {id: url}}

and every execution has the `engine` that runs it. `began` is null if the execution had to wait for its cluster: it
begins when the cluster becomes Active. Once a client has read the final status, it is stored with its time as `ended`,
and `run` is removed.
"""

from fnmatch import fnmatchcase
from functools import lru_cache
from math import inf
from typing import Any

from jobsmock.sahara.clusters import cluster_lifecycle
from jobsmock.sahara.edp import oozie
from jobsmock.sahara.errors import InvalidData
from jobsmock.sahara.profiles import PROFILES
from jobsmock.world import plan as plans
from jobsmock.world.clock import format_time, parse_time
from jobsmock.world.plan import DurationRange, Plan, PlanError, Progress, RequestedPlan, Step, status_at
from jobsmock.world.store import Record
from jobsmock.world.world import World

ENDS = ("SUCCEEDED", "FAILED", "KILLED", "DONEWITHERROR", "SUSPENDFAILED")
STATUSES = (
    "PENDING", "READYTORUN", "PREP", "RUNNING", "TOBEKILLED", "TOBESUSPENDED", "PREPSUSPENDED", "SUSPENDED", *ENDS
)  # fmt: skip
CANCEL = "TOBEKILLED 0s > KILLED"

_NOT_STARTED = ("PENDING", "READYTORUN", "TOBEKILLED", "KILLED")  # the engine has not taken the job
_SUSPENSIONS = {"PREP": "PREPSUSPENDED", "RUNNING": "SUSPENDED"}
_ENGINES_WITH_RETURN_CODE = ("spark", "storm")  # which run a process, unlike Oozie
TABLE = "job_executions"


@lru_cache(maxsize=256)
def parse_execution_plan(text: str) -> Plan:
    """Parse a plan or the name of a profile. PlanError if it is neither."""
    return plans.parse_plan_or_profile(text, PROFILES["execution"], STATUSES, ENDS)


def choose_plan(world: World, job: Record, configs: dict[str, Any], requested_plan: RequestedPlan) -> tuple[Plan, str]:
    """Return the plan of an execution, and where it comes from.

    The first of these counts: the header, job_configs, a rule, the job, the pattern of its name, the world.
    """
    for origin, text in (
        ("X-Jobsmock-Plan", requested_plan.header),
        ("jobsmock.plan", configs.get("jobsmock.plan")),
        ("the rule", requested_plan.rule),
        ("the job", job.get("plan")),
    ):
        if text is not None:
            try:
                return parse_execution_plan(str(text)), origin
            except PlanError as error:
                raise InvalidData(f"{origin}: {error}") from None
    for pattern, plan in world.name_plans:
        if fnmatchcase(job["name"], pattern):
            return plan, f"the name, which is as {pattern}"
    return world.plan, "the world"


# --- reading --------------------------------------------------------------------------------------------------------


def is_pending(world: World, execution: Record) -> bool:
    return bool(peek(world, execution)["info"]["status"] == "PENDING")


def peek(world: World, record: Record) -> Record:
    """The record as it is now. Unlike `poll`, this does not count as a read."""
    if "run" not in record:
        return record
    return _apply_progress(record, _compute_progress(record["run"], find_start(world, record), world.clock.now()))


def poll(world: World, record: Record) -> Record:
    """The record as it is now, for a client that reads it. Counts the read, and stores a final status.

    Reads do not count while an execution waits for its cluster.
    """
    if "run" not in record:
        return record
    run, now, began = record["run"], world.clock.now(), find_start(world, record)
    is_counted = began is not None and began <= now and len(run["polls"]) < plans.count_polls_needed(run["course"])
    if is_counted:
        run["polls"].append(now)
    progress = _compute_progress(run, began, now)
    current = _apply_progress(record, progress)
    has_ended = progress.status in ENDS
    if has_ended:
        current["ended"] = progress.entered[-1][1]
        del current["run"]
    if has_ended or is_counted:
        world.tables[TABLE].save(current if has_ended else record)
    return current


def find_start(world: World, record: Record) -> float | None:
    """The time at which the engine gets the execution; None if it is unknown."""
    if record["run"]["began"] is not None:
        return float(record["run"]["began"])
    cluster = world.tables[cluster_lifecycle.TABLE].get_referred(record["tenant_id"], record["cluster_id"])
    return cluster_lifecycle.find_active_since(cluster) if cluster else None


def find_end(world: World, record: Record) -> float | None:
    """The time at which the execution ended or will end; None if it does not end by time alone."""
    if "run" not in record:
        return float(record["ended"]) if "ended" in record else parse_time(record["end_time"] or record["created_at"])
    end = _compute_progress(record["run"], find_start(world, record), inf)
    return end.entered[-1][1] if end.status in ENDS else None


def _render_start(record: Record) -> Record:
    """The record at the first step of its schedule, even if that takes no time. For the response to a change."""
    began = record["run"]["began"]
    return _apply_progress(record, _compute_progress(record["run"], began, began - 1))


def _compute_progress(run: dict[str, Any], began: float | None, now: float) -> Progress:
    """The progress of a run that begins at `began`. Until then it waits for its cluster."""
    if began is None or (run["began"] is None and began > now):
        return Progress("PENDING", None, [], False)
    progress = status_at(run["course"], began, now, run["polls"])
    return progress._replace(entered=[*map(tuple, run["history"]), *progress.entered])


def _apply_progress(record: Record, progress: Progress) -> Record:
    """The record with the values that its engine has set so far."""
    run, status, entered = record["run"], progress.status, progress.entered
    started = next((moment for past, moment in entered if past not in _NOT_STARTED), None)
    ended = entered[-1][1] if status in ENDS else None
    current = {**record, "info": _make_info(record, progress, started, ended)}
    if len(entered) > 1:
        current["updated_at"] = max(record.get("updated_at") or "", format_time(entered[-1][1]))
    if started is not None:
        current["start_time"] = format_time(started)
        current["engine_job_id"] = current["oozie_job_id"] = run["engine_job_id"]
        current["data_source_urls"] = run["urls"]
    if ended is not None:
        current["end_time"] = format_time(ended)
        if record["engine"] in _ENGINES_WITH_RETURN_CODE:
            current["return_code"] = "0" if status == "SUCCEEDED" else "1"
    return current


def _make_info(record: Record, progress: Progress, started: float | None, ended: float | None) -> dict[str, Any]:
    if record["engine"] == "oozie" and started is not None:
        return oozie.make_info(record["run"], progress.status, progress.reason, started, ended)
    reason = {} if progress.reason is None else {"reason": progress.reason}
    return {"status": progress.status, **reason}


# --- changing -------------------------------------------------------------------------------------------------------


def start_run(world: World, plan: Plan, waits: bool, **facts: Any) -> dict[str, Any]:
    """The `run` of a new execution, which has not begun if it `waits`. `facts` are `plan_of`, `urls` and so on."""
    schedule = plans.draw_schedule(plan, world.random)
    return {"began": None if waits else world.clock.now(), "course": schedule, "polls": [], "history": [], **facts}


def cancel(world: World, record: Record) -> Record:
    """Kill an execution, unless it has ended or is TOBEKILLED already.

    An execution that waits for its cluster stays TOBEKILLED until the cluster is Active and its engine can kill it.
    """
    if "run" not in record or peek(world, record)["info"]["status"] in (*ENDS, "TOBEKILLED"):
        return poll(world, record)
    began, now = find_start(world, record), world.clock.now()
    if began is not None and began <= now:
        return _change_plan(world, record, world.cancel_plan)
    if began is None:
        return _change_plan(world, record, parse_execution_plan("PENDING 0s > TOBEKILLED"))
    waits = (Step("PENDING", DurationRange(0, 0)), Step("TOBEKILLED", DurationRange(began - now, began - now)))
    return _change_plan(world, record, Plan(waits, parse_execution_plan(CANCEL).endings))


def suspend(world: World, record: Record) -> Record:
    """Suspend an execution if its status is PREP or RUNNING."""
    suspended = _SUSPENSIONS.get(peek(world, record)["info"]["status"])
    if suspended is None:
        return poll(world, record)
    return _change_plan(world, record, parse_execution_plan(f"TOBESUSPENDED 0s > {suspended}"))


def _change_plan(world: World, record: Record, plan: Plan) -> Record:
    """Give an execution another plan from now on. Return it at the start of that plan."""
    run, now = record["run"], world.clock.now()
    history = [list(entry) for entry in _compute_progress(run, find_start(world, record), now).entered]
    schedule = plans.draw_schedule(plan, world.random)
    changes = {"plan_of": "a cancel or suspend", "began": now, "course": schedule, "polls": [], "history": history}
    record = {**record, "run": {**run, **changes}}
    world.tables[TABLE].save(record)
    return _render_start(record)

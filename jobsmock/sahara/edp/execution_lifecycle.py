"""How an execution runs: its plan, its progress, and what that changes in its record.

The record of a running execution has a `run` in addition to what the API shows:

    {"began": 1769860800.0, "course": {...}, "polls": [], "history": [["PENDING", 1769860800.0]],
     "plan_of": "a rule", "engine_job_id": "0000001-260131120000000-oozie-hado-W", "urls": {id: url}}

and always the `engine` that runs it. `began` is null if the execution had to wait for its cluster: it begins when that
becomes Active. When the end has been seen, it is stored, with its time as `ended`, and `run` is removed.
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

_WAITING = ("PENDING", "READYTORUN", "TOBEKILLED", "KILLED")  # in none of these has the engine taken the job
_SUSPENSIONS = {"PREP": "PREPSUSPENDED", "RUNNING": "SUSPENDED"}
_ENGINES_WITH_RETURN_CODE = ("spark", "storm")  # they run a process; Oozie keeps no code
TABLE = "job_executions"


@lru_cache(maxsize=256)
def parse_execution_plan(text: str) -> Plan:
    """The plan of a text, which may be the name of a profile. PlanError if it is neither."""
    return plans.parse_plan_or_profile(text, PROFILES["execution"], STATUSES, ENDS)


def choose_plan(world: World, job: Record, configs: dict[str, Any], requested_plan: RequestedPlan) -> tuple[Plan, str]:
    """The plan of an execution, and its origin. The first counts: header, job_configs, rule, job, its name, world."""
    for source, text in (
        ("X-Jobsmock-Plan", requested_plan.header),
        ("jobsmock.plan", configs.get("jobsmock.plan")),
        ("the rule", requested_plan.rule),
        ("the job", job.get("plan")),
    ):
        if text is not None:
            try:
                return parse_execution_plan(str(text)), source
            except PlanError as error:
                raise InvalidData(f"{source}: {error}") from None
    for pattern, plan in world.name_plans:
        if fnmatchcase(job["name"], pattern):
            return plan, f"the name, which is as {pattern}"
    return world.plan, "the world"


# --- reading --------------------------------------------------------------------------------------------------------


def is_pending(world: World, execution: Record) -> bool:
    return bool(peek(world, execution)["info"]["status"] == "PENDING")


def peek(world: World, record: Record) -> Record:
    """The record as it is now. This does not count as a poll."""
    if "run" not in record:
        return record
    return _apply_progress(record, _compute_progress(record["run"], find_start(world, record), world.clock.now()))


def poll(world: World, record: Record) -> Record:
    """The record as it is now, for a client that reads it: counts as a poll, and stores the end once it is seen.

    While an execution waits for its cluster, reads are not polls.
    """
    if "run" not in record:
        return record
    run, now, began = record["run"], world.clock.now(), find_start(world, record)
    polled = began is not None and began <= now and len(run["polls"]) < plans.count_polls_needed(run["course"])
    if polled:
        run["polls"].append(now)
    progress = _compute_progress(run, began, now)
    seen = _apply_progress(record, progress)
    has_ended = seen["info"]["status"] in ENDS
    if has_ended:
        seen["ended"] = progress.entered[-1][1]
        del seen["run"]
    if has_ended or polled:
        world.tables[TABLE].save(seen if has_ended else record)
    return seen


def find_start(world: World, record: Record) -> float | None:
    """When the engine gets the execution, or will get it; None if that is unknown."""
    if record["run"]["began"] is not None:
        return float(record["run"]["began"])
    cluster = world.tables[cluster_lifecycle.TABLE].get_referred(record["tenant_id"], record["cluster_id"])
    return cluster_lifecycle.find_active_since(cluster) if cluster else None


def find_end(world: World, record: Record) -> float | None:
    """When the execution ended, or will end; None if time alone will not end it."""
    if "run" not in record:
        return float(record["ended"]) if "ended" in record else parse_time(record["end_time"] or record["created_at"])
    end = _compute_progress(record["run"], find_start(world, record), inf)
    return end.entered[-1][1] if end.status in ENDS else None


def _render_start(record: Record) -> Record:
    """The record at the first step of its schedule, however short that is, for the response to a change."""
    began = record["run"]["began"]
    return _apply_progress(record, _compute_progress(record["run"], began, began - 1))


def _compute_progress(run: dict[str, Any], began: float | None, now: float) -> Progress:
    """The progress of a run that begins at `began`. Until then it waits for its cluster."""
    if began is None or (run["began"] is None and began > now):
        return Progress("PENDING", None, [], False)
    progress = status_at(run["course"], began, now, run["polls"])
    return progress._replace(entered=[*map(tuple, run["history"]), *progress.entered])


def _apply_progress(record: Record, progress: Progress) -> Record:
    """The record with what its engine has set by then."""
    run, status, entered = record["run"], progress.status, progress.entered
    started = next((moment for passed, moment in entered if passed not in _WAITING), None)
    ended = entered[-1][1] if status in ENDS else None
    seen = {**record, "info": _make_info(record, progress, started, ended)}
    if len(entered) > 1:
        seen["updated_at"] = max(record.get("updated_at") or "", format_time(entered[-1][1]))
    if started is not None:
        seen["start_time"] = format_time(started)
        seen["engine_job_id"] = seen["oozie_job_id"] = run["engine_job_id"]
        seen["data_source_urls"] = run["urls"]
    if ended is not None:
        seen["end_time"] = format_time(ended)
        if record["engine"] in _ENGINES_WITH_RETURN_CODE:
            seen["return_code"] = "0" if status == "SUCCEEDED" else "1"
    return seen


def _make_info(record: Record, progress: Progress, started: float | None, ended: float | None) -> dict[str, Any]:
    if record["engine"] == "oozie" and started is not None:
        return oozie.make_info(record["run"], progress.status, progress.reason, started, ended)
    reason = {} if progress.reason is None else {"reason": progress.reason}
    return {"status": progress.status, **reason}


# --- changing -------------------------------------------------------------------------------------------------------


def start_run(world: World, plan: Plan, waits: bool, **facts: Any) -> dict[str, Any]:
    """The `run` of a new execution. One that `waits` has not begun. `facts` are plan_of, engine_job_id, urls …"""
    course = plans.draw_schedule(plan, world.random)
    return {"began": None if waits else world.clock.now(), "course": course, "polls": [], "history": [], **facts}


def cancel(world: World, record: Record) -> Record:
    """Let an execution become KILLED, unless it has ended or is about to be killed.

    One that waits for its cluster stays TOBEKILLED until that is Active: there is no engine to kill it.
    """
    if "run" not in record or peek(world, record)["info"]["status"] in (*ENDS, "TOBEKILLED"):
        return poll(world, record)
    began, now = find_start(world, record), world.clock.now()
    if began is not None and began <= now:
        return _change_course(world, record, world.cancel_plan)
    if began is None:
        return _change_course(world, record, parse_execution_plan("PENDING 0s > TOBEKILLED"))
    waits = (Step("PENDING", DurationRange(0, 0)), Step("TOBEKILLED", DurationRange(began - now, began - now)))
    return _change_course(world, record, Plan(waits, parse_execution_plan(CANCEL).endings))


def suspend(world: World, record: Record) -> Record:
    """Let an execution become SUSPENDED or PREPSUSPENDED, if its status allows it."""
    aim = _SUSPENSIONS.get(peek(world, record)["info"]["status"])
    return (
        _change_course(world, record, parse_execution_plan(f"TOBESUSPENDED 0s > {aim}")) if aim else poll(world, record)
    )


def _change_course(world: World, record: Record, plan: Plan) -> Record:
    """Let an execution follow another plan from now on, and return it at the start of that."""
    run, now = record["run"], world.clock.now()
    history = [list(passed) for passed in _compute_progress(run, find_start(world, record), now).entered]
    course = plans.draw_schedule(plan, world.random)
    turned = {**run, "plan_of": "a cancel or suspend", "began": now, "course": course, "polls": [], "history": history}
    record = {**record, "run": turned}
    world.tables[TABLE].save(record)
    return _render_start(record)

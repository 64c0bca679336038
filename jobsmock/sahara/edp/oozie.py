"""The report of Oozie, the engine of vanilla clusters, on a workflow: the `info` of an execution.

A workflow has three actions: `:start:`, the job itself as `job-node`, and `end` or `fail`. The values that `make_info`
takes as `run` come from engine_facts.py; execution_lifecycle.py calls it.
"""

from datetime import datetime, timezone
from email.utils import format_datetime
from typing import Any

from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.world.clock import parse_time

_JOB_ERROR, _WORKFLOW_ERROR = "JA018", "E0729"


def format_job_id(created_at: str, number: int) -> str:
    """The id of a workflow: its number, and the time at which the Oozie server started."""
    started = datetime.fromtimestamp(parse_time(created_at), timezone.utc)
    return f"{number:07d}-{started:%y%m%d%H%M%S}{number % 1000:03d}-oozie-hado-W"


def make_info(
    run: dict[str, Any], status: str, reason: str | None, started: float, ended: float | None
) -> dict[str, Any]:
    """The report on a workflow. `ended` is None while it is running."""
    id, host = run["engine_job_id"], run["host"]
    path = f"hdfs://{host}:9000/user/hadoop/{run['job']}/{run['workflow']}/workflow.xml"
    return {
        "user": "hadoop",
        "actions": _make_actions(run, status, reason, started, ended),
        "createdTime": _format_gmt(started),
        "status": status,
        "group": None,
        "externalId": None,
        "acl": None,
        "run": 0,
        "appName": "job-wf",
        "parentId": None,
        "conf": _format_conf(host, path),
        "id": id,
        "startTime": _format_gmt(started),
        "appPath": path,
        "endTime": _format_gmt(ended),
        "toString": f"Workflow id[{id}] status[{status}]",
        "lastModTime": _format_gmt(started if ended is None else ended),
        "consoleUrl": f"http://{host}.novalocal:11000/oozie?job={id}",
    }


def _make_actions(
    run: dict[str, Any], status: str, reason: str | None, started: float, ended: float | None
) -> list[dict[str, Any]]:
    id = run["engine_job_id"]
    start = _make_action(id, ":start:", ":START:", "OK", started, started, transition="job-node")
    if ended is None:
        return [start, _make_job_action(run, status, started, None)]
    if status == "SUCCEEDED":
        return [
            start,
            _make_job_action(run, "OK", started, ended, transition="end"),
            _make_action(id, "end", ":END:", "OK", ended, ended),
        ]
    if status == "KILLED" and reason is None:  # killed by a user: without an error or a last action
        return [start, _make_job_action(run, "KILLED", started, ended)]
    message = reason or f"Main class [org.apache.oozie.action.hadoop.{_find_main_class(run['action'])}], exit code [1]"
    job = _make_job_action(run, "ERROR", started, ended, transition="fail", errorCode=_JOB_ERROR, errorMessage=message)
    fail = _make_action(
        id, "fail", ":KILL:", "OK", ended, ended, errorCode=_WORKFLOW_ERROR,
        errorMessage=f"Workflow failed, error message[{message}]",
    )  # fmt: skip
    return [start, job, fail]


def _find_main_class(action_type: str) -> str:
    actions = [job_type.oozie_action for job_type in JOB_TYPES.values() if job_type.oozie_action]
    return next(action.main_class for action in actions if action.type == action_type)


_EXTERNAL_STATUSES = {"OK": "SUCCEEDED", "ERROR": "FAILED/KILLED", "KILLED": "KILLED"}


def _make_job_action(
    run: dict[str, Any], status: str, started: float, ended: float | None, **changes: Any
) -> dict[str, Any]:
    """The action for the job itself, which is a Hadoop job with a tracker and a number."""
    host, application = run["host"], run["application"]
    return _make_action(
        run["engine_job_id"], "job-node", run["action"], status, started, ended,
        trackerUri=f"http://{host}:8032",
        externalStatus=_EXTERNAL_STATUSES.get(status, status),
        externalId=f"job_{application}",
        consoleUrl=f"http://{host}:8088/proxy/application_{application}/",
        **changes,
    )  # fmt: skip


def _make_action(
    workflow: str, name: str, type: str, status: str, started: float, ended: float | None, **changes: Any
) -> dict[str, Any]:
    return {
        "name": name,
        "trackerUri": "-",
        "externalStatus": "OK",
        "status": status,
        "externalId": "-",
        "transition": None,
        "data": None,
        "endTime": _format_gmt(ended),
        "errorCode": None,
        "id": f"{workflow}@{name}",
        "consoleUrl": "-",
        "errorMessage": None,
        "toString": f"Action name[{name}] status[{status}]",
        "stats": None,
        "type": type,
        "retries": 0,
        "startTime": _format_gmt(started),
        "externalChildIDs": None,
        "cred": "null",
        **changes,
    }


def _format_conf(host: str, path: str) -> str:
    settings = {
        "user.name": "hadoop",
        "oozie.use.system.libpath": "true",
        "mapreduce.job.user.name": "hadoop",
        "nameNode": f"hdfs://{host}:9000",
        "jobTracker": f"http://{host}:8032",
        "oozie.wf.application.path": path,
    }
    properties = (
        f"  <property>\r\n    <name>{name}</name>\r\n    <value>{value}</value>\r\n  </property>\r\n"
        for name, value in settings.items()
    )
    return f"<configuration>\r\n{''.join(properties)}</configuration>"


def _format_gmt(moment: float | None) -> str | None:
    """A time in the format of Oozie: `Tue, 15 Sep 2015 09:49:59 GMT`."""
    if moment is None:
        return None
    return format_datetime(datetime.fromtimestamp(int(moment), timezone.utc), usegmt=True)

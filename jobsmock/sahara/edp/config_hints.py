"""The settings that a form for a job can suggest, with the names and values of Hadoop's and Hive's own defaults.

The lists are in data/job_hints.json, which is read when one is first needed.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from jobsmock.sahara.edp.job_type_table import JOB_TYPES

_OF_VANILLA = {
    "2.7.1": {"mapred": "mapred-2.7.1"},
    "2.7.5": {"mapred": "mapred-2.7.5", "hive": "hive-2"},
    "2.8.2": {"mapred": "mapred-2.8.2", "hive": "hive-2"},
}


def list_hints(job_type: str) -> dict[str, Any]:
    """`{"job_config": {"configs": [{name, value, description}], "params": {}, "args": []}}`, less what a type lacks."""
    return _make_job_config(job_type, JOB_TYPES[job_type].hint_lists)


def list_engine_hints(engine: str, job_type: str, version: str) -> dict[str, Any] | None:
    """The same for a version of a plugin that runs the type with an engine. The fake engine has none."""
    if engine == "fake":
        return None
    if engine != "oozie":
        return _shell_on_spark_hints() if job_type == "Shell" else list_hints("Spark")
    lists = _OF_VANILLA.get(version, {})
    return _make_job_config(job_type, tuple(lists.get(name, name) for name in JOB_TYPES[job_type].hint_lists))


def _shell_on_spark_hints() -> dict[str, Any]:
    """The service has an object here where all others have a list."""
    return {"job_config": {"configs": {}, "args": [], "params": {}}}


def _make_job_config(job_type: str, lists: tuple[str, ...]) -> dict[str, Any]:
    others: dict[str, Any] = {key: [] if key == "args" else {} for key in JOB_TYPES[job_type].hint_keys}
    return {"job_config": {"configs": [setting for name in lists for setting in _list_settings(name)], **others}}


@cache
def _list_settings(name: str) -> list[dict[str, str]]:
    return [
        {"name": setting, "value": value, "description": description[0] if description else ""}
        for setting, value, *description in _load_lists()[name]
    ]


@cache
def _load_lists() -> dict[str, list[list[str]]]:
    lists: dict[str, list[list[str]]] = orjson.loads((files("jobsmock.data") / "job_hints.json").read_bytes())
    return lists

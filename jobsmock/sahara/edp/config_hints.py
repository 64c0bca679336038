"""Config hints: the configs that a form for a job can suggest. They are the defaults of Hadoop and Hive.

job_types.py serves them. The lists are in data/job_hints.json, which is read on first use.
"""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from jobsmock.sahara.edp.job_type_table import JOB_TYPES

_LISTS_BY_VANILLA_VERSION = {
    "2.7.1": {"mapred": "mapred-2.7.1"},
    "2.7.5": {"mapred": "mapred-2.7.5", "hive": "hive-2"},
    "2.8.2": {"mapred": "mapred-2.8.2", "hive": "hive-2"},
}


def list_hints(job_type: str) -> dict[str, Any]:
    """Return `{"job_config": {"configs": [{name, value, description}], "params": {}, "args": []}}`.

    `params` or `args` are missing if jobs of this type do not take them.
    """
    return _make_job_config(job_type, JOB_TYPES[job_type].hint_lists)


def list_engine_hints(engine: str, job_type: str, version: str) -> dict[str, Any] | None:
    """The hints of one version of a plugin, for a job type and the engine that runs it. None for the fake engine."""
    if engine == "fake":
        return None
    if engine != "oozie":
        return _make_shell_hints_on_spark() if job_type == "Shell" else list_hints("Spark")
    lists = _LISTS_BY_VANILLA_VERSION.get(version, {})
    return _make_job_config(job_type, tuple(lists.get(name, name) for name in JOB_TYPES[job_type].hint_lists))


def _make_shell_hints_on_spark() -> dict[str, Any]:
    """`configs` is an object here, unlike in all other hints, as in the service."""
    return {"job_config": {"configs": {}, "args": [], "params": {}}}


def _make_job_config(job_type: str, lists: tuple[str, ...]) -> dict[str, Any]:
    configs = [config for name in lists for config in _list_configs(name)]
    other_keys: dict[str, Any] = {key: [] if key == "args" else {} for key in JOB_TYPES[job_type].hint_keys}
    return {"job_config": {"configs": configs, **other_keys}}


@cache
def _list_configs(name: str) -> list[dict[str, str]]:
    return [
        {"name": config, "value": value, "description": description[0] if description else ""}
        for config, value, *description in _load_lists()[name]
    ]


@cache
def _load_lists() -> dict[str, list[list[str]]]:
    lists: dict[str, list[list[str]]] = orjson.loads((files("jobsmock.data") / "job_hints.json").read_bytes())
    return lists

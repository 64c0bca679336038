"""Job types: the plugins that run each of them, and the settings that they suggest."""

from typing import Any

from jobsmock.sahara.clusters import plugins
from jobsmock.sahara.clusters.standard_plugins import list_engines
from jobsmock.sahara.edp.config_hints import list_engine_hints, list_hints
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.sahara.errors import NotFound
from jobsmock.sahara.resources import Query
from jobsmock.world.store import Record
from jobsmock.world.world import World


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    """Job types with plugins and versions. `type`, `plugin` and `version` can be given several times.

    If plugins are given, only the first type is looked at, as in the service.
    """
    with_hints = query.get("hints", [""])[0].lower() == "true"
    known = plugins.iterate_all(world, project)
    job_types = []
    for job_type in query.get("type", JOB_TYPES):
        running = [
            _render(plugin, job_type, query, with_hints) for plugin in known if _is_run_by(plugin, job_type, query)
        ]
        if running := [plugin for plugin in running if plugin["versions"]]:
            job_types.append({"name": job_type, "plugins": running})
        if "plugin" in query:
            break
    return {"job_types": job_types}


def _is_run_by(plugin: Record, job_type: str, query: Query) -> bool:
    return job_type in list_engines(plugin) and plugin["name"] in query.get("plugin", [plugin["name"]])


def _render(plugin: Record, job_type: str, query: Query, with_hints: bool) -> dict[str, Any]:
    engine, wanted = list_engines(plugin)[job_type], query.get("version", plugin["versions"])
    versions = {
        version: list_engine_hints(engine, job_type, version) if with_hints else {}
        for version in plugin["versions"]
        if version in wanted
    }
    return {**{key: plugin[key] for key in ("name", "title", "description")}, "versions": versions}


def show_hints(world: World, project: str, job_type: str) -> dict[str, Any]:
    if job_type not in JOB_TYPES:
        raise NotFound(job_type=job_type)
    return list_hints(job_type)

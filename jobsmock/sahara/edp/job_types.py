"""Job types: the plugins that run each of them, and their config hints. The facts are in job_type_table.py."""

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
    """List job types with their plugins and versions. `type`, `plugin` and `version` can each have several values.

    With `plugin`, only the first job type is considered, as in the service.
    """
    with_hints = query.get("hints", [""])[0].lower() == "true"
    all_plugins = plugins.iterate_all(world, project)
    job_types = []
    for job_type in query.get("type", JOB_TYPES):
        matches = [
            _render(plugin, job_type, query, with_hints) for plugin in all_plugins if _is_match(plugin, job_type, query)
        ]
        if matches := [plugin for plugin in matches if plugin["versions"]]:
            job_types.append({"name": job_type, "plugins": matches})
        if "plugin" in query:
            break
    return {"job_types": job_types}


def _is_match(plugin: Record, job_type: str, query: Query) -> bool:
    return job_type in list_engines(plugin) and plugin["name"] in query.get("plugin", [plugin["name"]])


def _render(plugin: Record, job_type: str, query: Query, with_hints: bool) -> dict[str, Any]:
    engine, requested_versions = list_engines(plugin)[job_type], query.get("version", plugin["versions"])
    versions = {
        version: list_engine_hints(engine, job_type, version) if with_hints else {}
        for version in plugin["versions"]
        if version in requested_versions
    }
    return {**{key: plugin[key] for key in ("name", "title", "description")}, "versions": versions}


def show_hints(world: World, project: str, job_type: str) -> dict[str, Any]:
    if job_type not in JOB_TYPES:
        raise NotFound(job_type=job_type)
    return list_hints(job_type)

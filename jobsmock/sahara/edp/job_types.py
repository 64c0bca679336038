"""Job types: what can be run, on which plugins, and what settings each is known to take."""

from typing import Any

from jobsmock.sahara.clusters import plugins
from jobsmock.sahara.clusters.standard_plugins import JOB_TYPES, engines
from jobsmock.sahara.edp.config_hints import hints, hints_of
from jobsmock.sahara.errors import NotFound
from jobsmock.sahara.resources import Query
from jobsmock.world.store import Record
from jobsmock.world.world import World


def index(world: World, project: str, query: Query) -> dict[str, Any]:
    """Job types with the plugins and versions that run them; `type`, `plugin`, `version` may be given several times.

    Where plugins are named, the service looks through them for the first type only, and so is this.
    """
    with_hints = query.get("hints", [""])[0].lower() == "true"
    known = plugins.every(world, project)
    job_types = []
    for job_type in query.get("type", JOB_TYPES):
        running = [_view(plugin, job_type, query, with_hints) for plugin in known if _runs(plugin, job_type, query)]
        if running := [plugin for plugin in running if plugin["versions"]]:
            job_types.append({"name": job_type, "plugins": running})
        if "plugin" in query:
            break
    return {"job_types": job_types}


def _runs(plugin: Record, job_type: str, query: Query) -> bool:
    return job_type in engines(plugin) and plugin["name"] in query.get("plugin", [plugin["name"]])


def _view(plugin: Record, job_type: str, query: Query, with_hints: bool) -> dict[str, Any]:
    engine, wanted = engines(plugin)[job_type], query.get("version", plugin["versions"])
    versions = {
        version: hints_of(engine, job_type, version) if with_hints else {}
        for version in plugin["versions"]
        if version in wanted
    }
    return {**{key: plugin[key] for key in ("name", "title", "description")}, "versions": versions}


def show_hints(world: World, project: str, job_type: str) -> dict[str, Any]:
    if job_type not in JOB_TYPES:
        raise NotFound(job_type=job_type)
    return hints(job_type)

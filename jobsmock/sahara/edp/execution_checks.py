"""Checks of a new execution: its cluster, its data sources, and what its job type needs.

job_executions.py and job_executions_v2.py call them in the order of the service.
"""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import plugins, termination
from jobsmock.sahara.edp import data_sources
from jobsmock.sahara.edp.job_type_table import JOB_TYPES, MAIN_CLASS
from jobsmock.sahara.errors import InvalidData, InvalidReference
from jobsmock.world.store import Record
from jobsmock.world.world import World

_STREAMING_CONFIGS = {"edp.streaming.mapper", "edp.streaming.reducer"}


def get_cluster(world: World, project: str, id: str) -> Record:
    """Return the cluster of an execution. Its plugin must be enabled."""
    cluster = termination.find(world, project, id)
    if cluster is None:
        raise InvalidReference(f"Cluster with id '{id}' doesn't exist")
    plugins.check_is_enabled(world, project, cluster["plugin_name"], cluster["hadoop_version"])
    return cluster


def find_sources(world: World, project: str, job: Record, engine: str, values: dict[str, Any]) -> list[Record]:
    """Return the data sources of an execution after the checks of its job type.

    Values for the interface of the job do not count here: the service merges them after these checks.
    """
    name, job_type = job["type"], JOB_TYPES[job["type"]]
    configs = values.get("job_configs", {}).get("configs", {})
    if job_type.needs_main_class(engine):
        if not isinstance(configs.get(MAIN_CLASS), str) or not configs[MAIN_CLASS]:
            raise InvalidData(f"{name} job must specify {job_type.main_class_label}")
    elif job_type.has_data:
        if "input_id" not in values or "output_id" not in values:
            raise InvalidData(f"{name} job requires 'input_id' and 'output_id'")
        _check_locations_differ(world, project, values)
        if job_type.is_streaming and not configs.keys() >= _STREAMING_CONFIGS:
            raise InvalidData(f"{name} job must specify streaming mapper and reducer")
    return [_find_source(world, project, values[key]) for key in ("input_id", "output_id") if key in values]


def _check_locations_differ(world: World, project: str, values: dict[str, Any]) -> None:
    source, target = (_find_source(world, project, values[key]) for key in ("input_id", "output_id"))
    if (source["type"], source["url"]) == (target["type"], target["url"]):
        raise InvalidData(f"Provided input and output DataSources reference the same location: {source['url']}")


def _find_source(world: World, project: str, id: str) -> Record:
    source = resources.table_of(world, data_sources.KIND).get(project, id)
    if source is None:
        raise InvalidReference(f"DataSource with id '{id}' doesn't exist")
    return source

"""Settings that a plugin recommends for a cluster and its node groups that have `use_autoconfig`.

Vanilla and spark limit `dfs.replication` to the number of datanodes. Vanilla also divides the memory of a flavor among
containers. For creation.py and clusters.py, when node groups are new.
"""

from typing import Any

from jobsmock.openstack.compute import FLAVORS
from jobsmock.openstack.identity.domains import CLOUD
from jobsmock.sahara.clusters import cluster_settings, topologies
from jobsmock.sahara.clusters.node_groups import merge_configs
from jobsmock.world.clock import format_time
from jobsmock.world.store import Record
from jobsmock.world.world import World

_PLUGINS = ("vanilla", "spark")
# Of memory up to so many GiB, so many are left to the operating system; of more, the last.
_RESERVED = ((4, 1), (8, 2), (16, 2), (24, 4), (48, 6), (64, 8), (72, 8), (96, 12), (128, 24), (256, 32))
_RESERVED_OF_MORE = 64
# Of memory up to so many GiB, a container has so many MiB at least.
_SMALLEST = ((4, 256), (8, 512), (24, 1024))
_SMALLEST_OF_MORE = 2048
_LARGEST = 2048
_FEWEST = 8  # containers of an instance


def set_replication(cluster: Record) -> Record:
    """Set the replication of a new cluster to at most its number of datanodes, unless the cluster has the setting."""
    settings = cluster["cluster_configs"]
    if cluster["plugin_name"] not in _PLUGINS or not cluster["use_autoconfig"]:
        return cluster
    if "dfs.replication" in settings.get("HDFS", {}):
        return cluster
    usual = cluster_settings.get_default(cluster, "HDFS", "dfs.replication")
    copies = min(usual, topologies.count_instances("datanode", cluster["node_groups"]))
    return {**cluster, "cluster_configs": merge_configs(settings, {"HDFS": {"dfs.replication": copies}})}


def set_memory(world: World, cluster: Record, group: Record) -> Record:
    """Set the memory of a new node group by its flavor, unless a setting for it is given or the flavor is unknown."""
    if cluster["plugin_name"] != "vanilla" or not (cluster["use_autoconfig"] and group["use_autoconfig"]):
        return group
    flavor = world.tables[FLAVORS].get(CLOUD, group["flavor_id"])
    if flavor is None:
        return group
    recommended = _recommend_memory(flavor["vcpus"], flavor["ram"])
    given = (cluster["cluster_configs"], group["node_configs"] or {})
    if any(
        name in configs.get(target, {}) for configs in given for target in recommended for name in recommended[target]
    ):
        return group
    settings = merge_configs(group["node_configs"] or {}, recommended)
    return {**group, "node_configs": settings, "updated_at": format_time(world.clock.now())}


def _recommend_memory(processors: int, mib: int) -> dict[str, dict[str, Any]]:
    """The settings for an instance with so many processors and MiB of memory."""
    smallest = _look_up_size(mib, _SMALLEST, _SMALLEST_OF_MORE)
    containers = int(max(_FEWEST, min(2 * processors, mib / smallest)))
    free = mib - 1024 * _look_up_size(mib, _RESERVED, _RESERVED_OF_MORE)
    size = int(min(_LARGEST, max(free / containers, smallest)))
    yarn = {
        "yarn.nodemanager.resource.memory-mb": containers * size,
        "yarn.scheduler.minimum-allocation-mb": size,
        "yarn.scheduler.maximum-allocation-mb": containers * size,
        "yarn.nodemanager.vmem-check-enabled": "false",
    }
    mapreduce = {
        "yarn.app.mapreduce.am.resource.mb": size,
        "yarn.app.mapreduce.am.command-opts": _format_java_options(size),
        "mapreduce.map.memory.mb": size,
        "mapreduce.reduce.memory.mb": 2 * size,
        "mapreduce.map.java.opts": _format_java_options(size),
        "mapreduce.reduce.java.opts": _format_java_options(2 * size),
        "mapreduce.task.io.sort.mb": int(min(0.4 * size, 1024)),
    }
    return {"YARN": yarn, "MapReduce": mapreduce}


def _look_up_size(mib: int, table: tuple[tuple[int, int], ...], of_more: int) -> int:
    return next((value for most, value in table if mib <= 1024 * most), of_more)


def _format_java_options(mib: int) -> str:
    """The heap of a task: four fifths of its container."""
    return f"-Xmx{int(0.8 * mib)}m"

"""Which processes a cluster needs, and how many of each, when it is created or scaled.

Each plugin checks in its own order, with its own messages. The fake plugin accepts everything.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from jobsmock.sahara.clusters import cluster_settings
from jobsmock.sahara.errors import InvalidData, ServiceError
from jobsmock.world.store import Record

_MOST_INSTANCES = 1000  # of a request; the service leaves that to its cloud's quota

_SCALABLE = {
    "vanilla": ("datanode", "nodemanager", "zookeeper"),
    "spark": ("datanode", "slave"),
    "storm": ("supervisor",),
}
_OOZIE_NEEDS = ("datanode", "nodemanager", "historyserver")


def check_quota(groups: Iterable[Mapping[str, Any]], clusters: int = 1) -> None:
    wanted = clusters * max(1, sum(max(0, group["count"]) for group in groups))
    if wanted > _MOST_INSTANCES:
        raise ServiceError(
            f"Quota exceeded for instances: Requested {wanted}, but available {_MOST_INSTANCES}", "QUOTA_ERROR"
        )


def count_instances(process: str, groups: list[Record]) -> int:
    return sum(group["count"] for group in groups if process in group["node_processes"])


# --- new clusters ---------------------------------------------------------------------------------------------------


def check_topology(cluster: Record) -> None:
    """Check that a new cluster has all the processes that it needs, and not too many."""
    check = {"vanilla": _check_vanilla, "spark": _check_spark, "storm": _check_storm}.get(cluster["plugin_name"])
    if check:
        check(cluster, cluster["node_groups"])


def _check_vanilla(cluster: Record, groups: list[Record]) -> None:
    def has(process: str) -> bool:
        return count_instances(process, groups) > 0

    _check_namenode(groups)
    for process in ("secondarynamenode", "resourcemanager", "historyserver"):
        _check_at_most_one(process, groups)
    if has("nodemanager") and not has("resourcemanager"):
        raise _make_missing_error("resourcemanager", "nodemanager")
    _check_at_most_one("oozie", groups)
    if has("oozie"):
        for process in _OOZIE_NEEDS:
            if not has(process):
                raise _make_missing_error(process, "oozie")
    _check_at_most_one("spark history server", groups)
    datanodes, copies = count_instances("datanode", groups), _get_replication(cluster)
    if datanodes < int(copies):
        fault = "Number of datanodes must be not less than dfs.replication."
        raise _make_count_error(str(copies), "datanode", datanodes, fault)
    _check_at_most_one("hiveserver", groups, called="hive")
    keepers = count_instances("zookeeper", groups)
    if keepers > 0 and keepers % 2 == 0:
        raise _make_count_error("odd", "zookeeper", keepers, "Number of zookeeper nodes should be odd.")


def _check_spark(cluster: Record, groups: list[Record]) -> None:
    _check_namenode(groups)
    datanodes, copies = count_instances("datanode", groups), _get_replication(cluster)
    if datanodes < 1:
        raise _make_count_error("1 or more", "datanode", 1)  # the service tells the number of namenodes here
    if datanodes < int(copies):
        fault = "Number of datanode instances should not be less than dfs.replication"
        raise _make_count_error(f"{copies} or more", "datanode", datanodes, fault)
    _check_pair(groups, ("master", "Spark master"), ("slave", "Spark slave"))


def _check_storm(cluster: Record, groups: list[Record]) -> None:
    _check_pair(groups, ("nimbus", "Storm nimbus"), ("supervisor", "Storm supervisor"))


def _check_pair(groups: list[Record], master: tuple[str, str], worker: tuple[str, str]) -> None:
    """Check one leading process and its workers; each comes with the service's words for it."""
    masters, workers = count_instances(master[0], groups), count_instances(worker[0], groups)
    if masters < 1:
        raise _make_missing_error(master[1])
    if masters > 1:
        raise _make_count_error("1", master[1], masters)
    if workers < 1:
        raise _make_count_error("1 or more", worker[1], workers)


def _get_replication(cluster: Record) -> Any:
    """The number of copies of a block. It may be text, but has to be a number."""
    copies = cluster_settings.get_value(cluster, "HDFS", "dfs.replication")
    try:
        int(copies)
    except ValueError:
        raise InvalidData(f"dfs.replication: expected a whole number, not {copies!r}") from None
    return copies


def _check_namenode(groups: list[Record]) -> None:
    if (namenodes := count_instances("namenode", groups)) != 1:
        raise _make_count_error("1", "namenode", namenodes)


def _check_at_most_one(process: str, groups: list[Record], called: str | None = None) -> None:
    if (found := count_instances(process, groups)) > 1:
        raise _make_count_error("0 or 1", called or process, found)


def _make_count_error(wanted: str, process: str, found: int, fault: str = "") -> ServiceError:
    message = f"Hadoop cluster should contain {wanted} {process} component(s). Actual {process} count is {found}"
    return ServiceError(f"{message}. {fault}" if fault else message, "INVALID_COMPONENT_COUNT")


def _make_missing_error(service: str, by: str | None = None) -> ServiceError:
    required = f", required by service: {by}" if by else ""
    return ServiceError(f"Cluster is missing a service: {service}{required}", "MISSING_SERVICE")


# --- scaling --------------------------------------------------------------------------------------------------------


def check_scaling(cluster: Record, counts: Mapping[str, int], groups: list[Record]) -> None:
    """Check that a cluster may be scaled. `counts` are the new sizes by id, `groups` all groups, also new ones."""
    plugin = cluster["plugin_name"]
    if plugin not in _SCALABLE:
        return
    ids = {group["id"] for group in cluster["node_groups"]}
    old = [group for group in groups if group["id"] in counts and group["id"] in ids]
    new = [group for group in groups if group["id"] in counts and group["id"] not in ids]
    if plugin == "vanilla":
        _check_scalable(plugin, new, has_manager=count_instances("resourcemanager", groups) > 0)
        _check_scalable(plugin, old)
        _check_replicas(cluster, old, counts)
        _check_keepers(cluster, counts, groups)
    else:
        _check_scalable(plugin, old)
        _check_replicas(cluster, old, counts)
        _check_scalable(plugin, new)


def _check_scalable(plugin: str, groups: list[Record], has_manager: bool = True) -> None:
    for group in groups:
        processes, title = group["node_processes"], f"{plugin.capitalize()} plugin"
        if not set(processes) <= set(_SCALABLE[plugin]):
            raise _make_group_error(group, f"{title} cannot scale nodegroup with processes: {' '.join(processes)}")
        if "nodemanager" in processes and not has_manager:
            fault = "cannot scale node group with processes which have no master-processes run in cluster"
            raise _make_group_error(group, f"{title} {fault}")


def _check_replicas(cluster: Record, resized: list[Record], counts: Mapping[str, int]) -> None:
    """Enough datanodes must stay for all copies of a block; new ones do not count."""
    datanodes = [group for group in resized if "datanode" in group["node_processes"]]
    leaving = sum(max(group["count"] - counts[group["id"]], 0) for group in datanodes)
    if leaving <= 0:
        return
    copies = _get_replication(cluster)
    if count_instances("datanode", cluster["node_groups"]) - leaving < int(copies):
        is_vanilla = cluster["plugin_name"] == "vanilla"
        would, replicas = ("it", "replicas") if is_vanilla else ("there", "HDFS replicas")
        raise _make_scaling_error(
            cluster,
            f"{cluster['plugin_name'].capitalize()} plugin cannot shrink cluster because {would} would be not enough"
            f" nodes for {replicas} (replication factor is {copies})",
        )


def _check_keepers(cluster: Record, counts: Mapping[str, int], groups: list[Record]) -> None:
    """The number of zookeepers must be odd. The plugin does not count those of new groups, so none can be the first."""
    old = [group for group in cluster["node_groups"] if "zookeeper" in group["node_processes"]]
    keepers = sum(counts.get(group["id"], group["count"]) for group in old)
    if keepers % 2 == 0 and any("zookeeper" in group["node_processes"] for group in groups):
        raise _make_scaling_error(
            cluster, "Vanilla plugin cannot scale cluster because it must keep zookeeper service in odd."
        )


def _make_group_error(group: Record, why: str) -> ServiceError:
    return ServiceError(f"Chosen node group {group['name']} cannot be scaled : {why}", "NODE_GROUP_CANNOT_BE_SCALED")


def _make_scaling_error(cluster: Record, why: str) -> ServiceError:
    return ServiceError(f"Cluster {cluster['name']} cannot be scaled : {why}", "CLUSTER_CANNOT_BE_SCALED")

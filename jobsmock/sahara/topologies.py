"""Which processes a cluster needs, and how many of each, as its plugin sees it; for clusters to be made or scaled."""

from collections.abc import Iterable, Mapping
from typing import Any

from jobsmock.sahara.errors import ServiceError
from jobsmock.world.store import Record

_MOST_INSTANCES = 1000  # of a request; the service leaves that to its cloud's quota

_SCALABLE = {
    "vanilla": ("datanode", "nodemanager", "zookeeper"),
    "spark": ("datanode", "slave"),
}
_AT_MOST_ONE = ("secondarynamenode", "resourcemanager", "historyserver", "oozie", "hiveserver", "spark history server")
_OOZIE_NEEDS = ("datanode", "nodemanager", "historyserver")


def check_quota(groups: Iterable[Mapping[str, Any]], clusters: int = 1) -> None:
    wanted = clusters * max(1, sum(max(0, group["count"]) for group in groups))
    if wanted > _MOST_INSTANCES:
        raise ServiceError(
            f"Quota exceeded for instances: Requested {wanted}, but available {_MOST_INSTANCES}", "QUOTA_ERROR"
        )


def check_whole(plugin: str, groups: list[Record]) -> None:
    """Whether a new cluster has all that it needs. Only some plugins mind."""
    if plugin == "vanilla":
        _check_vanilla(groups)
    elif plugin == "spark":
        _check_spark(groups)


def check_scaling(cluster: Record, counts: Mapping[str, int], groups: list[Record]) -> None:
    """Whether a cluster may be scaled: `counts` are those of node groups to come, by id, `groups` all, new ones too."""
    plugin = cluster["plugin_name"]
    if plugin not in _SCALABLE:
        return
    old = {group["id"] for group in cluster["node_groups"]}
    after = [{**group, **_count(counts, group)} for group in groups]
    if plugin == "vanilla":  # which looks at the new ones first, the other at the old
        _check_scalable(plugin, [group for group in groups if group["id"] in counts and group["id"] not in old])
    _check_scalable(plugin, [group for group in groups if group["id"] in counts and group["id"] in old])
    _check_replicas(cluster, plugin.capitalize(), groups, after)
    _check_scalable(plugin, [group for group in groups if group["id"] in counts])


def _check_scalable(plugin: str, groups: list[Record]) -> None:
    for group in groups:
        if not set(group["node_processes"]) <= set(_SCALABLE[plugin]):
            raise ServiceError(
                f"Chosen node group {group['name']} cannot be scaled : {plugin.capitalize()} plugin cannot scale"
                f" nodegroup with processes: {' '.join(group['node_processes'])}",
                "NODE_GROUP_CANNOT_BE_SCALED",
            )


def _check_replicas(cluster: Record, title: str, before: list[Record], after: list[Record]) -> None:
    factor = cluster["cluster_configs"].get("HDFS", {}).get("dfs.replication", 3)
    if number_of("datanode", after) < min(factor, number_of("datanode", before)):
        would, replicas = ("it", "replicas") if title == "Vanilla" else ("there", "HDFS replicas")
        raise _cannot_be_scaled(
            cluster,
            f"{title} plugin cannot shrink cluster because {would} would be not enough nodes for {replicas}"
            f" (replication factor is {factor})",
        )
    keepers = number_of("zookeeper", after)
    if keepers != number_of("zookeeper", before) and keepers % 2 == 0:
        raise _cannot_be_scaled(
            cluster, "Vanilla plugin cannot scale cluster because it must keep zookeeper service in odd."
        )


def _cannot_be_scaled(cluster: Record, why: str) -> ServiceError:
    return ServiceError(f"Cluster {cluster['name']} cannot be scaled : {why}", "CLUSTER_CANNOT_BE_SCALED")


def _count(counts: Mapping[str, int], group: Record) -> dict[str, int]:
    return {"count": counts[group["id"]]} if group["id"] in counts else {}


def number_of(process: str, groups: list[Record]) -> int:
    return sum(group["count"] for group in groups if process in group["node_processes"])


def _check_vanilla(groups: list[Record]) -> None:
    def has(process: str) -> bool:
        return number_of(process, groups) > 0

    _check_count("1", "namenode", groups, (1,))
    for process in _AT_MOST_ONE[:4]:
        _check_count("0 or 1", process, groups, (0, 1))
    if has("nodemanager") and not has("resourcemanager"):
        raise _missing("resourcemanager", "nodemanager")
    if has("oozie"):
        for process in _OOZIE_NEEDS:
            if not has(process):
                raise _missing(process, "oozie")
    for process in _AT_MOST_ONE[4:]:
        _check_count("0 or 1", process, groups, (0, 1))
    keepers = number_of("zookeeper", groups)
    if keepers and keepers % 2 == 0:
        raise _wrong_count("odd", "zookeeper", keepers, ". Number of zookeeper nodes should be odd.")


def _check_spark(groups: list[Record]) -> None:
    namenodes = number_of("namenode", groups)
    _check_count("1", "namenode", groups, (1,))
    if number_of("datanode", groups) < 1:
        raise _wrong_count("1 or more", "datanode", namenodes)  # the service tells the other number here
    masters = number_of("master", groups)
    if masters == 0:
        raise _missing("Spark master")
    if masters > 1:
        raise _wrong_count("1", "Spark master", masters)
    slaves = number_of("slave", groups)
    if slaves < 1:
        raise _wrong_count("1 or more", "Spark slave", slaves)


def _check_count(wanted: str, process: str, groups: list[Record], fit: tuple[int, ...]) -> None:
    found = number_of(process, groups)
    if found not in fit:
        raise _wrong_count(wanted, process, found)


def _wrong_count(wanted: str, process: str, found: int, more: str = "") -> ServiceError:
    return ServiceError(
        f"Hadoop cluster should contain {wanted} {process} component(s). Actual {process} count is {found}{more}",
        "INVALID_COMPONENT_COUNT",
    )


def _missing(service: str, by: str | None = None) -> ServiceError:
    required = f", required by service: {by}" if by else ""
    return ServiceError(f"Cluster is missing a service: {service}{required}", "MISSING_SERVICE")

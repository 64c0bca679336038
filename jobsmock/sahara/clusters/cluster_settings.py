"""The value of a setting on a cluster: from the cluster, from a node group, or the default of its plugin."""

from typing import Any

from jobsmock.sahara.clusters import plugin_configs
from jobsmock.world.store import Record


def get_value(cluster: Record, target: str, name: str) -> Any:
    """The value as the plugin of the cluster finds it; None if the plugin has no such setting."""
    find = _find_in_groups if cluster["plugin_name"] == "vanilla" else _find_in_cluster
    found = find(cluster, target, name)
    return get_default(cluster, target, name) if found is None else found


def get_default(cluster: Record, target: str, name: str) -> Any:
    plugin = {"name": cluster["plugin_name"], "version": cluster["hadoop_version"]}
    return plugin_configs.get_default(plugin, target, name)


def _find_in_groups(cluster: Record, target: str, name: str) -> Any:
    """Vanilla uses the first node group that has the setting, itself or from the cluster."""
    by_cluster = _find_in(cluster["cluster_configs"], target, name)
    for group in cluster["node_groups"]:
        own = _find_in(group["node_configs"], target, name)
        if own is not None or by_cluster is not None:
            return by_cluster if own is None else own
    return None


def _find_in_cluster(cluster: Record, target: str, name: str) -> Any:
    """Other plugins ask the cluster first, then the node groups, in which an empty value or 0 does not count."""
    found = _find_in(cluster["cluster_configs"], target, name)
    if found is not None:
        return found
    return next(filter(None, (_find_in(group["node_configs"], target, name) for group in cluster["node_groups"])), None)


def _find_in(configs: Any, target: str, name: str) -> Any:
    return (configs or {}).get(target, {}).get(name)

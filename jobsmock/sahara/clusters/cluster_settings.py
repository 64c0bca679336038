"""What a setting is on a cluster: by the cluster, by one of its node groups, or by the plugin's default.

Plugins look in different orders. For topologies, autoconfig and service_links.
"""

from typing import Any

from jobsmock.sahara.clusters import plugin_configs
from jobsmock.world.store import Record


def value(cluster: Record, target: str, name: str) -> Any:
    """The setting as the cluster's plugin finds it; None if the plugin has no such setting."""
    find = _by_groups if cluster["plugin_name"] == "vanilla" else _by_cluster
    found = find(cluster, target, name)
    return default(cluster, target, name) if found is None else found


def default(cluster: Record, target: str, name: str) -> Any:
    plugin = {"name": cluster["plugin_name"], "version": cluster["hadoop_version"]}
    return plugin_configs.default(plugin, target, name)


def _by_groups(cluster: Record, target: str, name: str) -> Any:
    """Vanilla takes the first node group that has the setting, of its own or from the cluster."""
    by_cluster = _given(cluster["cluster_configs"], target, name)
    for group in cluster["node_groups"]:
        own = _given(group["node_configs"], target, name)
        if own is not None or by_cluster is not None:
            return by_cluster if own is None else own
    return None


def _by_cluster(cluster: Record, target: str, name: str) -> Any:
    """The others ask the cluster first, and then the node groups; there, what is empty or 0 counts for nothing."""
    found = _given(cluster["cluster_configs"], target, name)
    if found is not None:
        return found
    return next(filter(None, (_given(group["node_configs"], target, name) for group in cluster["node_groups"])), None)


def _given(configs: Any, target: str, name: str) -> Any:
    return (configs or {}).get(target, {}).get(name)

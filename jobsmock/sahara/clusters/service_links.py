"""The addresses of a cluster's services, which its `info` shows when it is Active. For instances.py."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jobsmock.sahara.clusters import cluster_settings
from jobsmock.world.store import Record


class _Link(NamedTuple):
    """A link in `info[service][title]` to the first instance that runs the process, by its `name` or `ip`.

    If a setting decides the `port`, it is given with its target.
    """

    process: str
    service: str
    title: str
    address: str
    setting: tuple[str, str] | None = None


_LINKS = {
    "vanilla": (
        _Link("resourcemanager", "YARN", "Web UI", "http://{ip}:8088"),
        _Link("resourcemanager", "YARN", "ResourceManager", "http://{ip}:8032"),
        _Link("namenode", "HDFS", "Web UI", "http://{ip}:50070"),
        _Link("namenode", "HDFS", "NameNode", "hdfs://{name}:9000"),
        _Link("oozie", "JobFlow", "Oozie", "http://{ip}:11000"),
        _Link("historyserver", "MapReduce JobHistory Server", "Web UI", "http://{ip}:19888"),
        _Link("spark history server", "Apache Spark", "Spark UI", "http://{ip}:4040"),
        _Link("spark history server", "Apache Spark", "Spark History Server UI", "http://{ip}:18080"),
    ),
    "spark": (
        _Link("namenode", "HDFS", "Web UI", "http://{ip}:{port}", ("HDFS", "dfs.http.address")),
        _Link("namenode", "HDFS", "NameNode", "hdfs://{name}:8020"),
        _Link("master", "Spark", "Web UI", "http://{ip}:{port}", ("Spark", "Master webui port")),
    ),
    "storm": (_Link("nimbus", "Storm", "Web UI", "http://{ip}:8080"),),
}


def list_links(cluster: Record) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for link in _LINKS.get(cluster["plugin_name"], ()):
        for instance in _find_instance(cluster, link.process):
            name, ip = instance["instance_name"], instance["management_ip"]
            address = link.address.format(name=name, ip=ip, port=_find_port(cluster, link))
            found.setdefault(link.service, {})[link.title] = address
    return found


def _find_instance(cluster: Record, process: str) -> Iterator[dict[str, Any]]:
    """The first instance that runs a process, if there is one."""
    groups = (group for group in cluster["node_groups"] if process in group["node_processes"])
    yield from [instance for group in groups for instance in group["instances"]][:1]


def _find_port(cluster: Record, link: _Link) -> str:
    """The port of a setting, alone or after an address."""
    return str(cluster_settings.get_value(cluster, *link.setting)).rpartition(":")[2] if link.setting else ""

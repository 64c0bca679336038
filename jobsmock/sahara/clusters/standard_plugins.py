"""The plugins of the service, and the defaults of plugins in a sample.

What never changes of a plugin is here and not in its record: see `list_engines` and `list_node_processes`.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsmock.sahara.edp import job_type_table
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.world.store import Record

_LABELS = {
    "enabled": (True, "May be used: it is switched on."),
    "stable": (False, "Well tried: it is known to work."),
    "deprecated": (False, "On its way out: prefer another version."),
    "hidden": (True, "Left out of what is offered to users, but may be used by those who know it."),
}


class StandardPlugin(NamedTuple):
    """A plugin of the service. `versions` maps each version to its labels."""

    title: str
    description: str
    labels: tuple[str, ...]
    versions: dict[str, tuple[str, ...]]
    node_processes: dict[str, list[str]]


STANDARD = {
    "fake": StandardPlugin(
        "Fake Plugin",
        "Pretends to run any job on instances that hold no Hadoop at all; for trying things out.",
        ("enabled", "hidden"),
        {"0.1": ("enabled",)},
        {"HDFS": ["namenode", "datanode"], "MapReduce": ["tasktracker", "jobtracker"], "Kerberos": []},
    ),
    "vanilla": StandardPlugin(
        "Vanilla Apache Hadoop",
        "Plain Apache Hadoop, with Oozie to run its jobs and no management console.",
        ("enabled", "stable"),
        dict.fromkeys(("2.7.1", "2.7.5", "2.8.2"), ("enabled", "stable")),
        {
            "Hadoop": [],
            "MapReduce": ["historyserver"],
            "HDFS": ["namenode", "datanode", "secondarynamenode"],
            "YARN": ["resourcemanager", "nodemanager"],
            "JobFlow": ["oozie"],
            "Hive": ["hiveserver"],
            "Spark": ["spark history server"],
            "ZooKeeper": ["zookeeper"],
        },
    ),
    "spark": StandardPlugin(
        "Apache Spark",
        "Apache Spark beside HDFS, standalone, with no management console.",
        ("enabled", "stable"),
        {
            "2.3": ("enabled", "stable"),
            "2.2": ("enabled", "stable"),
            "2.1.0": ("enabled", "deprecated"),
            "1.6.0": ("enabled", "deprecated"),
        },
        {"HDFS": ["namenode", "datanode"], "Spark": ["master", "slave"]},
    ),
    "storm": StandardPlugin(
        "Apache Storm",
        "Apache Storm with ZooKeeper, for topologies that run until they are stopped.",
        ("enabled", "stable"),
        {
            "1.0.1": ("enabled", "deprecated"),
            "1.1.0": ("enabled", "stable"),
            "1.2": ("enabled", "stable"),
        },
        {"Zookeeper": ["zookeeper"], "Storm": ["nimbus", "supervisor"]},
    ),
}
UNLESS_LISTED = ("fake", "vanilla", "spark")  # what a sample has that lists none


def make_standard(name: str) -> Record:
    """The record of one of the service's plugins."""
    plugin = STANDARD[name]
    return {
        "name": name,
        "title": plugin.title,
        "description": plugin.description,
        "versions": list(plugin.versions),
        "plugin_labels": _make_labels(plugin.labels),
        "version_labels": {version: _make_labels(labels) for version, labels in plugin.versions.items()},
    }


def complete(record: Record) -> Record:
    """A plugin of a sample with its defaults: those of the service's plugin of that name, or the simplest."""
    if record["name"] in STANDARD:
        return {**make_standard(record["name"]), **record}
    versions = record.get("versions", ["1.0"])
    plain = {
        "title": record["name"],
        "description": "",
        "versions": versions,
        "plugin_labels": _make_labels(("enabled",)),
        "version_labels": {version: _make_labels(("enabled",)) for version in versions},
        "engines": dict.fromkeys(record.get("job_types", JOB_TYPES), "fake"),
        "node_processes": {},
    }
    return {**plain, **record}


def list_engines(plugin: Record) -> Mapping[str, str]:
    """What runs each job type on the clusters of a plugin."""
    return plugin["engines"] if "engines" in plugin else job_type_table.list_engines(plugin["name"])


def list_node_processes(plugin: Record) -> Mapping[str, list[str]]:
    """What can run on a node, by service."""
    return plugin["node_processes"] if "node_processes" in plugin else STANDARD[plugin["name"]].node_processes


def _make_labels(names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {name: {"status": True, "mutable": _LABELS[name][0], "description": _LABELS[name][1]} for name in names}

"""The standard plugins, which are those of the service, and the defaults of plugins in a sample.

The record of a standard plugin has only what can change; `list_engines` and `list_node_processes` return the rest.
plugins.py and samples/ use this module.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from jobsmock.sahara.edp import job_type_table
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.world.store import Record

_LABELS = {
    # by name: whether an administrator can switch it, and its description
    "enabled": (True, "Can be used."),
    "stable": (False, "Known to work."),
    "deprecated": (False, "Will be removed. Use another version instead."),
    "hidden": (True, "Not offered to users, but usable by those who know its name."),
}


class StandardPlugin(NamedTuple):
    """A plugin of the service. `versions` has the labels of each version, `node_processes` the processes by service."""

    title: str
    description: str
    labels: tuple[str, ...]
    versions: dict[str, tuple[str, ...]]
    node_processes: dict[str, list[str]]


STANDARD = {
    "fake": StandardPlugin(
        "Fake Plugin",
        "Runs any job on instances without Hadoop. For testing.",
        ("enabled", "hidden"),
        {"0.1": ("enabled",)},
        {"HDFS": ["namenode", "datanode"], "MapReduce": ["tasktracker", "jobtracker"], "Kerberos": []},
    ),
    "vanilla": StandardPlugin(
        "Vanilla Apache Hadoop",
        "Apache Hadoop with Oozie, without a management console.",
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
        "Apache Spark in standalone mode with HDFS, without a management console.",
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
        "Apache Storm with ZooKeeper, for topologies that run until they are killed.",
        ("enabled", "stable"),
        {
            "1.0.1": ("enabled", "deprecated"),
            "1.1.0": ("enabled", "stable"),
            "1.2": ("enabled", "stable"),
        },
        {"Zookeeper": ["zookeeper"], "Storm": ["nimbus", "supervisor"]},
    ),
}
UNLESS_LISTED = ("fake", "vanilla", "spark")  # the plugins of a sample that lists none


def make_standard(name: str) -> Record:
    """Make the record of a standard plugin."""
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
    """Complete a plugin of a sample: with the values of the standard plugin of that name, if any, or simple ones."""
    if record["name"] in STANDARD:
        return {**make_standard(record["name"]), **record}
    versions = record.get("versions", ["1.0"])
    defaults = {
        "title": record["name"],
        "description": "",
        "versions": versions,
        "plugin_labels": _make_labels(("enabled",)),
        "version_labels": {version: _make_labels(("enabled",)) for version in versions},
        "engines": dict.fromkeys(record.get("job_types", JOB_TYPES), "fake"),
        "node_processes": {},
    }
    return {**defaults, **record}


def list_engines(plugin: Record) -> Mapping[str, str]:
    """Map each job type that a plugin runs to the engine that runs it."""
    return plugin["engines"] if "engines" in plugin else job_type_table.list_engines(plugin["name"])


def list_node_processes(plugin: Record) -> Mapping[str, list[str]]:
    """The processes that can run on a node, by service."""
    return plugin["node_processes"] if "node_processes" in plugin else STANDARD[plugin["name"]].node_processes


def _make_labels(names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {name: {"status": True, "mutable": _LABELS[name][0], "description": _LABELS[name][1]} for name in names}

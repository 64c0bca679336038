"""The settings that each plugin offers for clusters and their nodes: what clients build their forms of.

The service's plugins list thousands; here are those that people change, with Hadoop's and Spark's own defaults. Any
other property of Hadoop is taken as well where a service's settings are given, see `is_known`. For plugins.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from jobsmock.sahara import standard_plugins
from jobsmock.world.store import Record

GENERAL = "general"


class Setting(NamedTuple):
    """One setting. `kind` is int, bool or string; one that is not optional stands on the first page of a form."""

    target: str
    name: str
    kind: str
    default: Any
    description: str
    scope: str = "node"
    optional: bool = True


def _cluster(target: str, name: str, kind: str, default: Any, description: str, optional: bool = True) -> Setting:
    return Setting(target, name, kind, default, description, "cluster", optional)


def _heap(target: str, process: str) -> Setting:
    return Setting(target, f"{process} Heap Size", "int", 1024, "Memory of its Java machine, in MB", optional=False)


_EVERYWHERE = (
    _cluster(GENERAL, "Timeout for disk preparing", "int", 300, "Seconds that disks may take to be made ready"),
    _cluster(GENERAL, "Enable NTP service", "bool", True, "Keeps the clocks of all instances together", False),
    _cluster(GENERAL, "URL of NTP server", "string", "", "Where the instances get the time from"),
    _cluster(GENERAL, "Heat Wait Condition timeout", "int", 3600, "Seconds that an instance may take to come up"),
    _cluster(GENERAL, "Enable XFS", "bool", True, "Formats the disks with XFS"),
)
_SWIFT = _cluster(GENERAL, "Enable Swift", "bool", True, "Lets jobs read and write objects of Swift", False)
_STARTUP = _cluster(GENERAL, "DataNodes startup timeout", "int", 10800, "Seconds that all DataNodes may take to start")
_HDFS = (
    _cluster("HDFS", "dfs.replication", "int", 3, "How many copies there are of a block"),
    _cluster("HDFS", "dfs.replication.max", "int", 512, "How many copies of a block there may be at most"),
    Setting("HDFS", "dfs.datanode.handler.count", "int", 10, "Threads of a DataNode that serve requests"),
    Setting("HDFS", "dfs.datanode.du.reserved", "int", 0, "Bytes of each disk that are left to others"),
    Setting("HDFS", "dfs.datanode.failed.volumes.tolerated", "int", 0, "Disks that may fail before a DataNode stops"),
    Setting("HDFS", "dfs.namenode.handler.count", "int", 10, "Threads of the NameNode that serve requests"),
)

_BY_PLUGIN: dict[str, tuple[Setting, ...]] = {
    "fake": (
        _cluster("Kerberos", "Enable Kerberos Security", "bool", False, "Asks everybody who they are"),
        _cluster("Kerberos", "Existing KDC", "bool", False, "Uses a key centre that is there already"),
        _cluster("Kerberos", "Server IP of KDC", "string", "192.168.0.1", "Where that key centre is"),
        _cluster("Kerberos", "Realm Name", "string", "SAHARA-KDC", "The realm of its names"),
        _cluster("Kerberos", "Admin principal", "string", "sahara/admin", "Who may add names to it"),
        _cluster("Kerberos", "Admin password", "string", "", "The password of that one"),
    ),
    "vanilla": (
        _SWIFT,
        _cluster(GENERAL, "Enable MySQL", "bool", True, "Keeps Hive's tables in MySQL instead of in a file"),
        _STARTUP,
        _cluster(GENERAL, "DataNodes decommissioning timeout", "int", 14400, "Seconds to move blocks off a node"),
        _cluster(GENERAL, "NodeManagers decommissioning timeout", "int", 300, "Seconds to move tasks off a node"),
        _cluster("Hadoop", "io.file.buffer.size", "int", 4096, "Bytes that are read and written at once"),
        Setting("Hadoop", "fs.trash.interval", "int", 0, "Minutes that deleted files are kept"),
        *_HDFS,
        _cluster("HDFS", "dfs.blocksize", "int", 134217728, "Bytes of a block of a new file"),
        _cluster("HDFS", "dfs.permissions.enabled", "bool", True, "Checks who may read and write a file"),
        _heap("HDFS", "NameNode"), _heap("HDFS", "SecondaryNameNode"), _heap("HDFS", "DataNode"),
        Setting("YARN", "yarn.scheduler.minimum-allocation-mb", "int", 1024, "Least memory of a container, in MB"),
        Setting("YARN", "yarn.scheduler.maximum-allocation-mb", "int", 8192, "Most memory of a container, in MB"),
        Setting("YARN", "yarn.nodemanager.resource.memory-mb", "int", -1, "Memory for containers; -1 means: find out"),
        Setting("YARN", "yarn.nodemanager.resource.cpu-vcores", "int", -1, "Cores for containers; -1 means: find out"),
        Setting("YARN", "yarn.nodemanager.vmem-check-enabled", "bool", True, "Ends containers that take too much"),
        _heap("YARN", "ResourceManager"), _heap("YARN", "NodeManager"),
        Setting("MapReduce", "mapreduce.map.memory.mb", "int", 1024, "Memory of a map task, in MB"),
        Setting("MapReduce", "mapreduce.reduce.memory.mb", "int", 1024, "Memory of a reduce task, in MB"),
        Setting("MapReduce", "mapreduce.task.io.sort.mb", "int", 100, "Memory to sort in, in MB"),
        Setting("MapReduce", "mapred.child.java.opts", "string", "-Xmx200m", "Options for the Java machines of tasks"),
        _heap("MapReduce", "JobHistoryServer"),
        Setting("JobFlow", "oozie.service.CallableQueueService.threads", "int", 10, "Threads that run workflows"),
        Setting("JobFlow", "oozie.service.WorkflowAppService.system.libpath", "string", "/user/${user.name}/share/lib",
                "Where the libraries lie that all workflows share"),
        _heap("JobFlow", "Oozie"),
        Setting("Hive", "hive.exec.parallel", "bool", False, "Runs stages that need not wait for each other at once"),
        Setting("Hive", "hive.exec.reducers.max", "int", 1009, "How many reducers a query may have"),
        Setting("Hive", "hive.server2.thrift.port", "int", 10000, "The port that clients connect to"),
        _cluster("Spark", "Spark home", "string", "/opt/spark", "Where Spark is on the instances"),
        _cluster("Spark", "Executor extra classpath", "string", "", "Where executors look for further classes"),
        _cluster("ZooKeeper", "tickTime", "int", 2000, "Milliseconds that one tick lasts"),
        _cluster("ZooKeeper", "initLimit", "int", 10, "Ticks that followers may take to join"),
        _cluster("ZooKeeper", "syncLimit", "int", 5, "Ticks that followers may be behind"),
    ),
    "spark": (
        _SWIFT,
        _STARTUP,
        _cluster(GENERAL, "Decommissioning Timeout", "int", 86400, "Seconds to empty a node before it goes"),
        *_HDFS,
        _cluster("HDFS", "dfs.block.size", "int", 67108864, "Bytes of a block of a new file"),
        _heap("HDFS", "Name Node"), _heap("HDFS", "Data Node"),
        _cluster("Spark", "Master webui port", "string", "8080", "Where the master shows its pages"),
        _cluster("Spark", "Worker webui port", "string", "8081", "Where each worker shows its pages"),
        _cluster("Spark", "Worker memory", "string", "all", "What a worker may take: all, or 1000m, or 2g"),
        _cluster("Spark", "Worker cores", "string", "all", "How many cores a worker may take"),
        _cluster("Spark", "Spark home", "string", "/opt/spark", "Where Spark is on the instances"),
        _cluster("Spark", "Executor extra classpath", "string", "", "Where executors look for further classes"),
    ),
    "storm": (
        _cluster("Storm", "nimbus.childopts", "string", "-Xmx1024m", "Options for the Java machine of Nimbus"),
        _cluster("Storm", "supervisor.childopts", "string", "-Xmx256m", "Options for the Java machine of a supervisor"),
        _cluster("Storm", "worker.childopts", "string", "-Xmx768m", "Options for the Java machine of a worker"),
        _cluster("Zookeeper", "tickTime", "int", 2000, "Milliseconds that one tick lasts"),
    ),
}  # fmt: skip


def configs(plugin: Record) -> list[dict[str, Any]]:
    """The settings as the service describes them. A sample's own plugin has the general ones, and heap sizes."""
    return [_described(setting) for setting in (*_EVERYWHERE, *_settings(plugin))]


def is_known(plugin: Record, target: str, name: str) -> bool:
    """Whether a target has a setting. A property's name with its dots is believed, except of the general settings."""
    is_property = "." in name and " " not in name and target != GENERAL
    return is_property or any(
        (setting.target, setting.name) == (target, name) for setting in (*_EVERYWHERE, *_settings(plugin))
    )


def has_target(plugin: Record, target: str) -> bool:
    return target == GENERAL or any(setting.target == target for setting in _settings(plugin))


def _settings(plugin: Record) -> tuple[Setting, ...]:
    return _BY_PLUGIN.get(plugin["name"]) or tuple(_heaps(plugin))


def _heaps(plugin: Record) -> Iterator[Setting]:
    for service, processes in standard_plugins.node_processes(plugin).items():
        yield from (_heap(service, process) for process in processes)


def _described(setting: Setting) -> dict[str, Any]:
    return {
        "name": setting.name,
        "description": setting.description,
        "config_type": setting.kind,
        "config_values": None,
        "default_value": setting.default,
        "applicable_target": setting.target,
        "scope": setting.scope,
        "is_optional": setting.optional,
        "priority": 1,
    }

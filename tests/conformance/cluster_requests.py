"""Requests about templates and clusters of vanilla, spark and storm, made at random: valid ones and nearly valid ones.

compare_clusters.py sends them to two services. A body refers to what was made before by its name in braces,
such as `{cluster3}`; each service has ids of its own for it.
"""

import copy
import random
import re
from collections.abc import Callable
from typing import Any, NamedTuple

PROJECT = "9cd1314a0a31493282b6712b76a8fcda"
MISSING = "00000000-0000-4000-8000-000000000000"
IMAGES = ("aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002")
NETWORK = "d9a3bebc-f788-4b81-9a93-aa048022c1ca"

Body = dict[str, Any]


class Request(NamedTuple):
    """`makes` is the kind of what an accepted request makes, and so the beginning of its name in later requests."""

    method: str
    path: str
    body: Body | None = None
    makes: str | None = None


class Plugin(NamedTuple):
    """`masters` run once, `workers` where there is data; `settings` are some of many, by target."""

    versions: tuple[str, ...]
    masters: tuple[str, ...]
    extras: tuple[str, ...]
    workers: tuple[str, ...]
    settings: dict[str, tuple[str, ...]]


PLUGINS = {
    "vanilla": Plugin(
        ("2.7.1", "2.7.5", "2.8.2"),
        ("namenode", "resourcemanager"),
        ("secondarynamenode", "historyserver", "oozie", "hiveserver", "spark history server", "zookeeper"),
        ("datanode", "nodemanager"),
        {
            "HDFS": ("dfs.replication", "dfs.blocksize", "NameNode Heap Size", "dfs.hosts", "dfs.name.dir"),
            "YARN": ("yarn.nodemanager.resource.memory-mb", "NodeManager Heap Size", "yarn.acl.enable"),
            "MapReduce": ("mapreduce.task.io.sort.mb", "mapreduce.map.memory.mb", "mapred.child.java.opts"),
            "JobFlow": ("oozie.base.url", "Oozie Heap Size", "oozie.https.port", "oozie.nothing"),
            "Hive": ("hive.exec.parallel", "hive.exec.reducers.max", "Hive Heap Size"),
            "Hadoop": ("io.file.buffer.size", "fs.defaultFS", "fs.trash.interval"),
            "Spark": ("Spark home", "Minimum cleanup seconds", "Master port"),
            "ZooKeeper": ("tickTime", "initLimit", "dataDir"),
            "general": ("Enable Swift", "Enable MySQL", "Enable XFS", "Decommissioning Timeout", "dfs.replication"),
        },
    ),
    "spark": Plugin(
        ("2.3", "2.2", "2.1.0", "1.6.0"),
        ("namenode", "master"),
        ("secondarynamenode", "zookeeper"),
        ("datanode", "slave"),
        {
            "HDFS": ("dfs.replication", "dfs.block.size", "Name Node Heap Size", "fs.defaultFS", "fs.swift.impl"),
            "Spark": ("Master port", "Master webui port", "Worker instances", "Maximum cleanup seconds", "Spark"),
            "general": ("Enable Swift", "Decommissioning Timeout", "Enable MySQL", "URL of NTP server"),
            "YARN": ("yarn.acl.enable",),
        },
    ),
    "storm": Plugin(
        ("1.0.1", "1.1.0", "1.2"),
        ("nimbus",),
        ("zookeeper", "drpc"),
        ("supervisor",),
        {
            "general": ("Enable NTP service", "Timeout for disk preparing", "Enable Swift"),
            "Storm": ("nimbus.childopts",),
            "Zookeeper": ("tickTime",),
        },
    ),
    "fake": Plugin(
        ("0.1",),
        ("namenode", "jobtracker"),
        ("kerberos",),
        ("datanode", "tasktracker"),
        {
            "Kerberos": ("Enable Kerberos Security", "Admin principal", "Krb5 conf path", "Policy for admins"),
            "general": ("Enable XFS", "Heat Wait Condition timeout"),
            "HDFS": ("dfs.replication",),
        },
    ),
}
_WRONG = (
    None, "", 0, -1, [], {}, "none", MISSING, "namenode", ["namenode"], ["datanode", "datanode"], {"HDFS": {}},
)  # fmt: skip
_COUNTS_OF_MASTERS = (1, 1, 1, 1, 1, 1, 1, 0, 2, 3)
_COUNTS_OF_WORKERS = (1, 2, 3, 3, 3, 4)
TAGS = [tag for name, plugin in PLUGINS.items() for tag in (name, *plugin.versions)]


def _in_v2(request: Request) -> Request:
    """The same request in API v2, where what is changed is patched and the version has another name."""
    is_update = request.method == "PUT" and "/clusters/" not in request.path
    body = request.body
    if body is not None and "hadoop_version" in body:
        body = {**body, "plugin_version": body["hadoop_version"]}
        del body["hadoop_version"]
    path = request.path.replace(f"/v1.1/{PROJECT}", "/v2")
    return request._replace(method="PATCH" if is_update else request.method, path=path, body=body)


class Requests:
    """A source of requests. `names` are those of what has been made so far; whoever sends the requests adds to them."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self.names: list[str] = []

    def draw(self) -> Request:
        self._number += 1
        kinds: list[Callable[[], Request]] = [
            self._new_group_template, self._new_group_template, self._new_template, self._new_template,
            self._new_cluster, self._new_cluster, self._new_cluster, self._new_clusters,
            self._scaling, self._scaling, self._changed_template, self._changed_group_template, self._look,
            self._deletion,
        ]  # fmt: skip
        request = self._random.choice(kinds)()
        return _in_v2(request) if self._chance(0.2) and not re.search("multiple|job-types", request.path) else request

    # --- requests -----------------------------------------------------------------------------------------------------

    def _new_group_template(self) -> Request:
        name, version = self._plugin()
        body = {**self._group(name), "plugin_name": name, "hadoop_version": version}
        del body["count"]
        return Request("POST", f"/v1.1/{PROJECT}/node-group-templates", self._flawed(body), "group_template")

    def _new_template(self) -> Request:
        name, version = self._plugin()
        body = {"name": self._name("t"), "plugin_name": name, "hadoop_version": version, **self._whole(name)}
        return Request("POST", f"/v1.1/{PROJECT}/cluster-templates", self._flawed(body), "template")

    def _new_cluster(self) -> Request:
        return Request("POST", f"/v1.1/{PROJECT}/clusters", self._flawed(self._cluster()), "cluster")

    def _new_clusters(self) -> Request:
        body = self._flawed({**self._cluster(), "count": self._random.choice((0, 1, 2))})
        return Request("POST", f"/v1.1/{PROJECT}/clusters/multiple", body)

    def _scaling(self) -> Request:
        body: Body = {}
        name = self._random.choice(list(PLUGINS))
        if self._chance(0.7):
            groups = self._random.sample(("g1", "g2", "g3", "g4"), self._random.choice((1, 1, 2)))
            body["resize_node_groups"] = [{"name": group, "count": self._random.randint(0, 5)} for group in groups]
        if self._chance(0.5):
            body["add_node_groups"] = [{**self._group(name), "name": self._random.choice(("g2", "g5", "g6"))}]
        return Request("PUT", f"/v1.1/{PROJECT}/clusters/{self._made('cluster')}", body)

    def _changed_template(self) -> Request:
        name, version = self._plugin()
        body = {"plugin_name": name, "hadoop_version": version, **self._whole(name)}
        kept = self._random.sample(list(body), self._random.randint(1, len(body)))
        path = f"/v1.1/{PROJECT}/cluster-templates/{self._made('template')}"
        return Request("PUT", path, self._flawed({key: body[key] for key in kept}))

    def _changed_group_template(self) -> Request:
        name, version = self._plugin()
        body = {**self._group(name), "plugin_name": name, "hadoop_version": version}
        kept = self._random.sample(list(body), self._random.randint(1, 4))
        path = f"/v1.1/{PROJECT}/node-group-templates/{self._made('group_template')}"
        return Request("PUT", path, self._flawed({key: body[key] for key in kept if key not in ("count", "name")}))

    def _look(self) -> Request:
        name, version = self._plugin()
        path = self._random.choice((
            "clusters", "cluster-templates", f"clusters/{self._made('cluster')}",
            f"cluster-templates/{self._made('template')}", f"node-group-templates/{self._made('group_template')}",
            f"plugins/{name}/{version}", f"job-types?plugin={name}&version={version}",
        ))  # fmt: skip
        return Request("GET", f"/v1.1/{PROJECT}/{path}")

    def _deletion(self) -> Request:
        kind, path = self._random.choice(
            (("template", "cluster-templates"), ("group_template", "node-group-templates"))
        )
        return Request("DELETE", f"/v1.1/{PROJECT}/{path}/{self._made(kind)}")

    # --- bodies -------------------------------------------------------------------------------------------------------

    def _cluster(self) -> Body:
        name, version = self._plugin()
        body: Body = {"name": self._name("c"), "plugin_name": name, "hadoop_version": version}
        body |= {"default_image_id": IMAGES[self._chance(0.1)], "neutron_management_network": NETWORK}
        if self._chance(0.3):
            body["cluster_template_id"] = self._made("template")
        if "cluster_template_id" not in body or self._chance(0.2):
            body |= self._whole(name)
        return body

    def _whole(self, name: str) -> Body:
        """The groups and settings that a cluster and its template have in common."""
        plugin, body = PLUGINS[name], {"node_groups": self._groups(name)}
        if self._chance(0.5):
            body["cluster_configs"] = self._configs(name)
        if self._chance(0.5):
            body["use_autoconfig"] = self._chance(0.3)
        if self._chance(0.1):
            body |= {"description": "a cluster", "domain_name": "example.org."}
        if self._chance(0.2):
            body["anti_affinity"] = [self._random.choice((*plugin.workers, *plugin.extras))]
        return body

    def _groups(self, name: str) -> list[Body]:
        """Groups of a sound cluster, more or less: its masters, some of what may be there besides, and workers."""
        plugin = PLUGINS[name]
        size = min(self._random.choice((0, 0, 1, 1, 2, 9)), len(plugin.extras))
        extras = self._random.sample(plugin.extras, size)
        processes = [list(plugin.masters), extras, list(plugin.workers)]
        if self._chance(0.3):
            processes.append([self._random.choice(plugin.workers)])
        groups = [
            {**self._group(name), "name": f"g{number}", "node_processes": these, "count": self._count(number)}
            for number, these in enumerate(processes, 1)
            if these
        ]
        for group in groups:
            self._may_come_from_template(group)
        return groups

    def _count(self, number: int) -> int:
        return self._random.choice(_COUNTS_OF_WORKERS if number > 2 else _COUNTS_OF_MASTERS)

    def _group(self, name: str) -> Body:
        plugin = PLUGINS[name]
        every = [*plugin.masters, *plugin.workers, *plugin.extras]
        processes = self._random.choice((plugin.workers, plugin.masters, self._random.sample(every, 2)))
        group: Body = {"name": self._name("g"), "flavor_id": self._random.choice(("2", "3", 4))}
        group |= {"count": self._random.randint(0, 4), "node_processes": list(processes)}
        if self._chance(0.3):
            group["node_configs"] = self._configs(name)
        if self._chance(0.2):
            group["use_autoconfig"] = self._chance(0.3)
        if self._chance(0.1):
            group["auto_security_group"] = True
        if self._chance(0.1):
            group |= {"volumes_per_node": self._random.randint(0, 2), "volumes_size": self._random.choice((1, 10))}
        return group

    def _may_come_from_template(self, group: Body) -> None:
        if self._chance(0.15):
            group["node_group_template_id"] = self._made("group_template")
            for key in self._random.sample(("flavor_id", "node_processes"), self._random.randint(0, 2)):
                del group[key]

    def _configs(self, name: str) -> Body:
        """Settings of a plugin, rarely of another one: most exist, and some are just not there."""
        settings = PLUGINS[name if self._chance(0.93) else self._random.choice(list(PLUGINS))].settings
        targets = self._random.sample(list(settings), self._random.choice((1, 1, 2)) if len(settings) > 1 else 1)
        configs: Body = {target: {self._random.choice(settings[target]): self._value()} for target in targets}
        if self._chance(0.5) and "HDFS" in settings:
            configs.setdefault("HDFS", {})["dfs.replication"] = self._random.choice((1, 1, 2, 2, 3, 3, 4))
        return configs

    def _value(self) -> Any:
        return self._random.choice((1, 2, 1024, "text", "8080", True, False))

    # --- draws --------------------------------------------------------------------------------------------------------

    def _flawed(self, body: Body) -> Body:
        """The body, or one with a single fault in it or in one of its groups."""
        body = copy.deepcopy(body)
        if self._chance(0.8) or not body:
            return body
        groups = [group for group in body.get("node_groups") or [] if isinstance(group, dict)]
        place = self._random.choice([body, *groups])
        key = self._random.choice(list(place))
        if self._chance(0.3):
            del place[key]
        else:
            place[key] = self._random.choice(_WRONG)
        return body

    def _plugin(self) -> tuple[str, str]:
        name = self._random.choice(("vanilla", "vanilla", "vanilla", "spark", "spark", "spark", "storm", "fake"))
        of = name if self._chance(0.98) else self._random.choice(list(PLUGINS))
        return name, self._random.choice(PLUGINS[of].versions)

    def _made(self, kind: str) -> str:
        """The name of something made before, or an id of nothing."""
        made = [name for name in self.names if name.rstrip("0123456789") == kind]
        return f"{{{self._random.choice(made[-4:])}}}" if made and self._chance(0.95) else MISSING

    def _name(self, letter: str) -> str:
        return f"{letter}{self._number}" if self._chance(0.95) else f"{letter}1"

    def _chance(self, probability: float) -> bool:
        return self._random.random() < probability

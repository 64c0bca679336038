"""Templates of clusters and of their node groups: there are none yet, but clients may look."""

from typing import Any

from jobsmock.sahara import records
from jobsmock.sahara.records import Kind, Query
from jobsmock.world.world import World

_COMMON = (
    "created_at", "updated_at", "id", "tenant_id", "name", "description", "plugin_name", "hadoop_version", "is_public",
    "is_protected",
)  # fmt: skip
_SORTABLE = ("id", "name", "plugin_name", "hadoop_version", "created_at", "updated_at")

NODE_GROUP = Kind("node_group_templates", "NodeGroupTemplate", _COMMON, _SORTABLE)
CLUSTER = Kind("cluster_templates", "ClusterTemplate", _COMMON, _SORTABLE)


def index_node_group(world: World, project: str, query: Query) -> dict[str, Any]:
    return records.listed(world, NODE_GROUP, project, query, "node_group_templates")


def show_node_group(world: World, project: str, id: str) -> dict[str, Any]:
    return {"node_group_template": records.shown(NODE_GROUP, records.found(world, NODE_GROUP, project, id))}


def index_cluster(world: World, project: str, query: Query) -> dict[str, Any]:
    return records.listed(world, CLUSTER, project, query, "cluster_templates")


def show_cluster(world: World, project: str, id: str) -> dict[str, Any]:
    return {"cluster_template": records.shown(CLUSTER, records.found(world, CLUSTER, project, id))}

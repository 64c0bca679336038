"""Cluster templates: the node groups and settings of clusters to create."""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import images, node_groups, plugins, termination
from jobsmock.sahara.clusters.cluster_lifecycle import TABLE as CLUSTERS
from jobsmock.sahara.clusters.node_group_schemas import SampleNodeGroup, Share, node_group_field
from jobsmock.sahara.errors import InvalidReference, UpdateFailed
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import Array, Body, Configs, Flag, Object, Text, hostname_field, id_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World


class SampleClusterTemplate(SampleRecord):
    class Meta:
        unknown = "include"

    name = hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    node_groups = Array(Object(SampleNodeGroup))


KIND = ResourceType(
    table="cluster_templates",
    label="ClusterTemplate",
    columns=(
        "created_at", "updated_at", "id", "name", "description", "cluster_configs", "default_image_id",
        "anti_affinity", "tenant_id", "neutron_management_network", "plugin_name", "hadoop_version", "is_default",
        "use_autoconfig", "shares", "is_public", "is_protected", "domain_name", "node_groups",
    ),
    searchable=("name", "description", "plugin_name", "tenant_id"),
    sortable=("id", "name", "plugin_name", "hadoop_version", "created_at", "updated_at"),
    sample=SampleClusterTemplate(),
)  # fmt: skip

DEFAULTS: dict[str, Any] = {"cluster_configs": {}, "anti_affinity": [], "is_default": False, "use_autoconfig": True}

_LEFT_OUT = ("created_at", "updated_at", "id", "tenant_id", "is_default")
_PLACES = ("default_image_id", "node_groups")  # they mean something in one cloud only


class ClusterTemplateUpdate(Body):
    name = hostname_field()
    plugin_name = Text()
    hadoop_version = Text()
    default_image_id = id_field(null=True)
    cluster_configs = Configs(null=True)
    node_groups = Array(node_group_field(), null=True)
    anti_affinity = Array(Text(), null=True)
    description = Text(null=True)
    neutron_management_network = id_field(null=True)
    shares = Array(Object(Share))
    use_autoconfig = Flag(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    domain_name = Text(null=True)


class ClusterTemplateCreate(ClusterTemplateUpdate):
    name = hostname_field(required=True)
    plugin_name = Text(required=True)
    hadoop_version = Text(required=True)


_CREATE, _UPDATE = ClusterTemplateCreate(), ClusterTemplateUpdate()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, KIND, project, query, "cluster_templates")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return _render_response(resources.get_or_404(world, KIND, project, id))


def export(world: World, project: str, id: str) -> dict[str, Any]:
    """The template for another cloud, with placeholders for names that differ there."""
    return {
        "cluster_template": resources.render_export(
            KIND, resources.get_or_404(world, KIND, project, id), _LEFT_OUT, _PLACES
        )
    }


def create(world: World, project: str, body: Any) -> dict[str, Any]:
    values = validate(_CREATE, body)
    resources.check_name_is_free(world, KIND, project, values["name"], "Cluster template")
    plugin = plugins.get_named(world, project, values["plugin_name"], values["hadoop_version"])
    _check_image(world, plugin, values)
    node_groups.check_all(world, project, plugin, values)
    node_groups.check_processes(plugin, values.get("anti_affinity") or [])
    node_groups.check_shares(values.get("shares") or [])
    made = [node_groups.create_node_group(world, project, group) for group in values.get("node_groups") or []]
    filled = {**DEFAULTS, **node_groups.clean_values(values), "node_groups": made}
    return _render_response(resources.save_record(world, KIND, resources.new_record(world, KIND, project, **filled)))


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    """New groups are checked against the plugin only if the body names it; otherwise when a cluster is created."""
    termination.delete_gone(world, project)
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(_UPDATE, body)
    plugin = plugins.get_renamed(world, project, record, values)
    if values.get("plugin_name"):
        node_groups.check_all(world, project, plugin, values)
    _check_image(world, plugin, values)
    node_groups.check_processes(plugin, values.get("anti_affinity") or [])
    node_groups.check_shares(values.get("shares") or [])
    groups = record["node_groups"]
    if "node_groups" in values:  # which even a protected template lets through, beside a flag
        groups = [node_groups.create_node_group(world, project, group) for group in values.pop("node_groups") or []]
    resources.check_may_update(KIND, record, project, values)
    if any(_iterate_clusters(world, record)):
        raise UpdateFailed(f"Cluster Template id '{id}' can not be updated. It is referenced by at least one cluster.")
    becomes = resources.update_record(world, KIND, record, values)
    return _render_response(_save_groups(world, becomes, groups))


def delete(world: World, project: str, id: str) -> None:
    termination.delete_gone(world, project)
    record = resources.get_or_404(world, KIND, project, id)
    if names := _list_cluster_names(world, project, record):
        raise InvalidReference(f"Cluster template {id} in use by {', '.join(names)}")
    resources.check_may_delete(KIND, record, project)
    resources.delete_record(world, KIND, record)
    for cluster in _iterate_clusters(world, record):  # of others, who keep them to themselves
        world.tables[CLUSTERS].save({**cluster, "cluster_template_id": None})


def update_groups_of(world: World, project: str, id: str, was: Record, becomes: Record) -> None:
    """Change the groups that came from a node group template, in what they have from it."""
    record = resources.get_or_404(world, KIND, project, id)
    groups = [
        node_groups.follow_template(group, was, becomes) if group["node_group_template_id"] == was["id"] else group
        for group in record["node_groups"]
    ]
    _save_groups(world, record, groups)


def _list_cluster_names(world: World, project: str, record: Record) -> list[str]:
    """The names of clusters that were created from a template, in the order of their ids."""
    made = world.tables[CLUSTERS].list_page(project, keep=lambda cluster: _is_made_of(cluster, record))
    return [str(cluster["name"]) for cluster in made.records]


def complete(world: World, plugin: Record, record: Record) -> Record:
    """A template of a sample with its defaults. ServiceError if it does not fit its plugin."""
    groups = record.get("node_groups", [])
    for group in groups:
        if "id" not in group:  # else it is from a snapshot, and was accepted once
            node_groups.check(world, record["tenant_id"] or "", plugin, group)
    return {**DEFAULTS, **record, "node_groups": [node_groups.complete(world, record, group) for group in groups]}


# --- inside ---------------------------------------------------------------------------------------------------------


def _check_image(world: World, plugin: Record, values: dict[str, Any]) -> None:
    if values.get("default_image_id"):
        images.check_is_fit(world, values["default_image_id"], plugin)


def _save_groups(world: World, record: Record, groups: list[Record]) -> Record:
    """Save a template with other groups. Groups have times of their own, so its `updated_at` stays."""
    if groups == record["node_groups"]:
        return record
    return resources.save_record(world, KIND, {**record, "node_groups": groups, "replay": False})


def _iterate_clusters(world: World, record: Record) -> list[Record]:
    return [
        cluster
        for cluster in resources.iterate_referring(world, KIND, record, CLUSTERS)
        if _is_made_of(cluster, record)
    ]


def _is_made_of(cluster: Record, record: Record) -> bool:
    return bool(cluster.get("cluster_template_id") == record["id"])


def _render_response(record: Record) -> dict[str, Any]:
    return {"cluster_template": resources.render(KIND, record)}

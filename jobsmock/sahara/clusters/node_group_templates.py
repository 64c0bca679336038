"""Node group templates, from which cluster templates and clusters can be made."""

from collections.abc import Iterator
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import cluster_templates, images, node_groups, plugins, termination
from jobsmock.sahara.clusters.cluster_lifecycle import TABLE as CLUSTERS
from jobsmock.sahara.clusters.node_group_schemas import FlavorId, Properties
from jobsmock.sahara.clusters.node_groups import DEFAULTS
from jobsmock.sahara.clusters.node_groups import TEMPLATE as KIND
from jobsmock.sahara.errors import InvalidReference, UpdateFailed
from jobsmock.sahara.resources import Query
from jobsmock.sahara.validation import Array, Body, Flag, Text, hostname_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

_LEFT_OUT = ("created_at", "updated_at", "id", "tenant_id", "is_default")
_PLACES = ("flavor_id", "image_id", "floating_ip_pool", "security_groups")  # they mean something in one cloud only
_USERS = (cluster_templates.KIND.table, CLUSTERS)


class NodeGroupTemplateUpdate(Properties):
    first = ("name", "flavor_id", "plugin_name", "hadoop_version", "node_processes")

    name = hostname_field()
    plugin_name = Text()
    hadoop_version = Text()


class NodeGroupTemplateCreate(NodeGroupTemplateUpdate):
    name = hostname_field(required=True)
    flavor_id = FlavorId(required=True)
    plugin_name = Text(required=True)
    hadoop_version = Text(required=True)
    node_processes = Array(Text(), shortest=1, required=True)


class BootVolume(Body):
    """What API v2 has in addition: the volume that instances boot from."""

    last_in_v2 = (
        "boot_from_volume",
        "boot_volume_type",
        "boot_volume_availability_zone",
        "boot_volume_local_to_instance",
    )

    boot_from_volume = Flag()
    boot_volume_type = Text()
    boot_volume_availability_zone = Text()
    boot_volume_local_to_instance = Flag()


class NodeGroupTemplateUpdateV2(BootVolume, NodeGroupTemplateUpdate):
    pass


class NodeGroupTemplateCreateV2(BootVolume, NodeGroupTemplateCreate):
    pass


_CREATE, _UPDATE, _CREATE_BOOTING, _UPDATE_BOOTING = (
    NodeGroupTemplateCreate(),
    NodeGroupTemplateUpdate(),
    NodeGroupTemplateCreateV2(),
    NodeGroupTemplateUpdateV2(),
)


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, KIND, project, query, "node_group_templates")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"node_group_template": resources.render(KIND, resources.get_or_404(world, KIND, project, id))}


def export(world: World, project: str, id: str) -> dict[str, Any]:
    """The template for another cloud, with placeholders for names that differ there."""
    return {
        "node_group_template": resources.render_export(
            KIND, resources.get_or_404(world, KIND, project, id), _LEFT_OUT, _PLACES
        )
    }


def create(world: World, project: str, body: Any, schema: Body = _CREATE) -> dict[str, Any]:
    values = validate(schema, body)
    resources.check_name_is_free(world, KIND, project, values["name"], "NodeGroup template")
    plugin = plugins.get_named(world, project, values["plugin_name"], values["hadoop_version"])
    node_groups.check_properties(world, plugin, values)
    _check_image(world, plugin, values)
    node_groups.check_shares(values.get("shares") or [])
    filled = {**DEFAULTS, "is_default": False, **node_groups.clean_values(values)}
    record = resources.save_record(world, KIND, resources.new_record(world, KIND, project, **filled))
    return {"node_group_template": {**resources.render_created(KIND, record), "flavor_id": values["flavor_id"]}}


def create_v2(world: World, project: str, body: Any) -> dict[str, Any]:
    """As in API v2."""
    return create(world, project, body, _CREATE_BOOTING)


def update(world: World, project: str, id: str, body: Any, schema: Body = _UPDATE) -> dict[str, Any]:
    termination.delete_gone(world, project)
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(schema, body)
    plugin = plugins.get_renamed(world, project, record, values)
    _check_image(world, plugin, values)
    node_groups.check_properties(world, plugin, values)
    node_groups.check_shares(values.get("shares") or [])
    resources.check_may_update(KIND, record, project, values)
    _check_is_unused(world, record)
    changes = {**values, **node_groups.normalize_flavor(values)}
    was = record if changes == values else {**record, "flavor_id": None}  # to the service, 2 is a change of "2"
    becomes = resources.update_record(world, KIND, was, changes)
    for template in _iterate_cluster_templates(world, record):
        if template["tenant_id"] in (None, project):
            cluster_templates.update_groups_of(world, project, template["id"], record, becomes)
    return {"node_group_template": {**resources.render(KIND, becomes), **values}}


def update_v2(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    """As in API v2."""
    return update(world, project, id, body, _UPDATE_BOOTING)


def delete(world: World, project: str, id: str) -> None:
    termination.delete_gone(world, project)
    record = resources.get_or_404(world, KIND, project, id)
    templates, clusters = (
        [
            user["name"]
            for user in world.tables[table].list_page(project, keep=lambda user: _is_using(user, record)).records
        ]
        for table in _USERS
    )
    if templates or clusters:
        where = f"cluster templates: {', '.join(templates) or 'N/A'}; and clusters: {', '.join(clusters) or 'N/A'}"
        raise InvalidReference(f"Node group template {id} is in use by {where}")
    resources.check_may_delete(KIND, record, project)
    resources.delete_record(world, KIND, record)
    for table in _USERS:  # what others made of a public one, and keep to themselves, forgets where it came from
        for user in list(_iterate_users(world, record, table)):
            world.tables[table].save(_remove_reference(user, record))


def complete(world: World, plugin: Record, record: Record) -> Record:
    """A template of a sample with its defaults. ServiceError if it does not fit its plugin."""
    if "is_default" not in record:  # else it is from a snapshot, and was accepted once
        node_groups.check_properties(world, plugin, record)
    return {"flavor_id": "2", **DEFAULTS, "is_default": False, **record}


# --- checks ---------------------------------------------------------------------------------------------------------


def _check_image(world: World, plugin: Record, values: dict[str, Any]) -> None:
    if values.get("image_id"):
        images.check_is_fit(world, values["image_id"], plugin)


def _check_is_unused(world: World, record: Record) -> None:
    """Check that no cluster uses the template, as clusters keep to their templates."""
    templates = {template["id"] for template in _iterate_cluster_templates(world, record)}
    for cluster in resources.iterate_referring(world, KIND, record, CLUSTERS):
        if cluster.get("cluster_template_id") in templates:
            message = (
                f"NodeGroupTemplate id '{record['id']}' can not be updated. It is referenced by an existing cluster."
            )
            raise UpdateFailed(message)


def _iterate_cluster_templates(world: World, record: Record) -> list[Record]:
    return list(_iterate_users(world, record, cluster_templates.KIND.table))


def _iterate_users(world: World, record: Record, table: str) -> Iterator[Record]:
    """The cluster templates, or the clusters, with a group that came from the template."""
    return (user for user in resources.iterate_referring(world, KIND, record, table) if _is_using(user, record))


def _is_using(user: Record, record: Record) -> bool:
    return any(group.get("node_group_template_id") == record["id"] for group in user["node_groups"])


def _remove_reference(user: Record, record: Record) -> Record:
    groups = [
        {**group, "node_group_template_id": None} if group.get("node_group_template_id") == record["id"] else group
        for group in user["node_groups"]
    ]
    return {**user, "node_groups": groups}

"""Whether a cluster can be created or scaled as requested, checked in the order of the service."""

from collections.abc import Iterable, Mapping
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import cluster_lifecycle, images, node_groups, plugins
from jobsmock.sahara.clusters.cluster_templates import KIND as TEMPLATES
from jobsmock.sahara.errors import InvalidData, InvalidReference, ServiceError
from jobsmock.world.store import Record
from jobsmock.world.world import World

_LONGEST_HOST_NAME = 64


def check_create(world: World, project: str, values: Mapping[str, Any]) -> Record:
    """Check the body of a new cluster, and return its template, or an empty dict if it has none."""
    plugin = plugins.get_named(world, project, values["plugin_name"], values["hadoop_version"])
    plugins.check_is_enabled(world, project, values["plugin_name"], values["hadoop_version"])
    template = _get_template(world, project, values.get("cluster_template_id"))
    if not values.get("node_groups"):
        _check_groups_of_template(world, project, plugin, values["name"], template)
    image = _check_given("default_image_id", values, template)
    images.check_is_fit(world, image, plugin)
    node_groups.check_all(world, project, plugin, values)
    node_groups.check_processes(plugin, values.get("anti_affinity") or [])
    _check_host_names(values["name"], values.get("node_groups") or [])
    _check_given("neutron_management_network", values, template)
    return template


def check_scale(
    world: World,
    project: str,
    record: Record,
    resized: Iterable[Mapping[str, Any]],
    added: Iterable[Mapping[str, Any]],
) -> None:
    status = cluster_lifecycle.get_status(world, record)
    if status != "Active":
        raise InvalidReference(f"Cluster cannot be scaled not in 'Active' status. Cluster status: {status}")
    plugin = plugins.get_named(world, project, record["plugin_name"], record["hadoop_version"])
    names = {group["name"] for group in record["node_groups"]}
    node_groups.check_names(resized)
    for group in resized:
        if group["name"] not in names:
            raise InvalidReference(f"Cluster doesn't contain node group with name '{group['name']}'")
    node_groups.check_names(added)
    for group in added:
        if group["name"] in names:
            raise InvalidReference(
                f"Can't add new nodegroup. Cluster already has nodegroup with name '{group['name']}'"
            )
        node_groups.check(world, project, plugin, group)
    _check_host_names(record["name"], [*resized, *added])


def check_leaving(seen: Record, resized: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of instances to remove, given by their ids or their servers'. There may be as many as are removed."""
    there = {group["name"]: group["instances"] for group in seen["node_groups"]}
    leaving: list[str] = []
    for group in resized:
        ids = {instance[key]: instance["id"] for instance in there[group["name"]] for key in ("id", "instance_id")}
        if strange := [id for id in group.get("instances", ()) if id not in ids]:
            raise InvalidReference(f"Node group '{group['name']}' doesn't contain instances {strange}")
        named = list(dict.fromkeys(ids[id] for id in group.get("instances", ())))
        if len(named) > max(len(there[group["name"]]) - group["count"], 0):
            raise InvalidData(f"Node group '{group['name']}' with {group['count']} instances can't lose {len(named)}")
        leaving += named
    return leaving


def _get_template(world: World, project: str, id: str | None) -> Record:
    if id is None:
        return {}
    template = resources.table_of(world, TEMPLATES).get(project, id)
    if template is None:
        raise ServiceError(f"Cluster template with id '{id}' not found", "NOT_FOUND")
    return template


def _check_groups_of_template(
    world: World, project: str, plugin: Record, name: str, template: Mapping[str, Any]
) -> None:
    """Check the groups from a template. The service finds too late that two of them share a name."""
    groups = template.get("node_groups", [])
    for group in groups:
        node_groups.check(world, project, plugin, group)
    _check_host_names(name, groups)


def _check_given(key: str, values: Mapping[str, Any], template: Record) -> str:
    found = values.get(key) or template.get(key)
    if not found:
        raise ServiceError(f"'{key}' field is not found", "NOT_FOUND")
    return str(found)


def _check_host_names(cluster: str, groups: Iterable[Mapping[str, Any]]) -> None:
    for group in groups:
        longest = f"{cluster}-{group['name']}-{group['count']:03d}.novalocal"
        if len(longest) > _LONGEST_HOST_NAME:
            raise InvalidData(
                f"Composite hostname {longest} in provisioned cluster exceeds maximum limit"
                f" {_LONGEST_HOST_NAME} characters"
            )

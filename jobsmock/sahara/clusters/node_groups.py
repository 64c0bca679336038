"""Node groups, of which cluster templates and clusters consist: their checks and their records."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import images, plugin_configs, standard_plugins
from jobsmock.sahara.clusters.node_group_schemas import SampleNodeGroupTemplate
from jobsmock.sahara.errors import InvalidData, InvalidReference, ServiceError
from jobsmock.sahara.resources import ResourceType
from jobsmock.world.clock import format_time
from jobsmock.world.store import Record
from jobsmock.world.world import World

DEFAULTS: dict[str, Any] = {
    "node_configs": {},
    "volumes_per_node": 0,
    "volumes_size": 0,
    "volumes_availability_zone": None,
    "volume_mount_prefix": "/volumes/disk",
    "volume_type": None,
    "boot_from_volume": False,
    "boot_volume_type": None,
    "boot_volume_availability_zone": None,
    "boot_volume_local_to_instance": False,
    "floating_ip_pool": None,
    "security_groups": None,
    "auto_security_group": False,
    "availability_zone": None,
    "is_proxy_gateway": False,
    "volume_local_to_instance": False,
    "use_autoconfig": True,
}

# What a group takes over from its template.
_TAKEN = ("flavor_id", "image_id", "node_processes", "shares", *DEFAULTS)

COLUMNS = (
    "created_at", "updated_at", "id", "name", "flavor_id", "image_id", "node_processes", "node_configs",
    "volumes_per_node", "volumes_size", "volumes_availability_zone", "volume_mount_prefix", "volume_type",
    "boot_from_volume", "boot_volume_type", "boot_volume_availability_zone", "boot_volume_local_to_instance", "count",
    "use_autoconfig", "node_group_template_id", "floating_ip_pool", "security_groups", "auto_security_group",
    "availability_zone", "is_proxy_gateway", "volume_local_to_instance", "shares",
)  # fmt: skip


TEMPLATE = ResourceType(
    table="node_group_templates",
    label="NodeGroupTemplate",
    columns=(
        "created_at", "updated_at", "id", "name", "description", "tenant_id", "flavor_id", "image_id", "plugin_name",
        "hadoop_version", "node_processes", "node_configs", "volumes_per_node", "volumes_size",
        "volumes_availability_zone", "volume_mount_prefix", "volume_type", "boot_from_volume", "boot_volume_type",
        "boot_volume_availability_zone", "boot_volume_local_to_instance", "floating_ip_pool", "security_groups",
        "auto_security_group", "availability_zone", "is_proxy_gateway", "volume_local_to_instance", "is_default",
        "use_autoconfig", "shares", "is_public", "is_protected",
    ),
    sortable=("id", "name", "plugin_name", "hadoop_version", "created_at", "updated_at"),
    searchable=("name", "description", "plugin_name", "tenant_id"),
    sample=SampleNodeGroupTemplate(),
)  # fmt: skip


# --- checks ---------------------------------------------------------------------------------------------------------


def check_names(groups: Iterable[Mapping[str, Any]]) -> None:
    if twice := _find_duplicate(group["name"] for group in groups):
        raise InvalidData(f"Duplicates in node group names are detected: {twice}")


def check_all(world: World, project: str, plugin: Record, values: Mapping[str, Any]) -> None:
    """Check the settings of a cluster or cluster template, and its groups, whose names must differ."""
    groups = values.get("node_groups") or []
    check_configs(plugin, values.get("cluster_configs") or {})
    check_names(groups)
    for group in groups:
        check(world, project, plugin, group)


def check(world: World, project: str, plugin: Record, group: Mapping[str, Any]) -> None:
    """Check a group, and the template it may come from, against the plugin and version of its cluster."""
    if template_id := group.get("node_group_template_id"):
        check_properties(world, plugin, get_template(world, project, template_id))
    check_properties(world, plugin, group)


def check_properties(world: World, plugin: Record, values: Mapping[str, Any]) -> None:
    """Check what a group, or a template of one, has in its body."""
    check_configs(plugin, values.get("node_configs") or {})
    check_processes(plugin, values.get("node_processes") or [])
    if values.get("image_id"):
        images.check_is_registered(world, values["image_id"])
    if values.get("volumes_per_node") and not values.get("volumes_size"):
        raise InvalidReference("You must specify a volumes_size parameter")


def check_configs(plugin: Record, configs: Mapping[str, Mapping[str, Any]]) -> None:
    """Check that the plugin knows each target and each setting, for a node or for a whole cluster."""
    for target, settings in configs.items():
        if not plugin_configs.has_target(plugin, target):
            raise InvalidReference(f"Plugin doesn't contain applicable target '{target}'")
        for name in settings:
            if not plugin_configs.is_known(plugin, target, name):
                message = f"Plugin's applicable target '{target}' doesn't contain config with name '{name}'"
                raise InvalidReference(message)


def check_processes(plugin: Record, processes: list[str]) -> None:
    if twice := _find_duplicate(processes):
        raise InvalidData(f"Duplicates in node processes have been detected: {twice}")
    known = {process for service in standard_plugins.list_node_processes(plugin).values() for process in service}
    if unknown := sorted(process for process in processes if process not in known):
        raise InvalidReference(f"Plugin doesn't support the following node processes: {unknown}")


def check_shares(shares: Iterable[Mapping[str, Any]]) -> None:
    paths = [share["path"] for share in shares if share.get("path") is not None]
    if _find_duplicate(paths):
        raise InvalidData("Multiple shares cannot be mounted to the same path.")
    if not all(path.startswith("/") and "\0" not in path for path in paths):
        raise InvalidData('Paths must be absolute Linux paths starting with "/" and may not contain nulls.')


def _find_duplicate(items: Iterable[str]) -> list[str]:
    return [item for item, times in Counter(items).items() if times > 1]


# --- records --------------------------------------------------------------------------------------------------------


def get_template(world: World, project: str, id: str) -> Record:
    found = resources.table_of(world, TEMPLATE).get(project, id)
    if found is None:
        raise ServiceError(f"NodeGroup template with id '{id}' not found", "NOT_FOUND")
    return found


def create_node_group(world: World, project: str, group: Mapping[str, Any]) -> Record:
    """The record of a group: its body over the properties of its template."""
    id = group.get("node_group_template_id")
    return _apply_template(world, get_template(world, project, id) if id else {}, group)


def complete(world: World, owner: Record, group: Mapping[str, Any]) -> Record:
    """A group of a sample's cluster or cluster template with its defaults."""
    id = group.get("node_group_template_id")
    base = resources.table_of(world, TEMPLATE).get_referred(owner["tenant_id"] or "", id) if id else None
    whole = _apply_template(world, base or {"flavor_id": "2", "node_processes": []}, {"count": 1, **group})
    return {**whole, "created_at": owner["created_at"], **group}


def _apply_template(world: World, base: Mapping[str, Any], group: Mapping[str, Any]) -> Record:
    record = {
        **DEFAULTS,
        **{key: base[key] for key in _TAKEN if key in base},
        **clean_values(group),
        "id": world.new_id(),
        "created_at": format_time(world.clock.now()),
    }
    if base:
        record["node_configs"] = merge_configs(base.get("node_configs") or {}, group.get("node_configs") or {})
    return {key: record.get(key) for key in COLUMNS}


def follow_template(group: Record, was: Record, becomes: Record) -> Record:
    """The group after a change of its template: what it has from there changes, but not what it says itself."""
    news = {key: becomes.get(key) for key in _TAKEN if becomes.get(key) != was.get(key)}
    return {**group, **{key: value for key, value in news.items() if group.get(key) == was.get(key)}}


def clean_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a new group or template that are stored."""
    kept = {**values, **normalize_flavor(values)}
    if kept.get("use_autoconfig", True) is None:
        kept["use_autoconfig"] = True
    return kept


def normalize_flavor(values: Mapping[str, Any]) -> dict[str, Any]:
    """The id of a flavor as text; it may have been sent as a number."""
    return {"flavor_id": str(values["flavor_id"])} if "flavor_id" in values else {}


def merge_configs(configs: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Merge settings by target."""
    return {target: {**configs.get(target, {}), **over.get(target, {})} for target in {**configs, **over}}

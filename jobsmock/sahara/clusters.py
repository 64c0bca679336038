"""Clusters, as jobs meet them: they come from the sample; their name, description and flags can be changed."""

from typing import Any

from jobsmock.sahara import node_groups, records
from jobsmock.sahara.fields import Array, Body, Flag, Object, Text, checked, hostname
from jobsmock.sahara.records import Kind, Query
from jobsmock.world.store import Record
from jobsmock.world.world import World

KIND = Kind(
    table="clusters",
    noun="Cluster",
    columns=(
        "created_at", "updated_at", "id", "name", "description", "tenant_id", "trust_id", "is_transient",
        "plugin_name", "hadoop_version", "cluster_configs", "default_image_id", "neutron_management_network",
        "anti_affinity", "anti_affinity_ratio", "management_public_key", "user_keypair_id", "status",
        "status_description", "info", "use_autoconfig", "cluster_template_id", "shares", "is_public", "is_protected",
        "domain_name", "node_groups", "provision_progress",
    ),
    sortable=("id", "name", "plugin_name", "hadoop_version", "status"),
    filterable=("extra",),
)  # fmt: skip
_IN_REFUSALS = KIND._replace(noun="ClusterResource")  # the service's own word there

_PUBLIC_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDJb2JzbW9jayBoYXMgbm8ga2V5cywgb25seSB0aGlzIG9uZQ== jobsmock\n"

LAST_STATUSES = ("Active", "Error")
STATUSES = (
    "Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting", "Deleting",
    *LAST_STATUSES,
)  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "description": None,
    "is_transient": False,
    "cluster_configs": {},
    "anti_affinity": [],
    "anti_affinity_ratio": 1,
    "management_public_key": _PUBLIC_KEY,
    "status": "Active",
    "status_description": "",
    "info": {},
    "use_autoconfig": True,
    "node_groups": [],
    "provision_progress": [],
}


class Update(Body):
    description = Text(null=True)
    name = hostname()
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    shares = Array(Object(node_groups.Share), unique=True)


_UPDATE = Update()


def index(world: World, project: str, query: Query) -> dict[str, Any]:
    return records.listed(world, KIND, project, query, "clusters")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return _answer(records.found(world, KIND, project, id))


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = records.found(world, KIND, project, id)
    values = checked(_UPDATE, body)
    records.check_may_update(_IN_REFUSALS, record, project, values)
    return _answer(records.updated(world, KIND, record, values))


def _answer(record: Record) -> dict[str, Any]:
    return {"cluster": records.shown(KIND, record)}

"""The record of a new cluster, from a request (clusters.py) or a sample (samples/completion.py)."""

from functools import partial
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import autoconfig, cluster_lifecycle, cluster_plans, instances, node_groups, topologies
from jobsmock.sahara.clusters.cluster_lifecycle import ALONG, AWAY
from jobsmock.sahara.clusters.node_group_schemas import SampleNodeGroup
from jobsmock.sahara.errors import ServiceError
from jobsmock.sahara.resources import ResourceType
from jobsmock.sahara.sample_fields import PlanField, SampleRecord
from jobsmock.sahara.validation import Array, Object, Text, hostname_field
from jobsmock.world import plan as plans
from jobsmock.world.clock import format_time
from jobsmock.world.plan import Plan
from jobsmock.world.store import Record
from jobsmock.world.world import World


class SampleCluster(SampleRecord):
    class Meta:
        unknown = "include"  # a cluster has many more keys, and a snapshot of one holds them all

    name = hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    status = Text(shortest=1)
    plan = PlanField(partial(cluster_plans.parse_cluster_plan, "create"))
    node_groups = Array(Object(SampleNodeGroup))


KIND = ResourceType(
    table=cluster_lifecycle.TABLE,
    label="Cluster",
    columns=(
        "created_at", "updated_at", "id", "name", "description", "tenant_id", "trust_id", "is_transient",
        "plugin_name", "hadoop_version", "cluster_configs", "default_image_id", "neutron_management_network",
        "anti_affinity", "anti_affinity_ratio", "management_public_key", "user_keypair_id", "status",
        "status_description", "info", "use_autoconfig", "cluster_template_id", "shares", "is_public", "is_protected",
        "domain_name", "node_groups", "provision_progress",
    ),
    sortable=("id", "name", "plugin_name", "hadoop_version", "status"),
    searchable=("name", "description", "plugin_name", "tenant_id"),
    filterable=("extra",),
    sample=SampleCluster(),
)  # fmt: skip
_PUBLIC_KEY = "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAQQDJb2JzbW9jayBoYXMgbm8ga2V5cywgb25seSB0aGlzIG9uZQ== jobsmock\n"

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


def create_cluster(world: World, project: str, wanted: dict[str, Any], plan: Plan) -> Record:
    """Insert a cluster that starts now. One that its plugin does not accept is inserted in Error."""
    record = resources.new_record(world, KIND, project, **{**DEFAULTS, **wanted})
    record["host_name"] = record["name"]
    record["updated_at"] = record["created_at"]
    record["node_groups"] = [_make_group(world, project, group) for group in wanted.get("node_groups") or []]
    record = autoconfig.set_replication(record)
    record["node_groups"] = [autoconfig.set_memory(world, record, group) for group in record["node_groups"]]
    begins = start_creation(world, record, plan, world.clock.now())
    try:
        topologies.check_topology(record)
    except ServiceError as error:
        resources.save_record(
            world, KIND, {**record, "status": "Error", "status_description": describe_error(world, error)}
        )
        raise
    return resources.save_record(world, KIND, begins)


def describe_error(world: World, error: ServiceError) -> str:
    """What a cluster says about an error: the same as the response, with the same id."""
    error.error_id = world.new_request_id()
    return f"{error.message}\nError ID: {error.error_id}"


def start_creation(world: World, record: Record, plan: Plan, began: float) -> Record:
    """The cluster with a run that began at a time."""
    counts = {group["id"]: group["count"] for group in record["node_groups"]}
    course = plans.draw_schedule(plan, world.random)
    run = cluster_lifecycle.make_run("create", course, began, counts, dict.fromkeys(counts, 0))
    groups = [{**group, "instances": []} for group in record["node_groups"]]
    record = {**record, "status": "Validating", "run": run, "moves": ALONG, "node_groups": groups}
    if record["is_transient"]:
        record["parting"] = plans.draw_schedule(cluster_plans.default_plan(world, "delete"), world.random)
        record["moves"] = AWAY
    return record


def complete_standing(world: World, record: Record) -> Record:
    """A cluster of a sample that keeps its status, with instances unless the sample names them."""
    has_instances = record["status"] not in ("Validating", "InfraUpdating")
    groups = [
        {"instances": instances.make_standing_instances(record, place, group) if has_instances else [], **group}
        for place, group in enumerate(record["node_groups"])
    ]
    if record["is_transient"] and "parting" not in record:
        record = {**record, "parting": plans.draw_schedule(cluster_plans.default_plan(world, "delete"), world.random)}
    return {**record, "node_groups": groups}


def _make_group(world: World, project: str, group: dict[str, Any]) -> Record:
    """A group from a body, or from the cluster template, where it has an id."""
    if "id" in group:
        group = {**group, "id": world.new_id(), "created_at": format_time(world.clock.now()), "updated_at": None}
    else:
        group = node_groups.create_node_group(world, project, group)
    return {**with_open_ports(group), "instances": []}


def with_open_ports(group: Record) -> Record:
    """A new group. If it has a security group of its own, the service stores its open ports, which is an update."""
    return {**group, "updated_at": group["created_at"]} if group.get("auto_security_group") else group

"""Clusters: created, scaled, verified, changed and deleted. cluster_lifecycle.py computes their status."""

import re
from collections.abc import Iterator
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import (
    autoconfig,
    checks,
    cluster_lifecycle,
    cluster_plans,
    instances,
    node_groups,
    plugins,
    termination,
    topologies,
    verifications,
)
from jobsmock.sahara.clusters.cluster_templates import ClusterTemplateCreate
from jobsmock.sahara.clusters.creation import KIND, create_cluster, describe_error, with_open_ports
from jobsmock.sahara.clusters.node_group_schemas import Share, node_group_field
from jobsmock.sahara.errors import InvalidBody, ServiceError
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.validation import Array, Body, Flag, Integer, Object, Text, hostname_field, id_field, validate
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.store import Record
from jobsmock.world.world import World

_IN_REFUSALS = KIND._replace(label="ClusterResource")  # the service's own word there

_KEYPAIR = re.compile(r"[a-zA-Z0-9\-_ ]+$")

_MOVING = ("status", "status_description", "updated_at")  # what changes on the way, of what a filter can name

# What a cluster takes over from its template.
_TAKEN = (
    "description", "default_image_id", "anti_affinity", "neutron_management_network", "use_autoconfig", "domain_name",
    "shares", "node_groups",
)  # fmt: skip


class ClusterCreate(ClusterTemplateCreate):
    last_in_v2 = ("is_transient", "user_keypair_id", "cluster_template_id", "count")

    is_transient = Flag()
    user_keypair_id = Text(form=_KEYPAIR.match, form_name="valid_keypair_name")
    cluster_template_id = id_field()


class ClusterCreateMultiple(ClusterCreate):
    count = Integer(required=True)


class ClusterUpdate(Body):
    description = Text(null=True)
    name = hostname_field()
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    verification = Object(verifications.VerificationStart)
    shares = Array(Object(Share), unique=True)


class NodeGroupResize(Body):
    name = Text(required=True)
    count = Integer(least=0, required=True)


class ClusterScale(Body):
    resize_node_groups = Array(Object(NodeGroupResize), shortest=1)
    add_node_groups = Array(node_group_field(), null=True)


_CREATE, _CREATE_MULTIPLE, _UPDATE, _SCALE = ClusterCreate(), ClusterCreateMultiple(), ClusterUpdate(), ClusterScale()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query, kind: ResourceType = KIND) -> dict[str, Any]:
    termination.delete_gone(world, project)
    if query.keys() - {"limit", "marker"}:
        termination.update_statuses(world, project)
    answer = resources.list_page(
        world, kind, project, query, "clusters",
        view=lambda record: _render(cluster_lifecycle.poll(world, record)),
        fact=lambda record, key: _find_filter_value(world, record, key),
    )  # fmt: skip
    return {**answer, "clusters": [cluster for cluster in answer["clusters"] if not cluster_lifecycle.is_gone(cluster)]}


def _find_filter_value(world: World, record: Record, key: str) -> Any:
    """The value that a filter compares. A cluster is computed as a whole only if it is changing."""
    moves = "run" in record and key in _MOVING
    return (cluster_lifecycle.peek(world, record) if moves else record).get(key)


def show(world: World, project: str, id: str, query: Query | None = None) -> dict[str, Any]:
    """A cluster. With `show_progress`, its provisioning steps have their events."""
    events = query is not None and query.get("show_progress", [""])[0].lower() == "true"
    seen = cluster_lifecycle.poll(world, termination.get_or_404(world, project, id), events)
    return render_response(termination.get_or_404(world, project, id) if cluster_lifecycle.is_gone(seen) else seen)


def create(world: World, project: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """Start to create a cluster. `requested_plan` has the plans of the header and of a rule."""
    values = validate(_CREATE, body)
    _check_name(world, project, values["name"])
    wanted = _merge_template(world, project, values)
    return render_response(
        render_start(create_cluster(world, project, wanted, cluster_plans.choose_plan(world, "create", requested_plan)))
    )


def create_multiple(world: World, project: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """Start to create several clusters, with a number after the name. Returns their ids."""
    values = validate(_CREATE_MULTIPLE, body)
    count = values.pop("count")
    wanted = _merge_template(world, project, values, max(count, 0))
    names = [f"{values['name']}-{number}" for number in range(1, count + 1)]
    for name in names:
        _check_name(world, project, name)
    chosen = cluster_plans.choose_plan(world, "create", requested_plan)
    return {"clusters": [create_cluster(world, project, {**wanted, "name": name}, chosen)["id"] for name in names]}


def scale(
    world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan, schema: Body = _SCALE
) -> dict[str, Any]:
    """Start to resize and add node groups. The response still has the old sizes."""
    record = termination.get_or_404(world, project, id)
    values = _validate_scale(schema, body)
    plugins.check_is_enabled(world, project, record["plugin_name"], record["hadoop_version"])
    resources.check_may_update(_IN_REFUSALS, record, project, {})
    resized, added = values.get("resize_node_groups", []), values.get("add_node_groups") or []
    checks.check_scale(world, project, record, resized, added)
    leaving = checks.check_leaving(cluster_lifecycle.peek(world, record), resized)
    groups, counts = _merge_scaling(world, project, record, resized, added)
    new = {group["id"] for group in groups[len(record["node_groups"]) :]}
    chosen = cluster_plans.choose_plan(world, "scale", requested_plan)
    _check_topology(world, record, counts, groups)
    before = {group["id"]: group["count"] for group in groups}
    busy = cluster_plans.trim_to_scaling(chosen, counts, before)
    run = {**cluster_lifecycle.start_run(world, "scale", busy, counts, before), "leaving": leaving}
    configured = [autoconfig.set_memory(world, record, group) if group["id"] in new else group for group in groups]
    turned = termination.change_course(world, record, run, node_groups=configured)
    return render_response(render_start({**turned, "node_groups": groups}))


def update(world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """Change a cluster, or start to verify it; then the response has the health that was known before."""
    record = termination.get_or_404(world, project, id)
    return apply_update(world, project, record, validate(_UPDATE, body), requested_plan)


def delete(world: World, project: str, id: str, requested_plan: RequestedPlan) -> None:
    """Start to delete a cluster. One without instances is deleted at once, unless the request has a plan."""
    record = termination.get_or_404(world, project, id)
    resources.check_may_delete(_IN_REFUSALS, record, project)
    if cluster_lifecycle.get_status(world, record) == "Deleting":
        return
    chosen = cluster_plans.choose_plan(world, "delete", requested_plan)
    if requested_plan == RequestedPlan() and not any(iterate_instances(cluster_lifecycle.peek(world, record))):
        chosen = cluster_plans.parse_cluster_plan("delete", "instant")
    termination.change_course(world, record, cluster_lifecycle.start_run(world, "delete", chosen))
    termination.find(world, project, id)


# --- inside ---------------------------------------------------------------------------------------------------------


def apply_update(
    world: World, project: str, record: Record, values: dict[str, Any], requested_plan: RequestedPlan
) -> dict[str, Any]:
    if "verification" in values:
        verifications.check_status(values["verification"])
        resources.check_may_update(_IN_REFUSALS, {**record, "is_protected": False}, project, {})
        seen = cluster_lifecycle.peek(world, record)
        verifications.start(world, record, seen, len(values) > 1, requested_plan)
        return render_response(seen)
    resources.check_may_update(_IN_REFUSALS, record, project, values)
    termination.delete_gone(world, project)
    return render_response(cluster_lifecycle.peek(world, resources.update_record(world, KIND, record, values)))


def _render(seen: Record) -> dict[str, Any]:
    health = {"verification": seen["verification"]} if "verification" in seen else {}
    return {**resources.render(KIND, seen), **health}


def render_response(seen: Record) -> dict[str, Any]:
    return {"cluster": _render(seen)}


def render_start(record: Record) -> Record:
    """The response for a cluster that starts: Validating, whatever its plan."""
    return {**cluster_lifecycle.render_start(record), "status": "Validating"}


def iterate_instances(seen: Record) -> Iterator[Any]:
    return (instance for group in seen["node_groups"] for instance in group["instances"])


def _check_name(world: World, project: str, name: str) -> None:
    termination.delete_gone(world, project)
    resources.check_name_is_free(world, KIND, project, name, "Cluster")


def _merge_template(world: World, project: str, values: dict[str, Any], clusters: int = 1) -> dict[str, Any]:
    """The values of a new cluster: the body over its template, checked."""
    template = checks.check_create(world, project, values)
    wanted = {**{key: template[key] for key in _TAKEN if key in template}, **values}
    if wanted.get("use_autoconfig", True) is None:
        del wanted["use_autoconfig"]
    wanted["cluster_configs"] = node_groups.merge_configs(
        template.get("cluster_configs") or {}, values.get("cluster_configs") or {}
    )
    topologies.check_quota(wanted.get("node_groups") or [], clusters)
    return wanted


def _merge_scaling(
    world: World, project: str, record: Record, resized: list[dict[str, Any]], added: list[dict[str, Any]]
) -> tuple[list[Record], dict[str, int]]:
    """All node groups of a cluster, new ones without instances, and the new sizes by the ids of groups."""
    new = [with_open_ports(node_groups.create_node_group(world, project, group)) for group in added]
    fresh = [{**group, "count": 0, "instances": []} for group in new]
    groups = [*record["node_groups"], *fresh]
    ids = {group["name"]: group["id"] for group in groups}
    counts = {ids[group["name"]]: group["count"] for group in (*resized, *added)}
    topologies.check_quota([{"count": counts.get(group["id"], group["count"])} for group in groups])
    return groups, counts


def _check_topology(world: World, record: Record, counts: dict[str, int], groups: list[Record]) -> None:
    """Check that the plugin accepts the new sizes. If not, the cluster says why, and loses its empty groups."""
    try:
        topologies.check_scaling(record, counts, groups)
    except ServiceError as error:
        groups = instances.drop_empty_groups(record["node_groups"])
        world.tables[cluster_lifecycle.TABLE].save(
            {**record, "node_groups": groups, "status_description": describe_error(world, error)}
        )
        raise


def _validate_scale(schema: Body, body: Any) -> dict[str, Any]:
    faults = []
    try:
        values = validate(schema, body)
    except InvalidBody as error:
        faults = [error.message]
    if isinstance(body, dict) and not body.keys() & schema.fields.keys():
        faults.append(f"{body!r} is not valid under any of the given schemas")
    if faults:
        raise InvalidBody("\n".join(faults))
    return values

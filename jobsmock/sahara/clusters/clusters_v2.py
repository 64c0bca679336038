"""What API v2 does differently with clusters: several are created by one request, instances to remove can be named, and
a deletion can be forced. clusters.py does the rest.
"""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters import cluster_lifecycle, clusters, termination
from jobsmock.sahara.clusters.creation import KIND
from jobsmock.sahara.resources import Query
from jobsmock.sahara.validation import Array, Body, Flag, Object, Text, validate
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.world import World

_BY_ANY_TEXT = KIND._replace(
    sortable=(
        *KIND.sortable, "created_at", "updated_at", "description", "tenant_id", "trust_id", "default_image_id",
        "neutron_management_network", "management_public_key", "user_keypair_id", "status_description",
        "cluster_template_id", "domain_name", "extra",
    ),
    checks_sorting=False,
)  # fmt: skip


class ClusterUpdateV2(clusters.ClusterUpdate):
    update_keypair = Flag(null=True)


class NodeGroupResizeV2(clusters.NodeGroupResize):
    instances = Array(Text())


class ClusterScaleV2(clusters.ClusterScale):
    resize_node_groups = Array(Object(NodeGroupResizeV2), shortest=1)


class ClusterDeleteV2(Body):
    force = Flag()


_UPDATE, _SCALE, _DELETE = ClusterUpdateV2(), ClusterScaleV2(), ClusterDeleteV2()


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    """Lists can be sorted by any text field of a cluster in the service's database."""
    return clusters.list_all(world, project, query, _BY_ANY_TEXT)


def create(world: World, project: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """With a `count` in the body, create so many, and list each of them."""
    if not isinstance(body, dict) or "count" not in body:
        return clusters.create(world, project, body, requested_plan)
    ids = clusters.create_multiple(world, project, body, requested_plan)["clusters"]
    made = (resources.get_or_404(world, KIND, project, id) for id in ids)
    return {"clusters": [clusters.render_response(clusters.render_start(record)) for record in made]}


def scale(world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    return clusters.scale(world, project, id, body, requested_plan, _SCALE)


def update(world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """A cluster can also be told to load its user's key again, which has no visible effect."""
    record = termination.get_or_404(world, project, id)
    values = validate(_UPDATE, body)
    values.pop("update_keypair", None)
    return clusters.apply_update(world, project, record, values, requested_plan)


def delete(world: World, project: str, id: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any] | None:
    """A forced deletion is immediate. The response names the stack in the cloud that is left behind."""
    record = termination.get_or_404(world, project, id)
    is_forced = validate(_DELETE, body).get("force", False)
    has_stack = any(clusters.iterate_instances(cluster_lifecycle.peek(world, record)))
    if is_forced and not requested_plan.header:
        requested_plan = requested_plan._replace(header="instant")
    clusters.delete(world, project, id, requested_plan)
    return {"stack_name": f"{record['name']}-{id[:8]}" if has_stack else None} if is_forced else None

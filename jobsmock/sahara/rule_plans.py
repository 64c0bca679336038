"""Which plans a rule may give to which operations: samples/sample.py hands this check to each world."""

from collections.abc import Callable, Collection
from functools import partial

from jobsmock.sahara.clusters import cluster_plans
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.world.plan import PlanError

# What becomes of a plan in the operations that follow one.
READERS: dict[str, Callable[[str], object]] = {
    "jobs.execute": execution_lifecycle.parse_execution_plan,
    "clusters.create": partial(cluster_plans.parse_cluster_plan, "create"),
    "clusters.create-multiple": partial(cluster_plans.parse_cluster_plan, "create"),
    "clusters.scale": partial(cluster_plans.parse_cluster_plan, "scale"),
    "clusters.update": partial(cluster_plans.parse_cluster_plan, "verify"),
    "clusters.delete": partial(cluster_plans.parse_cluster_plan, "delete"),
}


def check_plan(text: str, operations: Collection[str] | None) -> None:
    """PlanError if a plan fits none of the operations (None: of all) that follow plans; says why the first refuses."""
    meant = [name for name in READERS if operations is None or name in operations]
    first: PlanError | None = None
    for name in meant or READERS:
        try:
            READERS[name](text)
        except PlanError as error:
            first = first or error
        else:
            return
    if first:
        raise first

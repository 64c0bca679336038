"""The plans of clusters: how to parse them, and which one a cluster follows when it is created, scaled and so on.

clusters.py and its neighbors choose plans here, and the schemas of samples and api/ parse them here.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jobsmock.sahara.errors import InvalidData
from jobsmock.sahara.profiles import PROFILES
from jobsmock.world import plan as plans
from jobsmock.world.plan import Plan, PlanError, RequestedPlan
from jobsmock.world.world import World

ENDS = ("Active", "Error")
STATUSES = (
    "Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting",
    "Decommissioning", "Scaling", "Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing",
    "Adding Instances", "Deleting Instances", "AwaitingTermination", "Rollback", "Rollback: Spawning",
    "Rollback: Waiting", "Rollback: Preparing", "Deleting", *ENDS,
)  # fmt: skip
GONE = "Gone"  # never shown: the cluster no longer exists


class PlanPurpose(NamedTuple):
    """What plans for one kind of request consist of."""

    statuses: tuple[str, ...]
    ends: tuple[str, ...]  # final statuses, which are among `statuses`
    profiles: Mapping[str, str]


PURPOSES = {
    "create": PlanPurpose(STATUSES, ENDS, PROFILES["create"]),
    "scale": PlanPurpose(STATUSES, ENDS, PROFILES["scale"]),
    "delete": PlanPurpose(("Deleting", GONE, "Error"), (GONE, "Error"), PROFILES["delete"]),
    "verify": PlanPurpose(("CHECKING", "GREEN", "YELLOW", "RED"), ("GREEN", "YELLOW", "RED"), PROFILES["verify"]),
}
_STEPS_OF_GROWTH = ("Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing", "Configuring")


@lru_cache(maxsize=256)
def parse_cluster_plan(purpose: str, text: str) -> Plan:
    """Parse a plan or the name of a profile. PlanError if it is neither."""
    statuses, ends, profiles = PURPOSES[purpose]
    return plans.parse_plan_or_profile(text, profiles, statuses, ends)


def choose_plan(world: World, purpose: str, requested_plan: RequestedPlan) -> Plan:
    """Return the plan for a request. The first of these counts: the header, a rule, the settings of the world.

    A rule can have a plan for another kind of request. It was checked when the rule was added, and is ignored here.
    """
    if requested_plan.header is not None:
        try:
            return parse_cluster_plan(purpose, requested_plan.header)
        except PlanError as error:
            raise InvalidData(f"X-Jobsmock-Plan: {error}") from None
    if requested_plan.rule is not None:
        try:
            return parse_cluster_plan(purpose, requested_plan.rule)
        except PlanError:
            pass
    return default_plan(world, purpose)


def default_plan(world: World, purpose: str) -> Plan:
    """The plan of a request without one, from the settings of the world: `cluster_plan`, or the profile in them."""
    settings: dict[str, Any] = world.settings
    if purpose == "create" and "cluster_plan" in settings:
        return parse_cluster_plan(purpose, settings["cluster_plan"])
    texts = (str(settings.get(key, "")).strip() for key in ("cluster_plan", "plan"))
    return parse_cluster_plan(purpose, next((text for text in texts if text in PROFILES["create"]), "demo"))


def trim_to_scaling(plan: Plan, counts: Mapping[str, int], before: Mapping[str, int]) -> Plan:
    """Remove the steps that have nothing to do from the plan of a profile. Other plans stay as they are.

    `counts` and `before` are the numbers of instances after and before, by the id of the node group.
    """
    if plan not in (parse_cluster_plan("scale", name) for name in PROFILES["scale"]):
        return plan
    grows = any(count > before[id] for id, count in counts.items())
    shrinks = any(count < before[id] for id, count in counts.items())
    skipped = (() if grows else _STEPS_OF_GROWTH) + (() if shrinks else ("Decommissioning",))
    return plan._replace(steps=tuple(step for step in plan.steps if step.status not in skipped))

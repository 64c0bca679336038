"""The plans of clusters, for creating, scaling, verifying and deleting them, and which one is chosen."""

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
GONE = "Gone"  # no status on the wire: the cluster is not there any more


class Aim(NamedTuple):
    """What a plan is for: its statuses and final statuses, and the profiles."""

    statuses: tuple[str, ...]
    ends: tuple[str, ...]
    profiles: Mapping[str, str]


AIMS = {
    "create": Aim(STATUSES, ENDS, PROFILES["create"]),
    "scale": Aim(STATUSES, ENDS, PROFILES["scale"]),
    "delete": Aim(("Deleting", GONE, "Error"), (GONE, "Error"), PROFILES["delete"]),
    "verify": Aim(("CHECKING", "GREEN", "YELLOW", "RED"), ("GREEN", "YELLOW", "RED"), PROFILES["verify"]),
}
_ONLY_TO_GROW = ("Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing", "Configuring")


@lru_cache(maxsize=256)
def parse_cluster_plan(aim: str, text: str) -> Plan:
    """The plan of a text, which may be the name of a profile. PlanError if it is neither."""
    statuses, ends, profiles = AIMS[aim]
    return plans.parse_plan_or_profile(text, profiles, statuses, ends)


def choose_plan(world: World, aim: str, requested_plan: RequestedPlan) -> Plan:
    """The plan for a request: of the header, of a rule, of the world, or of its profile. The first one counts.

    A rule's plan that fits another request has been checked when the rule was added, and is ignored here.
    """
    if requested_plan.header is not None:
        try:
            return parse_cluster_plan(aim, requested_plan.header)
        except PlanError as error:
            raise InvalidData(f"X-Jobsmock-Plan: {error}") from None
    if requested_plan.rule is not None:
        try:
            return parse_cluster_plan(aim, requested_plan.rule)
        except PlanError:
            pass
    return default_plan(world, aim)


def default_plan(world: World, aim: str) -> Plan:
    """The plan if the request has none."""
    settings: dict[str, Any] = world.settings
    if aim == "create" and "cluster_plan" in settings:
        return parse_cluster_plan(aim, settings["cluster_plan"])
    names = (str(settings.get(key, "")).strip() for key in ("cluster_plan", "plan"))
    return parse_cluster_plan(aim, next((name for name in names if name in PROFILES["create"]), "demo"))


def trim_to_scaling(plan: Plan, counts: Mapping[str, int], before: Mapping[str, int]) -> Plan:
    """The plan without the steps that have nothing to do, if it is that of a profile."""
    if plan not in (parse_cluster_plan("scale", name) for name in PROFILES["scale"]):
        return plan
    grows = any(count > before[id] for id, count in counts.items())
    shrinks = any(count < before[id] for id, count in counts.items())
    idle = (() if grows else _ONLY_TO_GROW) + (() if shrinks else ("Decommissioning",))
    return plan._replace(steps=tuple(step for step in plan.steps if step.status not in idle))

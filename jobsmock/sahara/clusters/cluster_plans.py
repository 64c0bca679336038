"""The courses of clusters: coming up, being scaled, verified and deleted. What each may be, and which one is taken.

clusters.py asks for the plan of what a request wants; cluster_lifecycle.py follows it.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jobsmock.sahara.errors import InvalidData
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
    """What a course leads to: the words of its plans, and the plan of each profile."""

    statuses: tuple[str, ...]
    ends: tuple[str, ...]
    profiles: Mapping[str, str]


AIMS = {
    "create": Aim(STATUSES, ENDS, {
        "instant": "Validating 0s > InfraUpdating 0s > Spawning 0s > Waiting 0s > Preparing 0s > Configuring 0s"
        " > Starting 0s > Active",
        "demo": "Validating 1s > InfraUpdating 1s > Spawning 2s > Waiting 2s > Preparing 1s > Configuring 2s"
        " > Starting 1s > Active",
        "realistic": "Validating 2s..5s > InfraUpdating 5s..15s > Spawning 40s..90s > Waiting 30s..90s"
        " > Preparing 15s..40s > Configuring 30s..90s > Starting 30s..60s"
        " > Active 96% | Error 4% (No valid host was found)",
        "stuck": "Validating 1s > InfraUpdating 1s > Spawning 2s > Waiting",
    }),
    "scale": Aim(STATUSES, ENDS, {
        "instant": "Validating 0s > Decommissioning 0s > Scaling: Spawning 0s > Scaling: Waiting 0s"
        " > Scaling: Preparing 0s > Configuring 0s > Active",
        "demo": "Validating 1s > Decommissioning 2s > Scaling: Spawning 2s > Scaling: Waiting 2s"
        " > Scaling: Preparing 1s > Configuring 2s > Active",
        "realistic": "Validating 2s..5s > Decommissioning 1m..3m > Scaling: Spawning 40s..90s"
        " > Scaling: Waiting 30s..90s > Scaling: Preparing 15s..40s > Configuring 30s..90s > Active",
        "stuck": "Validating 1s > Decommissioning 2s > Scaling: Spawning 2s > Scaling: Waiting",
    }),
    "delete": Aim(("Deleting", GONE, "Error"), (GONE, "Error"), {
        "instant": "Deleting 0s > Gone",
        "demo": "Deleting 3s > Gone",
        "realistic": "Deleting 20s..60s > Gone",
        "stuck": "Deleting",
    }),
    "verify": Aim(("CHECKING", "GREEN", "YELLOW", "RED"), ("GREEN", "YELLOW", "RED"), {
        "instant": "CHECKING 0s > GREEN",
        "demo": "CHECKING 2s > GREEN",
        "realistic": "CHECKING 10s..40s > GREEN",
        "stuck": "CHECKING",
    }),
}  # fmt: skip
PROFILES = tuple(AIMS["create"].profiles)
_ONLY_TO_GROW = ("Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing", "Configuring")


@lru_cache(maxsize=256)
def parse_cluster_plan(aim: str, text: str) -> Plan:
    """A plan from its text or the name of a profile. PlanError if it is neither."""
    statuses, ends, profiles = AIMS[aim]
    return plans.parse_plan_or_profile(text, profiles, statuses, ends)


def choose_plan(world: World, aim: str, wished: RequestedPlan) -> Plan:
    """The plan of what a request wants, first found wins: header, a rule, the world's, its profile's.

    A rule's plan that is for something else has passed its check when the rule was added, and is not meant here.
    """
    if wished.header is not None:
        try:
            return parse_cluster_plan(aim, wished.header)
        except PlanError as error:
            raise InvalidData(f"X-Jobsmock-Plan: {error}") from None
    if wished.rule is not None:
        try:
            return parse_cluster_plan(aim, wished.rule)
        except PlanError:
            pass
    return default_plan(world, aim)


def default_plan(world: World, aim: str) -> Plan:
    """The plan that is taken unless another is asked for."""
    settings: dict[str, Any] = world.settings
    if aim == "create" and "cluster_plan" in settings:
        return parse_cluster_plan(aim, settings["cluster_plan"])
    wished = (str(settings.get(key, "")).strip() for key in ("cluster_plan", "plan"))
    return parse_cluster_plan(aim, next((name for name in wished if name in PROFILES), "demo"))


def trim_to_scaling(plan: Plan, counts: Mapping[str, int], before: Mapping[str, int]) -> Plan:
    """The steps of a profile's plan that there is something to do in; any other plan is taken as it is."""
    if plan not in (parse_cluster_plan("scale", name) for name in PROFILES):
        return plan
    grows = any(count > before[id] for id, count in counts.items())
    shrinks = any(count < before[id] for id, count in counts.items())
    idle = (() if grows else _ONLY_TO_GROW) + (() if shrinks else ("Decommissioning",))
    return plan._replace(steps=tuple(step for step in plan.steps if step.status not in idle))

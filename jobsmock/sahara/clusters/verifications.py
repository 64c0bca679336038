"""Verifications: health checks of an Active cluster, which take some time. clusters.py starts them."""

from typing import Any

from marshmallow import INCLUDE

from jobsmock.sahara.clusters import cluster_lifecycle, cluster_plans
from jobsmock.sahara.errors import InvalidBody, ServiceError
from jobsmock.sahara.validation import Body, CheckedField
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.store import Record
from jobsmock.world.world import World


class _Start(CheckedField):
    def wrong(self, value: Any) -> list[str]:
        return [] if value == "START" else [f"{value!r} is not one of ['START']"]


class VerificationStart(Body):
    class Meta:
        unknown = INCLUDE

    status = _Start()


def check_status(body: Any) -> None:
    """Refuse a verification without a status, at which the service fails after all its checks."""
    if "status" not in body:
        raise InvalidBody("verification: 'status' is a required property")


def start(world: World, record: Record, seen: Record, is_one_of_many: bool, requested_plan: RequestedPlan) -> None:
    """Start a verification in place of the previous one. `seen` is the record as it is now."""
    if is_one_of_many:
        raise _make_refusal("Can't update verification with other updates")
    if seen["status"] != "Active":
        raise _make_refusal("Cluster is not active or doesn't exists")
    if seen.get("verification", {}).get("status") == "CHECKING":
        raise _make_refusal("Cluster verification in state CHECKING")
    chosen = cluster_plans.choose_plan(world, "verify", requested_plan)
    run = {**cluster_lifecycle.start_run(world, "verify", chosen), "id": world.new_id()}
    world.tables[cluster_lifecycle.TABLE].save({**record, "verification": run})


def _make_refusal(why: str) -> ServiceError:
    return ServiceError(f"Cannot verify cluster. Reason: {why}", "CANNOT_VERIFY")

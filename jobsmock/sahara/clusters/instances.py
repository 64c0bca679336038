"""What a cluster consists of: instances with addresses, provisioning steps and health.

None of it is stored. It is computed from the node groups, the runs of the cluster and the present time, so a cluster
of a hundred instances takes no more room than an empty one. For cluster_lifecycle.py.
"""

import hashlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import count as naturals
from itertools import islice
from math import inf
from typing import Any, NamedTuple

from jobsmock.sahara.clusters import service_links
from jobsmock.world.clock import format_time
from jobsmock.world.plan import Progress, ScheduledStep
from jobsmock.world.store import Record

_BEFORE_ANY_CHANGE = ("Validating", "InfraUpdating", "Decommissioning", "Scaling", "Deleting", "Error", "Gone")
_WITHOUT_ADDRESSES = (*_BEFORE_ANY_CHANGE, "Spawning", "Scaling: Spawning", "Rollback: Spawning", "Adding Instances")

_CREATING, _SCALING = "Engine: create cluster", "Engine: scale cluster"
_STEPS = {
    "Spawning": ((_CREATING, "Run instances"),),
    "Waiting": ((_CREATING, "Assign IPs"), (_CREATING, "Wait for instance accessibility")),
    "Preparing": ((_CREATING, "Configure instances"),),
    "Decommissioning": (("Plugin: decommission nodes", "Decommission nodes"),),
    "Scaling: Spawning": ((_SCALING, "Run instances"),),
    "Scaling: Waiting": ((_SCALING, "Assign IPs"), (_SCALING, "Wait for instance accessibility")),
    "Scaling: Preparing": ((_SCALING, "Configure instances"),),
    "Configuring": (("Plugin: configure cluster", "Push configs to nodes"),),
    "Starting": (("Plugin: start cluster", "Start the processes on nodes"),),
}


Passed = tuple[dict[str, Any], Progress]  # a run that a cluster has taken, and how far it has come


@lru_cache(maxsize=4096)
def derive_id(*of: str) -> str:
    """An id that is derived from others and need not be stored. It looks like any other (a UUID, version 4)."""
    digits = hashlib.md5("/".join(of).encode(), usedforsecurity=False).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


def _resize_group(group: Record, run: dict[str, Any], progress: Progress) -> Record:
    """A node group with as many instances as it has by then, and the time of that change."""
    changed, count = _find_change(progress, _BEFORE_ANY_CHANGE), run["counts"].get(group["id"])
    if changed is None or count is None or count == run["before"].get(group["id"]):
        return group
    return {**group, "count": count, "updated_at": format_time(changed)}


def resize_groups(record: Record, run: dict[str, Any], progress: Progress) -> list[Record]:
    """The node groups as they are by then. After scaling, empty groups are removed."""
    groups = [_resize_group(group, run, progress) for group in record["node_groups"]]
    return drop_empty_groups(groups) if run["aim"] == "scale" and progress.status == "Active" else groups


def drop_empty_groups(groups: list[Record]) -> list[Record]:
    return [group for group in groups if group["count"] != 0]


def add_instances(record: Record, passed: list[Passed], now: float, events: bool) -> Record:
    """The cluster with instances, steps (with `events` if wanted) and addresses."""
    groups = [
        {**group, "instances": list(_iterate_instances(record, place, group, passed))}
        for place, group in enumerate(record["node_groups"])
    ]
    filled = {**record, "node_groups": groups}
    if passed:
        filled["provision_progress"] = [
            step for run, progress in passed for step in _make_steps(filled, run, progress, now, events)
        ]
        if any(run["aim"] == "create" and progress.status == "Active" for run, progress in passed):
            filled["info"] = {**service_links.list_links(filled), **record["info"]}
    return filled


def _find_change(progress: Progress, others: tuple[str, ...]) -> float | None:
    """The time of the first status that is none of these."""
    return next((moment for status, moment in progress.entered if status not in others), None)


# --- instances ------------------------------------------------------------------------------------------------------


def name_instance(record: Record, group: Record, number: int) -> str:
    """The name of an instance, which a cluster keeps when it is renamed."""
    return f"{record.get('host_name', record['name'])}-{group['name']}-{number}".lower()


def make_standing_instances(record: Record, place: int, group: Record) -> list[dict[str, Any]]:
    """The instances of a group that is up since its cluster was created; `place` is its index among the groups."""
    made = record["created_at"]
    return [_make_instance(record, place, group, number, made, True) for number in range(group["count"])]


def _iterate_instances(record: Record, place: int, group: Record, passed: list[Passed]) -> Iterator[dict[str, Any]]:
    found = list(group.get("instances", []))
    for run, progress in passed:
        count, changed = run["counts"].get(group["id"]), _find_change(progress, _BEFORE_ANY_CHANGE)
        if count is not None and changed is not None:
            addressed = _find_change(progress, _WITHOUT_ADDRESSES) is not None
            leaving = run.get("leaving", ())
            staying = [instance for instance in found if instance["id"] not in leaving]
            found = (staying + [instance for instance in found if instance["id"] in leaving])[: max(count, 0)]
            fresh, made = _find_unused_numbers(group, found, count - len(found)), format_time(changed)
            found += [_make_instance(record, place, group, number, made, addressed) for number in fresh]
    yield from found


def _find_unused_numbers(group: Record, found: list[dict[str, Any]], how_many: int) -> list[int]:
    """The lowest numbers that no instance of the group has."""
    if not found:
        return list(range(how_many))
    ids = {instance["id"] for instance in found}
    unused = (number for number in naturals() if derive_id(group["id"], str(number)) not in ids)
    return list(islice(unused, max(how_many, 0)))


def _make_instance(
    record: Record, place: int, group: Record, number: int, made: str, has_addresses: bool
) -> dict[str, Any]:
    addresses = _make_addresses(record["id"], place, number) if has_addresses else (None, None)
    return {
        "created_at": made,
        "updated_at": made,
        "id": derive_id(group["id"], str(number)),
        "instance_id": derive_id(group["id"], str(number), "server"),
        "instance_name": name_instance(record, group, number),
        "internal_ip": addresses[0],
        "management_ip": addresses[1],
        "storage_devices_number": group["volumes_per_node"],
        "dns_hostname": None,
    }


@lru_cache(maxsize=4096)
def _make_addresses(cluster: str, place: int, number: int) -> tuple[str, str]:
    """The address of an instance in its cluster's network, and from outside."""
    network, host = int(derive_id(cluster)[:2], 16), place * 1024 + number + 2
    within = f"{host >> 8 & 255}.{host & 255}"
    return f"10.{network}.{within}", f"172.{16 + network % 16}.{within}"


# --- steps ----------------------------------------------------------------------------------------------------------


class _StepTime(NamedTuple):
    """The time of one step. `until` is infinite if it is unknown."""

    since: float
    until: float
    is_over: bool
    fault: str | None  # what it failed of; None if it did not


def _make_steps(
    record: Record, run: dict[str, Any], progress: Progress, now: float, events: bool
) -> Iterator[dict[str, Any]]:
    began = str(run["began"])
    for place, (status, _) in enumerate(progress.entered):
        if status not in _STEPS:
            continue
        named, concerned = _STEPS[status], _count_concerned(run, status)
        for number, (kind, name) in enumerate(named):
            span = _time_step(run["course"]["legs"], progress, place, number, len(named))
            if span.is_over or span.since <= now:
                id = derive_id(record["id"], began, status, name)
                step = _make_step(record, id, kind, name, concerned, span, now)
                yield {**step, "events": list(_make_events(record, step, concerned, span, now))} if events else step


def _time_step(legs: list[ScheduledStep], progress: Progress, place: int, number: int, of: int) -> _StepTime:
    """The time of one of the steps of a status."""
    since = progress.entered[place][1]
    is_over = place + 1 < len(progress.entered)
    if is_over:
        until = progress.entered[place + 1][1]
    else:
        is_timed = place < len(legs) and not legs[place]["polls"]
        until = since + legs[place]["lasts"] if is_timed else inf
    begins = since + (until - since) * number / of if number else since
    ends = since + (until - since) * (number + 1) / of
    fails = is_over and place + 2 == len(progress.entered) and progress.status == "Error" and number + 1 == of
    return _StepTime(begins, ends, is_over, (progress.reason or "") if fails else None)


def _make_step(
    record: Record, id: str, kind: str, name: str, concerned: dict[str, range], span: _StepTime, now: float
) -> dict[str, Any]:
    is_over = span.is_over or span.until <= now
    return {
        "created_at": format_time(span.since),
        "updated_at": format_time(span.until if is_over else span.since),
        "id": id,
        "cluster_id": record["id"],
        "tenant_id": record["tenant_id"],
        "step_name": name,
        "step_type": kind,
        "total": sum(map(len, concerned.values())),
        "successful": span.fault is None if is_over else None,
    }


def _count_concerned(run: dict[str, Any], status: str) -> dict[str, range]:
    """By node group, the numbers of the instances that a step is about: new ones, or those to remove."""
    goes = status == "Decommissioning"
    return {
        id: range(count, run["before"][id]) if goes else range(run["before"][id], count)
        for id, count in run["counts"].items()
    }


def _make_events(
    record: Record, step: dict[str, Any], concerned: dict[str, range], span: _StepTime, now: float
) -> Iterator[dict[str, Any]]:
    """One event for each instance that is done, spread evenly over the step; only the last one of a step that fails."""
    groups = {group["id"]: group for group in record["node_groups"]}
    instances = [(groups[id], number) for id, numbers in concerned.items() for number in numbers if id in groups]
    for place, (group, number) in enumerate(instances, 1):
        moment = span.since + (span.until - span.since) * place / len(instances)
        if moment > now and not span.is_over:
            return
        fails = span.fault is not None and place == len(instances)
        yield {
            "created_at": format_time(moment),
            "updated_at": format_time(moment),
            "id": derive_id(step["id"], group["id"], str(number)),
            "node_group_id": group["id"],
            "instance_id": derive_id(group["id"], str(number), "server"),
            "instance_name": name_instance(record, group, number),
            "event_info": span.fault if fails else None,
            "successful": not fails,
            "step_id": step["id"],
        }


# --- health ---------------------------------------------------------------------------------------------------------

_CHECKS = ("Instances are accessible", "Instances know each other's names")


def render_health(record: Record, progress: Progress) -> dict[str, Any]:
    """A verification as the API shows it. If it is not GREEN, the first check says why."""
    id, began = record["verification"]["id"], format_time(progress.entered[0][1])
    told = {"created_at": began, "updated_at": format_time(progress.entered[-1][1])}
    is_open = not progress.is_last
    checks = [
        {
            **told,
            "id": derive_id(id, name),
            "verification_id": id,
            "status": progress.status if is_open or number == 0 else "GREEN",
            "description": progress.reason if number == 0 else None,
            "name": name,
        }
        for number, name in enumerate([*_CHECKS, *_make_process_checks(record)])
    ]
    return {**told, "id": id, "cluster_id": record["id"], "status": progress.status, "checks": checks}


def _make_process_checks(record: Record) -> list[str]:
    processes = {process: None for group in record["node_groups"] for process in group["node_processes"]}
    return [f"{process} answers" for process in processes]

"""The tables of a sample that belong to the other OpenStack services: identity, compute and network.

Each has a schema, a function that completes a record, and standard records for samples without the table. loading.py
inserts the records, and turns each ValueError from here into a SampleError that names the record.
"""

from collections.abc import Callable
from typing import NamedTuple

from jobsmock.openstack import compute, network
from jobsmock.openstack.identity import application_credentials, domains, projects, roles, users
from jobsmock.sahara.validation import Body
from jobsmock.samples.openstack_schemas import (
    SampleCredential,
    SampleFlavor,
    SampleKeypair,
    SampleNetwork,
    SampleProject,
    SampleUser,
)
from jobsmock.world.clock import format_time, resolve_time
from jobsmock.world.store import Record
from jobsmock.world.world import World


class OpenstackTable(NamedTuple):
    schema: Body
    complete: Callable[[World, Record], Record]
    standard: tuple[Record, ...] = ()  # the records of a world if its sample does not have the table


def _complete_user(world: World, record: Record) -> Record:
    """A user without `roles` is a member of every project."""
    by_name = record.get("roles", {users.EVERYWHERE: [roles.MEMBER]})
    by_project = {
        name if name == users.EVERYWHERE else _find_or_create_project(world, name): list(names)
        for name, names in by_name.items()
    }
    return {**users.complete(record), "roles": by_project}


def _find_or_create_project(world: World, reference: str) -> str:
    """Return the id of the project with this id or name. The project is created if the sample does not list it."""
    table = world.tables[projects.TABLE]
    project = domains.find(table, reference) or domains.find_named(table, reference, domains.DEFAULT)
    if project is None:
        project = domains.complete({"name": reference})
        table.save(project)
    return str(project["id"])


def _complete_credential(world: World, record: Record) -> Record:
    completed, table = application_credentials.complete(record), world.tables[users.TABLE]
    user = domains.find(table, record["user"]) or domains.find_named(table, record["user"], domains.DEFAULT)
    if user is None:
        raise ValueError(
            f"user: unknown reference {record['user']!r}: expected the id or the name of a record in users"
        )
    completed |= {"user": user["id"], "project": _find_or_create_project(world, record["project"])}
    if record.get("expires_at") is not None:
        completed["expires_at"] = format_time(resolve_time(record["expires_at"], world.clock.now()))
    return completed


def _ignore_world(complete: Callable[[Record], Record]) -> Callable[[World, Record], Record]:
    return lambda world, record: complete(record)


# In the order in which their records refer to each other.
TABLES: dict[str, OpenstackTable] = {
    projects.TABLE: OpenstackTable(SampleProject(), _ignore_world(domains.complete), projects.STANDARD),
    users.TABLE: OpenstackTable(SampleUser(), _complete_user, users.STANDARD),
    application_credentials.TABLE: OpenstackTable(SampleCredential(), _complete_credential),
    compute.FLAVORS: OpenstackTable(SampleFlavor(), _ignore_world(compute.complete_flavor), compute.STANDARD_FLAVORS),
    compute.KEYPAIRS: OpenstackTable(
        SampleKeypair(), _ignore_world(compute.complete_keypair), compute.STANDARD_KEYPAIRS
    ),
    network.TABLE: OpenstackTable(SampleNetwork(), _ignore_world(network.complete), network.STANDARD),
}


def insert_record(world: World, table: str, record: Record) -> None:
    """Complete a record of a sample and insert it. ValueError if it is a duplicate or has an unknown reference."""
    completed, stored = TABLES[table].complete(world, record), world.tables[table]
    if "called" in completed and stored.find(domains.CLOUD, "called", completed["called"]):
        raise ValueError(f"name: duplicate value {completed['name']!r}: an earlier record has it")
    if domains.find(stored, completed["id"]):
        raise ValueError(f"id: duplicate value {completed['id']!r}: an earlier record has it")
    stored.save(completed)

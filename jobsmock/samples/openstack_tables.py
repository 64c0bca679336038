"""The neighbours' tables of a sample: the standard records of those left out, and what each record leaves out.

`loading.py` fills a world with them, and tells of faults, which are ValueErrors here.
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
    standard: tuple[Record, ...] = ()  # the records of a world whose sample leaves the table out


def _complete_user(world: World, record: Record) -> Record:
    """Who is given no roles is a member everywhere."""
    given = record.get("roles", {users.EVERYWHERE: [roles.MEMBER]})
    own = {name if name == users.EVERYWHERE else _find_project(world, name): list(some) for name, some in given.items()}
    return {**users.complete(record), "roles": own}


def _find_project(world: World, given: str) -> str:
    """The id of a project that is told by id or name; one that is not listed is from now on."""
    table = world.tables[projects.TABLE]
    found = domains.find(table, given) or domains.find_named(table, given, domains.DEFAULT)
    if found is None:
        found = domains.complete({"name": given})
        table.save(found)
    id: str = found["id"]
    return id


def _complete_credential(world: World, record: Record) -> Record:
    filled, table = application_credentials.complete(record), world.tables[users.TABLE]
    user = domains.find(table, record["user"]) or domains.find_named(table, record["user"], domains.DEFAULT)
    if user is None:
        raise ValueError(
            f"user: unknown reference {record['user']!r}: expected the id or the name of a record in users"
        )
    filled |= {"user": user["id"], "project": _find_project(world, record["project"])}
    if record.get("expires_at") is not None:
        filled["expires_at"] = format_time(resolve_time(record["expires_at"], world.clock.now()))
    return filled


def _ignore_world(complete: Callable[[Record], Record]) -> Callable[[World, Record], Record]:
    return lambda world, record: complete(record)


# In the order in which they refer to each other.
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
    """Give a record of a sample its place. ValueError if another is there, or if it refers to nothing."""
    filled = TABLES[table].complete(world, record)
    kept = world.tables[table]
    if "called" in filled and kept.find(domains.CLOUD, "called", filled["called"]):
        raise ValueError(f"name: duplicate value {filled['name']!r}: an earlier record has it")
    if domains.find(kept, filled["id"]):
        raise ValueError(f"id: duplicate value {filled['id']!r}: an earlier record has it")
    kept.save(filled)

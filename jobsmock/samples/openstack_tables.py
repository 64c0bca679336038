"""The neighbours' tables of a sample: the standard records of those left out, and what each record leaves out.

`loading.py` fills a world with them, and tells of faults, which are ValueErrors here.
"""

from collections.abc import Callable
from typing import NamedTuple

from jobsmock.openstack import compute, network
from jobsmock.openstack.identity import application_credentials, domains, projects, roles, users
from jobsmock.world.clock import resolved, stamp
from jobsmock.world.store import Record
from jobsmock.world.world import World


class Kind(NamedTuple):
    filled_in: Callable[[World, Record], Record]
    standard: tuple[Record, ...] = ()


def _user(world: World, record: Record) -> Record:
    """Who is given no roles is a member everywhere."""
    given = record.get("roles", {users.EVERYWHERE: [roles.MEMBER]})
    own = {name if name == users.EVERYWHERE else _project(world, name): list(some) for name, some in given.items()}
    return {**users.filled_in(record), "roles": own}


def _project(world: World, given: str) -> str:
    """The id of a project that is told by id or name; one that is not listed is from now on."""
    table = world.tables[projects.TABLE]
    found = domains.found(table, given) or domains.called(table, given, domains.DEFAULT)
    if found is None:
        found = domains.named({"name": given})
        table.put(found)
    id: str = found["id"]
    return id


def _credential(world: World, record: Record) -> Record:
    filled, table = application_credentials.filled_in(record), world.tables[users.TABLE]
    user = domains.found(table, record["user"]) or domains.called(table, record["user"], domains.DEFAULT)
    if user is None:
        raise ValueError(f"user: there is no {record['user']!r} in users, by id or by name")
    filled |= {"user": user["id"], "project": _project(world, record["project"])}
    if record.get("expires_at") is not None:
        filled["expires_at"] = stamp(resolved(record["expires_at"], world.clock.now()))
    return filled


# In the order in which they refer to each other.
TABLES = {
    projects.TABLE: Kind(lambda world, record: domains.named(record), projects.STANDARD),
    users.TABLE: Kind(_user, users.STANDARD),
    application_credentials.TABLE: Kind(_credential),
    compute.FLAVORS: Kind(lambda world, record: compute.flavor(record), compute.STANDARD_FLAVORS),
    compute.KEYPAIRS: Kind(lambda world, record: compute.keypair(record), compute.STANDARD_KEYPAIRS),
    network.TABLE: Kind(lambda world, record: network.filled_in(record), network.STANDARD),
}


def settle(world: World, table: str, record: Record) -> None:
    """Give a record of a sample its place. ValueError if another is there, or if it refers to nothing."""
    filled = TABLES[table].filled_in(world, record)
    kept = world.tables[table]
    if "called" in filled and kept.seen(domains.CLOUD, "called", filled["called"]):
        raise ValueError(f"name: a record before it has {filled['name']!r}, too")
    if domains.found(kept, filled["id"]):
        raise ValueError(f"id: a record before it has {filled['id']!r}, too")
    kept.put(filled)

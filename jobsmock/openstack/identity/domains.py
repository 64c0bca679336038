"""Names in domains, and the ids that go with them: users and projects are told apart by both.

Who is in no sample has the name for an id, where it can stand in a URL, so that the project called `demo` is the one
that `/v1.1/demo/…` means. No chance is used up, and the same name gets the same id in every run.
"""

import re
from hashlib import sha256
from typing import Any

from jobsmock.openstack.errors import MalformedRequest, OpenStackQuotaExceeded, OpenStackUnauthorized
from jobsmock.world.limits import LimitReached
from jobsmock.world.store import Record, Table
from jobsmock.world.world import World

DEFAULT = {"id": "default", "name": "Default"}  # the domain of whoever names none
CLOUD = ""  # the owner of records that belong to no project
LONGEST = 255

_AT_FAULT = (
    "The server could not comply with the request since it is either malformed or otherwise incorrect. "
    "The client is assumed to be in error."
)
_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}(?<!\.json)")


def find_domain(name: str) -> dict[str, str]:
    """The domain that a name or id means: there are as many as are named, and what is no id itself gets one."""
    if name.lower() == DEFAULT["id"]:
        return DEFAULT
    return {"id": name if _PLAIN.fullmatch(name) else _hash_text(name), "name": name}


def parse_object(part: Any, what: str) -> dict[str, Any]:
    """An object of a request in which something is named."""
    if not isinstance(part, dict):
        raise MalformedRequest(_describe_expected(f"an object at {what}"))
    return part


def parse_text(part: dict[str, Any], key: str, where: str, longest: int = LONGEST) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise MalformedRequest(_describe_expected(f"to find {key} in {where}, a text of 1 to {longest} characters"))
    return value


def parse_domain(world: World, part: dict[str, Any], where: str) -> dict[str, str]:
    """The domain that a user or a project of a request is said to be in, by id or by name.

    A strict cloud wants to be told; an open one takes who says nothing to be in the default one.
    """
    if "domain" not in part:
        if not world.is_strict:
            return DEFAULT
        raise MalformedRequest(_describe_expected(f"to find domain in {where}"))
    domain = parse_object(part["domain"], f"{where}.domain")
    return find_domain(parse_text(domain, "id" if "id" in domain else "name", f"{where}.domain"))


def find(table: Table, id: str) -> Record | None:
    return table.get(CLOUD, id)


def find_named(table: Table, name: str, domain: dict[str, str]) -> Record | None:
    return table.find(CLOUD, "called", _describe_named(name, domain))


def complete(record: Record) -> Record:
    """A sample's record of something in a domain, with what it leaves out."""
    domain = find_domain(record.get("domain", DEFAULT["name"]))
    filled = {"id": _derive_id(record["name"], domain), "tenant_id": CLOUD, "description": "", "listed": True, **record}
    return {**filled, "domain": domain["name"], "called": _describe_named(record["name"], domain)}


def invent(world: World, table: Table, name: str, domain: dict[str, str]) -> Record:
    """A record for a name that no sample lists."""
    id = _derive_id(name, domain)
    if find(table, id) or _is_resource(world, id):
        id = _hash_text(_describe_named(name, domain))
    return complete({"id": id, "name": name, "domain": domain["name"], "listed": False})


def find_or_invent(world: World, what: str, part: Any, where: str, **more: Any) -> Record:
    """The user or project that `part` of a request names, by id, or by name and domain; `what` is the table.

    In an open cloud anyone else springs up and is remembered, with `more` in the record; in a strict one that is
    Unauthorized.
    """
    part, table = parse_object(part, where), world.tables[what]
    if "id" in part:
        name, domain = parse_text(part, "id", where), DEFAULT
        record = find(table, name) or find_named(table, name, domain)
    else:
        name, domain = parse_text(part, "name", where), parse_domain(world, part, where)
        record = find_named(table, name, domain)
    if record and (record["listed"] or not world.is_strict):
        return record
    if world.is_strict:
        raise OpenStackUnauthorized(f"The sample lists no {name!r} of the domain {domain['name']!r} in {what}")
    check_room(world)
    record = {**more, **invent(world, table, name, domain)}
    table.save(record)
    return record


def check_room(world: World) -> None:
    """Whoever is going to let a world hold more asks this first."""
    try:
        world.check_room()
    except LimitReached as error:
        raise OpenStackQuotaExceeded(f"Quota exceeded: {error}.") from None


def _describe_expected(what: str) -> str:
    return f"Expecting {what}. {_AT_FAULT}"


def _describe_named(name: str, domain: dict[str, str]) -> str:
    return f"{domain['id']}/{name}"


def _derive_id(name: str, domain: dict[str, str]) -> str:
    return name if domain is DEFAULT and _PLAIN.fullmatch(name) else _hash_text(_describe_named(name, domain))


def _is_resource(world: World, id: str) -> bool:
    """Whether `/v1.1/ID` could mean a resource of the service, such as `jobs`, as well as a project."""
    return any(operation.startswith(f"{id}.") for operation in world.rules.operations)


def _hash_text(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

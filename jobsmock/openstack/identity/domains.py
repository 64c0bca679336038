"""Names in domains, and the ids that go with them: users and projects are told apart by both.

Who is in no sample has the name for an id, where it can stand in a URL, so that the project called `demo` is the one
that `/v1.1/demo/…` means. No chance is used up, and the same name gets the same id in every run.
"""

import re
from hashlib import sha256
from typing import Any

from jobsmock.openstack.errors import Malformed, QuotaExceeded, Unauthorized
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


def domain_of(name: str) -> dict[str, str]:
    """The domain that a name or id means: there are as many as are named, and what is no id itself gets one."""
    if name.lower() == DEFAULT["id"]:
        return DEFAULT
    return {"id": name if _PLAIN.fullmatch(name) else _digest(name), "name": name}


def given(part: Any, what: str) -> dict[str, Any]:
    """An object of a request in which something is named."""
    if not isinstance(part, dict):
        raise Malformed(_expecting(f"an object at {what}"))
    return part


def text_of(part: dict[str, Any], key: str, where: str, longest: int = LONGEST) -> str:
    value = part.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Malformed(_expecting(f"to find {key} in {where}, a text of 1 to {longest} characters"))
    return value


def domain_in(world: World, part: dict[str, Any], where: str) -> dict[str, str]:
    """The domain that a user or a project of a request is said to be in, by id or by name.

    A strict cloud wants to be told; an open one takes who says nothing to be in the default one.
    """
    if "domain" not in part:
        if not world.is_strict:
            return DEFAULT
        raise Malformed(_expecting(f"to find domain in {where}"))
    domain = given(part["domain"], f"{where}.domain")
    return domain_of(text_of(domain, "id" if "id" in domain else "name", f"{where}.domain"))


def found(table: Table, id: str) -> Record | None:
    return table.get(CLOUD, id)


def called(table: Table, name: str, domain: dict[str, str]) -> Record | None:
    return table.seen(CLOUD, "called", _called(name, domain))


def named(record: Record) -> Record:
    """A sample's record of something in a domain, with what it leaves out."""
    domain = domain_of(record.get("domain", DEFAULT["name"]))
    filled = {"id": _id_for(record["name"], domain), "tenant_id": CLOUD, "description": "", "listed": True, **record}
    return {**filled, "domain": domain["name"], "called": _called(record["name"], domain)}


def sprung(world: World, table: Table, name: str, domain: dict[str, str]) -> Record:
    """A record for a name that no sample lists."""
    id = _id_for(name, domain)
    if found(table, id) or _is_resource(world, id):
        id = _digest(_called(name, domain))
    return named({"id": id, "name": name, "domain": domain["name"], "listed": False})


def meant(world: World, what: str, part: Any, where: str, **more: Any) -> Record:
    """The user or project that `part` of a request names, by id, or by name and domain; `what` is the table.

    In an open cloud anyone else springs up and is remembered, with `more` in the record; in a strict one that is
    Unauthorized.
    """
    part, table = given(part, where), world.tables[what]
    if "id" in part:
        name, domain = text_of(part, "id", where), DEFAULT
        record = found(table, name) or called(table, name, domain)
    else:
        name, domain = text_of(part, "name", where), domain_in(world, part, where)
        record = called(table, name, domain)
    if record and (record["listed"] or not world.is_strict):
        return record
    if world.is_strict:
        raise Unauthorized(f"The sample lists no {name!r} of the domain {domain['name']!r} in {what}")
    check_room(world)
    record = {**more, **sprung(world, table, name, domain)}
    table.put(record)
    return record


def check_room(world: World) -> None:
    """Whoever is going to let a world hold more asks this first."""
    try:
        world.check_room()
    except LimitReached as error:
        raise QuotaExceeded(f"Quota exceeded: {error}.") from None


def _expecting(what: str) -> str:
    return f"Expecting {what}. {_AT_FAULT}"


def _called(name: str, domain: dict[str, str]) -> str:
    return f"{domain['id']}/{name}"


def _id_for(name: str, domain: dict[str, str]) -> str:
    return name if domain is DEFAULT and _PLAIN.fullmatch(name) else _digest(_called(name, domain))


def _is_resource(world: World, id: str) -> bool:
    """Whether `/v1.1/ID` could mean a resource of the service, such as `jobs`, as well as a project."""
    return any(operation.startswith(f"{id}.") for operation in world.rules.operations)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

"""Projects and domains: those that a sample lists, and in an open cloud any that somebody names."""

from typing import Any

from jobsmock.openstack.cloud_request import Asked, listed, one_of, present
from jobsmock.openstack.identity import domains
from jobsmock.openstack.identity.domains import domain_of
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "projects"
STANDARD: tuple[Record, ...] = ({"name": "demo"}, {"name": "admin"})


def meant(world: World, scope: Any) -> Record:
    return domains.meant(world, TABLE, scope, "scope.project")


def by_id(world: World, id: str) -> Record:
    """The project that a token is for; one that has gone with a reset has its id for a name."""
    table = world.tables[TABLE]
    return domains.found(table, id) or {**domains.sprung(world, table, id, domains.DEFAULT), "id": id}


def every(world: World) -> list[Record]:
    """Those that there are: in a strict cloud those of the sample only."""
    return [record for record in world.tables[TABLE].every() if record["listed"] or not world.is_strict]


def short(record: Record) -> dict[str, Any]:
    """As a token shows it."""
    return {"id": record["id"], "name": record["name"], "domain": domain_of(record["domain"])}


def view(asked: Asked, record: Record) -> dict[str, Any]:
    domain = domain_of(record["domain"])["id"]
    return {
        "id": record["id"],
        "name": record["name"],
        "domain_id": domain,
        "parent_id": domain,
        "description": record["description"],
        "enabled": True,
        "is_domain": False,
        "tags": [],
        "options": {},
        "links": {"self": f"{asked.base}/identity/v3/projects/{record['id']}"},
    }


def listing(asked: Asked, records: list[Record]) -> dict[str, Any]:
    return listed(asked, "projects", (view(asked, record) for record in records))


# --- operations -------------------------------------------------------------------------------------------------------


def index(world: World, asked: Asked) -> dict[str, Any]:
    if one_of(asked.query, "is_domain") in ("true", "True", "1"):
        return listed(asked, "projects", ())
    return listing(asked, every(world))


def show(world: World, asked: Asked, id: str) -> dict[str, Any]:
    record = domains.found(world.tables[TABLE], id)
    return {"project": view(asked, present(record, "project", id))}


def used_domains(world: World) -> dict[str, dict[str, str]]:
    """All domains in which something is, by id."""
    used = [domain_of(record["domain"]) for table in (TABLE, "users") for record in world.tables[table].every()]
    return {domain["id"]: domain for domain in (domains.DEFAULT, *used)}


def index_domains(world: World, asked: Asked) -> dict[str, Any]:
    return listed(asked, "domains", (_domain(asked, one) for one in used_domains(world).values()))


def show_domain(world: World, asked: Asked, id: str) -> dict[str, Any]:
    return {"domain": _domain(asked, present(used_domains(world).get(id), "domain", id))}


def _domain(asked: Asked, domain: dict[str, str]) -> dict[str, Any]:
    links = {"self": f"{asked.base}/identity/v3/domains/{domain['id']}"}
    return {**domain, "description": "", "enabled": True, "tags": [], "options": {}, "links": links}

"""Projects and domains: those that a sample lists, and in an open cloud any that somebody names."""

from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, first_value, get_or_404, render_list
from jobsmock.openstack.identity import domains
from jobsmock.openstack.identity.domains import find_domain
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "projects"
STANDARD: tuple[Record, ...] = ({"name": "demo"}, {"name": "admin"})


def find_or_invent(world: World, scope: Any) -> Record:
    return domains.find_or_invent(world, TABLE, scope, "scope.project")


def get(world: World, id: str) -> Record:
    """The project that a token is for; one that has gone with a reset has its id for a name."""
    table = world.tables[TABLE]
    return domains.find(table, id) or {**domains.invent(world, table, id, domains.DEFAULT), "id": id}


def iterate_all(world: World) -> list[Record]:
    """Those that there are: in a strict cloud those of the sample only."""
    return [record for record in world.tables[TABLE].iterate_all() if record["listed"] or not world.is_strict]


def render_briefly(record: Record) -> dict[str, Any]:
    """As a token shows it."""
    return {"id": record["id"], "name": record["name"], "domain": find_domain(record["domain"])}


def render(request: CloudRequest, record: Record) -> dict[str, Any]:
    domain = find_domain(record["domain"])["id"]
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
        "links": {"self": f"{request.base}/identity/v3/projects/{record['id']}"},
    }


def render_all(request: CloudRequest, records: list[Record]) -> dict[str, Any]:
    return render_list(request, "projects", (render(request, record) for record in records))


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest) -> dict[str, Any]:
    if first_value(request.query, "is_domain") in ("true", "True", "1"):
        return render_list(request, "projects", ())
    return render_all(request, iterate_all(world))


def show(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    record = domains.find(world.tables[TABLE], id)
    return {"project": render(request, get_or_404(record, "project", id))}


def list_used_domains(world: World) -> dict[str, dict[str, str]]:
    """All domains in which something is, by id."""
    used = [find_domain(record["domain"]) for table in (TABLE, "users") for record in world.tables[table].iterate_all()]
    return {domain["id"]: domain for domain in (domains.DEFAULT, *used)}


def list_domains(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "domains", (_render_domain(request, one) for one in list_used_domains(world).values()))


def show_domain(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    return {"domain": _render_domain(request, get_or_404(list_used_domains(world).get(id), "domain", id))}


def _render_domain(request: CloudRequest, domain: dict[str, str]) -> dict[str, Any]:
    links = {"self": f"{request.base}/identity/v3/domains/{domain['id']}"}
    return {**domain, "description": "", "enabled": True, "tags": [], "options": {}, "links": links}

"""Users: those that a sample lists, with passwords and roles, and in an open cloud anyone who says a name."""

import hmac
from collections.abc import Iterator
from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, first_value, get_or_404, render_list
from jobsmock.openstack.errors import MalformedRequest, OpenStackUnauthorized
from jobsmock.openstack.identity import domains, projects, roles
from jobsmock.openstack.identity.domains import find_domain, parse_object
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "users"
EVERYWHERE = "*"  # among roles by project: each that has none of its own there
STANDARD: tuple[Record, ...] = (
    {"name": "demo", "password": "secret"},
    {"name": "admin", "password": "secret", "roles": {EVERYWHERE: [roles.ADMIN]}},
)

_EMPTY: Record = {"password": None, "email": None, "roles": {}}


def complete(record: Record) -> Record:
    """A sample's user; the roles still by whatever names the projects have there."""
    return {**_EMPTY, **domains.complete(record)}


def find_or_invent(world: World, user: Any, where: str) -> Record:
    return domains.find_or_invent(world, TABLE, user, where, **_EMPTY)


def check_password(world: World, user: Any) -> Record:
    """The user who knows the password; in an open cloud any will do, and any will for a user who has none."""
    part = parse_object(user, "user")
    password = part.get("password")
    if not isinstance(password, str):
        raise MalformedRequest("Expecting to find password in user, a text.")
    record = find_or_invent(world, part, "user")
    if world.is_strict and record["password"] is not None and not is_same_secret(record["password"], password):
        raise OpenStackUnauthorized(f"{record['name']} has another password")
    return record


def is_same_secret(one: str, other: str) -> bool:
    """Whether two secrets are, in a time that does not tell how much of them is."""
    return hmac.compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (one, other)))


def get(world: World, id: str) -> Record:
    """The user of a token; one that has gone with a reset has the id for a name."""
    table = world.tables[TABLE]
    return domains.find(table, id) or complete({**domains.invent(world, table, id, domains.DEFAULT), "id": id})


def list_roles(world: World, user: Record, project: str) -> list[str]:
    """What a user may be in a project, by its id; in an open cloud everybody is a member everywhere."""
    own = _list_given_roles(user, project)
    return roles.add_implied(own if own or world.is_strict else [_find_highest(user)])


def _list_given_roles(user: Record, project: str) -> list[str]:
    given: dict[str, list[str]] = user["roles"]
    return given.get(project, given.get(EVERYWHERE, []))


def list_domain_roles(world: World, user: Record, domain: str) -> list[str]:
    """Who is an administrator anywhere is one of the own domain."""
    is_own = find_domain(user["domain"])["id"] == domain
    if world.is_strict and not (is_own and _find_highest(user) == roles.ADMIN):
        return []
    return roles.add_implied([_find_highest(user)])


def _find_highest(user: Record) -> str:
    given = user["roles"].values()
    return roles.ADMIN if any(roles.ADMIN in some for some in given) else roles.MEMBER


def list_projects(world: World, user: Record) -> list[Record]:
    """Where a user may work."""
    return [project for project in projects.iterate_all(world) if list_roles(world, user, project["id"])]


def render_briefly(record: Record) -> dict[str, Any]:
    """As a token shows it."""
    domain = find_domain(record["domain"])
    return {"id": record["id"], "name": record["name"], "domain": domain, "password_expires_at": None}


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "users", (_render(request, record) for record in _iterate_all(world)))


def show(world: World, request: CloudRequest, user: str) -> dict[str, Any]:
    return {"user": _render(request, _get_or_404(world, request, user))}


def list_projects_of(world: World, request: CloudRequest, user: str) -> dict[str, Any]:
    return projects.render_all(request, list_projects(world, _get_or_404(world, request, user)))


def list_groups(world: World, request: CloudRequest, user: str) -> dict[str, Any]:
    _get_or_404(world, request, user)
    return render_list(request, "groups", ())


def list_own_projects(world: World, request: CloudRequest) -> dict[str, Any]:
    """Those that the caller's token may be exchanged for."""
    own = list_projects(world, get(world, request.caller.user)) if request.caller else projects.iterate_all(world)
    return projects.render_all(request, own)


def list_own_domains(world: World, request: CloudRequest) -> dict[str, Any]:
    every = projects.list_domains(world, request)
    if not request.caller:
        return every
    user = get(world, request.caller.user)
    return {**every, "domains": [one for one in every["domains"] if list_domain_roles(world, user, one["id"])]}


def list_assignments(world: World, request: CloudRequest) -> dict[str, Any]:
    """Who has which role where, of those that a sample lists."""
    wanted = {
        part: first_value(request.query, key)
        for part, key in (("user", "user.id"), ("scope", "scope.project.id"), ("role", "role.id"))
    }
    shown = (
        assignment
        for facts, assignment in _iterate_assignments(world, request)
        if all(value is None or facts[part] == value for part, value in wanted.items())
    )
    links = {"self": request.base + request.path, "previous": None, "next": None}
    return {"role_assignments": list(shown), "links": links}


def _iterate_assignments(world: World, request: CloudRequest) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    with_names = "include_names" in request.query
    for user in _iterate_all(world):
        for project in (project["id"] for project in projects.iterate_all(world)):
            own = _list_given_roles(user, project)
            for name in roles.add_implied(own) if "effective" in request.query else own:
                facts = {"user": user["id"], "scope": project, "role": roles.render_briefly(name)["id"]}
                who, where, what = (
                    render_briefly(user),
                    projects.render_briefly(projects.get(world, project)),
                    roles.render_briefly(name),
                )
                path = f"projects/{project}/users/{user['id']}/roles/{what['id']}"
                yield (
                    facts,
                    {
                        "user": who if with_names else {"id": who["id"]},
                        "scope": {"project": where if with_names else {"id": where["id"]}},
                        "role": what if with_names else {"id": what["id"]},
                        "links": {"assignment": f"{request.base}/identity/v3/{path}"},
                    },
                )


def _iterate_all(world: World) -> list[Record]:
    return [record for record in world.tables[TABLE].iterate_all() if record["listed"] or not world.is_strict]


def _get_or_404(world: World, request: CloudRequest, id: str) -> Record:
    """Who is there; a caller is, even if a reset of the records has forgotten that."""
    is_caller = request.caller is not None and request.caller.user == id
    return get(world, id) if is_caller else get_or_404(domains.find(world.tables[TABLE], id), "user", id)


def _render(request: CloudRequest, record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "name": record["name"],
        "domain_id": find_domain(record["domain"])["id"],
        "description": record["description"],
        "email": record["email"],
        "enabled": True,
        "password_expires_at": None,
        "options": {},
        "links": {"self": f"{request.base}/identity/v3/users/{record['id']}"},
    }

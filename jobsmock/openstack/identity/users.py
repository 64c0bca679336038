"""Users: those that a sample lists, with passwords and roles, and in an open cloud anyone who says a name."""

import hmac
from collections.abc import Iterator
from typing import Any

from jobsmock.openstack.cloud_request import Asked, listed, one_of, present
from jobsmock.openstack.errors import Malformed, Unauthorized
from jobsmock.openstack.identity import domains, projects, roles
from jobsmock.openstack.identity.domains import domain_of, given
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "users"
EVERYWHERE = "*"  # among roles by project: each that has none of its own there
STANDARD: tuple[Record, ...] = (
    {"name": "demo", "password": "secret"},
    {"name": "admin", "password": "secret", "roles": {EVERYWHERE: [roles.ADMIN]}},
)

_EMPTY: Record = {"password": None, "email": None, "roles": {}}


def filled_in(record: Record) -> Record:
    """A sample's user; the roles still by whatever names the projects have there."""
    return {**_EMPTY, **domains.named(record)}


def meant(world: World, user: Any, where: str) -> Record:
    return domains.meant(world, TABLE, user, where, **_EMPTY)


def with_password(world: World, user: Any) -> Record:
    """The user who knows the password; in an open cloud any will do, and any will for a user who has none."""
    part = given(user, "user")
    password = part.get("password")
    if not isinstance(password, str):
        raise Malformed("Expecting to find password in user, a text.")
    record = meant(world, part, "user")
    if world.is_strict and record["password"] is not None and not is_same(record["password"], password):
        raise Unauthorized(f"{record['name']} has another password")
    return record


def is_same(one: str, other: str) -> bool:
    """Whether two secrets are, in a time that does not tell how much of them is."""
    return hmac.compare_digest(*(text.encode("utf-8", "surrogatepass") for text in (one, other)))


def by_id(world: World, id: str) -> Record:
    """The user of a token; one that has gone with a reset has the id for a name."""
    table = world.tables[TABLE]
    return domains.found(table, id) or filled_in({**domains.sprung(world, table, id, domains.DEFAULT), "id": id})


def roles_in(world: World, user: Record, project: str) -> list[str]:
    """What a user may be in a project, by its id; in an open cloud everybody is a member everywhere."""
    own = _given(user, project)
    return roles.with_implied(own if own or world.is_strict else [_highest(user)])


def _given(user: Record, project: str) -> list[str]:
    given: dict[str, list[str]] = user["roles"]
    return given.get(project, given.get(EVERYWHERE, []))


def roles_in_domain(world: World, user: Record, domain: str) -> list[str]:
    """Who is an administrator anywhere is one of the own domain."""
    is_own = domain_of(user["domain"])["id"] == domain
    if world.is_strict and not (is_own and _highest(user) == roles.ADMIN):
        return []
    return roles.with_implied([_highest(user)])


def _highest(user: Record) -> str:
    given = user["roles"].values()
    return roles.ADMIN if any(roles.ADMIN in some for some in given) else roles.MEMBER


def projects_of(world: World, user: Record) -> list[Record]:
    """Where a user may work."""
    return [project for project in projects.every(world) if roles_in(world, user, project["id"])]


def short(record: Record) -> dict[str, Any]:
    """As a token shows it."""
    domain = domain_of(record["domain"])
    return {"id": record["id"], "name": record["name"], "domain": domain, "password_expires_at": None}


# --- operations -------------------------------------------------------------------------------------------------------


def index(world: World, asked: Asked) -> dict[str, Any]:
    return listed(asked, "users", (_view(asked, record) for record in _every(world)))


def show(world: World, asked: Asked, user: str) -> dict[str, Any]:
    return {"user": _view(asked, _present(world, asked, user))}


def index_projects(world: World, asked: Asked, user: str) -> dict[str, Any]:
    return projects.listing(asked, projects_of(world, _present(world, asked, user)))


def index_groups(world: World, asked: Asked, user: str) -> dict[str, Any]:
    _present(world, asked, user)
    return listed(asked, "groups", ())


def index_own_projects(world: World, asked: Asked) -> dict[str, Any]:
    """Those that the caller's token may be exchanged for."""
    own = projects_of(world, by_id(world, asked.caller.user)) if asked.caller else projects.every(world)
    return projects.listing(asked, own)


def index_own_domains(world: World, asked: Asked) -> dict[str, Any]:
    every = projects.index_domains(world, asked)
    if not asked.caller:
        return every
    user = by_id(world, asked.caller.user)
    return {**every, "domains": [one for one in every["domains"] if roles_in_domain(world, user, one["id"])]}


def index_assignments(world: World, asked: Asked) -> dict[str, Any]:
    """Who has which role where, of those that a sample lists."""
    wanted = {
        part: one_of(asked.query, key)
        for part, key in (("user", "user.id"), ("scope", "scope.project.id"), ("role", "role.id"))
    }
    shown = (
        assignment
        for facts, assignment in _assignments(world, asked)
        if all(value is None or facts[part] == value for part, value in wanted.items())
    )
    links = {"self": asked.base + asked.path, "previous": None, "next": None}
    return {"role_assignments": list(shown), "links": links}


def _assignments(world: World, asked: Asked) -> Iterator[tuple[dict[str, str], dict[str, Any]]]:
    with_names = "include_names" in asked.query
    for user in _every(world):
        for project in (project["id"] for project in projects.every(world)):
            own = _given(user, project)
            for name in roles.with_implied(own) if "effective" in asked.query else own:
                facts = {"user": user["id"], "scope": project, "role": roles.short(name)["id"]}
                who, where, what = short(user), projects.short(projects.by_id(world, project)), roles.short(name)
                path = f"projects/{project}/users/{user['id']}/roles/{what['id']}"
                yield (
                    facts,
                    {
                        "user": who if with_names else {"id": who["id"]},
                        "scope": {"project": where if with_names else {"id": where["id"]}},
                        "role": what if with_names else {"id": what["id"]},
                        "links": {"assignment": f"{asked.base}/identity/v3/{path}"},
                    },
                )


def _every(world: World) -> list[Record]:
    return [record for record in world.tables[TABLE].every() if record["listed"] or not world.is_strict]


def _present(world: World, asked: Asked, id: str) -> Record:
    """Who is there; a caller is, even if a reset of the records has forgotten that."""
    is_caller = asked.caller is not None and asked.caller.user == id
    return by_id(world, id) if is_caller else present(domains.found(world.tables[TABLE], id), "user", id)


def _view(asked: Asked, record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "name": record["name"],
        "domain_id": domain_of(record["domain"])["id"],
        "description": record["description"],
        "email": record["email"],
        "enabled": True,
        "password_expires_at": None,
        "options": {},
        "links": {"self": f"{asked.base}/identity/v3/users/{record['id']}"},
    }

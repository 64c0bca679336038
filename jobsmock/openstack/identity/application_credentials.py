"""Application credentials: a secret that stands for a user in one project, so that a program needs no password."""

import hmac
from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, get_or_404, render_list
from jobsmock.openstack.errors import MalformedRequest, OpenStackConflict, OpenStackForbidden, OpenStackUnauthorized
from jobsmock.openstack.identity import domains, projects, roles, users
from jobsmock.openstack.identity.domains import CLOUD, check_room, parse_object, parse_text
from jobsmock.world.clock import parse_time, resolve_time
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "application_credentials"
_DEMO = {"name": "demo", "domain": {"id": "default"}}  # the user, and the project, of one that nobody has made


def complete(record: Record) -> Record:
    """A sample's credential; user and project still by id or name, roles those of the user unless told."""
    empty = {"id": record["name"], "tenant_id": CLOUD, "description": "", "roles": None, "expires_at": None}
    return {**empty, "unrestricted": False, **record}


def check_secret(world: World, part: Any) -> Record:
    """The credential that a request knows the secret of; in an open cloud any will do, for the project `demo`."""
    record = _find(world, parse_object(part, "application_credential"))
    secret = parse_text(part, "secret", "application_credential")
    if world.is_strict and not users.is_same_secret(record["secret"], secret):
        raise OpenStackUnauthorized(f"The application credential {record['name']} has another secret")
    if record["expires_at"] is not None and parse_time(record["expires_at"]) <= world.clock.now():
        raise OpenStackUnauthorized(f"The application credential {record['name']} ended at {record['expires_at']}")
    return record


def _find(world: World, part: dict[str, Any]) -> Record:
    where = "application_credential"
    table = world.tables[TABLE]
    if "id" in part:
        id = parse_text(part, "id", where)
        record, user = domains.find(table, id), _DEMO
    else:
        id = parse_text(part, "name", where)
        user = parse_object(part.get("user"), f"{where}.user")
        record = _find_of_user(world, users.find_or_invent(world, user, f"{where}.user")["id"], id)
    return record or _invent(world, id, user)


def _invent(world: World, name: str, user: Any) -> Record:
    if world.is_strict:
        raise OpenStackUnauthorized(f"There is no application credential {name!r}")
    owner = users.find_or_invent(world, user, "application_credential.user")
    project = projects.find_or_invent(world, _DEMO)
    return complete({"name": name, "secret": "", "user": owner["id"], "project": project["id"]})


def _find_of_user(world: World, user: str, name: str) -> Record | None:
    every = world.tables[TABLE].iterate_all()
    return next((one for one in every if one["user"] == user and one["name"] == name), None)


def list_roles(world: World, record: Record) -> list[str]:
    """Those that it was made with, as far as its user still has them."""
    has = users.list_roles(world, users.get(world, record["user"]), record["project"])
    wanted = record["roles"]
    return has if wanted is None else [name for name in has if name in roles.add_implied(wanted)]


def render_briefly(record: Record) -> dict[str, Any]:
    """As a token shows it."""
    return {"id": record["id"], "name": record["name"], "restricted": not record["unrestricted"]}


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest, user: str) -> dict[str, Any]:
    every = (one for one in world.tables[TABLE].iterate_all() if one["user"] == user)
    return render_list(request, "application_credentials", [_render(world, request, one) for one in every])


def show(world: World, request: CloudRequest, user: str, id: str) -> dict[str, Any]:
    return {"application_credential": _render(world, request, _get_own(world, user, id))}


def create(world: World, request: CloudRequest, user: str) -> dict[str, Any]:
    """Make a credential for the project of the caller's token. Only this answer tells the secret."""
    wanted = parse_object(request.body.get("application_credential"), "application_credential")
    name = parse_text(wanted, "name", "application_credential")
    if request.caller is None or request.caller.project is None or request.caller.user != user:
        raise OpenStackUnauthorized("An application credential is made by its user, with a token for a project")
    if request.caller.credential is not None:
        raise OpenStackForbidden("identity:create_application_credential")
    check_room(world)
    if _find_of_user(world, user, name):
        raise OpenStackConflict(f"Duplicate entry found with name {name}.")
    record = complete({
        "id": world.new_request_id().replace("-", ""),
        "name": name,
        "secret": _choose_secret(world, wanted),
        "description": _parse_text(wanted, "description") or "",
        "user": user,
        "project": request.caller.project,
        "roles": _parse_roles(wanted),
        "expires_at": _parse_expiry(world, wanted),
        "unrestricted": wanted.get("unrestricted") is True,
    })  # fmt: skip
    world.tables[TABLE].save(record)
    return {"application_credential": {**_render(world, request, record), "secret": record["secret"]}}


def delete(world: World, request: CloudRequest, user: str, id: str) -> None:
    world.tables[TABLE].delete(CLOUD, _get_own(world, user, id)["id"])


def _get_own(world: World, user: str, id: str) -> Record:
    record = domains.find(world.tables[TABLE], id)
    return get_or_404(record if record and record["user"] == user else None, "application credential", id)


def _choose_secret(world: World, wanted: dict[str, Any]) -> str:
    """The one that is wished for, or one that nobody can guess who does not know the world's key."""
    made = hmac.digest(world.key, world.new_request_id().encode(), "sha256").hex()
    return _parse_text(wanted, "secret") or made


def _parse_text(wanted: dict[str, Any], key: str) -> str | None:
    return parse_text(wanted, key, "application_credential") if wanted.get(key) else None


def _parse_roles(wanted: dict[str, Any]) -> list[str] | None:
    request = wanted.get("roles") or []
    if not isinstance(request, list):
        raise MalformedRequest("application_credential.roles: a list is expected.")
    by_id = {roles.render_briefly(name)["id"]: name for name in (roles.ADMIN, roles.MEMBER, roles.READER)}
    named = [parse_object(one, "application_credential.roles") for one in request]
    texts = [by_id.get(str(one.get("id")), one.get("name")) for one in named]
    if not all(isinstance(text, str) for text in texts):
        raise MalformedRequest("application_credential.roles: each is told by id or by name.")
    return [str(text) for text in texts] or None


def _parse_expiry(world: World, wanted: dict[str, Any]) -> str | None:
    """A moment as it was told, fractions of a second included."""
    text = _parse_text(wanted, "expires_at")
    try:
        if text and text[0].isdigit():
            resolve_time(text, world.clock.now())
        elif text:
            raise ValueError
        return text
    except ValueError:
        raise MalformedRequest(
            f"application_credential.expires_at: invalid time {text!r}: expected 2026-01-31T12:00:00."
        ) from None


def _render(world: World, request: CloudRequest, record: Record) -> dict[str, Any]:
    path = f"users/{record['user']}/application_credentials/{record['id']}"
    return {
        "id": record["id"],
        "name": record["name"],
        "description": record["description"],
        "project_id": record["project"],
        "roles": [roles.render_briefly(name) for name in list_roles(world, record)],
        "expires_at": record["expires_at"],
        "unrestricted": record["unrestricted"],
        "system": None,
        "links": {"self": f"{request.base}/identity/v3/{path}"},
    }

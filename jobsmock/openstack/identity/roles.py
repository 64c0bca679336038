"""Roles: the three that every cloud has, and whatever others a sample gives its users."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, get_or_404, render_list
from jobsmock.world.world import World

ADMIN, MEMBER, READER = "admin", "member", "reader"

_IMPLIED = {ADMIN: (MEMBER, READER), MEMBER: (READER,)}


def add_implied(names: Iterable[str]) -> list[str]:
    """Roles with those that come with them, each once."""
    return list(dict.fromkeys(one for name in names for one in (name, *_IMPLIED.get(name, ()))))


def render_briefly(name: str) -> dict[str, str]:
    """As a token shows it. Its id follows from the name."""
    return {"id": sha256(f"role {name}".encode()).hexdigest()[:32], "name": name}


def _iterate_all(world: World) -> list[str]:
    given = (role for user in world.tables["users"].iterate_all() for roles in user["roles"].values() for role in roles)
    return list(dict.fromkeys((ADMIN, MEMBER, READER, *given)))


def _render(request: CloudRequest, name: str) -> dict[str, Any]:
    role = render_briefly(name)
    links = {"self": f"{request.base}/identity/v3/roles/{role['id']}"}
    return {**role, "domain_id": None, "description": None, "options": {}, "links": links}


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "roles", (_render(request, name) for name in _iterate_all(world)))


def show(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    every = {role["id"]: role for name in _iterate_all(world) if (role := _render(request, name))}
    return {"role": get_or_404(every.get(id), "role", id)}

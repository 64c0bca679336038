"""Roles: the three that every cloud has, and whatever others a sample gives its users."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from jobsmock.openstack.cloud_request import Asked, listed, present
from jobsmock.world.world import World

ADMIN, MEMBER, READER = "admin", "member", "reader"

_IMPLIED = {ADMIN: (MEMBER, READER), MEMBER: (READER,)}


def with_implied(names: Iterable[str]) -> list[str]:
    """Roles with those that come with them, each once."""
    return list(dict.fromkeys(one for name in names for one in (name, *_IMPLIED.get(name, ()))))


def short(name: str) -> dict[str, str]:
    """As a token shows it. Its id follows from the name."""
    return {"id": sha256(f"role {name}".encode()).hexdigest()[:32], "name": name}


def _every(world: World) -> list[str]:
    given = (role for user in world.tables["users"].every() for roles in user["roles"].values() for role in roles)
    return list(dict.fromkeys((ADMIN, MEMBER, READER, *given)))


def _view(asked: Asked, name: str) -> dict[str, Any]:
    role = short(name)
    links = {"self": f"{asked.base}/identity/v3/roles/{role['id']}"}
    return {**role, "domain_id": None, "description": None, "options": {}, "links": links}


# --- operations -------------------------------------------------------------------------------------------------------


def index(world: World, asked: Asked) -> dict[str, Any]:
    return listed(asked, "roles", (_view(asked, name) for name in _every(world)))


def show(world: World, asked: Asked, id: str) -> dict[str, Any]:
    every = {role["id"]: role for name in _every(world) if (role := _view(asked, name))}
    return {"role": present(every.get(id), "role", id)}

"""Who asks: what the token of a request says, and whom the data processing service of a strict world lets in.

`sahara_views.py` asks before each operation of the service, and for the project where the URL names none. Whom the
other services let in is in `openstack_views.py`.
"""

from typing import Any

from jobsmock.http.middleware import NOTES, WORLD
from jobsmock.openstack.identity import authentication, tokens
from jobsmock.openstack.identity.tokens import Token
from jobsmock.sahara.errors import ServiceError, Unauthorized
from jobsmock.world.world import World

_NOBODY = "The request you have made requires authentication."
_ELSEWHERE = "Token tenant != requested tenant"
_NOWHERE = "The token is for no project; ask for one that is scoped to the project of the URL."


def read_caller(world: World, environ: dict[str, Any]) -> Token | None:
    """What the X-Auth-Token of a request says; None if that is no token of this world."""
    return tokens.read_token(world, environ.get("HTTP_X_AUTH_TOKEN"))


def find_project(environ: dict[str, Any]) -> str | None:
    """The project of a request whose URL names none: its token's, else the one that a header names."""
    token = read_caller(environ[WORLD], environ)
    project: str | None = token.project if token else None
    return project or environ.get("HTTP_X_PROJECT_ID")


def list_roles(world: World, environ: dict[str, Any]) -> list[str]:
    """The roles of whoever asks: those of the token, and in an open cloud those that the request claims, too.

    A gatekeeper before the real service writes `X-Roles` on a request, and takes off what a client has written there.
    """
    token = read_caller(world, environ)
    own = authentication.list_roles(world, token) if token else []
    claimed = [] if world.is_strict else environ.get("HTTP_X_ROLES", "").split(",")
    return [*own, *(role.strip() for role in claimed)]


def check_access(world: World, environ: dict[str, Any], project: str | None) -> ServiceError | None:
    """Why a strict world does not let a request to the service in; None if it does, and always for an open one.

    `project` is the one that the URL names, if it does.
    """
    if not world.is_strict:
        return None
    token = read_caller(world, environ)
    if token is None:
        environ[NOTES] = [tokens.explain_invalid(world, environ.get("HTTP_X_AUTH_TOKEN"))]
        return Unauthorized(_NOBODY)
    if token.project is None:
        return Unauthorized(_NOWHERE)
    if project is not None and token.project != project:
        environ[NOTES] = [f"The token was had for the project {token.project}, and the URL names {project}"]
        return Unauthorized(_ELSEWHERE)
    return None

"""Who sends a request to the data processing service, and whom a strict world lets in.

Whom the other services let in is in `openstack_services.py`.
"""

from typing import NamedTuple

from jobsmock.http.request import Request
from jobsmock.openstack.identity import authentication, tokens
from jobsmock.openstack.identity.tokens import Token
from jobsmock.sahara.errors import ServiceError, Unauthorized
from jobsmock.world.world import World

DEFAULT_PROJECT = "9cd1314a0a31493282b6712b76a8fcda"  # for requests that name none; the API reference has it, too

_UNKNOWN_CALLER = "The request you have made requires authentication."
_OTHER_PROJECT = "Token tenant != requested tenant"
_NO_PROJECT = "The token is for no project; ask for one that is scoped to the project of the URL."


class Caller(NamedTuple):
    """Who sends a request, for which project, and why the service does not let them in, if so.

    `note` explains the error in the journal; the caller is not told.
    """

    project: str
    token: Token | None
    error: ServiceError | None = None
    note: str | None = None


def read_token(world: World, request: Request) -> Token | None:
    """The token of a request; None if it has none that is valid in this world."""
    return tokens.read_token(world, request.headers.get("x-auth-token"))


def identify(world: World, request: Request, url_project: str | None) -> Caller:
    """Who sends a request to the service. Its project is that of the URL, of the token, of a header, or the default."""
    token = read_token(world, request)
    project = url_project or (token and token.project) or request.headers.get("x-project-id") or DEFAULT_PROJECT
    if not world.is_strict:
        return Caller(project, token)
    if token is None:
        note = tokens.explain_invalid(world, request.headers.get("x-auth-token"))
        return Caller(project, token, Unauthorized(_UNKNOWN_CALLER), note)
    if token.project is None:
        return Caller(project, token, Unauthorized(_NO_PROJECT))
    if url_project is not None and token.project != url_project:
        note = f"The token was issued for the project {token.project}, and the URL names {url_project}"
        return Caller(project, token, Unauthorized(_OTHER_PROJECT), note)
    return Caller(project, token)


def list_roles(world: World, request: Request, token: Token | None) -> list[str]:
    """The roles of the caller: those of the token, and in an open world also those of the header `X-Roles`.

    In front of the real service, a middleware sets `X-Roles` and removes what a client has sent in it.
    """
    own = authentication.list_roles(world, token) if token else []
    claimed = [] if world.is_strict else request.headers.get("x-roles", "").split(",")
    return [*own, *(role.strip() for role in claimed)]

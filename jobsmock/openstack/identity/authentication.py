"""Logging in: who somebody is, what for, and the token that says so. What the identity service is mostly asked."""

from typing import Any, NamedTuple

from jobsmock.openstack.cloud_request import CloudRequest, CloudResponse
from jobsmock.openstack.errors import MalformedRequest, OpenStackForbidden, OpenStackNotFound, OpenStackUnauthorized
from jobsmock.openstack.identity import application_credentials, catalog, domains, projects, roles, tokens, users
from jobsmock.openstack.identity.domains import find_domain, parse_object, parse_text
from jobsmock.openstack.identity.tokens import LIFETIME, Token
from jobsmock.world.clock import format_time
from jobsmock.world.store import Record
from jobsmock.world.world import World

SUBJECT = "X-Subject-Token"


class Login(NamedTuple):
    """Who has logged in: by a token that is exchanged, or by a credential that says for what, if by one of them."""

    user: Record
    token: Token | None = None
    credential: Record | None = None


# --- operations -------------------------------------------------------------------------------------------------------


def create_token(world: World, request: CloudRequest) -> CloudResponse:
    """Issue a token, for what the body's `scope` says; without one it is good for finding out where one may work."""
    auth = parse_object(request.body.get("auth"), "auth")
    identity = parse_object(auth.get("identity"), "auth.identity")
    methods = _parse_methods(identity)
    login = _log_in(world, identity, methods)
    token = _issue_token(world, login, methods, _parse_scope(world, login, auth.get("scope")))
    return _render_token(world, request, token, tokens.sign(world, token))


def show_token(world: World, request: CloudRequest) -> CloudResponse:
    return _render_token(world, request, _read_subject(world, request), request.subject or "")


def delete_token(world: World, request: CloudRequest) -> None:
    token = _read_subject(world, request)
    domains.check_room(world)
    tokens.revoke(world, token)


def show_catalog(world: World, request: CloudRequest) -> dict[str, Any]:
    project = request.caller and request.caller.project
    links = {"self": request.base + request.path, "previous": None, "next": None}
    return {"catalog": catalog.render_catalog(request.base, project), "links": links}


def _read_subject(world: World, request: CloudRequest) -> Token:
    if request.subject is None:
        raise MalformedRequest(f"The header {SUBJECT} is missing: it names the token that is meant.")
    token = tokens.read_token(world, request.subject)
    if token is None:
        raise OpenStackNotFound("Failed to validate token")
    caller = request.caller
    if world.is_strict and caller and token.user != caller.user and roles.ADMIN not in list_roles(world, caller):
        raise OpenStackForbidden("identity:validate_token")
    return token


# --- who --------------------------------------------------------------------------------------------------------------


def list_roles(world: World, token: Token) -> list[str]:
    """The roles that a token carries, as its user has them now."""
    credential = token.credential and domains.find(world.tables[application_credentials.TABLE], token.credential)
    if credential:
        return application_credentials.list_roles(world, credential)
    user = users.get(world, token.user)
    if token.project is not None:
        return users.list_roles(world, user, token.project)
    return users.list_domain_roles(world, user, token.domain) if token.domain is not None else []


def _parse_methods(identity: dict[str, Any]) -> list[str]:
    methods = identity.get("methods")
    if not isinstance(methods, list) or not methods or not all(isinstance(one, str) for one in methods):
        raise MalformedRequest("Expecting to find methods in auth.identity, a list of texts.")
    return list(dict.fromkeys(methods))


def _log_in(world: World, identity: dict[str, Any], methods: list[str]) -> Login:
    """Who all methods agree that it is."""
    logins = [
        _log_in_by(world, method, parse_object(identity.get(method), f"auth.identity.{method}")) for method in methods
    ]
    if len({login.user["id"] for login in logins}) > 1:
        raise OpenStackUnauthorized("Each of the methods tells of another user")
    return max(logins, key=lambda login: (login.credential is not None, login.token is not None))


def _log_in_by(world: World, method: str, part: dict[str, Any]) -> Login:
    if method == "password":
        return Login(users.check_password(world, part.get("user")))
    if method == "token":
        return _log_in_by_token(world, parse_text(part, "id", "auth.identity.token", tokens.LONGEST))
    if method == "application_credential":
        credential = application_credentials.check_secret(world, part)
        return Login(users.get(world, credential["user"]), credential=credential)
    raise OpenStackUnauthorized(
        f"There is no way to log in by {method!r}: expected one of password, token, application_credential"
    )


def _log_in_by_token(world: World, text: str) -> Login:
    """What a credential was exchanged for is still bound to its project."""
    token = tokens.check(world, text)
    credential = token.credential and domains.find(world.tables[application_credentials.TABLE], token.credential)
    return Login(users.get(world, token.user), token, credential or None)


# --- what for ---------------------------------------------------------------------------------------------------------


def _parse_scope(world: World, login: Login, scope: Any) -> tuple[str | None, str | None]:
    """The ids of the project and of the domain that a token is wanted for; at most one of them."""
    if login.credential:
        if scope not in (None, "unscoped"):
            raise OpenStackUnauthorized("An application credential has its own project, and no scope may be asked for")
        return login.credential["project"], None
    if scope is None or scope == "unscoped" or "unscoped" in parse_object(scope, "auth.scope"):
        return None, None
    if "project" in scope:
        project = projects.find_or_invent(world, scope["project"])["id"]
        _check_has_role(users.list_roles(world, login.user, project), login.user, f"project {project}")
        return project, None
    if "domain" in scope:
        domain = domains.parse_domain(world, scope, "auth.scope")["id"]
        _check_has_role(users.list_domain_roles(world, login.user, domain), login.user, f"domain {domain}")
        return None, domain
    if "system" in scope:
        raise OpenStackUnauthorized("Nobody has a role in the system as a whole")
    raise MalformedRequest("auth.scope: Expecting to find project, domain, system or unscoped in it.")


def _check_has_role(roles: list[str], user: Record, where: str) -> None:
    if not roles:
        raise OpenStackUnauthorized(f"{user['name']} has no role in the {where}")


# --- the token --------------------------------------------------------------------------------------------------------


def _issue_token(world: World, login: Login, methods: list[str], scope: tuple[str | None, str | None]) -> Token:
    """A new token; one that is had for another lasts no longer than that, and remembers how that was had."""
    old, now, audit = login.token, world.clock.now(), [world.new_request_id().replace("-", "")[:22]]
    credential = login.credential["id"] if login.credential else None
    if old is None:
        return Token(login.user["id"], methods, now, now + LIFETIME, audit, *scope, credential)
    methods = list(dict.fromkeys([*old.methods, *methods]))
    return Token(login.user["id"], methods, now, old.expires, [*audit, old.audit[-1]], *scope, credential)


def _render_token(world: World, request: CloudRequest, token: Token, text: str) -> CloudResponse:
    user = users.get(world, token.user)
    told: dict[str, Any] = {
        "methods": token.methods,
        "user": users.render_briefly(user),
        "audit_ids": token.audit,
        "issued_at": f"{format_time(token.issued)}.000000Z",
        "expires_at": f"{format_time(token.expires)}.000000Z",
    }
    if token.project is not None:
        told |= {"project": projects.render_briefly(projects.get(world, token.project)), "is_domain": False}
    if token.domain is not None:
        told["domain"] = find_domain(token.domain)
    if token.project is not None or token.domain is not None:
        told["roles"] = [roles.render_briefly(name) for name in list_roles(world, token)]
        if "nocatalog" not in request.query:
            told["catalog"] = catalog.render_catalog(request.base, token.project)
    return CloudResponse({"token": told}, {SUBJECT: text, "Vary": "X-Auth-Token"})

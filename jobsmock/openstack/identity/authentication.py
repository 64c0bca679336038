"""Logging in: who somebody is, what for, and the token that says so. What the identity service is mostly asked."""

from typing import Any, NamedTuple

from jobsmock.openstack.cloud_request import Answer, Asked
from jobsmock.openstack.errors import Forbidden, Malformed, NotFound, Unauthorized
from jobsmock.openstack.identity import application_credentials, catalog, domains, projects, roles, tokens, users
from jobsmock.openstack.identity.domains import domain_of, given, text_of
from jobsmock.openstack.identity.tokens import LIFETIME, Token
from jobsmock.world.clock import stamp
from jobsmock.world.store import Record
from jobsmock.world.world import World

SUBJECT = "X-Subject-Token"


class Login(NamedTuple):
    """Who has logged in: by a token that is exchanged, or by a credential that says for what, if by one of them."""

    user: Record
    token: Token | None = None
    credential: Record | None = None


# --- operations -------------------------------------------------------------------------------------------------------


def create(world: World, asked: Asked) -> Answer:
    """Issue a token, for what the body's `scope` says; without one it is good for finding out where one may work."""
    auth = given(asked.body.get("auth"), "auth")
    identity = given(auth.get("identity"), "auth.identity")
    methods = _methods(identity)
    login = _login(world, identity, methods)
    token = _issued(world, login, methods, _scope(world, login, auth.get("scope")))
    return _told(world, asked, token, tokens.text_of(world, token))


def show(world: World, asked: Asked) -> Answer:
    return _told(world, asked, _subject(world, asked), asked.subject or "")


def delete(world: World, asked: Asked) -> None:
    token = _subject(world, asked)
    domains.check_room(world)
    tokens.revoke(world, token)


def show_catalogue(world: World, asked: Asked) -> dict[str, Any]:
    project = asked.caller and asked.caller.project
    links = {"self": asked.base + asked.path, "previous": None, "next": None}
    return {"catalog": catalog.published(asked.base, project), "links": links}


def _subject(world: World, asked: Asked) -> Token:
    if asked.subject is None:
        raise Malformed(f"The header {SUBJECT} is missing: it names the token that is meant.")
    token = tokens.read(world, asked.subject)
    if token is None:
        raise NotFound("Failed to validate token")
    caller = asked.caller
    if world.is_strict and caller and token.user != caller.user and roles.ADMIN not in roles_of(world, caller):
        raise Forbidden("identity:validate_token")
    return token


# --- who --------------------------------------------------------------------------------------------------------------


def roles_of(world: World, token: Token) -> list[str]:
    """The roles that a token carries, as its user has them now."""
    credential = token.credential and domains.found(world.tables[application_credentials.TABLE], token.credential)
    if credential:
        return application_credentials.roles_of(world, credential)
    user = users.by_id(world, token.user)
    if token.project is not None:
        return users.roles_in(world, user, token.project)
    return users.roles_in_domain(world, user, token.domain) if token.domain is not None else []


def _methods(identity: dict[str, Any]) -> list[str]:
    methods = identity.get("methods")
    if not isinstance(methods, list) or not methods or not all(isinstance(one, str) for one in methods):
        raise Malformed("Expecting to find methods in auth.identity, a list of texts.")
    return list(dict.fromkeys(methods))


def _login(world: World, identity: dict[str, Any], methods: list[str]) -> Login:
    """Who all methods agree that it is."""
    logins = [_by(world, method, given(identity.get(method), f"auth.identity.{method}")) for method in methods]
    if len({login.user["id"] for login in logins}) > 1:
        raise Unauthorized("Each of the methods tells of another user")
    return max(logins, key=lambda login: (login.credential is not None, login.token is not None))


def _by(world: World, method: str, part: dict[str, Any]) -> Login:
    if method == "password":
        return Login(users.with_password(world, part.get("user")))
    if method == "token":
        return _by_token(world, text_of(part, "id", "auth.identity.token", tokens.LONGEST))
    if method == "application_credential":
        credential = application_credentials.known(world, part)
        return Login(users.by_id(world, credential["user"]), credential=credential)
    raise Unauthorized(f"There is no way to log in by {method!r}; there are password, token, application_credential")


def _by_token(world: World, text: str) -> Login:
    """What a credential was exchanged for is still bound to its project."""
    token = tokens.checked(world, text)
    credential = token.credential and domains.found(world.tables[application_credentials.TABLE], token.credential)
    return Login(users.by_id(world, token.user), token, credential or None)


# --- what for ---------------------------------------------------------------------------------------------------------


def _scope(world: World, login: Login, scope: Any) -> tuple[str | None, str | None]:
    """The ids of the project and of the domain that a token is wanted for; at most one of them."""
    if login.credential:
        if scope not in (None, "unscoped"):
            raise Unauthorized("An application credential has its own project, and no scope may be asked for")
        return login.credential["project"], None
    if scope is None or scope == "unscoped" or "unscoped" in given(scope, "auth.scope"):
        return None, None
    if "project" in scope:
        project = projects.meant(world, scope["project"])["id"]
        _check_any(users.roles_in(world, login.user, project), login.user, f"project {project}")
        return project, None
    if "domain" in scope:
        domain = domains.domain_in(world, scope, "auth.scope")["id"]
        _check_any(users.roles_in_domain(world, login.user, domain), login.user, f"domain {domain}")
        return None, domain
    if "system" in scope:
        raise Unauthorized("Nobody has a role in the system as a whole")
    raise Malformed("auth.scope: Expecting to find project, domain, system or unscoped in it.")


def _check_any(roles: list[str], user: Record, where: str) -> None:
    if not roles:
        raise Unauthorized(f"{user['name']} has no role in the {where}")


# --- the token --------------------------------------------------------------------------------------------------------


def _issued(world: World, login: Login, methods: list[str], scope: tuple[str | None, str | None]) -> Token:
    """A new token; one that is had for another lasts no longer than that, and remembers how that was had."""
    old, now, audit = login.token, world.clock.now(), [world.new_request_id().replace("-", "")[:22]]
    credential = login.credential["id"] if login.credential else None
    if old is None:
        return Token(login.user["id"], methods, now, now + LIFETIME, audit, *scope, credential)
    methods = list(dict.fromkeys([*old.methods, *methods]))
    return Token(login.user["id"], methods, now, old.expires, [*audit, old.audit[-1]], *scope, credential)


def _told(world: World, asked: Asked, token: Token, text: str) -> Answer:
    user = users.by_id(world, token.user)
    told: dict[str, Any] = {
        "methods": token.methods,
        "user": users.short(user),
        "audit_ids": token.audit,
        "issued_at": f"{stamp(token.issued)}.000000Z",
        "expires_at": f"{stamp(token.expires)}.000000Z",
    }
    if token.project is not None:
        told |= {"project": projects.short(projects.by_id(world, token.project)), "is_domain": False}
    if token.domain is not None:
        told["domain"] = domain_of(token.domain)
    if token.project is not None or token.domain is not None:
        told["roles"] = [roles.short(name) for name in roles_of(world, token)]
        if "nocatalog" not in asked.query:
            told["catalog"] = catalog.published(asked.base, token.project)
    return Answer({"token": told}, {SUBJECT: text, "Vary": "X-Auth-Token"})

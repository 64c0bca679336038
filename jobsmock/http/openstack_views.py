"""From a request to an operation of a neighbour: who may ask, and errors in the shape of the service that is asked."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response, request

from jobsmock.http import fault_injection
from jobsmock.http.auth import read_caller
from jobsmock.http.links import get_base_url, make_challenge
from jobsmock.http.middleware import CONTENT, NOTES, WORLD
from jobsmock.http.recording import seen_in
from jobsmock.http.responses import make_identity_error, make_response
from jobsmock.http.routes import Route
from jobsmock.openstack.cloud_request import CloudRequest, CloudResponse
from jobsmock.openstack.errors import Forbidden, MalformedRequest, OpenStackError, Unauthorized
from jobsmock.openstack.identity import tokens
from jobsmock.openstack.identity.authentication import SUBJECT, list_roles
from jobsmock.openstack.identity.roles import ADMIN
from jobsmock.world.rules.effect import Outcome
from jobsmock.world.validation import DEEPEST_BODY, is_deeper
from jobsmock.world.world import World

_IDENTITY = "/identity"  # where links lead, for those as well who ask the identity service at /v3


def view_of(service: str, row: Route, prefix: str) -> Callable[..., Response]:
    above = _IDENTITY if service == "identity" and not prefix.startswith(_IDENTITY) else ""

    def view(**names: str) -> Response:
        environ = request.environ
        world: World = environ[WORLD]
        body, fault = _body()
        asked = _asked(world, environ, body, above + request.path)
        project = (asked.caller and asked.caller.project) or ""
        return fault_injection.ruled(
            seen_in(environ, row.name, project, prefix, body),
            lambda _: _done(service, row, world, asked, names, fault),
            lambda act: _as_ruled(service, act, world),
        )

    return view


def _body() -> tuple[Any, OpenStackError | None]:
    """The body as JSON, an object; or what is wrong with it, to be told if no rule comes before."""
    environ = request.environ
    content = environ[CONTENT] = request.get_data()
    try:
        body = orjson.loads(content) if content else {}
    except orjson.JSONDecodeError as error:
        return {}, MalformedRequest(f"The body is no JSON that can be read: {error}")
    if not isinstance(body, dict) or is_deeper(body, DEEPEST_BODY):
        return {}, MalformedRequest(f"The body has to be a JSON object, at most {DEEPEST_BODY} deep.")
    return body, None


def _asked(world: World, environ: dict[str, Any], body: Any, path: str) -> CloudRequest:
    query = request.args.to_dict(flat=False)
    token, subject = environ.get("HTTP_X_AUTH_TOKEN"), request.headers.get(SUBJECT)
    return CloudRequest(get_base_url(), path, query, body, token, subject, read_caller(world, environ))


def _done(
    service: str, row: Route, world: World, asked: CloudRequest, names: dict[str, str], fault: OpenStackError | None
) -> Response:
    try:
        _check_caller(row, world, asked, names)
        if fault:
            raise fault
        content = row.operation(world, asked, **names)
    except OpenStackError as error:
        if isinstance(error, Unauthorized):
            request.environ[NOTES] = [error.why]
        return refusal(service, error.status, error.title, error.message)
    if not isinstance(content, CloudResponse):
        return make_response(content, row.status)
    response = make_response(content.content, row.status)
    response.headers.update(content.headers)
    return response


def _check_caller(row: Route, world: World, asked: CloudRequest, names: dict[str, str]) -> None:
    """Whether a strict world lets somebody do that."""
    if not world.is_strict or row.open_to == "all":
        return
    if asked.caller is None:
        raise Unauthorized(tokens.explain_invalid(world, asked.token))
    if row.open_to == "token" or names.get("user") == asked.caller.user:
        return
    if ADMIN not in list_roles(world, asked.caller):
        raise Forbidden(row.name)


# --- errors ---------------------------------------------------------------------------------------------------------


def _as_ruled(service: str, act: Outcome, world: World) -> Response:
    """The answer that a rule gives; an error that says no more than its status as the service would tell it."""
    error, status = act.error or {}, act.status or (200 if act.error is None else 500)
    if act.has_body or (status < HTTPStatus.BAD_REQUEST and act.error is None):
        return fault_injection.answer(act, world.new_request_id())
    phrase = fault_injection.named(status)[1]
    return refusal(service, status, str(error.get("name", phrase)), str(error.get("message", phrase)))


def refusal(service: str, status: int, title: str, message: str) -> Response:
    """Who is not let in hears the same everywhere: one and the same guard stands before all services."""
    if status == HTTPStatus.UNAUTHORIZED:
        service = "identity"
    body, kind = _SHAPES[service](status, title, message)
    response = Response(body, status, mimetype=kind)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers.update(make_challenge())
    return response


def _identity(status: int, title: str, message: str) -> tuple[bytes, str]:
    return orjson.dumps(make_identity_error(status, title, message)), "application/json"


def _compute(status: int, title: str, message: str) -> tuple[bytes, str]:
    key = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 405: "badMethod", 409: "conflictingRequest"}
    return orjson.dumps({key.get(status, "computeFault"): {"code": status, "message": message}}), "application/json"


def _image(status: int, title: str, message: str) -> tuple[bytes, str]:
    head, text = f"{status} {title}", message.replace("&", "&amp;").replace("<", "&lt;")
    page = (
        f"<html>\n <head>\n  <title>{head}</title>\n </head>\n <body>\n  <h1>{head}</h1>\n  {text}\n </body>\n</html>"
    )
    return page.encode("utf-8", "backslashreplace"), "text/html"


def _network(status: int, title: str, message: str) -> tuple[bytes, str]:
    error = {"type": title.replace(" ", ""), "message": message, "detail": ""}
    return orjson.dumps({"NeutronError": error}), "application/json"


_SHAPES = {"identity": _identity, "compute": _compute, "image": _image, "network": _network}

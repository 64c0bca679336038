"""Answers requests to identity, compute, image and network: whom they let in, and errors in the form of each."""

from http import HTTPStatus
from typing import Any

import orjson

from jobsmock.api.openstack import TABLES
from jobsmock.api.routes import COMPUTE, IDENTITY, IMAGE, NETWORK, Route
from jobsmock.http.auth import Caller, read_token
from jobsmock.http.errors import make_challenge, make_identity_error
from jobsmock.http.fault_injection import describe_status, make_injected_response
from jobsmock.http.inputs import Inputs
from jobsmock.http.request import Request
from jobsmock.http.response import Response, make_response
from jobsmock.http.router import Match
from jobsmock.openstack.cloud_request import CloudRequest, CloudResponse
from jobsmock.openstack.errors import (
    MalformedRequest,
    OpenStackError,
    OpenStackForbidden,
    OpenStackUnauthorized,
    RequestTooLarge,
)
from jobsmock.openstack.identity import tokens
from jobsmock.openstack.identity.authentication import SUBJECT, list_roles
from jobsmock.openstack.identity.roles import ADMIN
from jobsmock.world.rules.outcome import Outcome
from jobsmock.world.validation import DEEPEST_BODY, is_deeper
from jobsmock.world.world import World

_SHORT_PREFIX, _FULL_PREFIX = "/v3", "/identity/v3"  # of identity; links lead to the full one


class OpenStackService:
    def __init__(self, name: str) -> None:
        self._name = name

    def identify(self, world: World, request: Request, match: Match) -> Caller:
        token = read_token(world, request)
        return Caller((token and token.project) or "", token)

    def read_inputs(self, world: World, request: Request, match: Match, caller: Caller) -> Inputs:
        body, error = _read_json(request)
        return Inputs({"body": body}, error, is_error_of_body=True)

    def operate(
        self, world: World, request: Request, match: Match, caller: Caller, inputs: Inputs, outcome: Outcome
    ) -> Response:
        """Call the operation. Its content, or the error that it raises, becomes the response."""
        route = match.route
        path = request.text_path
        if match.prefix == _SHORT_PREFIX:
            path = _FULL_PREFIX + path.removeprefix(_SHORT_PREFIX)
        cloud_request = CloudRequest(
            request.base_url, path, request.query, inputs.values["body"],
            request.headers.get("x-auth-token"), request.headers.get(SUBJECT), caller.token,
        )  # fmt: skip
        try:
            _check_caller(route, world, cloud_request, match.names)
            if inputs.error:
                raise inputs.error
            content = route.operation(world, cloud_request, **match.names)
        except OpenStackError as error:
            response = make_openstack_error(self._name, error.status, error.title, error.message, request.base_url)
            if isinstance(error, OpenStackUnauthorized):
                response.notes.append(error.why)
            return response
        if not isinstance(content, CloudResponse):
            return make_response(content, route.status)
        response = make_response(content.content, route.status)
        response.headers.update(content.headers)
        return response

    def inject(self, world: World, request: Request, match: Match, outcome: Outcome) -> Response:
        """The response of a rule. An error that is only a status gets the name and phrase of that status."""
        error, status = outcome.error or {}, outcome.status or (200 if outcome.error is None else 500)
        if outcome.has_body or (status < HTTPStatus.BAD_REQUEST and outcome.error is None):
            return make_injected_response(outcome, world.new_request_id())
        phrase = describe_status(status)[1]
        name, message = str(error.get("name", phrase)), str(error.get("message", phrase))
        return make_openstack_error(self._name, status, name, message, request.base_url)

    def finish(self, request: Request, match: Match, outcome: Outcome, response: Response) -> None:
        """Nothing is left to do."""


def _read_json(request: Request) -> tuple[Any, OpenStackError | None]:
    """The body, which has to be a JSON object, and what is wrong with it."""
    if request.is_too_large:
        return {}, RequestTooLarge()
    try:
        body = orjson.loads(request.body) if request.body else {}
    except orjson.JSONDecodeError as error:
        return {}, MalformedRequest(f"The body is no JSON that can be read: {error}")
    if not isinstance(body, dict) or is_deeper(body, DEEPEST_BODY):
        return {}, MalformedRequest(f"The body has to be a JSON object, at most {DEEPEST_BODY} deep.")
    return body, None


def _check_caller(route: Route, world: World, request: CloudRequest, names: dict[str, str]) -> None:
    """Check whether a strict world lets the caller do this."""
    if not world.is_strict or route.open_to == "all":
        return
    if request.caller is None:
        raise OpenStackUnauthorized(tokens.explain_invalid(world, request.token))
    if route.open_to == "token" or names.get("user") == request.caller.user:
        return
    if ADMIN not in list_roles(world, request.caller):
        raise OpenStackForbidden(route.name)


# --- errors ---------------------------------------------------------------------------------------------------------


def find_service(path: str) -> str | None:
    """The service at whose URLs a path is; None if it is the data processing service, or none."""
    for table in TABLES:
        if any(f"{path}/".startswith(f"{prefix}/") for prefix in table.prefixes):
            return table.service
    return None


def make_openstack_error(service: str, status: int, title: str, message: str, base_url: str) -> Response:
    """An error in the form of the service. Unknown callers get the same everywhere, from a middleware."""
    if status == HTTPStatus.UNAUTHORIZED:
        service = IDENTITY
    body, content_type = _FORMS[service](status, title, message)
    response = Response(status, body, content_type)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers.update(make_challenge(base_url))
    return response


def _form_identity_error(status: int, title: str, message: str) -> tuple[bytes, str]:
    return orjson.dumps(make_identity_error(status, title, message)), "application/json"


def _form_compute_error(status: int, title: str, message: str) -> tuple[bytes, str]:
    key = {400: "badRequest", 403: "forbidden", 404: "itemNotFound", 405: "badMethod", 409: "conflictingRequest"}
    return orjson.dumps({key.get(status, "computeFault"): {"code": status, "message": message}}), "application/json"


def _form_image_error(status: int, title: str, message: str) -> tuple[bytes, str]:
    head, text = f"{status} {title}", message.replace("&", "&amp;").replace("<", "&lt;")
    page = (
        f"<html>\n <head>\n  <title>{head}</title>\n </head>\n <body>\n  <h1>{head}</h1>\n  {text}\n </body>\n</html>"
    )
    return page.encode("utf-8", "backslashreplace"), "text/html; charset=utf-8"


def _form_network_error(status: int, title: str, message: str) -> tuple[bytes, str]:
    error = {"type": title.replace(" ", ""), "message": message, "detail": ""}
    return orjson.dumps({"NeutronError": error}), "application/json"


_FORMS = {
    IDENTITY: _form_identity_error,
    COMPUTE: _form_compute_error,
    IMAGE: _form_image_error,
    NETWORK: _form_network_error,
}

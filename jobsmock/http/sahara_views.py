"""From a request to an operation of the service: the view of a row takes what that needs, and answers."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, NoReturn

import orjson
from flask import Response, request

from jobsmock.http import auth, fault_injection
from jobsmock.http.headers import decode_header
from jobsmock.http.microversions import check_microversion, read_microversion
from jobsmock.http.middleware import CONTENT, WORLD
from jobsmock.http.recording import seen_in
from jobsmock.http.responses import make_error_response, make_response
from jobsmock.http.routes import Route
from jobsmock.sahara.errors import InvalidData, MalformedBody, QuotaExceeded, ServiceError
from jobsmock.world.limits import LimitReached
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.rules.effect import Outcome
from jobsmock.world.validation import DEEPEST_BODY, is_deeper
from jobsmock.world.world import World

DEFAULT_PROJECT = "9cd1314a0a31493282b6712b76a8fcda"  # where no URL and no header names one; the API reference's own

_GROWING = ("POST", "PUT", "PATCH")  # the methods of operations after which a world may hold more
_JSON_TYPES = {"application/json", "application/*", "*/*"}
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def view_of(row: Route, prefix: str) -> Callable[..., Response]:
    """The view of a row that lies below `prefix`, and below the project's id if its URL has one."""

    def view(tenant_id: str | None = None, **names: str) -> Response:
        environ = request.environ
        world: World = environ[WORLD]
        project = tenant_id or auth.find_project(environ) or DEFAULT_PROJECT
        stranger = auth.check_access(world, environ, tenant_id)
        taken, fault = _take(row)
        if stranger:
            fault = _Fault(stranger, is_of_body=False)
        return fault_injection.ruled(
            seen_in(environ, row.name, project, f"{prefix}/{tenant_id}" if tenant_id else prefix, taken.get("body")),
            lambda act: _done(row, world, project, names, taken, act, fault),
            lambda act: fault_injection.answer(act, world.new_request_id()),
        )

    return view


class _Fault(NamedTuple):
    """What is wrong with something that an operation takes of the request."""

    error: ServiceError
    is_of_body: bool


def _take(row: Route) -> tuple[dict[str, Any], _Fault | None]:
    """What an operation takes of the request; or what is wrong with that, to be told if no rule comes before."""
    taken = {}
    for what in row.takes:
        try:
            taken[what] = _TAKERS[what]()
        except ServiceError as error:
            return taken, _Fault(error, what in _BODIES)
    taken.pop("unused_body", None)
    return taken, None


def _done(
    row: Route,
    world: World,
    project: str,
    names: dict[str, str],
    taken: dict[str, Any],
    act: Outcome,
    fault: _Fault | None,
) -> Response:
    if "wished" in taken:
        taken["wished"] = taken["wished"]._replace(rule=act.plan)
    try:
        if fault:
            _refuse(row, world, project, names, taken, fault)
        if row.method in _GROWING:
            _check_room(world)
        content = row.operation(world, project, **names, **taken)
    except ServiceError as error:
        return make_error_response(error, error.error_id or world.new_request_id())
    response = make_response(content, (content is not None and row.status_with_content) or row.status)
    if row.filename:
        response.headers["Content-Disposition"] = f"attachment; filename={row.filename}"
    return response


def _refuse(
    row: Route, world: World, project: str, names: dict[str, str], taken: dict[str, Any], fault: _Fault
) -> NoReturn:
    """Raise the fault of a request; but before one of its body, that what it is about is not there."""
    if fault.is_of_body and row.finds:
        if "marker" in taken.get("query", ()):
            row.finds(world, project, query={"marker": taken["query"]["marker"]})
        elif names:
            row.finds(world, project, **names)
    raise fault.error


def _check_room(world: World) -> None:
    try:
        world.check_room()
    except LimitReached as error:
        raise QuotaExceeded(str(error)) from None


# --- what an operation takes ----------------------------------------------------------------------------------------


def _query() -> dict[str, list[str]]:
    return request.args.to_dict(flat=False)


def _unused_body() -> None:
    """A body that the operation has no use for, but the service wants to be sound."""
    if "CONTENT_LENGTH" in request.environ:
        _body()


def _asked() -> dict[str, list[str]]:
    """The query parameters of a request to API v2, whose version is looked at before all else."""
    environ = request.environ
    check_microversion(read_microversion(environ))
    return _query() if environ["QUERY_STRING"] else {}


def _body() -> Any:
    """The body as JSON; an object without keys where there is none."""
    content = _content()
    if not content:
        return {}
    if request.mimetype and not _JSON_TYPES & {part.strip() for part in request.mimetype.split(",")}:
        raise InvalidData(f"Content type '{request.mimetype}' isn't supported")
    body = _parse(content)
    if content.count(b"[") + content.count(b"{") > DEEPEST_BODY and is_deeper(body, DEEPEST_BODY):
        raise MalformedBody
    return body


def _parse(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _parse_with_infinity(content)


def _parse_with_infinity(content: bytes) -> Any:
    """JSON with numbers that are beyond a double: the service takes them for infinite, where orjson refuses."""
    if _LONE_SURROGATE.search(content):
        raise MalformedBody
    try:
        return json.loads(content.decode(), parse_int=_parse_integer, parse_constant=int)  # NaN is no number
    except (ValueError, RecursionError):
        raise MalformedBody from None


def _parse_integer(text: str) -> int | float:
    """As orjson has it: one that needs more than 64 bits is a double."""
    return int(text) if len(text) < 19 else float(text)


def _content() -> bytes:
    content: bytes = request.get_data()
    request.environ[CONTENT] = content
    return content


def _data() -> bytes:
    """The body as it is; but of a form, which `curl --data-binary` claims to send, the service sees nothing."""
    return b"" if request.mimetype in _FORMS else _content()


def _wished() -> RequestedPlan:
    """The plan that a header asks for; a rule's comes once rules have been asked."""
    text = request.headers.get("X-Jobsmock-Plan")
    return RequestedPlan(text and decode_header(text))


def _roles() -> list[str]:
    return auth.list_roles(request.environ[WORLD], request.environ)


_BODIES = ("body", "unused_body")
_TAKERS: dict[str, Callable[[], Any]] = {
    "query": _query,
    "asked": _asked,
    "body": _body,
    "unused_body": _unused_body,
    "data": _data,
    "roles": _roles,
    "wished": _wished,
}

"""From a request to an operation: the view of a row takes what that needs, lets rules decide, and answers."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request

from jobsmock.sahara.errors import InvalidData, MalformedBody, ServiceError
from jobsmock.web import faults
from jobsmock.web.answers import answer, refusal
from jobsmock.web.entrance import ACT, CONTENT, ENDED, WIRE, WORLD
from jobsmock.web.headers import decoded
from jobsmock.web.microversions import check, microversion
from jobsmock.web.record import seen_in
from jobsmock.web.rows import Row
from jobsmock.world.acting import NOTHING, Act
from jobsmock.world.clock import pause
from jobsmock.world.documents import DEEPEST_BODY, is_deeper
from jobsmock.world.matching import Seen
from jobsmock.world.world import World

DEFAULT_PROJECT = "9cd1314a0a31493282b6712b76a8fcda"  # where no URL and no header names one; the API reference's own

_JSON_TYPES = {"application/json", "*/*"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def view_of(row: Row) -> Callable[..., Response]:
    def view(tenant_id: str | None = None, **names: str) -> Response:
        environ = request.environ
        project = tenant_id or environ.get("HTTP_X_PROJECT_ID") or DEFAULT_PROJECT
        taken, fault = _taken(row)
        seen = seen_in(environ, row.name, project, tenant_id, taken.get("body"))
        act, response = _decided(row, seen, environ, {**names, **taken}, fault)
        return response if act is NOTHING else _carried_out(act, response)

    return view


def _taken(row: Row) -> tuple[dict[str, Any], ServiceError | None]:
    """What an operation takes of the request; or what is wrong with that, to be told if no rule comes before."""
    try:
        return {what: _TAKERS[what]() for what in row.takes}, None
    except ServiceError as error:
        return {}, error


def _decided(
    row: Row, seen: Seen, environ: dict[str, Any], arguments: dict[str, Any], fault: ServiceError | None
) -> tuple[Act, Response]:
    """What rules decide about a request, and the answer that comes of it: decided and done under one lock."""
    world: World = environ[WORLD]
    with world.lock:
        act = environ[ACT] = faults.decided(world, seen, environ.get("HTTP_PREFER"))
        if act.prevents:
            return act, faults.answer(act, world.new_request_id())
        if "rule_plan" in arguments:
            arguments["rule_plan"] = act.plan
        try:
            if fault:
                raise fault
            content = row.operation(world, seen.project, **arguments)
            response = answer(content, (content is not None and row.status_with_content) or row.status)
        except ServiceError as error:
            response = refusal(error, world.new_request_id())
        return act, faults.answer(act, world.new_request_id()) if act.replaces else response


def _carried_out(act: Act, response: Response) -> Response:
    """Hold an answer back as long as rules want, and mark it; a broken wire is the server's to break."""
    environ = request.environ
    if act.delay:
        pause(act.delay / environ[WORLD].clock.scale, environ.get(ENDED))
    if act.acted:
        response.headers.update(act.headers)
        response.headers["X-Jobsmock-Rule"] = ", ".join(act.acted)
    if act.wire:
        environ[WIRE] = act.wire
    return response


# --- what an operation takes ----------------------------------------------------------------------------------------


def _query() -> dict[str, list[str]]:
    """The query parameters. A body beside them has no use, but the service wants it to be sound."""
    if request.content_length:
        _body()
    return _parameters()


def _parameters() -> dict[str, list[str]]:
    """The same where a body is not looked at."""
    return request.args.to_dict(flat=False)


def _asked() -> dict[str, list[str]]:
    """The query parameters of a request to API v2, whose version is looked at before all else."""
    check(microversion(request.environ))
    return request.args.to_dict(flat=False) if request.environ["QUERY_STRING"] else {}


def _body() -> Any:
    """The body as JSON; an object without keys where there is none."""
    content = _content()
    if not content:
        return {}
    if request.mimetype and not _JSON_TYPES & {part.strip() for part in request.mimetype.split(",")}:
        raise InvalidData(f"Content type '{request.mimetype}' isn't supported")
    try:
        body = orjson.loads(content)
    except orjson.JSONDecodeError:
        raise MalformedBody from None
    if content.count(b"[") + content.count(b"{") > DEEPEST_BODY and is_deeper(body, DEEPEST_BODY):
        raise MalformedBody
    return body


def _content() -> bytes:
    content: bytes = request.get_data()
    request.environ[CONTENT] = content
    return content


def _data() -> bytes:
    """The body as it is; but of a form, which `curl --data-binary` claims to send, the service sees nothing."""
    return b"" if request.mimetype in _FORMS else _content()


def _plan() -> str | None:
    """The plan that a header asks for."""
    text = request.headers.get("X-Jobsmock-Plan")
    return text and decoded(text)


def _roles() -> list[str]:
    """The roles of whoever asks, as the identity service's gatekeeper writes them on a request."""
    return [role.strip() for role in request.headers.get("X-Roles", "").split(",")]


def _known_later() -> None:
    """A place for what a rule gives: rules are asked once all is known that they may look at."""


_TAKERS: dict[str, Callable[[], Any]] = {
    "query": _query,
    "parameters": _parameters,
    "asked": _asked,
    "body": _body,
    "data": _data,
    "plan": _plan,
    "roles": _roles,
    "rule_plan": _known_later,
}

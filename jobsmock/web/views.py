"""From a request to an operation of the service: the view of a row takes what that needs, and answers."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request

from jobsmock.sahara.errors import InvalidData, MalformedBody, ServiceError
from jobsmock.web import auth, faults
from jobsmock.web.answers import answer, refusal
from jobsmock.web.entrance import CONTENT, WORLD
from jobsmock.web.headers import decoded
from jobsmock.web.microversions import check, microversion
from jobsmock.web.record import seen_in
from jobsmock.web.rows import Row
from jobsmock.world.acting import Act
from jobsmock.world.documents import DEEPEST_BODY, is_deeper
from jobsmock.world.plan import Wished
from jobsmock.world.world import World

DEFAULT_PROJECT = "9cd1314a0a31493282b6712b76a8fcda"  # where no URL and no header names one; the API reference's own

_JSON_TYPES = {"application/json", "*/*"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def view_of(row: Row, prefix: str) -> Callable[..., Response]:
    """The view of a row that lies below `prefix`, and below the project's id if its URL has one."""

    def view(tenant_id: str | None = None, **names: str) -> Response:
        environ = request.environ
        world: World = environ[WORLD]
        project = tenant_id or auth.project_of(environ) or DEFAULT_PROJECT
        stranger = auth.refusal(world, environ, tenant_id)
        taken, fault = _taken(row)
        return faults.ruled(
            seen_in(environ, row.name, project, f"{prefix}/{tenant_id}" if tenant_id else prefix, taken.get("body")),
            lambda act: _done(row, world, project, {**names, **taken}, act, stranger or fault),
            lambda act: faults.answer(act, world.new_request_id()),
        )

    return view


def _taken(row: Row) -> tuple[dict[str, Any], ServiceError | None]:
    """What an operation takes of the request; or what is wrong with that, to be told if no rule comes before."""
    try:
        return {what: _TAKERS[what]() for what in row.takes}, None
    except ServiceError as error:
        return {}, error


def _done(
    row: Row, world: World, project: str, arguments: dict[str, Any], act: Act, fault: ServiceError | None
) -> Response:
    if "wished" in arguments:
        arguments["wished"] = arguments["wished"]._replace(rule=act.plan)
    try:
        if fault:
            raise fault
        content = row.operation(world, project, **arguments)
    except ServiceError as error:
        return refusal(error, world.new_request_id())
    return answer(content, (content is not None and row.status_with_content) or row.status)


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
    environ = request.environ
    check(microversion(environ))
    return _parameters() if environ["QUERY_STRING"] else {}


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


def _wished() -> Wished:
    """The plan that a header asks for; a rule's comes once rules have been asked."""
    text = request.headers.get("X-Jobsmock-Plan")
    return Wished(text and decoded(text))


def _roles() -> list[str]:
    return auth.roles_of(request.environ[WORLD], request.environ)


_TAKERS: dict[str, Callable[[], Any]] = {
    "query": _query,
    "parameters": _parameters,
    "asked": _asked,
    "body": _body,
    "data": _data,
    "roles": _roles,
    "wished": _wished,
}

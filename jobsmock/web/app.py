"""The Flask app: finds the row for a request, gives the operation what it takes, and writes down what it returns."""

import logging
from collections.abc import Callable
from typing import Any

import orjson
from flask import Flask, Request, Response, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import MapAdapter

from jobsmock.sahara.errors import BodyTooLarge, InvalidData, MalformedBody, ServiceError
from jobsmock.web import control, faults, v11
from jobsmock.web.browsers import allow_browsers
from jobsmock.web.entrance import ACT, CONTENT, ENDED, WIRE, WORLD, Entrance
from jobsmock.web.headers import decoded
from jobsmock.web.metrics import Metrics
from jobsmock.web.record import counter, entry_of, seen_in
from jobsmock.web.v11 import Row
from jobsmock.world.acting import NOTHING, Act
from jobsmock.world.clock import pause
from jobsmock.world.matching import Seen
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

LARGEST_BODY = 16 * 1024 * 1024  # bytes; what the service keeps is a third of that at most
DEEPEST_BODY = 100  # lists and objects within each other; whatever walks through a body may recurse so far
DEFAULT_PROJECT = "9cd1314a0a31493282b6712b76a8fcda"  # where no URL and no header names one; the API reference's own

_JSON_TYPES = {"application/json", "*/*"}
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_log = logging.getLogger("jobsmock")


def create_app(worlds: Worlds | World, control_token: str | None = None) -> Flask:
    """The whole service, on the worlds of a server, or on one that every name leads to.

    The control API answers callers on this machine, and with a `control_token` any that send it.
    """
    if isinstance(worlds, World):
        only = worlds
        worlds = Worlds(lambda **_: only)
    app = _App("jobsmock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.add_url_rule("/", "versions", _versions, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    for row in v11.ROWS:
        view = _view(row)
        for prefix in ("/v1.1/<tenant_id>", "/v1.1"):
            app.add_url_rule(prefix + row.path, f"{prefix} {row.name}", view, methods=[row.method])
    app.register_error_handler(ServiceError, _refusal)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _breakdown)
    app.after_request(_signed)
    allow_browsers(app)
    metrics = Metrics.of(worlds)
    if metrics:
        app.after_request(counter(metrics))
    control.add_control(app, worlds, control_token, metrics)
    app.wsgi_app = Entrance(app.wsgi_app, worlds)  # type: ignore[method-assign]
    return app


def _world() -> World:
    world: World = request.environ[WORLD]
    return world


class _App(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine; Flask would look whether it is one at every request."""
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        """As Flask's, less its search for the server's name among its settings. Saves a tenth of a request."""
        if request is None:
            return super().create_url_adapter(request)
        environ = request.environ
        return self.url_map.bind(
            str(environ.get("HTTP_HOST", environ["SERVER_NAME"])),
            script_name=environ["SCRIPT_NAME"],
            url_scheme=environ["wsgi.url_scheme"],
            default_method=request.method,
            path_info=request.path,
            query_args=environ["QUERY_STRING"],
        )


# --- from a request to an operation ---------------------------------------------------------------------------------


def _view(row: Row) -> Callable[..., Response]:
    def view(tenant_id: str | None = None, **names: str) -> Response:
        environ = request.environ
        project = tenant_id or environ.get("HTTP_X_PROJECT_ID") or DEFAULT_PROJECT
        taken, fault = _taken(row)
        seen = seen_in(environ, row.name, project, tenant_id, taken.get("body"))
        act, response = _decided(row, seen, environ, [*names.values(), *taken.values()], fault)
        return response if act is NOTHING else _carried_out(act, response)

    return view


def _taken(row: Row) -> tuple[dict[str, Any], ServiceError | None]:
    """What an operation takes of the request; or what is wrong with that, to be told if no rule comes before."""
    try:
        return {what: _TAKERS[what]() for what in row.takes}, None
    except ServiceError as error:
        return {}, error


def _decided(
    row: Row, seen: Seen, environ: dict[str, Any], arguments: list[Any], fault: ServiceError | None
) -> tuple[Act, Response]:
    """What rules decide about a request, and the answer that comes of it: decided and done under one lock."""
    world: World = environ[WORLD]
    with world.lock:
        act = environ[ACT] = faults.decided(world, seen, environ.get("HTTP_PREFER"))
        if act.prevents:
            return act, faults.answer(act, world.new_request_id())
        if row.takes[-1:] == ("plan",):
            arguments.append(act.plan)
        try:
            if fault:
                raise fault
            response = _answer(row.operation(world, seen.project, *arguments), row.status)
        except ServiceError as error:
            response = _refusal(error)
        return act, faults.answer(act, world.new_request_id()) if act.answers else response


def _carried_out(act: Act, response: Response) -> Response:
    """Hold an answer back as long as rules want, and mark it; a broken wire is the server's to break."""
    if act.delay:
        pause(act.delay / _world().clock.scale, request.environ.get(ENDED))
    if act.acted:
        response.headers.update(act.headers)
        response.headers["X-Jobsmock-Rule"] = ", ".join(act.acted)
    if act.wire:
        request.environ[WIRE] = act.wire
    return response


def _query() -> dict[str, list[str]]:
    """The query parameters. A body beside them has no use, but the service wants it to be sound."""
    if request.content_length:
        _body()
    return _parameters()


def _parameters() -> dict[str, list[str]]:
    """The same where a body is not looked at."""
    return request.args.to_dict(flat=False)


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
    if content.count(b"[") + content.count(b"{") > DEEPEST_BODY and _depth(body) > DEEPEST_BODY:
        raise MalformedBody
    return body


def _content() -> bytes:
    content: bytes = request.get_data()
    request.environ[CONTENT] = content
    return content


def _depth(body: Any) -> int:
    """How many lists and objects lie within each other at the deepest place."""
    depth, level = 0, [body]
    while level := [one for one in level if isinstance(one, (dict, list))]:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
    return depth


def _bytes() -> bytes:
    """The body as it is; but of a form, which `curl --data-binary` claims to send, the service sees nothing."""
    return b"" if request.mimetype in _FORMS else _content()


def _plan() -> str | None:
    """The plan that a header asks for."""
    text = request.headers.get("X-Jobsmock-Plan")
    return text and decoded(text)


def _roles() -> list[str]:
    """The roles of whoever asks, as the identity service's gatekeeper writes them on a request."""
    return [role.strip() for role in request.headers.get("X-Roles", "").split(",")]


_TAKERS: dict[str, Callable[[], Any]] = {
    "query": _query,
    "parameters": _parameters,
    "body": _body,
    "bytes": _bytes,
    "plan": _plan,
    "roles": _roles,
}


# --- from what it returns to an answer ------------------------------------------------------------------------------


def _answer(content: Any, status: int) -> Response:
    if isinstance(content, bytes):
        return Response(content, status, mimetype="text/html")
    return _json(content, status) if content is not None else Response(b"", status, mimetype="application/json")


def _json(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json")


def _refusal(error: ServiceError) -> Response:
    return faults.refused(error, _world().new_request_id())


def _http_error(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    if control.is_control(request.path):
        return control.http_refusal(error.code, error.description or "")
    if isinstance(error, RequestEntityTooLarge):
        return _refusal(BodyTooLarge(LARGEST_BODY))
    return _json({"error": error.code, "error_message": error.description}, error.code)


def _breakdown(error: Exception) -> Response:
    """A fault of our own: told to whoever runs the server, and to the client only that there was one."""
    _log.error("jobsmock broke down at %s %s", request.method, request.path, exc_info=error)
    message = "jobsmock broke down on this request; its log says where. Please report it."
    if control.is_control(request.path):
        return control.http_refusal(500, message)
    return _json({"error_code": 500, "error_message": message, "error_name": "INTERNAL_SERVER_ERROR"}, 500)


def _signed(response: Response) -> Response:
    """Give an answer its id, by which the journal keeps it; but what controls the mock is no part of its story."""
    environ = request.environ
    if control.is_control(environ["PATH_INFO"]):
        return response
    world: World = environ[WORLD]
    id = response.headers["X-Openstack-Request-Id"] = f"req-{world.new_request_id()}"
    world.journal.add(entry_of(id, world.clock.now(), environ, response))
    return response


def _versions() -> Response:
    base = request.host_url.rstrip("/") + request.script_root
    links = {version: [{"rel": "self", "href": f"{base}/{version}/"}] for version in ("v1.0", "v1.1", "v2")}
    versions = [
        {"id": "v1.0", "status": "SUPPORTED", "links": links["v1.0"]},
        {"id": "v1.1", "status": "SUPPORTED", "links": links["v1.1"]},
        {"id": "v2", "status": "CURRENT", "links": links["v2"], "min_version": "2.0", "max_version": "2.0"},
    ]
    return _json({"versions": versions}, 300)

"""The Flask app: the tables of URLs put together, with what is done before and after every request.

The URLs are the same for all apps, and compiling them takes most of the time that making one does. So there is one
Flask app in the process; what `create_app` gives is a copy of it with worlds of its own, which its entrance hands in.
"""

import logging
from collections.abc import Callable
from copy import copy
from functools import cache
from typing import Any, NoReturn

from flask import Flask, Request, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge
from werkzeug.routing import MapAdapter, RequestRedirect, Rule

from jobsmock.http import control, v2, versions
from jobsmock.http.cors import add_cors_headers, is_preflight
from jobsmock.http.metrics import Metrics
from jobsmock.http.middleware import SITE, WORLD, Site, WorldMiddleware, is_control
from jobsmock.http.openstack_routes import add_openstack_routes, refusal_at
from jobsmock.http.proxies import TrustedProxies
from jobsmock.http.recording import count, entry_of
from jobsmock.http.responses import (
    make_error_response,
    make_framework_error,
    make_incorrect_path_response,
    make_json_response,
)
from jobsmock.http.route_tables import TABLES
from jobsmock.sahara.errors import BodyTooLarge, ServiceError
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

LARGEST_BODY = 16 * 1024 * 1024  # bytes; what the service keeps is a third of that at most

_log = logging.getLogger("jobsmock")


def create_app(worlds: Worlds | World, control_token: str | None = None, trust_proxy: int = 0) -> Flask:
    """The whole service, on the worlds of a server, or on one that every name leads to.

    The control API answers callers on this machine, and with a `control_token` any that send it. `trust_proxy` is the
    number of proxies whose X-Forwarded headers are believed.
    """
    if isinstance(worlds, World):
        only = worlds
        worlds = Worlds(lambda **_: only)
    app = copy(_service())
    app.wsgi_app = WorldMiddleware(app.wsgi_app, Site(worlds, control_token, Metrics.create(worlds)))  # type: ignore[method-assign]
    if trust_proxy:
        app.wsgi_app = TrustedProxies(app.wsgi_app, trust_proxy)  # type: ignore[method-assign]
    return app


@cache
def _service() -> Flask:
    app = _App("jobsmock", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.add_url_rule("/", "versions", versions.data_processing, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    for table in TABLES:
        for row in table.ROUTES:
            view = table.view_of(row, table.PREFIX)
            for place in (f"{table.PREFIX}/<tenant_id>", table.PREFIX):
                app.add_url_rule(place + row.path, f"{place} {row.name}", view, methods=[row.method])
    add_openstack_routes(app)
    control.add_control(app)
    app.register_error_handler(ServiceError, _refused)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _breakdown)
    app.after_request(_signed)
    return app


class _Rule(Rule):
    """A rule of which no URL is ever built. Werkzeug's getting ready for that would take a third of a start."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _build_nothing


def _build_nothing(rule: Rule, **values: Any) -> tuple[str, str]:
    raise NotImplementedError(f"no URL is built of {rule.rule}")


class _App(Flask):
    url_rule_class = _Rule

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No view here is a coroutine; Flask would look whether it is one at every request."""
        return func

    def make_default_options_response(self) -> Response:
        response = super().make_default_options_response()
        return v2.check_options(response) if request.path.startswith(f"{v2.PREFIX}/") else response

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Refuse or redirect what no rule fits; but a preflight is answered, so that the page gets to see why."""
        if is_preflight(request.environ) and WORLD in request.environ:
            raise HTTPException(response=Response(b""))
        if isinstance(request.routing_exception, RequestRedirect) and not request.host:
            raise BadRequest("The Host header names no host.")
        super().raise_routing_exception(request)

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


def _world() -> World:
    world: World = request.environ[WORLD]
    return world


def _refused(error: ServiceError) -> Response:
    return make_error_response(error, _world().new_request_id())


def _http_error(error: HTTPException) -> Response:
    code = error.code or 500
    if is_control(request.environ["PATH_INFO"]):
        return control.make_http_error(code, error.description or "")
    if response := refusal_at(request.environ["PATH_INFO"], code, error.name, error.description or ""):
        return response
    if code == 404 and not _has_two_parts(request.environ["PATH_INFO"]):
        return make_incorrect_path_response(request.accept_mimetypes)
    if isinstance(error, RequestEntityTooLarge):
        return _refused(BodyTooLarge(LARGEST_BODY))
    return Response(make_framework_error(code, error.description or ""), code, mimetype="application/json")


def _has_two_parts(path: str) -> bool:
    """Whether a path is as long as every URL of the service is: a version, and a project or something else."""
    parts = path.split("/", 3)[1:3]
    return len(parts) == 2 and all(parts)


def _breakdown(error: Exception) -> Response:
    """A fault of our own: told to whoever runs the server, and to the client only that there was one."""
    _log.error("jobsmock broke down at %s %s", request.method, request.path, exc_info=error)
    message = "jobsmock broke down on this request; its log says where. Please report it."
    if is_control(request.environ["PATH_INFO"]):
        return control.make_http_error(500, message)
    return make_json_response({"error_code": 500, "error_message": message, "error_name": "INTERNAL_SERVER_ERROR"}, 500)


def _signed(response: Response) -> Response:
    """Give an answer its id, by which the journal keeps it; but what controls the mock is no part of its story."""
    environ = request.environ
    if WORLD not in environ:
        return response
    world: World = environ[WORLD]
    id = response.headers["X-Openstack-Request-Id"] = f"req-{world.new_request_id()}"
    if "HTTP_ORIGIN" in environ:
        add_cors_headers(environ, response.headers)
    world.journal.add(entry_of(id, world.clock.now(), environ, response))
    if metrics := environ[SITE].metrics:
        count(metrics, environ, response)
    return response

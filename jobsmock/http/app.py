"""The Flask app: it knows every route, and answers all that is not a mocked operation.

That is the control API, the documents on versions, OPTIONS, redirects, and errors of HTTP such as 404 and 405.
Mocked operations are answered in front of it, by the middleware.
"""

import logging
from copy import copy
from functools import cache
from typing import NoReturn

from flask import Flask, Request, Response, request
from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.routing import RequestRedirect

from jobsmock.api.operations import TABLES
from jobsmock.api.routes import Route, RouteTable
from jobsmock.http import control, versions
from jobsmock.http.control.base import SITE, Site
from jobsmock.http.cors import is_preflight
from jobsmock.http.errors import make_error_response, make_framework_error, make_incorrect_path_response
from jobsmock.http.metrics import Metrics
from jobsmock.http.microversions import HEADER, SERVICE, check_microversion, read_microversion
from jobsmock.http.middleware import WorldMiddleware, make_failure_response
from jobsmock.http.openstack_services import find_service, make_openstack_error
from jobsmock.http.paths import is_control, split_path
from jobsmock.http.proxies import TrustedProxies
from jobsmock.http.recording import Recorder
from jobsmock.http.request import make_base_url
from jobsmock.http.response import Response as MockResponse
from jobsmock.http.router import Router
from jobsmock.http.url_rules import UrlRule
from jobsmock.sahara.errors import ServiceError
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

_log = logging.getLogger("jobsmock")


def create_app(worlds: Worlds | World, control_token: str | None = None, trust_proxy: int = 0) -> Flask:
    """Create the app for the worlds of a server, or for a single world that every name leads to.

    The control API answers callers on this machine, and with a `control_token` any that send it. `trust_proxy` is the
    number of proxies whose X-Forwarded headers are believed.
    """
    if isinstance(worlds, World):
        single = worlds
        worlds = Worlds(lambda **_: single)
    flask_app, router = _build_app()
    app, metrics = copy(flask_app), Metrics.create(worlds)
    app.extensions = {SITE: Site(worlds, control_token, metrics)}
    app.wsgi_app = WorldMiddleware(app.wsgi_app, router, worlds, Recorder(metrics))  # type: ignore[method-assign]
    if trust_proxy:
        app.wsgi_app = TrustedProxies(app.wsgi_app, trust_proxy)  # type: ignore[method-assign]
    return app


@cache
def _build_app() -> tuple[Flask, Router]:
    """The app, and the router of the mocked operations.

    The URLs of all apps are the same, and compiling them takes most of the time that one app takes. So there is one app
    in the process; `create_app` makes copies of it, and the copies share the router.
    """
    app = _App("jobsmock", static_folder=None)
    targets: dict[str, tuple[RouteTable, str, Route]] = {}
    for table in TABLES:
        for prefix, route in table.urls():
            endpoint = f"{route.method} {prefix}{route.path}"
            targets[endpoint] = (table, prefix, route)
            app.add_url_rule(prefix + route.path, endpoint, methods=[route.method])
    methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
    app.add_url_rule("/", "versions", versions.show_data_processing, methods=methods)
    for path, view in versions.DOCUMENTS.items():
        app.add_url_rule(path, f"versions {path}", view, strict_slashes=False)
    control.add_control(app)
    app.register_error_handler(HTTPException, _handle_http_error)
    app.register_error_handler(Exception, _handle_failure)
    return app, Router(app.url_map, targets)


class _App(Flask):
    url_rule_class = UrlRule

    def make_default_options_response(self) -> Response:
        response = super().make_default_options_response()
        return _check_options_of_v2(response) if request.path.startswith("/v2/") else response

    def raise_routing_exception(self, request: Request) -> NoReturn:
        """Refuse or redirect what no rule fits; but a preflight is answered, so that the page gets to see why."""
        if is_preflight(request.method, request.headers) and not is_control(split_path(request.path)[1]):
            raise HTTPException(response=Response(b""))
        if isinstance(request.routing_exception, RequestRedirect) and not request.host:
            raise BadRequest("The Host header names no host.")
        super().raise_routing_exception(request)


def _check_options_of_v2(response: Response) -> Response:
    """The response to an OPTIONS request of API v2, which has a microversion as any other."""
    version = read_microversion(request.headers)
    try:
        check_microversion(version)
    except ServiceError as error:
        response = _convert(make_error_response(error, "", _get_base_url()))
    response.headers.add("Vary", HEADER)
    response.headers.add(HEADER, f"{SERVICE} {version}")
    return response


def _handle_http_error(error: HTTPException) -> Response:
    """An error of HTTP, in the form of the service at whose URLs it happened."""
    code, description = error.code or 500, error.description or ""
    if is_control(split_path(request.path)[1]):
        return control.make_http_error(code, description)
    if service := find_service(request.path):
        return _convert(make_openstack_error(service, code, error.name, description, _get_base_url()))
    if code == 404 and not _has_two_parts(request.path):
        body, content_type = make_incorrect_path_response(request.accept_mimetypes)
        return Response(body, code, content_type=content_type)
    return Response(make_framework_error(code, description), code, mimetype="application/json")


def _has_two_parts(path: str) -> bool:
    """Whether a path is as long as every URL of the service: a version, and a project or something else."""
    parts = path.split("/", 3)[1:3]
    return len(parts) == 2 and all(parts)


def _handle_failure(error: Exception) -> Response:
    """Log a fault of our own. The client is told only that there was one."""
    _log.error("jobsmock failed at %s %s", request.method, request.path, exc_info=error)
    if is_control(split_path(request.path)[1]):
        return control.make_http_error(500, "jobsmock failed at this request; its log says where. Please report it.")
    return _convert(make_failure_response())


def _get_base_url() -> str:
    return make_base_url(request.scheme, request.headers.get("host"), request.server, request.root_path)


def _convert(response: MockResponse) -> Response:
    return Response(response.body, response.status, response.headers)

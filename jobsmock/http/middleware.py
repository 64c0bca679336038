"""Where requests come in: finds the world that each is for, and answers it by `dispatch`, or lets Flask answer.

The URL `/w/NAME/…` is that of the world NAME; all others are the default world's. The control API is Flask's alone.
"""

import logging
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from jobsmock.http.cors import add_cors_headers, is_preflight
from jobsmock.http.dispatch import dispatch
from jobsmock.http.errors import make_control_error, make_framework_error
from jobsmock.http.headers import decode_header
from jobsmock.http.paths import is_control, make_world_prefix, split_path
from jobsmock.http.recording import Recorder, summarize
from jobsmock.http.request import App, Environ, Request
from jobsmock.http.response import Response, make_json_response
from jobsmock.http.router import Router
from jobsmock.world.rules.outcome import NO_OUTCOME
from jobsmock.world.world import World
from jobsmock.world.worlds import DEFAULT, NAME, Worlds

_log = logging.getLogger("jobsmock")


class WorldMiddleware:
    """WSGI middleware around Flask. `router` knows the routes of mocked operations; Flask answers everything else."""

    def __init__(self, flask_app: App, router: Router, worlds: Worlds, recorder: Recorder) -> None:
        self._flask_app, self._router = flask_app, router
        self._worlds, self._recorder = worlds, recorder

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        name, path = split_path(environ["PATH_INFO"])
        if name != DEFAULT and not NAME.fullmatch(name):
            request = Request(environ, "", path)
            return _make_bad_name_response(name, request).send(start_response, request.method)
        if is_control(path):
            return self._flask_app(environ, start_response)
        if path != "/.json":
            path = path.removesuffix(".json")
        request = Request(environ, make_world_prefix(name), path)
        response = self._respond(self._worlds.get(name), request, environ)
        return response.send(start_response, request.method)

    def _respond(self, world: World, request: Request, environ: Environ) -> Response:
        try:
            response = dispatch(self._router, self._recorder, world, request)
        except Exception as error:
            _log.error("jobsmock failed at %s %s", request.method, request.text_path, exc_info=error)
            response = make_failure_response()
        else:
            if response is not None:
                return response
            response = self._ask_flask(request, environ)
        self._recorder.record(world, request, summarize(request), NO_OUTCOME, response)
        return response

    def _ask_flask(self, request: Request, environ: Environ) -> Response:
        script_name = environ["SCRIPT_NAME"] + request.root
        inner = {**environ, "SCRIPT_NAME": script_name, "PATH_INFO": request.path, "wsgi.input": BytesIO(request.body)}
        return Response.from_wsgi(self._flask_app, inner)


def make_failure_response() -> Response:
    """The response to a request at which jobsmock itself failed."""
    message = "jobsmock failed at this request; its log says where. Please report it."
    return make_json_response({"error_code": 500, "error_message": message, "error_name": "INTERNAL_SERVER_ERROR"}, 500)


def _make_bad_name_response(name: str, request: Request) -> Response:
    hint = "expected 1 to 64 letters, digits, '-', '_' or '.', as in /w/checkout-42/v1.1/…"
    message = f"invalid name of a world {decode_header(name.strip())!r}: {hint}"
    if is_control(request.path):
        return Response(404, make_control_error(404, message))
    response = Response(404, make_framework_error(404, message))
    if is_preflight(request.method, request.headers):
        response = Response(200, b"", "text/html; charset=utf-8")
    if "origin" in request.headers:
        add_cors_headers(request, response.headers)
    return response

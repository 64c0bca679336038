"""Finds the world that a request is for, before Flask sees it: `/w/NAME/…` is that of NAME, all else the default."""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from flask import Response

from jobsmock.http.cors import add_cors_headers, is_preflight
from jobsmock.http.headers import decode_header
from jobsmock.http.metrics import Metrics
from jobsmock.http.responses import make_control_error, make_framework_error
from jobsmock.world.clock import read_stopwatch
from jobsmock.world.worlds import DEFAULT, NAME, Worlds

CONTROL = "/_jobsmock"  # the path of the control API, in each world
_PREFIX = "/w/"
# Where the rest of the app finds them in the environ; a request to the control API has no world but by its name.
SITE, WORLD, WORLD_NAME, STARTED = "jobsmock.site", "jobsmock.world", "jobsmock.world_name", "jobsmock.started"
SEEN, ACT, WIRE, CONTENT = "jobsmock.seen", "jobsmock.act", "jobsmock.wire", "jobsmock.content"
NOTES = "jobsmock.notes"  # sentences for the journal on why the answer is what it is, beside what rules tell
ENDED = "jobsmock.ended"  # an Event, from a server that may end while an answer is held back


class Site(NamedTuple):
    """What an app serves: worlds, who may control them from elsewhere, and numbers, if a library for them is there."""

    worlds: Worlds
    control_token: str | None
    metrics: Metrics | None


class WorldMiddleware:
    """Hands a request on with its world in the environ, its prefix in SCRIPT_NAME, and `.json` off its path."""

    def __init__(self, app: Callable[..., Any], site: Site) -> None:
        self._app, self._site = app, site

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name, path = _split_path(environ["PATH_INFO"])
        if name != DEFAULT:
            if not NAME.fullmatch(name):
                return _make_bad_name_response(name, path, environ)(environ, start_response)
            environ["SCRIPT_NAME"] += make_world_prefix(name)
        environ[SITE], environ[WORLD_NAME] = self._site, name
        if is_control(path):
            environ["PATH_INFO"] = path
        else:
            environ["PATH_INFO"] = path if path == "/.json" else path.removesuffix(".json")
            environ[WORLD], environ[STARTED] = self._site.worlds.get(name), read_stopwatch()
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer


def is_control(path: str) -> bool:
    """Whether a path within a world is the control API's."""
    return path == CONTROL or path.startswith(CONTROL + "/")


def get_world_name(path: str) -> str:
    """The name of the world that a path leads to."""
    return _split_path(path)[0]


def make_world_prefix(name: str) -> str:
    """The path of a world on its server."""
    return _PREFIX + name if name != DEFAULT else ""


def _split_path(path: str) -> tuple[str, str]:
    """The name of a world and the path within it."""
    if not path.startswith(_PREFIX):
        return DEFAULT, path
    name, _, rest = path[len(_PREFIX) :].partition("/")
    return name or " ", "/" + rest


def _make_bad_name_response(name: str, path: str, environ: dict[str, Any]) -> Response:
    hint = "A world's name is 1 to 64 letters, digits, '-', '_' or '.', as in /w/checkout-42/v1.1/…"
    message = f"{decode_header(name.strip())!r} is no name of a world. {hint}"
    if is_control(path):
        return Response(make_control_error(404, message), 404, mimetype="application/json")
    response = Response(make_framework_error(404, message), 404, mimetype="application/json")
    if is_preflight(environ):
        response = Response(b"")
    if "HTTP_ORIGIN" in environ:
        add_cors_headers(environ, response.headers)
    return response

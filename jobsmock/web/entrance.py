"""Finds the world that a request is for, before Flask sees it: `/w/NAME/…` is that of NAME, all else the default."""

from collections.abc import Callable, Iterable
from typing import Any

import orjson

from jobsmock.world.clock import ticks
from jobsmock.world.worlds import DEFAULT, NAME, Worlds

_PREFIX = "/w/"
# Where the rest of the app finds them in the environ.
WORLD, WORLD_NAME, STARTED = "jobsmock.world", "jobsmock.world_name", "jobsmock.started"
SEEN, ACT, WIRE, CONTENT = "jobsmock.seen", "jobsmock.act", "jobsmock.wire", "jobsmock.content"
ENDED = "jobsmock.ended"  # an Event, from a server that may end while an answer is held back


class Entrance:
    """Hands a request on with its world in the environ, its prefix in SCRIPT_NAME, and `.json` off its path."""

    def __init__(self, app: Callable[..., Any], worlds: Worlds) -> None:
        self._app, self._worlds = app, worlds

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        name, path = _split(environ["PATH_INFO"])
        if name != DEFAULT:
            if not NAME.fullmatch(name):
                return _no_name(name, start_response)
            environ["SCRIPT_NAME"] += _PREFIX + name
        environ["PATH_INFO"] = path.removesuffix(".json")
        environ[WORLD_NAME], environ[WORLD], environ[STARTED] = name, self._worlds.get(name), ticks()
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer


def world_name(path: str) -> str:
    """The name of the world that a path leads to."""
    return _split(path)[0]


def _split(path: str) -> tuple[str, str]:
    """The name of a world and the path within it."""
    if not path.startswith(_PREFIX):
        return DEFAULT, path
    name, _, rest = path[len(_PREFIX) :].partition("/")
    return name or " ", "/" + rest


def _no_name(name: str, start_response: Callable[..., Any]) -> Iterable[bytes]:
    hint = "A world's name is 1 to 64 letters, digits, '-', '_' or '.', as in /w/checkout-42/v1.1/…"
    body = orjson.dumps({"error": 404, "error_message": f"{name.strip()!r} is no name of a world. {hint}"})
    start_response("404 NOT FOUND", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]

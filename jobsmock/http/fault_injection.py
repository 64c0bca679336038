"""Lets rules, and a request's own `Prefer` header, decide what happens to it, and carries that out.

Every view of a mocked operation answers by `ruled`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Response, request

from jobsmock.http.middleware import ACT, ENDED, WIRE, WORLD
from jobsmock.http.responses import make_error_body, make_json_response
from jobsmock.sahara.errors import InvalidData
from jobsmock.world.clock import sleep
from jobsmock.world.delays import draw_delay, parse_delay
from jobsmock.world.rules.effect import NO_OUTCOME, WIRES, Outcome
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.world import World

# A name, and perhaps a value: in quotes, or up to a comma that is not within brackets.
_PREFERENCE = re.compile(r"""([A-Za-z-]+)\s*(?:=\s*(?:"([^"]*)"|((?:\([^)]*\)|[^",;(])*)))?""")


def ruled(
    seen: RequestSummary, operate: Callable[[Outcome], Response], instead: Callable[[Outcome], Response]
) -> Response:
    """The answer to a request, once rules have decided: what comes of its operation, or what rules give `instead`.

    Decided and done under one lock, and held back, marked or broken without it.
    """
    environ = request.environ
    world: World = environ[WORLD]
    with world.lock:
        act = environ[ACT] = _decided(world, seen, environ.get("HTTP_PREFER"))
        response = None if act.prevents_operation else operate(act)
        if response is None or act.replaces_response:
            response = instead(act)
    return response if act is NO_OUTCOME else _carried_out(act, response)


def _carried_out(act: Outcome, response: Response) -> Response:
    """Hold an answer back as long as rules want, and mark it; a broken wire is the server's to break."""
    environ = request.environ
    if act.delay:
        sleep(act.delay / environ[WORLD].clock.scale, environ.get(ENDED))
    if act.acted:
        response.headers.update(act.headers)
        response.headers["X-Jobsmock-Rule"] = ", ".join(act.acted)
    if act.wire:
        environ[WIRE] = act.wire
    return response


def _decided(world: World, seen: RequestSummary, preference: str | None) -> Outcome:
    """What is to be done with a request; uses up the counts of the rules that act.

    `preference` is what the request itself wishes, as in `code=503, delay=2s, wire=reset`; other wishes pass.
    """
    wishes = _wishes(preference) if preference else {}
    act = world.rules.decide(seen, world.clock.now())
    return _as_wished(act, wishes, world) if wishes else act


def _wishes(header: str) -> dict[str, Any]:
    """By their names, read; InvalidData for one that cannot be."""
    wishes = {}
    for key, quoted, plain in _PREFERENCE.findall(header):
        if key.lower() in _WISHES:
            try:
                wishes[key.lower()] = _WISHES[key.lower()]((quoted or plain).strip())
            except ValueError as error:
                raise InvalidData(f"Prefer: {key}: {error}") from None
    return wishes


def _status(value: str) -> int:
    if not re.fullmatch(r"[2-5]\d\d", value):
        raise ValueError(f"{value!r} is no status of an answer; write one from 200 to 599")
    return int(value)


def _wire(value: str) -> str:
    if value not in WIRES:
        raise ValueError(f"{value!r} is no way to break a wire; there are {', '.join(WIRES)}")
    return value


_WISHES: dict[str, Callable[[str], Any]] = {"code": _status, "delay": parse_delay, "wire": _wire}


def _as_wished(act: Outcome, wishes: dict[str, Any], world: World) -> Outcome:
    drawn = {"delay": draw_delay(wishes["delay"], world.rules_random)} if "delay" in wishes else {}
    told = ", ".join(f"{key} {wishes[key]}" for key in ("code", "wire") if key in wishes)
    return replace(
        act,
        status=wishes.get("code", act.status),
        delay=act.delay + drawn.get("delay", 0.0),
        wire=wishes.get("wire", act.wire),
        drawn={**act.drawn, "Prefer": drawn} if drawn else act.drawn,
        notes=[*act.notes, f"The request's own Prefer header wished it: {told or 'a delay'}"],
    )


def answer(act: Outcome, error_id: str) -> Response:
    """The answer that an act gives in place of the real one, shaped as the service shapes its own unless told."""
    status = act.status or (500 if act.error is not None else 200)
    if act.has_body:
        is_text = isinstance(act.body, str)
        return Response(act.body, status, mimetype="text/plain") if is_text else make_json_response(act.body, status)
    if status < 400 and act.error is None:
        return make_json_response({}, status)
    return make_json_response(_error(act.error or {}, status, error_id), status)


def named(status: int) -> tuple[str, str]:
    """The name of a status and its phrase; numbers that nobody has registered have some, too."""
    try:
        known = HTTPStatus(status)
    except ValueError:
        return "UNKNOWN_ERROR", f"Error {status}"
    return known.name, known.phrase


def _error(told: Mapping[str, Any], status: int, error_id: str) -> dict[str, Any]:
    name, message = named(status)
    return make_error_body(status, told.get("message", message), told.get("name", name), error_id)

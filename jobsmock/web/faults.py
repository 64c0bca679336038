"""Carries out what rules, and a request's own `Prefer` header, decide: delays, answers in place of the real one."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Response

from jobsmock.sahara.errors import InvalidData
from jobsmock.web.answers import error_content, json_answer
from jobsmock.world.acting import WIRES, Act
from jobsmock.world.delays import delay_of, draw_delay
from jobsmock.world.matching import Seen
from jobsmock.world.world import World

# A name, and perhaps a value: in quotes, or up to a comma that is not within brackets.
_PREFERENCE = re.compile(r"""([A-Za-z-]+)\s*(?:=\s*(?:"([^"]*)"|((?:\([^)]*\)|[^",;(])*)))?""")


def decided(world: World, seen: Seen, preference: str | None) -> Act:
    """What is to be done with a request. Called under the world's lock; uses up the counts of the rules that act.

    `preference` is what the request itself wishes, as in `code=503, delay=2s, wire=reset`; other wishes pass.
    """
    wishes = _wishes(preference) if preference else {}
    act = world.rules.act(seen, world.clock.now())
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


_WISHES: dict[str, Callable[[str], Any]] = {"code": _status, "delay": delay_of, "wire": _wire}


def _as_wished(act: Act, wishes: dict[str, Any], world: World) -> Act:
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


def answer(act: Act, error_id: str) -> Response:
    """The answer that an act gives in place of the real one, shaped as the service shapes its own unless told."""
    status = act.status or (500 if act.error is not None else 200)
    if act.has_body:
        is_text = isinstance(act.body, str)
        return Response(act.body, status, mimetype="text/plain") if is_text else json_answer(act.body, status)
    if status < 400 and act.error is None:
        return json_answer({}, status)
    return json_answer(_error(act.error or {}, status, error_id), status)


def _error(told: Mapping[str, Any], status: int, error_id: str) -> dict[str, Any]:
    try:
        known = HTTPStatus(status)
        name, message = known.name, known.phrase
    except ValueError:
        name, message = "UNKNOWN_ERROR", f"Error {status}"
    return error_content(status, told.get("message", message), told.get("name", name), error_id)

"""Carries out what rules, and a request's own `Prefer` header, decide: delays, answers in place of the real one."""

import re
from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import orjson
from flask import Response

from jobsmock.sahara.errors import InvalidData, ServiceError
from jobsmock.world.acting import WIRES, Act
from jobsmock.world.delays import delay_of, draw_delay
from jobsmock.world.matching import Seen
from jobsmock.world.world import World

_PREFERENCE = re.compile(r"\s*([A-Za-z-]+)\s*(?:=\s*\"?([^\",;]*)\"?)?\s*")


def decided(world: World, seen: Seen, preference: str | None) -> Act:
    """What is to be done with a request. Called under the world's lock; uses up the counts of the rules that act."""
    act = world.rules.act(seen, world.clock.now())
    return _as_preferred(act, preference, world) if preference else act


def _as_preferred(act: Act, header: str, world: World) -> Act:
    """An act with what the request itself wishes: `Prefer: code=503, delay=2s, wire=reset`; other wishes pass."""
    for key, value in _PREFERENCE.findall(header):
        try:
            if key.lower() == "code":
                act = replace(act, status=_status(value))
            elif key.lower() == "delay":
                act = replace(act, delay=act.delay + draw_delay(delay_of(value.strip()), world.rules_random))
            elif key.lower() == "wire":
                act = replace(act, wire=_wire(value))
        except ValueError as error:
            raise InvalidData(f"Prefer: {key}: {error}") from None
    return act


def _status(value: str) -> int:
    if not re.fullmatch(r"[1-5]\d\d", value.strip()) or value.strip().startswith("1"):
        raise ValueError(f"{value!r} is no status of an answer; write one from 200 to 599")
    return int(value)


def _wire(value: str) -> str:
    if value.strip() not in WIRES:
        raise ValueError(f"{value!r} is no way to break a wire; there are {', '.join(WIRES)}")
    return value.strip()


def answer(act: Act, error_id: str) -> Response:
    """The answer that an act gives in place of the real one, shaped as the service shapes its own unless told."""
    status = act.status or (500 if act.error is not None else 200)
    if act.has_body:
        content = act.body.encode() if isinstance(act.body, str) else orjson.dumps(act.body)
        kind = "text/plain" if isinstance(act.body, str) else "application/json"
        return Response(content, status, mimetype=kind)
    if status < 400 and act.error is None:
        return Response(b"{}", status, mimetype="application/json")
    return Response(orjson.dumps(_error(act.error or {}, status, error_id)), status, mimetype="application/json")


def _error(told: Mapping[str, Any], status: int, error_id: str) -> dict[str, Any]:
    try:
        known = HTTPStatus(status)
        name, message = known.name, known.phrase
    except ValueError:
        name, message = "UNKNOWN_ERROR", f"Error {status}"
    message = f"{told.get('message', message)}\nError ID: {error_id}"
    return {"error_code": status, "error_message": message, "error_name": told.get("name", name)}


def refused(error: ServiceError, error_id: str) -> Response:
    """A refusal of the service, as it shapes them."""
    body = {
        "error_code": error.status,
        "error_message": f"{error.message}\nError ID: {error_id}",
        "error_name": error.name,
    }
    return Response(orjson.dumps(body), error.status, mimetype="application/json")

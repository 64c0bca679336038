"""What rules, and the `Prefer` header of a request, do to its response."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from werkzeug.urls import iri_to_uri

from jobsmock.http.errors import make_error_body
from jobsmock.http.request import Request
from jobsmock.http.response import Response, make_json_response
from jobsmock.sahara.errors import InvalidData
from jobsmock.world.delays import draw_delay, parse_delay
from jobsmock.world.rules.effect import WIRES
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.rules.outcome import Outcome
from jobsmock.world.world import World

# A name, and perhaps a value: in quotes, or up to a comma that is not within brackets.
_PREFERENCE = re.compile(r"""([A-Za-z-]+)\s*(?:=\s*(?:"([^"]*)"|((?:\([^)]*\)|[^",;(])*)))?""")


def decide(world: World, request: Request, summary: RequestSummary) -> Outcome:
    """Decide what happens to a request, and count it for the rules that apply. Called under the world's lock.

    The request may prefer something itself, as in `Prefer: code=503, delay=2s, wire=reset`. InvalidData if that cannot
    be read; preferences of other names are ignored.
    """
    header = request.headers.get("prefer")
    preferences = _parse_preferences(header) if header else {}
    outcome = world.rules.decide(summary, world.clock.now())
    return _add_preferences(outcome, preferences, world) if preferences else outcome


def _parse_preferences(header: str) -> dict[str, Any]:
    preferences = {}
    for key, quoted, plain in _PREFERENCE.findall(header):
        if key.lower() in _PARSERS:
            try:
                preferences[key.lower()] = _PARSERS[key.lower()]((quoted or plain).strip())
            except ValueError as error:
                raise InvalidData(f"Prefer: {key}: {error}") from None
    return preferences


def _parse_status(value: str) -> int:
    if not re.fullmatch(r"[2-5]\d\d", value):
        raise ValueError(f"invalid status {value!r}: expected a number from 200 to 599")
    return int(value)


def _parse_wire(value: str) -> str:
    if value not in WIRES:
        raise ValueError(f"invalid value {value!r}: expected one of {', '.join(WIRES)}")
    return value


_PARSERS: dict[str, Callable[[str], Any]] = {"code": _parse_status, "delay": parse_delay, "wire": _parse_wire}


def _add_preferences(outcome: Outcome, preferences: dict[str, Any], world: World) -> Outcome:
    drawn = {"delay": draw_delay(preferences["delay"], world.rules_random)} if "delay" in preferences else {}
    preferred = ", ".join(f"{key} {preferences[key]}" for key in ("code", "wire") if key in preferences)
    return replace(
        outcome,
        status=preferences.get("code", outcome.status),
        delay=outcome.delay + drawn.get("delay", 0.0),
        wire=preferences.get("wire", outcome.wire),
        drawn={**outcome.drawn, "Prefer": drawn} if drawn else outcome.drawn,
        notes=[*outcome.notes, f"The request's own Prefer header asked for it: {preferred or 'a delay'}"],
    )


def make_injected_response(outcome: Outcome, error_id: str) -> Response:
    """The response that a rule gives in place of the real one. An error has the service's own form."""
    status = outcome.status or (500 if outcome.error is not None else 200)
    if outcome.has_body:
        if isinstance(outcome.body, str):
            return Response(status, outcome.body.encode("utf-8", "backslashreplace"), "text/plain; charset=utf-8")
        return make_json_response(outcome.body, status)
    if status < 400 and outcome.error is None:
        return make_json_response({}, status)
    return make_json_response(_make_error(outcome.error or {}, status, error_id), status)


def describe_status(status: int) -> tuple[str, str]:
    """The name and the phrase of a status; unregistered numbers have some, too."""
    try:
        known = HTTPStatus(status)
    except ValueError:
        return "UNKNOWN_ERROR", f"Error {status}"
    return known.name, known.phrase


def _make_error(error: Mapping[str, Any], status: int, error_id: str) -> dict[str, Any]:
    name, message = describe_status(status)
    return make_error_body(status, error.get("message", message), error.get("name", name), error_id)


def add_headers(outcome: Outcome, response: Response) -> None:
    """Add the headers of rules, and tell the client which rules applied."""
    if outcome.rules:
        for name, value in outcome.headers.items():
            is_url = name.lower() in ("location", "content-location")
            response.headers[name] = iri_to_uri(value) if is_url else value
        response.headers["X-Jobsmock-Rule"] = ", ".join(outcome.rules)


def carry_out(outcome: Outcome, world: World, request: Request) -> None:
    """Hold the response back, and let the server break the connection."""
    if outcome.delay:
        request.connection.wait(outcome.delay / world.clock.scale)
    if outcome.wire:
        request.connection.break_wire(outcome.wire)

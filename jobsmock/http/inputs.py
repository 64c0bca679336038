"""Reads what operations of the data processing service take: query, body, data, roles, and the plan of a header."""

import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple

import orjson

from jobsmock.api.routes import Route
from jobsmock.http.microversions import check_microversion, read_microversion
from jobsmock.http.request import LARGEST_BODY, Request
from jobsmock.openstack.errors import OpenStackError
from jobsmock.sahara.errors import BodyTooLarge, InvalidData, MalformedBody, ServiceError
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.validation import DEEPEST_BODY, is_deeper

_JSON_TYPES = {"application/json", "application/*", "*/*"}
_FORM_TYPES = ("application/x-www-form-urlencoded", "multipart/form-data")
_LONE_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


class Inputs(NamedTuple):
    """Keyword arguments of an operation, as far as they could be read, and what is wrong with the first that could not.

    An error of the body counts only after the service has looked for the record that the request is about.
    """

    values: dict[str, Any]
    error: ServiceError | OpenStackError | None = None
    is_error_of_body: bool = False


def read_inputs(route: Route, request: Request, roles: Callable[[], list[str]]) -> Inputs:
    """The inputs of a route. `roles` finds the roles of the caller, for the few routes that take them."""
    values: dict[str, Any] = {}
    try:
        if route.translation:
            check_microversion(read_microversion(request.headers))
    except ServiceError as error:
        return Inputs(values, error)
    for name in route.inputs:
        try:
            if name == "roles":
                values[name] = roles()
            elif name == "unused_body":
                _READERS["body"](request)  # the service wants it to be valid all the same
            else:
                values[name] = _READERS[name](request)
        except ServiceError as error:
            return Inputs(values, error, is_error_of_body=name in ("body", "unused_body"))
    return Inputs(values)


def _read_json(request: Request) -> Any:
    """The body as JSON; an object without keys if there is no body."""
    content = _read_content(request)
    if not content:
        return {}
    types = request.content_type
    if types and not _JSON_TYPES & {part.strip() for part in types.split(",")}:
        raise InvalidData(f"Content type '{types}' isn't supported")
    body = _parse_json(content)
    if content.count(b"[") + content.count(b"{") > DEEPEST_BODY and is_deeper(body, DEEPEST_BODY):
        raise MalformedBody
    return body


def _parse_json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return _parse_with_infinity(content)


def _parse_with_infinity(content: bytes) -> Any:
    """Parse numbers beyond a double as infinite, as the service does; orjson refuses them."""
    if _LONE_SURROGATE.search(content):
        raise MalformedBody
    try:
        return json.loads(content.decode(), parse_int=_parse_integer, parse_constant=int)  # NaN is not a number
    except (ValueError, RecursionError):
        raise MalformedBody from None


def _parse_integer(text: str) -> int | float:
    """Parse an integer of more than 64 bits as a double, as orjson does."""
    return int(text) if len(text) < 19 else float(text)


def _read_content(request: Request) -> bytes:
    if request.is_too_large:
        raise BodyTooLarge(LARGEST_BODY)
    return request.body


def _read_data(request: Request) -> bytes:
    """The body as bytes. The service does not see that of a form, which `curl --data-binary` claims to send."""
    return b"" if request.content_type in _FORM_TYPES else _read_content(request)


def _read_requested_plan(request: Request) -> RequestedPlan:
    """The plan of the header. A rule's plan is added once rules have decided."""
    return RequestedPlan(request.headers.get("x-jobsmock-plan"))


_READERS: dict[str, Callable[[Request], Any]] = {
    "query": lambda request: request.query,
    "body": _read_json,
    "data": _read_data,
    "requested_plan": _read_requested_plan,
}

"""The control API, under `/_jobsmock/` of each world: clock, rules, journal, snapshots, and the worlds themselves.

It is never among the mocked paths: rules, delays and the journal pass it by, and its errors have a shape of their own,
`{"error": {"code", "message"}}`. It is for whoever runs the mock: callers on this machine, or with the control token.
"""

import ipaddress
from collections.abc import Callable
from hmac import compare_digest
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import orjson
from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge

from jobsmock.http.control import clock, journal, rules
from jobsmock.http.control import worlds as whole
from jobsmock.http.control.base import SITE, Context, ControlError, Site, suggest_nearest
from jobsmock.http.errors import make_control_error
from jobsmock.http.headers import decode_header
from jobsmock.http.paths import CONTROL, make_world_prefix, split_path
from jobsmock.http.proxies import is_forwarded
from jobsmock.http.request import make_base_url, read_bounded_body
from jobsmock.world.json_text import parse_json
from jobsmock.world.validation import DEEPEST_SNAPSHOT, is_deeper
from jobsmock.world.worlds import DEFAULT

TOKEN_HEADER = "X-Jobsmock-Token"


class ControlRoute(NamedTuple):
    method: str
    path: str
    operation: Callable[..., Any]
    status: int = 200
    parameters: tuple[str, ...] = ()


CONTROL_ROUTES = (
    ControlRoute("GET", "/health", whole.show_health),
    ControlRoute("GET", "/metrics", whole.show_metrics),
    ControlRoute("GET", "/clock", clock.show_clock),
    ControlRoute("POST", "/clock", clock.change_clock),
    ControlRoute("GET", "/rules", rules.list_rules),
    ControlRoute("POST", "/rules", rules.add_rule, 201),
    ControlRoute("DELETE", "/rules", rules.clear_rules, 204),
    ControlRoute("GET", "/rules/<id>", rules.show_rule),
    ControlRoute("PUT", "/rules/<id>", rules.replace_rule),
    ControlRoute("DELETE", "/rules/<id>", rules.remove_rule, 204),
    ControlRoute("GET", "/journal", journal.list_entries, parameters=journal.PARAMETERS),
    ControlRoute("DELETE", "/journal", journal.clear_journal, 204),
    ControlRoute("GET", "/journal/<id>", journal.show_entry),
    ControlRoute("POST", "/verify", journal.verify),
    ControlRoute("GET", "/world", whole.show_world),
    ControlRoute("PATCH", "/world", whole.change_world),
    ControlRoute("POST", "/reset", whole.reset_world),
    ControlRoute("GET", "/worlds", whole.list_worlds),
    ControlRoute("PUT", "/worlds/<name>", whole.make_world, 201),
    ControlRoute("DELETE", "/worlds/<name>", whole.remove_world, 204),
    ControlRoute("GET", "/snapshots", whole.list_snapshots),
    ControlRoute("PUT", "/snapshots/<name>", whole.take_snapshot, 201),
    ControlRoute("GET", "/snapshots/<name>", whole.show_snapshot),
    ControlRoute("POST", "/snapshots/<name>/restore", whole.restore_snapshot),
    ControlRoute("DELETE", "/snapshots/<name>", whole.remove_snapshot, 204),
)


def add_control(app: Flask) -> None:
    """Let an app answer the control API."""
    for route in CONTROL_ROUTES:
        view = _make_view(route)
        for prefix in (CONTROL, f"/w/<world_name>{CONTROL}"):
            app.add_url_rule(prefix + route.path, f"{route.method} {prefix}{route.path}", view, methods=[route.method])
    app.register_error_handler(ControlError, lambda error: _make_error(error.code, error.message))


def make_http_error(code: int, description: str) -> Response:
    """An error of HTTP in the control API's own form. 404 and 405 say what there is."""
    path = split_path(request.path)[1]
    if code == 404:
        near = suggest_nearest(path.removeprefix(CONTROL), dict.fromkeys(route.path for route in CONTROL_ROUTES))
        return _make_error(404, f"unknown path {path}{near}")
    if code == 405:
        allowed = [route.method for route in CONTROL_ROUTES if _is_match(route.path, path.removeprefix(CONTROL))]
        return _make_error(405, f"{request.method} is not allowed here: expected {' or '.join(allowed)}")
    return _make_error(code, description)


def _is_match(pattern: str, path: str) -> bool:
    parts, given = pattern.split("/"), path.split("/")
    return len(parts) == len(given) and all(one == two or one[:1] == "<" for one, two in zip(parts, given, strict=True))


def _make_view(route: ControlRoute) -> Callable[..., Response]:
    def view(world_name: str = DEFAULT, **names: str) -> Response:
        site: Site = current_app.extensions[SITE]
        _check_caller(site.control_token)  # before the world it names is made
        root = request.root_path + make_world_prefix(world_name)
        context = Context(
            site.worlds,
            world_name,
            site.worlds.get(world_name),
            _read_content(),
            _read_query(route),
            make_base_url(request.scheme, request.headers.get("host"), request.server, root),
            site.metrics,
        )
        content = route.operation(context, **names)
        if isinstance(content, Response):
            return content
        body = b"" if content is None else orjson.dumps(content)
        return Response(body, route.status, mimetype="application/json")

    return view


def _check_caller(token: str | None) -> None:
    """Refuse pages of other origins, and callers from elsewhere, or through a proxy, that do not know the token."""
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        raise ControlError(403, f"a page of another origin, {origin}, may not use the control API")
    if token and _is_token(request.headers.get(TOKEN_HEADER, ""), token):
        return
    host = urlsplit(f"//{request.host}").hostname or ""
    if not _is_of_this_machine(host):
        raise ControlError(
            403, f"invalid Host {request.host}: expected 127.0.0.1 or localhost, as any other name may lead a page here"
        )
    if not _is_loopback(request.environ.get("REMOTE_ADDR", "")):
        raise ControlError(
            403,
            f"the control API answers this machine only: expected the token of --control-token in {TOKEN_HEADER}",
        )
    if is_forwarded(request.environ) or not _is_own_address(host):
        raise ControlError(
            403, f"this request came through a proxy: expected the token of --control-token in {TOKEN_HEADER}"
        )


def _is_token(given: str, token: str) -> bool:
    """Whether a header holds the token, found in a time that tells nothing about it."""
    return compare_digest(decode_header(given).encode(), token.encode("utf-8", "surrogateescape"))


def _is_of_this_machine(name: str) -> bool:
    """Whether no name server decides what a name means: any other may be a page's own, which leads its calls here."""
    return name == "localhost" or name.endswith(".localhost") or _parse_address(name) is not None


def _is_loopback(text: str) -> bool:
    address = _parse_address(text)
    return address is not None and (getattr(address, "ipv4_mapped", None) or address).is_loopback


def _is_own_address(host: str) -> bool:
    """Whether a caller on this machine may have used it: a call to any other address does not come from loopback."""
    address = _parse_address(host)
    return address is None or address.is_unspecified or _is_loopback(host)


def _parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _read_query(route: ControlRoute) -> dict[str, str]:
    query = request.args.to_dict()
    for key in query:
        if key not in route.parameters:
            raise ControlError(400, f"unknown query parameter {key!r}{suggest_nearest(key, route.parameters)}")
    return query


def _read_content() -> Any:
    content = read_bounded_body(request.environ)
    if content is None:
        raise RequestEntityTooLarge
    try:
        body = parse_json(content) if content else {}
    except ValueError as error:
        raise ControlError(400, f"the body {error}") from None
    if is_deeper(body, DEEPEST_SNAPSHOT):
        raise ControlError(
            400, f"the body: nested too deeply: expected at most {DEEPEST_SNAPSHOT} levels of objects and lists"
        )
    return body


def _make_error(code: int, message: str) -> Response:
    return Response(make_control_error(code, message), code, mimetype="application/json")

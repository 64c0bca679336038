"""Lets pages in a browser read what the mocked API answers, from any origin, with credentials or without.

Only a browser sends an Origin, so other clients pay nothing. The control API is not for pages of other origins.
"""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import Headers

_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
_MAX_AGE = "600"  # seconds that a browser may go on without another preflight
# What a page may read anyway, and what it may never read.
_NOT_EXPOSED = {
    "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
    "set-cookie", "set-cookie2",
}  # fmt: skip


def is_preflight(environ: dict[str, Any]) -> bool:
    """Whether a browser asks what a page may send. It does so before the request itself, and without a token."""
    return environ["REQUEST_METHOD"] == "OPTIONS" and "HTTP_ACCESS_CONTROL_REQUEST_METHOD" in environ


def add_cors_headers(environ: dict[str, Any], headers: Headers) -> None:
    """Add to the headers of an answer that the page which asked may read it. What a rule has set stays."""
    headers["Vary"] = ", ".join([*headers.getlist("Vary"), "Origin"])
    added = make_cors_headers(environ["HTTP_ORIGIN"], headers.keys())
    if is_preflight(environ):
        added |= _make_preflight_headers(environ)
    for name, value in added.items():
        headers.setdefault(name, value)


def make_cors_headers(origin: str, carried: Iterable[str]) -> dict[str, str]:
    """Those that let pages of an origin read an answer, with the headers that it carries, which are given by name."""
    exposed = sorted({name for name in carried if name.lower() not in _NOT_EXPOSED})
    return {
        "Access-Control-Allow-Origin": origin,  # a wildcard is not enough for a page that sends credentials
        "Access-Control-Allow-Credentials": "true",
        **({"Access-Control-Expose-Headers": ", ".join(exposed)} if exposed else {}),
    }


def _make_preflight_headers(environ: dict[str, Any]) -> dict[str, str]:
    allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _MAX_AGE}
    if wanted := environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"):
        allowed["Access-Control-Allow-Headers"] = wanted
    if environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"
    return allowed

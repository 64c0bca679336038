"""Lets pages of any origin read the responses of the mocked API in a browser, with credentials or without.

The control API is not open to pages of other origins.
"""

from collections.abc import Iterable, Mapping

from werkzeug.datastructures import Headers

from jobsmock.http.headers import AnyHeaders
from jobsmock.http.request import Request

_METHODS = "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT"
_MAX_AGE = "600"  # seconds for which a browser needs no other preflight
# What a page may always read, and what it may never read.
_NOT_EXPOSED = {
    "cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma",
    "set-cookie", "set-cookie2",
}  # fmt: skip


def is_preflight(method: str, headers: AnyHeaders) -> bool:
    """Whether a browser asks what a page may send. It does so before the request itself, and without a token."""
    return method == "OPTIONS" and "access-control-request-method" in headers


def add_cors_headers(request: Request, headers: Headers) -> None:
    """Let the page that sent a request read its response, which has these headers. What a rule has set stays."""
    headers["Vary"] = ", ".join([*headers.getlist("Vary"), "Origin"])
    added = make_cors_headers(request.headers["origin"], headers.keys())
    if is_preflight(request.method, request.headers):
        added |= _make_preflight_headers(request.headers)
    for name, value in added.items():
        headers.setdefault(name, value)


def make_cors_headers(origin: str, carried: Iterable[str]) -> dict[str, str]:
    """The headers that let pages of an origin read a response and the headers that it carries, given by name."""
    exposed = sorted({name for name in carried if name.lower() not in _NOT_EXPOSED})
    return {
        "Access-Control-Allow-Origin": origin,  # a wildcard is not enough for a page that sends credentials
        "Access-Control-Allow-Credentials": "true",
        **({"Access-Control-Expose-Headers": ", ".join(exposed)} if exposed else {}),
    }


def _make_preflight_headers(headers: Mapping[str, str]) -> dict[str, str]:
    allowed = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Max-Age": _MAX_AGE}
    if wanted := headers.get("access-control-request-headers"):
        allowed["Access-Control-Allow-Headers"] = wanted
    if headers.get("access-control-request-private-network") == "true":
        allowed["Access-Control-Allow-Private-Network"] = "true"
    return allowed

"""Which versions of each service there are, and where: what clients look for first. No rule changes it."""

from collections.abc import Callable
from typing import Any

from flask import Response

from jobsmock.http.links import get_base_url
from jobsmock.http.responses import make_json_response
from jobsmock.sahara.errors import MICROVERSION

_Answer = Callable[[], Response]


def _version(id: str, path: str, **more: Any) -> dict[str, Any]:
    """One version as most services tell of it, with its address."""
    return {"id": id, "status": "CURRENT", **more, "links": [{"rel": "self", "href": get_base_url() + path}]}


def _identity() -> dict[str, Any]:
    types = [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}]
    more = {"status": "stable", "updated": "2023-10-01T00:00:00Z", "media-types": types}
    return _version("v3.14", "/identity/v3/", **more)


def _compute() -> dict[str, Any]:
    """One microversion only, so that clients ask for nothing that is not here."""
    return _version("v2.1", "/compute/v2.1/", version="2.1", min_version="2.1", updated="2013-07-23T11:33:21Z")


def data_processing() -> Response:
    """At every method of `/`, as the service does."""
    v2 = {**_version("v2", "/v2/"), "min_version": MICROVERSION, "max_version": MICROVERSION}
    older = [_version(id, f"/{id}/", status="SUPPORTED") for id in ("v1.0", "v1.1")]
    return make_json_response({"versions": [*older, v2]}, 300)


def identities() -> Response:
    return make_json_response({"versions": {"values": [_identity()]}}, 300)


def identity() -> Response:
    return make_json_response({"version": _identity()}, 200)


def computes() -> Response:
    return make_json_response({"versions": [_compute()]}, 200)


def compute() -> Response:
    return make_json_response({"version": _compute()}, 200)


def images() -> Response:
    older = [_version(f"v2.{minor}", "/image/v2/", status="SUPPORTED") for minor in (8, 7, 6, 5, 4, 3, 2, 1, 0)]
    return make_json_response({"versions": [_version("v2.9", "/image/v2/"), *older]}, 300)


def networks() -> Response:
    return make_json_response({"versions": [_version("v2.0", "/network/v2.0/")]}, 200)


DOCUMENTS: dict[str, _Answer] = {
    "/identity/": identities,
    "/identity/v3/": identity,
    "/v3/": identity,
    "/compute/": computes,
    "/compute/v2.1/": compute,
    "/image/": images,
    "/image/versions": images,
    "/network/": networks,
}

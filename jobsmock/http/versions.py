"""Which versions of each service there are, and where. Clients ask for this first. Rules do not apply to it."""

from collections.abc import Callable
from typing import Any

import orjson
from flask import Response, request

from jobsmock.http.request import make_base_url
from jobsmock.sahara.errors import MICROVERSION

_View = Callable[[], Response]


def _make_response(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json")


def _describe_version(id: str, path: str, **more: Any) -> dict[str, Any]:
    """One version, in the form that most services have for it."""
    base_url = make_base_url(request.scheme, request.headers.get("host"), request.server, request.root_path)
    return {"id": id, "status": "CURRENT", **more, "links": [{"rel": "self", "href": base_url + path}]}


def _describe_identity() -> dict[str, Any]:
    types = [{"base": "application/json", "type": "application/vnd.openstack.identity-v3+json"}]
    more = {"status": "stable", "updated": "2023-10-01T00:00:00Z", "media-types": types}
    return _describe_version("v3.14", "/identity/v3/", **more)


def _describe_compute() -> dict[str, Any]:
    """There is only one microversion, so that clients ask for nothing that is missing."""
    return _describe_version("v2.1", "/compute/v2.1/", version="2.1", min_version="2.1", updated="2013-07-23T11:33:21Z")


def show_data_processing() -> Response:
    """The service answers this to every method at `/`."""
    v2 = {**_describe_version("v2", "/v2/"), "min_version": MICROVERSION, "max_version": MICROVERSION}
    older = [_describe_version(id, f"/{id}/", status="SUPPORTED") for id in ("v1.0", "v1.1")]
    return _make_response({"versions": [*older, v2]}, 300)


def show_identities() -> Response:
    return _make_response({"versions": {"values": [_describe_identity()]}}, 300)


def show_identity() -> Response:
    return _make_response({"version": _describe_identity()}, 200)


def show_computes() -> Response:
    return _make_response({"versions": [_describe_compute()]}, 200)


def show_compute() -> Response:
    return _make_response({"version": _describe_compute()}, 200)


def show_images() -> Response:
    older = [_describe_version(f"v2.{minor}", "/image/v2/", status="SUPPORTED") for minor in range(8, -1, -1)]
    return _make_response({"versions": [_describe_version("v2.9", "/image/v2/"), *older]}, 300)


def show_networks() -> Response:
    return _make_response({"versions": [_describe_version("v2.0", "/network/v2.0/")]}, 200)


DOCUMENTS: dict[str, _View] = {
    "/identity/": show_identities,
    "/identity/v3/": show_identity,
    "/v3/": show_identity,
    "/compute/": show_computes,
    "/compute/v2.1/": show_compute,
    "/image/": show_images,
    "/image/versions": show_images,
    "/network/": show_networks,
}

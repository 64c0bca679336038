"""The catalogue: which services there are in this cloud, and where, under the address that the caller uses."""

from hashlib import sha256
from typing import Any, NamedTuple

from jobsmock.openstack.cloud_request import CloudRequest, get_or_404, render_list
from jobsmock.world.world import World

REGION = "RegionOne"
_INTERFACES = ("public", "internal", "admin")


class CatalogService(NamedTuple):
    """`path` is below the world's address; `per_project` says that the project follows."""

    type: str
    name: str
    path: str
    per_project: bool = False


SERVICES = (
    CatalogService("identity", "keystone", "/identity"),
    CatalogService("data-processing", "sahara", "/v1.1", per_project=True),
    CatalogService("compute", "nova", "/compute/v2.1"),
    CatalogService("image", "glance", "/image"),
    CatalogService("network", "neutron", "/network"),
)


def render_catalog(base: str, project: str | None) -> list[dict[str, Any]]:
    """As a token carries it. API v2 is found from v1.1's address: clients ask there, and at `/`, for versions."""
    return [
        {
            "type": service.type,
            "name": service.name,
            "id": _derive_id(service.type),
            "endpoints": [
                {"id": _derive_id(service.type, interface), "interface": interface,
                 "region_id": REGION, "region": REGION, "url": _make_url(base, service, project)}
                for interface in _INTERFACES
            ],
        }
        for service in SERVICES
    ]  # fmt: skip


def _make_url(base: str, service: CatalogService, project: str | None) -> str:
    below = f"/{project}" if service.per_project and project is not None else ""
    return base + service.path + below


def _derive_id(*words: str) -> str:
    return sha256(" ".join(("service", *words)).encode()).hexdigest()[:32]


# --- operations -------------------------------------------------------------------------------------------------------


def list_services(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "services", (_render_service(request, one) for one in SERVICES))


def show_service(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    every = {_derive_id(one.type): one for one in SERVICES}
    return {"service": get_or_404(_render_service(request, every[id]) if id in every else None, "service", id)}


def list_endpoints(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "endpoints", _list_endpoints(request))


def show_endpoint(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    every = {one["id"]: one for one in _list_endpoints(request)}
    return {"endpoint": get_or_404(every.get(id), "endpoint", id)}


def list_regions(world: World, request: CloudRequest) -> dict[str, Any]:
    return render_list(request, "regions", [_render_region(request)])


def show_region(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    return {"region": get_or_404(_render_region(request) if id == REGION else None, "region", id)}


def _render_service(request: CloudRequest, service: CatalogService) -> dict[str, Any]:
    id = _derive_id(service.type)
    links = {"self": f"{request.base}/identity/v3/services/{id}"}
    return {"id": id, "type": service.type, "name": service.name, "description": "", "enabled": True, "links": links}


def _list_endpoints(request: CloudRequest) -> list[dict[str, Any]]:
    """All of them, as an administrator sees them: with a place where the project goes."""
    return [
        {
            "id": (id := _derive_id(service.type, interface)),
            "service_id": _derive_id(service.type),
            "interface": interface,
            "region": REGION,
            "region_id": REGION,
            "enabled": True,
            "url": _make_url(request.base, service, "$(project_id)s"),
            "links": {"self": f"{request.base}/identity/v3/endpoints/{id}"},
        }
        for service in SERVICES
        for interface in _INTERFACES
    ]


def _render_region(request: CloudRequest) -> dict[str, Any]:
    links = {"self": f"{request.base}/identity/v3/regions/{REGION}"}
    return {"id": REGION, "description": "", "parent_region_id": None, "links": links}

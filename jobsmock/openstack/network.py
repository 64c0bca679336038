"""Crumbs of network: the networks of the sample, each with one subnet, and lists that nothing here fills."""

from hashlib import sha256
from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, filter_by_query, paginate
from jobsmock.openstack.errors import OpenStackNotFound
from jobsmock.openstack.identity.domains import CLOUD
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "networks"
STANDARD: tuple[Record, ...] = (
    {"id": "0e700000-0000-4000-8000-000000000001", "name": "private", "cidr": "10.0.0.0/24"},
    {"id": "0e700000-0000-4000-8000-000000000002", "name": "public", "cidr": "172.24.4.0/24", "external": True},
)


def complete(record: Record) -> Record:
    """A sample's network with what it leaves out; its id follows from its name."""
    empty = {"id": _derive_id(record["name"]), "tenant_id": CLOUD, "external": False, "cidr": "10.0.0.0/24"}
    return {**empty, **record}


def _derive_id(text: str) -> str:
    digits = sha256(f"network {text}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-8{digits[17:20]}-{digits[20:32]}"


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest) -> dict[str, Any]:
    return {"networks": _filter_by_query(request, [_render(one) for one in world.tables[TABLE].iterate_all()])}


def show(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    return {"network": _render(_get_or_404(world, id))}


def list_subnets(world: World, request: CloudRequest) -> dict[str, Any]:
    return {"subnets": _filter_by_query(request, [_render_subnet(one) for one in world.tables[TABLE].iterate_all()])}


def show_subnet(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    every = {_derive_subnet_id(one): one for one in world.tables[TABLE].iterate_all()}
    if id not in every:
        raise OpenStackNotFound(f"Subnet {id} could not be found.")
    return {"subnet": _render_subnet(every[id])}


def list_extensions(world: World, request: CloudRequest) -> dict[str, Any]:
    """`external-net` is why networks tell whether they are external."""
    facts = {"name": "Neutron external network", "description": "", "updated": "2013-01-14T10:00:00-00:00", "links": []}
    return {"extensions": [{"alias": "external-net", **facts}]}


def _filter_by_query(request: CloudRequest, shown: list[Record]) -> list[Record]:
    """As the query filters and orders nothing but by what networks have; several values of a key are alternatives."""
    single = {key: values for key, values in request.query.items() if len(values) == 1}
    found = filter_by_query(shown, single)
    for key, values in request.query.items():
        if key not in single:
            found = [one for one in found if str(one.get(key)) in values]
    return paginate(found, single)


def _get_or_404(world: World, id: str) -> Record:
    record = world.tables[TABLE].get(CLOUD, id)
    if record is None:
        raise OpenStackNotFound(f"Network {id} could not be found.")
    return record


def _render(record: Record) -> dict[str, Any]:
    return {
        "id": record["id"],
        "name": record["name"],
        "description": record.get("description", ""),
        "status": "ACTIVE",
        "admin_state_up": True,
        "shared": True,
        "router:external": record["external"],
        "is_default": record["external"],
        "project_id": None,
        "tenant_id": None,
        "subnets": [_derive_subnet_id(record)],
        "mtu": 1500,
        "port_security_enabled": True,
        "availability_zones": ["nova"],
        "availability_zone_hints": [],
        "ipv4_address_scope": None,
        "ipv6_address_scope": None,
        "tags": [],
    }


def _derive_subnet_id(record: Record) -> str:
    return _derive_id(f"subnet of {record['id']}")


def _render_subnet(record: Record) -> dict[str, Any]:
    return {
        "id": _derive_subnet_id(record),
        "name": f"{record['name']}-subnet",
        "network_id": record["id"],
        "cidr": record["cidr"],
        "ip_version": 4,
        "gateway_ip": None,
        "enable_dhcp": not record["external"],
        "allocation_pools": [],
        "dns_nameservers": [],
        "host_routes": [],
        "project_id": None,
        "tenant_id": None,
        "tags": [],
    }

"""Crumbs of compute: flavors and keypairs of the sample, and limits and lists that nothing here fills."""

from hashlib import sha256
from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, filter_by_query, first_value, paginate
from jobsmock.openstack.errors import OpenStackConflict, OpenStackNotFound
from jobsmock.openstack.identity.domains import CLOUD, check_room, parse_object, parse_text
from jobsmock.world.clock import format_time
from jobsmock.world.store import Record
from jobsmock.world.world import World

FLAVORS, KEYPAIRS = "flavors", "keypairs"
# Numbers of processors, MiB of memory, GiB of disk.
_SIZES = {"tiny": (1, 512, 1), "small": (1, 2048, 20), "medium": (2, 4096, 40), "large": (4, 8192, 80),
          "xlarge": (8, 16384, 160)}  # fmt: skip
STANDARD_FLAVORS: tuple[Record, ...] = tuple(
    {"id": str(number), "name": f"m1.{name}", "vcpus": vcpus, "ram": ram, "disk": disk}
    for number, (name, (vcpus, ram, disk)) in enumerate(_SIZES.items(), 1)
)
STANDARD_KEYPAIRS: tuple[Record, ...] = ({"name": "demo"},)

_MANY = 10000
_LONGEST_KEY = 16384
_PRIVATE_KEY = "-----BEGIN RSA PRIVATE KEY-----\nZml0cyBubyBsb2Nr\n-----END RSA PRIVATE KEY-----\n"  # "fits no lock"


def complete_flavor(record: Record) -> Record:
    """A sample's flavor with what it leaves out."""
    return {"id": record["name"], "tenant_id": CLOUD, "vcpus": 1, "ram": 2048, "disk": 20, "is_public": True, **record}


def complete_keypair(record: Record) -> Record:
    """A sample's keypair; one without a key gets what looks like one, and fits no lock."""
    made = f"ssh-rsa {sha256(record['name'].encode()).hexdigest()} {record['name']}"
    return {"id": record["name"], "tenant_id": CLOUD, "public_key": made, **record}


# --- operations -------------------------------------------------------------------------------------------------------


def list_flavors(world: World, request: CloudRequest) -> dict[str, Any]:
    return {"flavors": [_render_briefly(one) for one in _list_flavors(world, request)]}


def list_flavors_in_detail(world: World, request: CloudRequest) -> dict[str, Any]:
    return {"flavors": _list_flavors(world, request)}


def show_flavor(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    record = world.tables[FLAVORS].get(CLOUD, id)
    if record is None:
        raise OpenStackNotFound(f"Flavor {id} could not be found.")
    return {"flavor": _render_flavor(request, record)}


def show_extra_specs(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    show_flavor(world, request, id)
    return {"extra_specs": {}}


def list_keypairs(world: World, request: CloudRequest) -> dict[str, Any]:
    every = world.tables[KEYPAIRS].list_page(CLOUD, field="name").records
    return {"keypairs": [{"keypair": _render_keypair(one)} for one in paginate(every, request.query)]}


def show_keypair(world: World, request: CloudRequest, name: str) -> dict[str, Any]:
    more = {"id": 1, "user_id": _get_user_id(request), "created_at": format_time(world.clock.now()), "deleted": False}
    return {"keypair": {**_render_keypair(_get_keypair(world, name)), **more}}


def create_keypair(world: World, request: CloudRequest) -> dict[str, Any]:
    """Keep a public key; who sends none is told a private one with it. Keypairs are everybody's here."""
    wanted = parse_object(request.body.get("keypair"), "keypair")
    name = parse_text(wanted, "name", "keypair")
    if world.tables[KEYPAIRS].find(CLOUD, "name", name):
        raise OpenStackConflict(f"Key pair '{name}' already exists.")
    check_room(world)
    own = {"public_key": parse_text(wanted, "public_key", "keypair", _LONGEST_KEY)} if wanted.get("public_key") else {}
    record = complete_keypair({"name": name, **own})
    world.tables[KEYPAIRS].save(record)
    return {
        "keypair": {
            **_render_keypair(record),
            "user_id": _get_user_id(request),
            **({} if own else {"private_key": _PRIVATE_KEY}),
        }
    }


def delete_keypair(world: World, request: CloudRequest, name: str) -> None:
    world.tables[KEYPAIRS].delete(CLOUD, _get_keypair(world, name)["id"])


def show_limits(world: World, request: CloudRequest) -> dict[str, Any]:
    """More of everything than a mock could ask for, and nothing used."""
    most = ("maxTotalCores", "maxTotalInstances", "maxTotalRAMSize", "maxTotalKeypairs", "maxServerGroups",
            "maxServerGroupMembers", "maxServerMeta", "maxTotalFloatingIps", "maxSecurityGroups",
            "maxSecurityGroupRules", "maxImageMeta", "maxPersonality", "maxPersonalitySize")  # fmt: skip
    used = ("totalCoresUsed", "totalInstancesUsed", "totalRAMUsed", "totalFloatingIpsUsed", "totalSecurityGroupsUsed",
            "totalServerGroupsUsed")  # fmt: skip
    return {"limits": {"rate": [], "absolute": dict.fromkeys(most, _MANY) | dict.fromkeys(used, 0)}}


def list_zones(world: World, request: CloudRequest) -> dict[str, Any]:
    return {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]}


def show_usage(world: World, request: CloudRequest, project: str) -> dict[str, Any]:
    return {"tenant_usage": {}}


def _list_flavors(world: World, request: CloudRequest) -> list[dict[str, Any]]:
    every = [_render_flavor(request, record) for record in world.tables[FLAVORS].iterate_all()]
    if first_value(request.query, "is_public") in (None, "None", "none"):
        wanted: dict[str, list[str]] = {}
    else:
        wanted = {"os-flavor-access:is_public": request.query["is_public"]}
    return paginate(filter_by_query(every, wanted), request.query)


def _render_briefly(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: shown[key] for key in ("id", "name", "links")}


def _render_flavor(request: CloudRequest, record: Record) -> dict[str, Any]:
    path = f"flavors/{record['id']}"
    return {
        "id": record["id"],
        "name": record["name"],
        "vcpus": record["vcpus"],
        "ram": record["ram"],
        "disk": record["disk"],
        "swap": "",
        "rxtx_factor": 1.0,
        "OS-FLV-EXT-DATA:ephemeral": 0,
        "OS-FLV-DISABLED:disabled": False,
        "os-flavor-access:is_public": record["is_public"],
        "links": [
            {"rel": "self", "href": f"{request.base}/compute/v2.1/{path}"},
            {"rel": "bookmark", "href": f"{request.base}/compute/{path}"},
        ],
    }


def _get_keypair(world: World, name: str) -> Record:
    record = world.tables[KEYPAIRS].find(CLOUD, "name", name)
    if record is None:
        raise OpenStackNotFound(f"Keypair {name} not found for user")
    return record


def _get_user_id(request: CloudRequest) -> str:
    return request.caller.user if request.caller else "demo"


def _render_keypair(record: Record) -> dict[str, Any]:
    digits = sha256(record["public_key"].encode()).hexdigest()[:32]
    fingerprint = ":".join(digits[place : place + 2] for place in range(0, 32, 2))
    return {"name": record["name"], "public_key": record["public_key"], "fingerprint": fingerprint, "type": "ssh"}

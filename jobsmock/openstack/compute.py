"""Crumbs of compute: flavors and keypairs of the sample, and limits and lists that nothing here fills."""

from hashlib import sha256
from typing import Any

from jobsmock.openstack.cloud_request import Asked, filtered, one_of, paged
from jobsmock.openstack.errors import Conflict, NotFound
from jobsmock.openstack.identity.domains import CLOUD, check_room, given, text_of
from jobsmock.world.clock import stamp
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


def flavor(record: Record) -> Record:
    """A sample's flavor with what it leaves out."""
    return {"id": record["name"], "tenant_id": CLOUD, "vcpus": 1, "ram": 2048, "disk": 20, "is_public": True, **record}


def keypair(record: Record) -> Record:
    """A sample's keypair; one without a key gets what looks like one, and fits no lock."""
    made = f"ssh-rsa {sha256(record['name'].encode()).hexdigest()} {record['name']}"
    return {"id": record["name"], "tenant_id": CLOUD, "public_key": made, **record}


# --- operations -------------------------------------------------------------------------------------------------------


def index_flavors(world: World, asked: Asked) -> dict[str, Any]:
    return {"flavors": [_brief(one) for one in _flavors(world, asked)]}


def index_flavors_in_detail(world: World, asked: Asked) -> dict[str, Any]:
    return {"flavors": _flavors(world, asked)}


def show_flavor(world: World, asked: Asked, id: str) -> dict[str, Any]:
    record = world.tables[FLAVORS].get(CLOUD, id)
    if record is None:
        raise NotFound(f"Flavor {id} could not be found.")
    return {"flavor": _flavor(asked, record)}


def show_extra_specs(world: World, asked: Asked, id: str) -> dict[str, Any]:
    show_flavor(world, asked, id)
    return {"extra_specs": {}}


def index_keypairs(world: World, asked: Asked) -> dict[str, Any]:
    every = world.tables[KEYPAIRS].page(CLOUD, field="name").records
    return {"keypairs": [{"keypair": _keypair(one)} for one in paged(every, asked.query)]}


def show_keypair(world: World, asked: Asked, name: str) -> dict[str, Any]:
    more = {"id": 1, "user_id": _user(asked), "created_at": stamp(world.clock.now()), "deleted": False}
    return {"keypair": {**_keypair(_named_keypair(world, name)), **more}}


def create_keypair(world: World, asked: Asked) -> dict[str, Any]:
    """Keep a public key; who sends none is told a private one with it. Keypairs are everybody's here."""
    wanted = given(asked.body.get("keypair"), "keypair")
    name = text_of(wanted, "name", "keypair")
    if world.tables[KEYPAIRS].seen(CLOUD, "name", name):
        raise Conflict(f"Key pair '{name}' already exists.")
    check_room(world)
    own = {"public_key": text_of(wanted, "public_key", "keypair", _LONGEST_KEY)} if wanted.get("public_key") else {}
    record = keypair({"name": name, **own})
    world.tables[KEYPAIRS].put(record)
    return {"keypair": {**_keypair(record), "user_id": _user(asked), **({} if own else {"private_key": _PRIVATE_KEY})}}


def delete_keypair(world: World, asked: Asked, name: str) -> None:
    world.tables[KEYPAIRS].drop(CLOUD, _named_keypair(world, name)["id"])


def show_limits(world: World, asked: Asked) -> dict[str, Any]:
    """More of everything than a mock could ask for, and nothing used."""
    most = ("maxTotalCores", "maxTotalInstances", "maxTotalRAMSize", "maxTotalKeypairs", "maxServerGroups",
            "maxServerGroupMembers", "maxServerMeta", "maxTotalFloatingIps", "maxSecurityGroups",
            "maxSecurityGroupRules", "maxImageMeta", "maxPersonality", "maxPersonalitySize")  # fmt: skip
    used = ("totalCoresUsed", "totalInstancesUsed", "totalRAMUsed", "totalFloatingIpsUsed", "totalSecurityGroupsUsed",
            "totalServerGroupsUsed")  # fmt: skip
    return {"limits": {"rate": [], "absolute": dict.fromkeys(most, _MANY) | dict.fromkeys(used, 0)}}


def index_zones(world: World, asked: Asked) -> dict[str, Any]:
    return {"availabilityZoneInfo": [{"zoneName": "nova", "zoneState": {"available": True}, "hosts": None}]}


def show_usage(world: World, asked: Asked, project: str) -> dict[str, Any]:
    return {"tenant_usage": {}}


def _flavors(world: World, asked: Asked) -> list[dict[str, Any]]:
    every = [_flavor(asked, record) for record in world.tables[FLAVORS].every()]
    if one_of(asked.query, "is_public") in (None, "None", "none"):
        wanted: dict[str, list[str]] = {}
    else:
        wanted = {"os-flavor-access:is_public": asked.query["is_public"]}
    return paged(filtered(every, wanted), asked.query)


def _brief(shown: dict[str, Any]) -> dict[str, Any]:
    return {key: shown[key] for key in ("id", "name", "links")}


def _flavor(asked: Asked, record: Record) -> dict[str, Any]:
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
            {"rel": "self", "href": f"{asked.base}/compute/v2.1/{path}"},
            {"rel": "bookmark", "href": f"{asked.base}/compute/{path}"},
        ],
    }


def _named_keypair(world: World, name: str) -> Record:
    record = world.tables[KEYPAIRS].seen(CLOUD, "name", name)
    if record is None:
        raise NotFound(f"Keypair {name} not found for user")
    return record


def _user(asked: Asked) -> str:
    return asked.caller.user if asked.caller else "demo"


def _keypair(record: Record) -> dict[str, Any]:
    digits = sha256(record["public_key"].encode()).hexdigest()[:32]
    fingerprint = ":".join(digits[place : place + 2] for place in range(0, 32, 2))
    return {"name": record["name"], "public_key": record["public_key"], "fingerprint": fingerprint, "type": "ssh"}

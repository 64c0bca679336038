"""Crumbs of the image service: the images that the service's own registry knows, as this one tells of them."""

from typing import Any

from jobsmock.openstack.cloud_request import CloudRequest, first_value, paginate
from jobsmock.openstack.errors import OpenStackNotFound
from jobsmock.openstack.identity.domains import CLOUD
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "images"
SIZE = "OS-EXT-IMG-SIZE:size"

_TYPES = {"tags": "array", "protected": "boolean", "size": "integer", "min_disk": "integer", "min_ram": "integer"}


# --- operations -------------------------------------------------------------------------------------------------------


def list_all(world: World, request: CloudRequest) -> dict[str, Any]:
    shown = [_render(one) for one in world.tables[TABLE].list_page(CLOUD, field="name").records]
    for key in ("name", "id", "status", "visibility", "owner"):
        shown = [one for one in shown if _matches_query(one[key], first_value(request.query, key))]
    images = paginate(shown, {key: request.query[key] for key in ("limit", "marker") if key in request.query})
    return {"images": images, "first": "/v2/images", "schema": "/v2/schemas/images"}


def show(world: World, request: CloudRequest, id: str) -> dict[str, Any]:
    record = world.tables[TABLE].get(CLOUD, id)
    if record is None:
        raise OpenStackNotFound(f"No image found with ID {id}")
    return _render(record)


def show_schema(world: World, request: CloudRequest) -> dict[str, Any]:
    """What an image has, for clients that build their own idea of one from it."""
    keys = {key: {"type": _TYPES.get(key, ["null", "string"])} for key in _render({"id": "", "name": ""})}
    return {"name": "image", "properties": keys, "additionalProperties": {"type": "string"}, "links": []}


def show_list_schema(world: World, request: CloudRequest) -> dict[str, Any]:
    one = show_schema(world, request)
    return {"name": "images", "properties": {"images": {"type": "array", "items": one}}, "links": []}


def _matches_query(value: Any, wanted: str | None) -> bool:
    """Whether a value is as the query wants it: as it is, or one of several as in `in:a,b`."""
    if wanted is None or (value == "public" and wanted == "all"):
        return True
    return value in (wanted.removeprefix("in:").split(",") if wanted.startswith("in:") else [wanted])


def _render(record: Record) -> dict[str, Any]:
    created = record.get("created") or record.get("created_at")
    return {
        "id": record["id"],
        "name": record["name"],
        "status": "active",
        "visibility": "public",
        "owner": record.get("tenant_id") or None,
        "size": record.get(SIZE, record.get("size", 0)),
        "virtual_size": None,
        "min_disk": record.get("minDisk", 0),
        "min_ram": record.get("minRam", 0),
        "disk_format": "qcow2",
        "container_format": "bare",
        "checksum": None,
        "protected": False,
        "os_hidden": False,
        "tags": [],
        "created_at": created,
        "updated_at": record.get("updated") or record.get("updated_at") or created,
        "file": f"/v2/images/{record['id']}/file",
        "self": f"/v2/images/{record['id']}",
        "schema": "/v2/schemas/image",
    }

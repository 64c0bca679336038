"""The image registry: which images of the cloud may be used for clusters, with their user names and tags.

The table has all images of the cloud, for all projects. An image with a user name is registered.
"""

import re
from typing import Any

from jobsmock.openstack.identity.domains import CLOUD
from jobsmock.openstack.image import TABLE
from jobsmock.sahara import resources
from jobsmock.sahara.errors import InvalidReference, ServiceError
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import Array, Body, Integer, Text, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

_WORD = r"[a-zA-Z0-9]([a-zA-Z0-9\-_]*[a-zA-Z0-9])?"
_TAG = re.compile(rf"{_WORD}(\.{_WORD})*$")


def tag_field() -> Text:
    return Text(form=_TAG.match, form_name="valid_tag")


class SampleImage(SampleRecord):
    class Meta:
        unknown = "include"  # the image service may know more of it

    tenant_id = Text(null=True)  # in a snapshot, empty for one that was changed
    username = Text()
    description = Text()
    tags = Array(tag_field())
    status = Text()
    minDisk = Integer(least=0)
    minRam = Integer(least=0)
    progress = Integer(least=0)
    created = Text()
    updated = Text()


KIND = ResourceType(
    table=TABLE,
    label="Image",
    columns=(
        "OS-EXT-IMG-SIZE:size", "minDisk", "minRam", "progress", "status", "created", "updated", "username",
        "description", "tags", "id", "name",
    ),
    sample=SampleImage(),
)  # fmt: skip

DEFAULTS: dict[str, Any] = {
    "OS-EXT-IMG-SIZE:size": 500_000_000,
    "minDisk": 0,
    "minRam": 0,
    "progress": 100,
    "status": "ACTIVE",
    "username": "",
    "description": "",
    "tags": [],
}


def complete(record: Record) -> Record:
    """An image of a sample with its defaults."""
    times = {"created": record["created_at"] + "Z", "updated": (record.get("updated_at") or record["created_at"]) + "Z"}
    owner = None if record["tenant_id"] is None else CLOUD
    return {**DEFAULTS, **times, **record, "tenant_id": owner}


class ImageRegister(Body):
    username = Text(required=True)
    description = Text()


class ImageTags(Body):
    tags = Array(tag_field(), required=True)


_REGISTER, _TAGS = ImageRegister(), ImageTags()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    """The registered images with all of the tags, and with the text in their name. This list has no pages."""
    wanted, name = query.get("tags", []), query.get("name", [""])[0]

    def keep(image: Record) -> bool:
        return bool(image["username"]) and name in image["name"] and set(wanted) <= set(image["tags"])

    page = resources.table_of(world, KIND).list_page(CLOUD, keep=keep)
    return {"images": [_render(image) for image in page.records]}


def show(world: World, project: str, id: str) -> dict[str, Any]:
    image = _get_registered(world, id)
    if not image["username"]:
        raise ServiceError(f"Image {id} is not registered in Sahara", "IMAGE_NOT_REGISTERED")
    return {"image": _render(image)}


def register(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    image = _get_registered(world, id)
    values = validate(_REGISTER, body)
    if not values.get("description"):
        values.pop("description", None)
    return _save(world, {**image, **values})


def tag(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    image = _get_registered(world, id)
    added = validate(_TAGS, body)["tags"]
    return _save(world, {**image, "tags": list(dict.fromkeys([*image["tags"], *added]))})


def untag(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    image = _get_registered(world, id)
    removed = validate(_TAGS, body)["tags"]
    return _save(world, {**image, "tags": [tag for tag in image["tags"] if tag not in removed]})


def list_tags(world: World, project: str, id: str) -> Any:
    """The tags as a list; the service returns an object if there are none."""
    return _get_registered(world, id)["tags"] or {}


def replace_tags(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    image = _get_registered(world, id)
    return _save(world, {**image, "tags": list(dict.fromkeys(validate(_TAGS, body)["tags"]))})


def clear_tags(world: World, project: str, id: str) -> None:
    _save(world, {**_get_registered(world, id), "tags": []})


def unregister(world: World, project: str, id: str) -> None:
    """The image stays, without what the registry knew of it."""
    image = _get_registered(world, id)
    _save(world, {**image, "username": "", "description": "", "tags": []})


def check_is_registered(world: World, id: str) -> Record:
    """Check an image that a body refers to."""
    image = resources.table_of(world, KIND).get(CLOUD, id)
    if image is None or not image["username"]:
        raise InvalidReference(f"Requested image '{id}' is not registered")
    return image


def check_is_fit(world: World, id: str, plugin: Record) -> None:
    """Check that an image is registered and has the tags of the plugin and its version."""
    image = check_is_registered(world, id)
    if missing := [tag for tag in (plugin["name"], plugin["version"]) if tag not in image["tags"]]:
        raise InvalidReference(f"Requested image '{id}' doesn't contain required tags: {missing}")


def _get_registered(world: World, id: str) -> Record:
    return resources.get_or_404(world, KIND, CLOUD, id)


def _save(world: World, image: Record) -> dict[str, Any]:
    resources.table_of(world, KIND).save(image)
    return {"image": _render(image)}


def _render(image: Record) -> dict[str, Any]:
    """The data of the image service, and those of the registry, which are stored there as metadata."""
    texts = {f"_sahara_{key}": image[key] for key in ("username", "description") if image[key]}
    tags = {f"_sahara_tag_{tag}": "True" for tag in image["tags"]}
    return {**resources.render(KIND, image), "metadata": {**texts, **tags}}

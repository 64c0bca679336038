"""Job binary internals: files in the service's own database, at most 5 MiB each."""

import base64
from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.errors import BadJobBinary, ServiceError
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import NAME, Body, CheckedField, Flag, Text, name_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

MAX_SIZE = 5120  # KiB


class SizeField(CheckedField):
    types = ("integer",)

    def wrong(self, value: Any) -> list[str]:
        is_integer = isinstance(value, int) and not isinstance(value, bool)
        if is_integer and 0 <= value <= MAX_SIZE * 1024:
            return []
        return [f"invalid size {value!r}: expected at most {MAX_SIZE // 1024} MiB, in bytes"]


class SampleInternal(SampleRecord):
    data = Text()
    data_base64 = Text()
    datasize = SizeField()


KIND = ResourceType(
    table="job_binary_internals",
    label="JobBinaryInternal",
    columns=("created_at", "updated_at", "id", "tenant_id", "name", "datasize", "is_public", "is_protected"),
    searchable=("name",),
    sample=SampleInternal(),
)


class InternalUpdate(Body):
    name = name_field()
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


_UPDATE = InternalUpdate()


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, KIND, project, query, "binaries")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"job_binary_internal": resources.render(KIND, resources.get_or_404(world, KIND, project, id))}


def show_data(world: World, project: str, id: str) -> bytes:
    return unpack(resources.get_or_404(world, KIND, project, id))


def create(world: World, project: str, name: str, data: bytes) -> dict[str, Any]:
    if not data:
        raise BadJobBinary("Job binary internal data must be a string of length greater than zero")
    if not NAME.match(name):
        raise BadJobBinary(f"{name} is not a valid name")
    if len(data) > MAX_SIZE * 1024:
        raise ServiceError(
            f"Size of internal binary ({len(data) / 1024:.1f}KB) is greater than the maximum ({MAX_SIZE}KB)",
            "DATA_TOO_BIG",
        )
    values = {"updated_at": None, "name": name, "datasize": len(data), "data": pack(data)}
    record = resources.save_record(world, KIND, resources.new_record(world, KIND, project, **values))
    return {"job_binary_internal": resources.render_created(KIND, record)}


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(_UPDATE, body)
    resources.check_may_update(KIND, record, project, values)
    return {"job_binary_internal": resources.render(KIND, resources.update_record(world, KIND, record, values))}


def delete(world: World, project: str, id: str) -> None:
    record = resources.get_or_404(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    resources.delete_record(world, KIND, record)


def complete(record: Record) -> Record:
    """The content of an internal of a sample: `data`, `data_base64`, or a filler of `datasize` bytes."""
    size = record.get("datasize", 64)
    data = record["data"].encode() if "data" in record else (b"jobsmock " * (size // 9 + 1))[:size]
    if "data_base64" in record:
        data = base64.b64decode(record["data_base64"])
    return {"updated_at": record.get("updated_at"), "datasize": len(data), "data": pack(data)}


def pack(data: bytes) -> str:
    """Encode the content of a file as text, because records are JSON."""
    return base64.b64encode(data).decode()


def unpack(record: Record) -> bytes:
    return base64.b64decode(record["data"])

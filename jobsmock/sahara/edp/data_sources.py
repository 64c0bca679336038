"""Data sources: the inputs and outputs of jobs. Each type has rules for its URL."""

import re
from collections.abc import Callable, Iterator, Mapping
from random import Random
from string import ascii_lowercase
from typing import Any
from urllib.parse import ParseResult, urlparse

from jobsmock.sahara import resources
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.errors import DeletionFailed, InvalidData, ServiceError, UpdateFailed
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import AnyObject, Body, Flag, Text, is_uuid, name_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

TYPES = ("swift", "hdfs", "maprfs", "manila", "s3")


class SampleDataSource(SampleRecord):
    type = Text(one_of=TYPES, required=True)
    url = Text(shortest=1, required=True)
    credentials = AnyObject()


KIND = ResourceType(
    table="data_sources",
    label="DataSource",
    columns=(
        "created_at", "updated_at", "id", "tenant_id", "name", "description", "type", "url", "is_public",
        "is_protected",
    ),
    sortable=("id", "name", "type", "created_at", "updated_at"),
    searchable=("name", "description", "url"),
    filterable=("credentials",),
    sample=SampleDataSource(),
)  # fmt: skip


class DataSourceUpdate(Body):
    name = name_field()
    description = Text()
    type = Text(one_of=TYPES)
    url = Text()
    credentials = AnyObject()
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


class DataSourceCreate(DataSourceUpdate):
    name = name_field(required=True)
    type = Text(one_of=TYPES, required=True)
    url = Text(required=True)


_CREATE, _UPDATE = DataSourceCreate(), DataSourceUpdate()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, KIND, project, query, "data_sources")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"data_source": resources.render(KIND, resources.get_or_404(world, KIND, project, id))}


def create(world: World, project: str, body: Any) -> dict[str, Any]:
    values = validate(_CREATE, body)
    resources.check_name_is_free(world, KIND, project, values["name"], "Data source")
    check_location(values["type"], values["url"], values.get("credentials"))
    record = resources.save_record(world, KIND, resources.new_record(world, KIND, project, **values))
    return {"data_source": resources.render_created(KIND, record)}


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = _get_for_update(world, project, id)
    values = validate(_UPDATE, body)
    if "name" in values and values["name"] != record["name"]:
        resources.check_name_is_free(world, KIND, project, values["name"], "Data source")
    updated = {**record, **{key: value for key, value in values.items() if value}}
    check_location(updated["type"], updated["url"], updated["credentials"])
    resources.check_may_update(KIND, record, project, values)
    if any(execution_lifecycle.is_pending(world, execution) for execution in _iterate_executions(world, record)):
        raise UpdateFailed("DataSource is used in a PENDING Job and can not be updated.")
    return {"data_source": resources.render(KIND, resources.update_record(world, KIND, record, values))}


def update_unchecked(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    """The update of API v2, which checks neither whether type, URL and credentials fit nor whether it is in use."""
    record = _get_for_update(world, project, id)
    values = validate(_UPDATE, body)
    check_placeholders(values.get("url", ""))
    resources.check_may_update(KIND, record, project, values)
    return {"data_source": resources.render(KIND, resources.update_record(world, KIND, record, values))}


def _get_for_update(world: World, project: str, id: str) -> Record:
    """The record to update, with empty credentials if it has none, so that setting empty ones is not a change."""
    return {"credentials": {}, **resources.get_or_404(world, KIND, project, id)}


def delete(world: World, project: str, id: str) -> None:
    record = resources.get_or_404(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    if any(_iterate_executions(world, record)):
        raise DeletionFailed("Data Source deletion failed")
    resources.delete_record(world, KIND, record)


def _iterate_executions(world: World, record: Record) -> Iterator[Record]:
    for execution in resources.iterate_referring(world, KIND, record, execution_lifecycle.TABLE):
        if record["id"] in (execution["input_id"], execution["output_id"]):
            yield execution


def complete(record: Record) -> Record:
    """The credentials of a data source of a sample. One in Swift has some, so that executions can use it."""
    default = {"user": "demo", "password": "demo"} if record["type"] == "swift" else {}
    credentials = record.get("credentials", default)
    check_location(record["type"], record["url"], credentials)
    return {"credentials": credentials} if credentials else {}


# --- the locations of data ------------------------------------------------------------------------------------------

_RANDSTR = re.compile(r"%RANDSTR\((-?\d+)\)%", re.ASCII)
_MAX_RANDSTR = 1024
_S3_CONFIGS = ("accesskey", "secretkey", "endpoint", "bucket_in_path", "ssl")


def check_location(type: str, url: str, credentials: Mapping[str, Any] | None) -> None:
    check_placeholders(url)
    _CHECKS[type](url, credentials)


def check_placeholders(url: str) -> None:
    """Check that the length of each `%RANDSTR(n)%` is positive, and their sum is not too large."""
    total = 0
    for digits in _RANDSTR.findall(url):
        if digits.startswith("-") or not digits.strip("0"):
            raise InvalidData("Requested RANDSTR length must be positive.")
        total += int(digits.lstrip("0")[:5])  # five digits are too long already, and Python refuses to parse thousands
    if total > _MAX_RANDSTR:
        raise InvalidData("Requested RANDSTR length is too long, please choose a value less than 1024.")


def _check_hdfs(url: str, credentials: Mapping[str, Any] | None) -> None:
    if not url:
        raise InvalidData("HDFS url must not be empty")
    parts = _split_url(url)
    if parts.scheme and parts.scheme != "hdfs":
        raise InvalidData("URL scheme must be 'hdfs'")
    if parts.scheme and not parts.hostname:
        raise InvalidData("HDFS url is incorrect, cannot determine a hostname")


def _check_maprfs(url: str, credentials: Mapping[str, Any] | None) -> None:
    if not url:
        raise InvalidData("MapR FS url must not be empty")
    if _split_url(url).scheme not in ("", "maprfs"):
        raise InvalidData("URL scheme must be 'maprfs'")


def _check_manila(url: str, credentials: Mapping[str, Any] | None) -> None:
    if not url:
        raise InvalidData("Manila url must not be empty")
    parts = _split_url(url)
    if parts.scheme != "manila":
        raise InvalidData("Manila url scheme must be 'manila'")
    if not is_uuid(parts.netloc):
        raise InvalidData("Manila url netloc must be a uuid")
    if not parts.path:
        raise InvalidData("Manila url path must not be empty")


def _check_swift(url: str, credentials: Mapping[str, Any] | None) -> None:
    if not url:
        raise InvalidData("Swift url must not be empty")
    parts = _split_url(url)
    if parts.scheme != "swift":
        raise InvalidData("URL scheme must be 'swift'")
    if len(parts.path) < 2 or ("." in parts.netloc and not parts.netloc.endswith(".sahara")):
        raise InvalidData("URL must be of the form swift://container.sahara/object")
    if credentials is None:
        raise ServiceError("No credentials provided for Swift", "INVALID_CREDENTIALS")
    for key in ("user", "password"):
        if key not in credentials:
            raise ServiceError(f"{key.title()} is not provided in credentials for Swift", "INVALID_CREDENTIALS")


def _check_s3(url: str, credentials: Mapping[str, Any] | None) -> None:
    if not url:
        raise InvalidData("S3 url must not be empty")
    parts = _split_url(url)
    if parts.scheme not in ("s3", "s3a"):
        raise InvalidData("URL scheme must be 's3' or 's3a'")
    if not parts.hostname:
        raise InvalidData("Bucket name must be present")
    if not parts.path:
        raise InvalidData("Object name must be present")
    for key, value in (credentials or {}).items():
        if key not in _S3_CONFIGS:
            raise InvalidData(f"Unknown config '{key}' for S3 data source")
        if key in ("bucket_in_path", "ssl") and not isinstance(value, bool):
            raise InvalidData(f"Config '{key}' must be boolean")


_CHECKS: dict[str, Callable[[str, Mapping[str, Any] | None], None]] = {
    "swift": _check_swift,
    "hdfs": _check_hdfs,
    "maprfs": _check_maprfs,
    "manila": _check_manila,
    "s3": _check_s3,
}


def _split_url(url: str) -> ParseResult:
    try:
        return urlparse(url)
    except ValueError:
        raise InvalidData(f"The url {url!r} cannot be understood") from None


def resolve_url(record: Record, execution_id: str, random: Random) -> str:
    """Return the URL with the id of an execution for `%JOB_EXEC_ID%`, and n random letters for each `%RANDSTR(n)%`."""
    url = record["url"].replace("%JOB_EXEC_ID%", execution_id)
    return _RANDSTR.sub(lambda match: "".join(random.choices(ascii_lowercase, k=int(match[1]))), url)

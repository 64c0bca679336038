"""Job binaries: the scripts and archives of jobs. Each has a URL, and the credentials to read it."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from jobsmock.sahara import resources
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.edp import job_binary_internals as internals
from jobsmock.sahara.errors import (
    BadJobBinary,
    DeletionFailed,
    InvalidData,
    InvalidReference,
    ServiceError,
    UpdateFailed,
)
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import Body, Flag, SimpleConfig, Text, is_uuid, name_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

INTERNAL = "internal-db://"
_SCHEMES = ("internal-db", "manila", "s3", "swift")


class SampleBinary(SampleRecord):
    url = Text(shortest=1, required=True)
    extra = SimpleConfig()
    data = Text()


KIND = ResourceType(
    table="job_binaries",
    label="JobBinary",
    columns=(
        "created_at", "updated_at", "id", "tenant_id", "name", "description", "url", "is_public", "is_protected"
    ),
    searchable=("name", "description", "url"),
    filterable=("extra",),
    sample=SampleBinary(),
)  # fmt: skip
_FORGIVING = KIND._replace(forgives_markers=True)


def is_location(url: str) -> bool:
    """Whether a URL is in Swift, S3 or Manila, or a job binary internal."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    if parts.scheme in ("internal-db", "manila") and not is_uuid(parts.netloc):
        return False
    return bool(parts.netloc) and (parts.scheme != "manila" or bool(parts.path))


class JobBinaryUpdate(Body):
    name = name_field()
    description = Text()
    url = Text(form=is_location, form_name="valid_job_location")
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    extra = SimpleConfig()


class JobBinaryCreate(JobBinaryUpdate):
    name = name_field(required=True)
    url = Text(form=is_location, form_name="valid_job_location", required=True)


_CREATE, _UPDATE = JobBinaryCreate(), JobBinaryUpdate()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, _FORGIVING, project, query, "binaries")


def list_from_markers(world: World, project: str, query: Query) -> dict[str, Any]:
    """The list of API v2, where an unknown marker is an error."""
    return resources.list_page(world, KIND, project, query, "binaries")


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"job_binary": resources.render(KIND, resources.get_or_404(world, KIND, project, id))}


def show_data(world: World, project: str, id: str) -> bytes:
    """The content of a binary: its `data` in the sample, or else a placeholder, because there is no object store."""
    record = resources.get_or_404(world, KIND, project, id)
    parts = urlsplit(record["url"])
    if parts.scheme == "internal-db":
        return internals.unpack(_get_internal(world, record["tenant_id"], record["url"]))
    if parts.scheme == "swift" and len(parts.path) < 2:
        raise BadJobBinary("Url for binary in internal swift must specify an object not a container")
    return str(record.get("data", f"This stands in for {record['url']}\n")).encode()


def create(world: World, project: str, body: Any) -> dict[str, Any]:
    _check_scheme(body)
    values = validate(_CREATE, body)
    _check_location(world, project, values["url"], values.get("extra", {}))
    record = resources.save_record(world, KIND, resources.new_record(world, KIND, project, **values))
    return {"job_binary": resources.render_created(KIND, record)}


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    _check_scheme(body)
    values = validate(_UPDATE, body)
    record = resources.table_of(world, KIND).get(project, id)
    if record is None:
        raise ServiceError(f"JobBinary id '{id}' not found", "NOT_FOUND")
    if values.get("url", "").startswith(INTERNAL):
        _get_internal(world, project, values["url"])
    resources.check_may_update(KIND, record, project, values)
    if record["url"].startswith(INTERNAL) and values.get("url", record["url"]) != record["url"]:
        raise UpdateFailed(f"The url for JobBinary Id '{id}' can not be updated because it is an internal-db url.")
    if _is_used_by_a_pending_execution(world, record):
        raise UpdateFailed(f"JobBinary Id '{id}' is used in a PENDING job and can not be updated.")
    return {"job_binary": resources.render(KIND, resources.update_record(world, KIND, record, values))}


def delete(world: World, project: str, id: str) -> None:
    record = resources.get_or_404(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    if any(_list_job_ids(world, record)):
        raise DeletionFailed("JobBinary is referenced and cannot be deleted")
    resources.delete_record(world, KIND, record)


def _list_job_ids(world: World, record: Record) -> Iterator[str]:
    """The ids of jobs that use a binary."""
    for job in resources.iterate_referring(world, KIND, record, "jobs"):
        if record["id"] in (*job["mains"], *job["libs"]):
            yield job["id"]


def _is_used_by_a_pending_execution(world: World, record: Record) -> bool:
    jobs = set(_list_job_ids(world, record))
    executions = resources.iterate_referring(world, KIND, record, execution_lifecycle.TABLE)
    return any(
        execution["job_id"] in jobs and execution_lifecycle.is_pending(world, execution) for execution in executions
    )


# --- the locations of binaries --------------------------------------------------------------------------------------


def _check_scheme(body: Any) -> None:
    """Check the scheme of the URL. The service does so before it validates the body."""
    if not isinstance(body, dict) or not isinstance(body.get("url"), str):
        return
    try:
        scheme = urlsplit(body["url"]).scheme
    except ValueError:
        raise InvalidData(f"Job binary url {body['url']!r} cannot be understood") from None
    if not scheme:
        raise InvalidData("Job binary url must have a scheme")
    if scheme not in _SCHEMES:
        raise InvalidData("Invalid job binary")


def _check_location(world: World, project: str, url: str, extra: Mapping[str, Any]) -> None:
    parts = urlsplit(url)
    if parts.scheme == "internal-db":
        _get_internal(world, project, url)
    elif parts.scheme == "swift" and not (extra.get("user") and extra.get("password")):
        raise BadJobBinary("To work with JobBinary located in internal swift add 'user' and 'password' to extra")
    elif parts.scheme == "s3":
        if not url.startswith("s3://"):
            raise BadJobBinary("URL for binary in S3 must start with s3://")
        if not parts.path:
            raise BadJobBinary("URL for binary in S3 must specify an object not a bucket")
        if not {"accesskey", "secretkey", "endpoint"} <= extra.keys():
            raise InvalidData("Configs 'accesskey', 'secretkey', and 'endpoint' must be provided.")


def _get_internal(world: World, project: str, url: str) -> Record:
    id = url.removeprefix(INTERNAL)
    record = resources.table_of(world, internals.KIND).get(project, id)
    if record is None:
        raise InvalidReference(f"JobBinaryInternal with id '{id}' doesn't exist")
    return record

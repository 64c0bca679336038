"""Jobs: what to run, as a template that executions are made from. Each type has its own rules for mains and libs."""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.clusters.standard_plugins import JOB_TYPES
from jobsmock.sahara.edp import execution_lifecycle, interface, job_binaries
from jobsmock.sahara.errors import DeletionFailed, InvalidData, ServiceError
from jobsmock.sahara.resources import Kind, Query
from jobsmock.sahara.validation import Array, Body, Flag, Object, Text, checked, name
from jobsmock.world.store import Record
from jobsmock.world.world import World

KIND = Kind(
    table="jobs",
    noun="Job",
    columns=("created_at", "updated_at", "id", "tenant_id", "name", "description", "type", "is_public", "is_protected"),
    searchable=("name", "description"),
    sortable=("id", "name", "type", "created_at", "updated_at"),
)


class Create(Body):
    name = name(required=True)
    description = Text()
    type = Text(one_of=JOB_TYPES, required=True)
    mains = Array(Text(shortest=1), unique=True)
    libs = Array(Text(shortest=1), unique=True)
    streaming = Flag()
    interface = Array(Object(interface.Argument), unique=True, null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


class Update(Body):
    name = name()
    description = Text(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


_CREATE, _UPDATE = Create(), Update()


# --- operations -----------------------------------------------------------------------------------------------------


def index(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.listed(world, KIND, project, query, "jobs", lambda record: _shown(world, record))


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"job": _shown(world, resources.found(world, KIND, project, id))}


def create(world: World, project: str, body: Any) -> dict[str, Any]:
    values = checked(_CREATE, body)
    values.pop("streaming", None)
    mains, libs = values.setdefault("mains", []), values.setdefault("libs", [])
    check_flow(values["type"], mains, libs)
    for id in (*mains, *libs):
        if resources.table(world, job_binaries.KIND).get(project, id) is None:
            raise ServiceError(f"Job binary '{id}' does not exist", "NOT_FOUND")
    values["interface"] = interface.declared(world, project, values["type"], values.get("interface") or [])
    record = resources.kept(world, KIND, resources.new(world, KIND, project, **values))
    return {
        "job": {
            **resources.as_created(KIND, record),
            **_binaries(world, record),
            "interface": interface.as_created(record),
        }
    }


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = resources.found(world, KIND, project, id)
    values = checked(_UPDATE, body)
    resources.check_may_update(KIND, record, project, values)
    return {"job": _shown(world, resources.updated(world, KIND, record, values))}


def delete(world: World, project: str, id: str) -> None:
    record = resources.found(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    if any(
        execution["job_id"] == id for execution in resources.referring(world, KIND, record, execution_lifecycle.TABLE)
    ):
        raise DeletionFailed("Job deletion failed")
    resources.delete(world, KIND, record)


# --- what a job of each type consists of ----------------------------------------------------------------------------

_LIBS_ONLY = ("Java", "MapReduce", "MapReduce.Streaming")
_NEEDS_LIBS = ("Java", "MapReduce")
_APPLICATIONS = ("Spark", "Storm", "Storm.Pyleus")


def check_flow(job_type: str, mains: list[str], libs: list[str]) -> None:
    if job_type in _LIBS_ONLY:
        if job_type in _NEEDS_LIBS and not libs:
            raise InvalidData(f"{job_type} flow requires libs")
        if mains:
            raise InvalidData(f"{job_type} flow does not use mains")
    elif not mains:
        needs = "job requires main application jar" if job_type in _APPLICATIONS else "flow requires main script"
        raise InvalidData(f"{job_type} {needs}")
    if set(mains) & set(libs):
        raise InvalidData("'mains' and 'libs' overlap")


def _shown(world: World, record: Record) -> dict[str, Any]:
    return {**resources.shown(KIND, record), **_binaries(world, record), "interface": interface.shown(record)}


def _binaries(world: World, record: Record) -> dict[str, Any]:
    """Mains and libs in full, as the job's own project sees them, whoever looks."""
    binaries, project = resources.table(world, job_binaries.KIND), record["tenant_id"]
    return {
        part: [
            resources.shown(job_binaries.KIND, binary)
            for id in record[part]
            if (binary := binaries.referred(project, id)) is not None
        ]
        for part in ("mains", "libs")
    }

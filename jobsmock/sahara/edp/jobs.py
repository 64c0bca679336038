"""Jobs: templates that executions are started from. What each job type requires is in job_type_table.py."""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.edp import execution_lifecycle, interface, job_binaries
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.sahara.errors import DeletionFailed, InvalidData, ServiceError
from jobsmock.sahara.resources import Query, ResourceType
from jobsmock.sahara.sample_fields import IdField, PlanField, SampleRecord
from jobsmock.sahara.validation import Array, Body, Flag, Integer, Object, Text, name_field, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World


class SampleArgument(interface.Argument):
    id = IdField()
    order = Integer(least=0)


class SampleJob(SampleRecord):
    type = Text(one_of=JOB_TYPES, required=True)
    mains = Array(Text(shortest=1), unique=True)
    libs = Array(Text(shortest=1), unique=True)
    interface = Array(Object(SampleArgument), null=True)
    plan = PlanField(execution_lifecycle.parse_execution_plan)


KIND = ResourceType(
    table="jobs",
    label="Job",
    columns=("created_at", "updated_at", "id", "tenant_id", "name", "description", "type", "is_public", "is_protected"),
    searchable=("name", "description"),
    sortable=("id", "name", "type", "created_at", "updated_at"),
    sample=SampleJob(),
)


class JobCreate(Body):
    name = name_field(required=True)
    description = Text()
    type = Text(one_of=JOB_TYPES, required=True)
    mains = Array(Text(shortest=1), unique=True)
    libs = Array(Text(shortest=1), unique=True)
    streaming = Flag()
    interface = Array(Object(interface.Argument), unique=True, null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


class JobUpdate(Body):
    name = name_field()
    description = Text(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


_CREATE, _UPDATE = JobCreate(), JobUpdate()


# --- operations -----------------------------------------------------------------------------------------------------


def list_all(world: World, project: str, query: Query) -> dict[str, Any]:
    return resources.list_page(world, KIND, project, query, "jobs", lambda record: _render(world, record))


def show(world: World, project: str, id: str) -> dict[str, Any]:
    return {"job": _render(world, resources.get_or_404(world, KIND, project, id))}


def create(world: World, project: str, body: Any) -> dict[str, Any]:
    values = validate(_CREATE, body)
    values.pop("streaming", None)
    mains, libs = values.setdefault("mains", []), values.setdefault("libs", [])
    check_flow(values["type"], mains, libs)
    for id in (*mains, *libs):
        if resources.table_of(world, job_binaries.KIND).get(project, id) is None:
            raise ServiceError(f"Job binary '{id}' does not exist", "NOT_FOUND")
    values["interface"] = interface.parse_interface(world, project, values["type"], values.get("interface") or [])
    record = resources.save_record(world, KIND, resources.new_record(world, KIND, project, **values))
    return {
        "job": {
            **resources.render_created(KIND, record),
            **_render_binaries(world, record),
            "interface": interface.render_created(record),
        }
    }


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(_UPDATE, body)
    resources.check_may_update(KIND, record, project, values)
    return {"job": _render(world, resources.update_record(world, KIND, record, values))}


def delete(world: World, project: str, id: str) -> None:
    record = resources.get_or_404(world, KIND, project, id)
    resources.check_may_delete(KIND, record, project)
    if any(
        execution["job_id"] == id
        for execution in resources.iterate_referring(world, KIND, record, execution_lifecycle.TABLE)
    ):
        raise DeletionFailed("Job deletion failed")
    resources.delete_record(world, KIND, record)


# --- mains and libs -------------------------------------------------------------------------------------------------


def check_flow(job_type: str, mains: list[str], libs: list[str]) -> None:
    """Raise InvalidData if a job of this type cannot consist of these binaries."""
    mains_error, needs_libs = JOB_TYPES[job_type].mains_error, JOB_TYPES[job_type].needs_libs
    if needs_libs and not libs:
        raise InvalidData(f"{job_type} flow requires libs")
    if mains_error is None and mains:
        raise InvalidData(f"{job_type} flow does not use mains")
    if mains_error is not None and not mains:
        raise InvalidData(f"{job_type} {mains_error}")
    if set(mains) & set(libs):
        raise InvalidData("'mains' and 'libs' overlap")


def _render(world: World, record: Record) -> dict[str, Any]:
    return {**resources.render(KIND, record), **_render_binaries(world, record), "interface": interface.render(record)}


def _render_binaries(world: World, record: Record) -> dict[str, Any]:
    """The mains and libs as whole records: those that the project of the job can see, whichever project reads."""
    binaries, project = resources.table_of(world, job_binaries.KIND), record["tenant_id"]
    return {
        part: [
            resources.render(job_binaries.KIND, binary)
            for id in record[part]
            if (binary := binaries.get_referred(project, id)) is not None
        ]
        for part in ("mains", "libs")
    }

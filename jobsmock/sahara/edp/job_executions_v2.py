"""The operations on executions that differ in API v2, which calls them jobs. job_executions.py has the others."""

from typing import Any

from jobsmock.sahara import resources
from jobsmock.sahara.edp import execution_checks, job_executions, jobs
from jobsmock.sahara.edp.job_executions import KIND
from jobsmock.sahara.errors import InvalidReference
from jobsmock.sahara.validation import id_field, validate
from jobsmock.world.plan import RequestedPlan
from jobsmock.world.world import World


class JobExecuteV2(job_executions.JobExecute):
    job_id = id_field(required=True)


_EXECUTE, _UPDATE = JobExecuteV2(), job_executions.ExecutionUpdate()


def execute(world: World, project: str, body: Any, requested_plan: RequestedPlan) -> dict[str, Any]:
    """Start an execution of the job that the body names. The job is checked after the cluster, as in the service."""
    values = validate(_EXECUTE, body)
    execution_checks.get_cluster(world, project, values["cluster_id"])
    job = resources.table_of(world, jobs.KIND).get(project, values["job_id"])
    if job is None:
        raise InvalidReference(f"Job template with id '{values['job_id']}' doesn't exist")
    return job_executions.start_execution(world, project, job, values, requested_plan)


def update(world: World, project: str, id: str, body: Any) -> dict[str, Any]:
    """Unlike in v1.1, flags can change together with the status, and the cluster does not have to be active."""
    record = resources.get_or_404(world, KIND, project, id)
    values = validate(_UPDATE, body)
    resources.check_may_update(KIND, record, project, values)
    return job_executions.change(world, record, values)

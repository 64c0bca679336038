"""The clock of a cloud: jumps, and times as text and as numbers."""

import pytest

from jobsmock import Cloud
from tests.testing.executions import execute_job


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan="PENDING 2s > RUNNING 10m > SUCCEEDED", seed=1)


def test_until_takes_an_execution_in_any_form(cloud):
    execution = execute_job(cloud)
    id = execution.id
    for form in (execution, id, {"id": id}, {"job_execution": {"id": id}}):
        cloud.clock.until(form, "RUNNING")
    assert cloud.client().job_executions.get(id).info["status"] == "RUNNING"
    cloud.clock.until(execution, "SUCCEEDED")
    assert cloud.client().job_executions.get(id).info["status"] == "SUCCEEDED"


def test_the_clock_freezes_jumps_and_resumes(cloud):
    cloud.clock.freeze("2026-12-01T08:00:00")
    cloud.clock.advance("1m30s")
    cloud.clock.advance(0.5)
    assert (cloud.clock.time, cloud.clock.now) == ("2026-12-01T08:01:30", 1796112090.5)
    cloud.clock.set("-10s")
    cloud.clock.scale(1000)
    cloud.clock.resume()
    assert cloud.clock.time >= "2026-12-01T08:01:20"

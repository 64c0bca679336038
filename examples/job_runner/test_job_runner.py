"""The job runner, tested with a mock. Instead of sleeping, it moves the clock of the mock forward."""

import pytest
import requests
from job_runner import JobFailed, JobRunner

from jobsmock import Cloud

JOB, CLUSTER = "a0000000-0000-4000-8000-000000000001", "c0000000-0000-4000-8000-000000000001"  # in the sample

pytestmark = pytest.mark.jobsmock(sample="sample.json", plan="PENDING 2s > RUNNING 1m > SUCCEEDED")


@pytest.fixture
def runner(jobsmock: Cloud) -> JobRunner:
    return JobRunner(jobsmock.endpoint(), jobsmock.session(), sleep=jobsmock.clock.advance)


def test_the_runner_waits_for_a_job_that_takes_a_minute(runner: JobRunner, jobsmock: Cloud) -> None:
    start = jobsmock.clock.now
    assert runner.run(JOB, CLUSTER)["info"]["status"] == "SUCCEEDED"
    assert 62 <= jobsmock.clock.now - start < 65


def test_a_failed_job_raises_an_error_with_the_reason(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.plan("RUNNING 10s > FAILED (java heap space)")
    with pytest.raises(JobFailed, match="FAILED: java heap space"):
        runner.run(JOB, CLUSTER)


def test_a_service_that_is_busy_twice_gets_a_third_request(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.fail("jobs.execute", status=503, times=2)
    runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=3, body={"cluster_id": CLUSTER})


def test_the_runner_gives_up_if_the_service_stays_busy(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.fail("jobs.execute", status=503)
    with pytest.raises(requests.HTTPError, match="503"):
        runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=3)


@pytest.mark.parametrize("how", ["reset", "empty", "garbage", "truncate", "hang"])
def test_reading_an_execution_is_retried_if_the_connection_breaks(runner: JobRunner, jobsmock: Cloud, how: str) -> None:
    jobsmock.rules.break_wire("job-executions.show", how, times=2)
    runner.run(JOB, CLUSTER)


def test_a_lost_response_does_not_start_a_job_twice(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.break_wire("jobs.execute", "empty", commit=True)
    with pytest.raises(requests.ConnectionError):
        runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=1)
    assert len(jobsmock.client().job_executions.find(job_id=JOB)) == 1

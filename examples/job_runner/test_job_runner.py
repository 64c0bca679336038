"""The runner against a mock: where it would sleep, the clock of the mock jumps."""

import pytest
import requests
from job_runner import JobFailed, JobRunner

from jobsmock import Cloud

JOB, CLUSTER = "a0000000-0000-4000-8000-000000000001", "c0000000-0000-4000-8000-000000000001"  # of the sample

pytestmark = pytest.mark.jobsmock(sample="sample.json", plan="PENDING 2s > RUNNING 1m > SUCCEEDED")


@pytest.fixture
def runner(jobsmock: Cloud) -> JobRunner:
    return JobRunner(jobsmock.endpoint(), jobsmock.session(), sleep=jobsmock.clock.advance)


def test_a_job_that_takes_a_minute_is_waited_for(runner: JobRunner, jobsmock: Cloud) -> None:
    started = jobsmock.clock.now
    assert runner.run(JOB, CLUSTER)["info"]["status"] == "SUCCEEDED"
    assert 62 <= jobsmock.clock.now - started < 65


def test_a_job_that_fails_is_told_with_its_reason(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.plan("RUNNING 10s > FAILED (java heap space)")
    with pytest.raises(JobFailed, match="FAILED: java heap space"):
        runner.run(JOB, CLUSTER)


def test_a_service_that_is_busy_twice_is_asked_a_third_time(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.fail("jobs.execute", status=503, times=2)
    runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=3, body={"cluster_id": CLUSTER})


def test_a_service_that_stays_busy_is_given_up(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.fail("jobs.execute", status=503)
    with pytest.raises(requests.HTTPError, match="503"):
        runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=3)


@pytest.mark.parametrize("how", ["reset", "empty", "garbage", "truncate", "hang"])
def test_a_look_at_an_execution_is_repeated_if_the_wire_breaks(runner: JobRunner, jobsmock: Cloud, how: str) -> None:
    jobsmock.rules.break_wire("job-executions.show", how, times=2)
    runner.run(JOB, CLUSTER)


def test_no_job_is_started_twice_because_the_answer_was_lost(runner: JobRunner, jobsmock: Cloud) -> None:
    jobsmock.rules.break_wire("jobs.execute", "empty", commit=True)
    with pytest.raises(requests.ConnectionError):
        runner.run(JOB, CLUSTER)
    jobsmock.verify("jobs.execute", exactly=1)
    assert len(jobsmock.client().job_executions.find(job_id=JOB)) == 1

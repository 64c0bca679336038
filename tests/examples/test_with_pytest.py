"""The examples of docs/testing.md, as they stand there."""

import pytest
import requests
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from saharaclient.client import Client


def test_a_job_is_listed(jobsmock):
    jobs = requests.get(f"{jobsmock.endpoint('demo')}/jobs").json()["jobs"]
    assert "daily-takings" in [job["name"] for job in jobs]


def test_a_503_is_tried_again(jobsmock):
    jobsmock.rules.fail("jobs.list", status=503, times=2)
    session = jobsmock.session(max_retries=requests.adapters.Retry(3, status_forcelist=[503]))
    assert session.get(f"{jobsmock.endpoint()}/jobs").status_code == 200
    jobsmock.verify("jobs.list", exactly=3)


@pytest.mark.jobsmock(sample="empty", plan="RUNNING 10m > FAILED (disk full)")
def test_an_execution_fails_after_ten_minutes(jobsmock):
    sahara = jobsmock.client()
    script = sahara.job_binary_internals.create("hello.sh", "echo hello")
    binary = sahara.job_binaries.create("hello.sh", f"internal-db://{script.id}")
    job = sahara.jobs.create("hello", "Shell", mains=[binary.id])
    run = sahara.job_executions.create(job.id, sahara.clusters.list()[0].id)

    jobsmock.clock.until(run, "FAILED")

    assert sahara.job_executions.get(run.id).info == {"status": "FAILED", "reason": "disk full"}


def test_a_broken_wire_is_an_exception(jobsmock):
    jobsmock.rules.break_wire("jobs.create", "reset", commit=True)
    with pytest.raises(requests.ConnectionError):
        jobsmock.session().post(f"{jobsmock.endpoint()}/jobs", json={"name": "sums", "type": "MapReduce.Streaming"})
    jobsmock.verify("jobs.create", body={"name": "sums"})
    assert requests.get(f"{jobsmock.endpoint()}/jobs?name=sums").json()["jobs"]


def test_what_went_before_can_be_had_again(jobsmock):
    sources = f"{jobsmock.endpoint()}/data-sources"
    before = len(requests.get(sources).json()["data_sources"])
    jobsmock.snapshot()
    requests.post(sources, json={"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"})
    jobsmock.restore()
    assert len(requests.get(sources).json()["data_sources"]) == before


def test_a_program_with_an_address_of_its_own_needs_no_socket(jobsmock):
    session = requests.Session()
    session.mount("https://sahara.example.com", jobsmock.adapter())
    assert session.get("https://sahara.example.com/v1.1/demo/jobs").json()["jobs"]


def test_keystoneauth_takes_a_session_of_requests(jobsmock):
    domains = {"user_domain_name": "Default", "project_domain_name": "Default"}
    login = Password(f"{jobsmock.url}/v3", username="me", password="any", project_name="demo", **domains)
    sahara = Client("1.1", session=Session(login, session=jobsmock.session()))
    assert "daily-takings" in [job.name for job in sahara.jobs.list()]

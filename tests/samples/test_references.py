"""References between the records of a sample, by id and by name."""

import pytest

from tests.samples.sample_records import BINARY, CLUSTER, EXECUTION, JOB, find_only


def test_a_reference_can_be_an_id_or_a_name(client_of):
    sample = {
        "job_binary_internals": [{"name": "script", "data": "x"}],
        "job_binaries": [BINARY | {"id": "b-1"}, {"name": "lib", "url": "internal-db://script"}],
        "data_sources": [{"name": name, "type": "hdfs", "url": f"hdfs://h/{name}"} for name in ("in", "out")],
        "clusters": [CLUSTER],
        "jobs": [JOB | {"mains": ["b-1", "lib"]}],
        "job_executions": [EXECUTION | {"input_id": "in", "output_id": "out"}],
    }
    client = client_of(sample)
    job, execution = find_only(client, "/jobs"), find_only(client, "/job-executions")
    assert [binary["name"] for binary in job["mains"]] == ["main", "lib"]
    assert execution["job_id"] == job["id"]
    assert client.get(f"/v1.1/p/data-sources/{execution['output_id']}").json["data_source"]["name"] == "out"
    assert client.get(f"/v1.1/p/job-binaries/{job['mains'][1]['id']}/data").data == b"x"


def test_a_name_means_the_record_of_the_project_before_one_of_every_project_before_a_public_one(client_of):
    public, own = {"tenant_id": "theirs", "is_public": True}, {"tenant_id": "mine", "id": "own"}
    sample = {
        "job_binaries": [BINARY | public, BINARY | {"id": "of-every-project"}, BINARY | own],
        "jobs": [JOB, JOB | {"name": "k", "tenant_id": "mine"}],
    }
    jobs = client_of(sample).get("/v1.1/mine/jobs?sort_by=name").json["jobs"]
    assert [job["mains"][0]["id"] for job in jobs] == ["of-every-project", "own"]


@pytest.mark.parametrize(
    ("sample", "error"),
    [
        (
            {"jobs": [JOB]},
            "jobs, record 1 (j): mains: unknown reference 'main': "
            "expected the id or the name of a record in job_binaries",
        ),
        (
            {"job_binaries": [BINARY | {"url": "internal-db://x"}]},
            "job_binaries, record 1 (main): url: unknown reference 'x': "
            "expected the id or the name of a record in job_binary_internals",
        ),
        (
            {"clusters": [CLUSTER], "job_executions": [EXECUTION]},
            "job_executions, record 1: job_id: unknown reference 'j': expected the id or the name of a record in jobs",
        ),
        (
            {"job_binaries": [BINARY, BINARY]},
            "job_binaries, record 2 (main): name: duplicate value 'main': an earlier record has it",
        ),
        (
            {"clusters": [CLUSTER | {"plugin_name": "vanila"}]},
            "clusters, record 1 (c): plugin_name: unknown plugin 'vanila': did you mean vanilla?",
        ),
        (
            {"clusters": [CLUSTER | {"hadoop_version": "3"}]},
            "clusters, record 1 (c): hadoop_version: unknown version '3' of vanilla: "
            "expected one of 2.7.1, 2.7.5, 2.8.2",
        ),
    ],
)
def test_an_invalid_reference_is_refused(error_of, sample, error):
    assert error_of(sample) == f"sample: {error}"

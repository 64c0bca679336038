"""Loading a sample: projects, standard records, ids and times."""

import pytest

from tests.samples.sample_records import BINARY, CLUSTER, JOB


def list_binaries(client, project):
    binaries = client.get(f"/v1.1/{project}/job-binaries?sort_by=name").json["binaries"]
    return [(binary["name"], binary["tenant_id"]) for binary in binaries]


def test_a_record_without_a_tenant_belongs_to_every_project(client_of):
    client = client_of({"job_binaries": [BINARY, BINARY | {"name": "theirs", "tenant_id": "them"}]})
    assert list_binaries(client, "us") == [("main", "us")]
    assert list_binaries(client, "them") == [("main", "them"), ("theirs", "them")]


def test_records_of_every_project_can_follow_those_of_one_project(client_of):
    client = client_of({"job_binaries": [BINARY | {"tenant_id": "p"}, BINARY | {"name": "later"}]})
    assert list_binaries(client, "p") == [("later", "p"), ("main", "p")]


def test_a_project_changes_only_its_own_copy(client_of):
    client = client_of({"job_binaries": [BINARY | {"extra": {"user": "u", "password": "p"}}]})
    id = client.get("/v1.1/us/job-binaries").json["binaries"][0]["id"]
    assert client.put(f"/v1.1/us/job-binaries/{id}", json={"name": "ours"}).status_code == 202
    assert client.delete(f"/v1.1/them/job-binaries/{id}").status_code == 204
    assert client.get(f"/v1.1/us/job-binaries/{id}").json["job_binary"]["name"] == "ours"
    assert client.get(f"/v1.1/them/job-binaries/{id}").status_code == 404
    assert client.get(f"/v1.1/others/job-binaries/{id}").json["job_binary"]["name"] == "main"


@pytest.mark.parametrize(
    ("sample", "plugins"),
    [
        ({}, ["fake", "spark", "vanilla"]),
        (
            {"clusters": [CLUSTER | {"plugin_name": "storm", "hadoop_version": "1.2"}]},
            ["fake", "spark", "storm", "vanilla"],
        ),
        ({"plugins": [{"name": "storm"}, {"name": "cdh", "versions": ["5.13"]}]}, ["cdh", "storm"]),
    ],
)
def test_a_sample_without_plugins_has_the_usual_ones_and_those_of_its_clusters(client_of, sample, plugins):
    listed = client_of(sample).get("/v1.1/p/plugins").json["plugins"]
    assert [plugin["name"] for plugin in listed] == plugins


def test_times_can_be_relative_to_the_start(client_of):
    client = client_of({"job_binaries": [BINARY | {"name": "new"}, BINARY | {"created_at": "-2h"}]})
    main, new = client.get("/v1.1/p/job-binaries?sort_by=name").json["binaries"]
    assert main["created_at"] < new["created_at"]


def test_a_large_sample_loads(client_of):
    jobs = [JOB | {"name": f"j-{number}"} for number in range(4000)]
    client = client_of({"job_binaries": [BINARY], "jobs": jobs})
    assert len(client.get("/v1.1/p/jobs").json["jobs"]) == 4000


def test_the_error_of_a_numbered_record_has_its_number(error_of):
    error = error_of({"jobs": {"7": {"name": "x", "type": "Pig", "mains": ["main"]}}})
    assert error.startswith("sample: jobs, record 7 (x): mains: unknown reference 'main'")

"""The samples that come with jobsmock. `reference` has the records in the examples of the API reference."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import BUILT_IN, make_world

API = "/v1.1/any"


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_built_in_sample_is_valid(name):
    assert make_world(name)


def test_demo_has_every_job_type_and_many_statuses():
    client = create_app(make_world("demo")).test_client()
    jobs = client.get(f"{API}/jobs").json["jobs"]
    executions = client.get(f"{API}/job-executions").json["job_executions"]
    clusters = client.get(f"{API}/clusters").json["clusters"]
    statuses = [execution["info"]["status"] for execution in executions]
    assert len({job["type"] for job in jobs}) == 9
    assert set(statuses) == {"SUCCEEDED", "FAILED", "KILLED", "DONEWITHERROR", "RUNNING", "PENDING"}
    assert statuses.count("RUNNING") == 2
    assert {cluster["plugin_name"] for cluster in clusters} == {"fake", "vanilla", "spark", "storm"}
    assert {cluster["status"] for cluster in clusters} == {"Active", "Error", "Configuring"}


# --- reference


@pytest.fixture
def reference():
    return create_app(make_world("reference")).test_client()


def check_record(response, **expected):
    assert response.status_code in (200, 202), response.json
    (record,) = response.json.values()
    assert {key: record[key] for key in expected} == expected


def test_the_records_of_the_reference_can_be_read(reference):
    job = reference.get(f"{API}/jobs/1a674c31-9aaa-4d07-b844-2bf200a1b836")
    check_record(job, name="Edp-test-job", type="MapReduce", created_at="2015-02-10T14:25:48", mains=[])
    assert job.json["job"]["libs"][0]["url"] == "swift://Edp-test-c71e6bce.sahara/binary-job.jar"
    source = reference.get(f"{API}/data-sources/953831f2-0852-49d8-ac71-af5805e25256")
    check_record(source, name="swift_input", url="swift://container/text", created_at="2015-03-26T11:18:10")
    binary = reference.get(f"{API}/job-binaries/a716a9cd-9add-4b12-b1b6-cdb71aaef350")
    check_record(binary, name="jar-example.jar", created_at="2013-10-15T14:25:04")
    internal = reference.get(f"{API}/job-binary-internals/4833dc4b-8682-4d5b-8a9f-2036b47a0996")
    check_record(internal, name="script.pig", datasize=160, created_at="2013-10-15T13:17:35")


@pytest.mark.parametrize("action", ["", "/refresh-status", "/cancel"])
def test_the_execution_of_the_reference_was_killed(reference, action):
    response = reference.get(f"{API}/job-executions/20da9edb-12ce-4b45-a473-41baeefef997{action}")
    check_record(response, oozie_job_id="0000001-150915094349962-oozie-hado-W", end_time="2015-09-15T12:50:46")
    info = response.json["job_execution"]["info"]
    assert info["status"] == "KILLED"
    assert [one["errorCode"] for one in info["actions"]] == [None, "JA018", "E0729"]


def test_the_creations_of_the_reference_get_its_ids_and_times_once(reference):
    job = {
        "name": "pig-job-example",
        "type": "Pig",
        "mains": ["90d9d5ec-11aa-48bd-bc8c-34936ce0db6e"],
        "libs": ["320a2ca7-25fd-4b48-9bc3-4fb1b6c4ff27"],
    }
    created = reference.post(f"{API}/jobs", json=job)
    check_record(created, id="71defc8f-d005-484f-9d86-1aedf644d1ef", created_at="2015-03-27T08:48:38")
    source = {"name": "hdfs_input", "type": "hdfs", "url": "hdfs://test-master-node:8020/user/hadoop/input"}
    check_record(reference.post(f"{API}/data-sources", json=source), id="d7fffe9c-3b42-46a9-8be8-e98f586fa7a9")
    assert reference.post(f"{API}/data-sources", json=source).json["error_name"] == "NAME_ALREADY_EXISTS"
    credentials = {"user": "u", "password": "p"}
    binary = {"name": "jar-example.jar", "url": "swift://container/jar-example.jar", "extra": credentials}
    check_record(reference.post(f"{API}/job-binaries", json=binary), id="07f86352-ee8a-4b08-b737-d705ded5ff9c")
    internal = reference.put(f"{API}/job-binary-internals/script.pig", data=b"x")
    check_record(internal, id="4833dc4b-8682-4d5b-8a9f-2036b47a0996", datasize=1)


def test_the_execution_of_the_reference_gets_its_id_once(reference):
    body = {
        "cluster_id": "811e1134-666f-4c48-bc92-afb5b10c9d8c",
        "input_id": "3e1bc8e6-8c69-4749-8e52-90d9341d15bc",
        "output_id": "52146b52-6540-4aac-a024-fee253cf52a9",
    }
    path = f"{API}/jobs/310b0fc6-e1db-408e-8798-312e7500f3ac/execute"
    first = reference.post(path, json=body)
    check_record(first, id="20da9edb-12ce-4b45-a473-41baeefef997", info={"status": "PENDING"})
    second = reference.post(path, json=body).json["job_execution"]
    assert second["id"] != "20da9edb-12ce-4b45-a473-41baeefef997"
    assert len(reference.get(f"{API}/job-executions").json["job_executions"]) == 2

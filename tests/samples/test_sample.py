"""From sample to world: what may be left out, how records refer to each other, and how faults are told."""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import BUILT_IN, make_world

CLUSTER = {"name": "c", "plugin_name": "vanilla", "hadoop_version": "2.8.2"}
BINARY = {"name": "main", "url": "swift://c/o"}
JOB = {"name": "j", "type": "Pig", "mains": ["main"]}


def client_of(tmp_path, sample):
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(sample))
    return create_app(make_world(str(path))).test_client()


def only(client, path, key):
    (record,) = client.get(f"/v1.1/p{path}").json[key]
    return record


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_sample_that_comes_with_jobsmock_is_sound(name):
    assert make_world(name)


def test_demo_shows_something_of_everything():
    client = create_app(make_world("demo")).test_client()
    jobs = client.get("/v1.1/p/jobs").json["jobs"]
    executions = client.get("/v1.1/p/job-executions").json["job_executions"]
    clusters = client.get("/v1.1/p/clusters").json["clusters"]
    assert len({job["type"] for job in jobs}) == 9
    assert {"SUCCEEDED", "FAILED", "KILLED", "DONEWITHERROR", "RUNNING", "PENDING"} == {
        execution["info"]["status"] for execution in executions
    }
    assert sum(execution["info"]["status"] == "RUNNING" for execution in executions) == 2
    assert {"fake", "vanilla", "spark", "storm"} == {cluster["plugin_name"] for cluster in clusters}
    assert {"Active", "Error", "Configuring"} == {cluster["status"] for cluster in clusters}


def test_references_may_be_names_or_ids(tmp_path):
    sample = {
        "job_binary_internals": [{"name": "script", "data": "x"}],
        "job_binaries": [BINARY | {"id": "b-1"}, {"name": "kept", "url": "internal-db://script"}],
        "data_sources": [
            {"name": "in", "type": "hdfs", "url": "hdfs://h/i"},
            {"name": "out", "type": "hdfs", "url": "hdfs://h/o"},
        ],
        "clusters": [CLUSTER],
        "jobs": [JOB | {"mains": ["b-1", "kept"]}],
        "job_executions": [{"job_id": "j", "cluster_id": "c", "input_id": "in", "output_id": "out"}],
    }
    client = client_of(tmp_path, sample)
    job = only(client, "/jobs", "jobs")
    execution = only(client, "/job-executions", "job_executions")
    assert [binary["name"] for binary in job["mains"]] == ["main", "kept"]
    assert execution["job_id"] == job["id"]
    assert client.get(f"/v1.1/p/data-sources/{execution['output_id']}").json["data_source"]["name"] == "out"
    assert client.get(f"/v1.1/p/job-binaries/{job['mains'][1]['id']}/data").data == b"x"


def test_a_record_without_tenant_belongs_to_whatever_project_asks(tmp_path):
    client = client_of(tmp_path, {"job_binaries": [BINARY, BINARY | {"name": "theirs", "tenant_id": "them"}]})
    assert [one["name"] for one in client.get("/v1.1/us/job-binaries").json["binaries"]] == ["main"]
    both = client.get("/v1.1/them/job-binaries?sort_by=name").json["binaries"]
    assert [(one["name"], one["tenant_id"]) for one in both] == [("main", "them"), ("theirs", "them")]


def test_a_project_changes_its_own_copy_only(tmp_path):
    client = client_of(tmp_path, {"job_binaries": [BINARY | {"extra": {"user": "u", "password": "p"}}]})
    id = client.get("/v1.1/us/job-binaries").json["binaries"][0]["id"]
    assert client.put(f"/v1.1/us/job-binaries/{id}", json={"name": "ours"}).status_code == 202
    assert client.delete(f"/v1.1/them/job-binaries/{id}").status_code == 204
    assert client.get(f"/v1.1/us/job-binaries/{id}").json["job_binary"]["name"] == "ours"
    assert client.get(f"/v1.1/them/job-binaries/{id}").status_code == 404
    assert client.get(f"/v1.1/others/job-binaries/{id}").json["job_binary"]["name"] == "main"


def test_plugins_left_out_are_the_usual_ones_and_those_of_the_clusters(tmp_path):
    def names(sample):
        return [plugin["name"] for plugin in client_of(tmp_path, sample).get("/v1.1/p/plugins").json["plugins"]]

    storm = CLUSTER | {"name": "s", "plugin_name": "storm", "hadoop_version": "1.2"}
    assert names({}) == ["fake", "spark", "vanilla"]
    assert names({"clusters": [storm]}) == ["fake", "spark", "storm", "vanilla"]
    assert names({"plugins": [{"name": "storm"}, {"name": "cdh", "versions": ["5.13"]}]}) == ["cdh", "storm"]


def test_a_plugin_of_a_samples_own_runs_the_job_types_it_names(tmp_path):
    sample = {
        "plugins": [{"name": "cdh", "versions": ["5.13"], "job_types": ["Pig"]}],
        "clusters": [CLUSTER | {"plugin_name": "cdh", "hadoop_version": "5.13"}],
        "job_binaries": [BINARY],
        "jobs": [JOB, {"name": "s", "type": "Shell", "mains": ["main"]}],
    }
    client = client_of(tmp_path, sample)
    assert [one["name"] for one in client.get("/v1.1/p/job-types").json["job_types"]] == ["Pig"]
    shell = client.get("/v1.1/p/jobs?name=s").json["jobs"][0]["id"]
    run = {"cluster_id": only(client, "/clusters", "clusters")["id"]}
    refused = client.post(f"/v1.1/p/jobs/{shell}/execute", json=run).json
    assert "doesn't support job type 'Shell'" in refused["error_message"]


def test_a_reference_means_the_projects_own_record_before_a_shared_and_that_before_a_public_one(tmp_path):
    mine, theirs = {"tenant_id": "mine"}, {"tenant_id": "theirs", "is_public": True}
    sample = {
        "job_binaries": [BINARY | theirs, BINARY | {"id": "shared"}, BINARY | mine | {"id": "own"}],
        "jobs": [JOB, JOB | mine | {"name": "k"}],
    }
    jobs = client_of(tmp_path, sample).get("/v1.1/mine/jobs?sort_by=name").json["jobs"]
    assert [job["mains"][0]["id"] for job in jobs] == ["shared", "own"]


def test_records_of_every_project_may_stand_among_those_of_one(tmp_path):
    client = client_of(tmp_path, {"job_binaries": [BINARY | {"tenant_id": "p"}, BINARY | {"name": "later"}]})
    assert [one["name"] for one in client.get("/v1.1/p/job-binaries?sort_by=name").json["binaries"]] == [
        "later",
        "main",
    ]


def test_an_execution_in_a_sample_follows_its_jobs_plan_unless_it_has_its_own(tmp_path):
    run = {"job_id": "j", "cluster_id": "c", "created_at": "-2h"}
    sample = {
        "clusters": [CLUSTER | {"node_groups": [{"name": "bare"}]}],
        "job_binaries": [BINARY],
        "jobs": [JOB | {"plan": "stuck"}],
        "job_executions": [run, run | {"plan": "FAILED"}],
    }
    executions = client_of(tmp_path, sample).get("/v1.1/p/job-executions").json["job_executions"]
    assert sorted(execution["info"]["status"] for execution in executions) == ["FAILED", "RUNNING"]


def test_tables_for_parts_still_to_come_are_accepted(tmp_path):
    later = {"flavors": [{"name": "m1.small"}], "networks": [{"name": "private"}]}
    assert client_of(tmp_path, later).get("/v1.1/p/cluster-templates").json == {"cluster_templates": []}


def test_templates_of_a_sample_refer_by_name_and_leave_out_what_the_service_fills_in(tmp_path):
    for_fake = {"plugin_name": "fake", "hadoop_version": "0.1"}
    sample = {
        "images": [{"name": "i", "username": "u", "tags": ["fake"]}],
        "node_group_templates": [{"name": "n", **for_fake, "node_processes": ["datanode"], "volumes_size": 7}],
        "cluster_templates": [{
            "name": "t", **for_fake, "default_image_id": "i", "created_at": "2026-01-31T12:00:00",
            "node_groups": [{"name": "g", "node_group_template_id": "n", "count": 2, "image_id": "i"}],
        }],
        "clusters": [{"name": "c", **for_fake, "cluster_template_id": "t"}],
    }  # fmt: skip
    client = client_of(tmp_path, sample)
    [image], [group], [template], [cluster] = (
        next(iter(client.get(f"/v1.1/p/{path}").json.values()))
        for path in ("images", "node-group-templates", "cluster-templates", "clusters")
    )
    assert (group["flavor_id"], group["volumes_size"], group["is_default"]) == ("2", 7, False)
    [inner], [of_cluster] = template["node_groups"], cluster["node_groups"]
    assert (inner["node_group_template_id"], inner["image_id"]) == (group["id"], image["id"])
    assert (inner["volumes_size"], inner["count"], inner["created_at"]) == (7, 2, "2026-01-31T12:00:00")
    assert (template["default_image_id"], cluster["cluster_template_id"]) == (image["id"], template["id"])
    assert [one["instance_name"] for one in of_cluster["instances"]] == ["c-g-0", "c-g-1"]
    assert of_cluster == {**inner, "id": of_cluster["id"], "instances": of_cluster["instances"]}


def test_a_large_sample_loads_in_a_time_that_its_size_explains(tmp_path):
    names = [f"j-{number}" for number in range(4000)]
    client = client_of(tmp_path, {"job_binaries": [BINARY], "jobs": [JOB | {"name": name} for name in names]})
    assert len(client.get("/v1.1/p/jobs").json["jobs"]) == 4000


@pytest.mark.parametrize(
    ("sample", "fault"),
    [
        ({"jbos": []}, "unknown table 'jbos': did you mean jobs?"),
        ({"job_binaries": [BINARY], "jobs": [JOB | {"type": "Pigg"}]}, "jobs, record 1 (j): type: 'Pigg' is not one of ["),
        ({"jobs": [{"type": "Pig"}]}, "jobs, record 1: 'name' is a required property"),
        ({"jobs": [JOB | {"mian": 1}]}, "jobs, record 1 (j): Additional properties are not allowed ('mian' was unexpected): did you mean 'mains'?"),
        ({"jobs": [JOB]}, "jobs, record 1 (j): mains: unknown reference 'main': expected the id or the name of a record in job_binaries"),
        ({"jobs": [JOB | {"mains": []}]}, "jobs, record 1 (j): Pig flow requires main script"),
        ({"jobs": [JOB | {"plan": "RUNNING"}, JOB | {"name": "k", "plan": "RUN 5s"}]}, "jobs, record 2 (k): plan: step 1, 'RUN 5s'"),
        ({"job_binaries": [BINARY, BINARY]}, "job_binaries, record 2 (main): name: duplicate value 'main': an earlier record has it"),
        ({"job_binaries": [BINARY | {"created_at": "yesterday"}]}, "job_binaries, record 1 (main): created_at: invalid time 'yesterday': expected 2026-01-31"),
        ({"job_binaries": [BINARY | {"url": "internal-db://x"}]}, "unknown reference 'x': expected the id or the name of a record in job_binary_internals"),
        ({"data_sources": [{"name": "d", "type": "hdfs", "url": "swift://x"}]}, "data_sources, record 1 (d): URL scheme must be 'hdfs'"),
        ({"clusters": [CLUSTER | {"node_groups": [{"name": "m", "count": -1}]}]}, "clusters, record 1 (c): node_groups[0][count]: -1 is less than the minimum of 0"),
        ({"clusters": [CLUSTER], "job_executions": [{"job_id": "x", "cluster_id": "c"}]}, "job_executions, record 1: job_id: unknown reference 'x': expected the id or the name of a record in jobs"),
        (
            {"clusters": [CLUSTER | {"plugin_name": "spark", "hadoop_version": "2.3"}], "job_binaries": [BINARY], "jobs": [JOB],
             "job_executions": [{"job_id": "j", "cluster_id": "c"}]},
            "job_executions, record 1: cluster_id: cluster 'c' doesn't support job type 'Pig'",
        ),
        ({"clusters": [CLUSTER | {"plugin_name": "vanila"}]}, "clusters, record 1 (c): plugin_name: unknown plugin 'vanila': did you mean vanilla?"),
        ({"clusters": [CLUSTER | {"hadoop_version": "3"}]}, "clusters, record 1 (c): hadoop_version: unknown version '3' of vanilla: expected one of 2.7.1, 2.7.5, 2.8.2"),
        ({"clusters": [CLUSTER | {"name": "a_b"}]}, "name: 'a_b' is not a 'valid_name_hostname': expected letters, digits and '-'"),
        ({"job_binaries": [BINARY | {"name": "a b"}]}, "name: 'a b' is not a 'valid_name': expected letters, digits and '-_.'"),
        ({"job_binaries": [BINARY | {"id": "a/b"}]}, "id: invalid id 'a/b'"),
        ({"job_binaries": [BINARY | {"url": "swift://["}]}, "url: invalid URL 'swift://['"),
        ({"job_binaries": [BINARY | {"created_at": "-9999999d"}]}, "created_at: invalid time '-9999999d': expected a time in the years 1 to 9999"),
        ({"job_executions": [{"job_id": "x", "cluster_id": "c", "info": {}}]}, "info: 'status' is a required property"),
        ({"job_executions": [{"job_id": "x", "cluster_id": "c", "info": {"status": "KILLED"}, "plan": "demo"}]}, "plan: given together with an info, which an execution would keep: expected only one of them"),
        ({"images": [{"name": "i", "tags": ["a b"]}]}, "images, record 1 (i): tags[0]: 'a b' is not a 'valid_tag'"),
        ({"node_group_templates": [{"name": "n", "plugin_name": "fake", "hadoop_version": "0.1", "node_processes": ["oozie"]}]}, "node_group_templates, record 1 (n): Plugin doesn't support the following node processes: ['oozie']"),
        ({"cluster_templates": [{"name": "t", "plugin_name": "fake", "hadoop_version": "0.2"}]}, "cluster_templates, record 1 (t): hadoop_version: unknown version '0.2' of fake: expected one of 0.1"),
        ({"cluster_templates": [{"name": "t", "plugin_name": "fake", "hadoop_version": "0.1", "node_groups": [{"name": "g", "node_group_template_id": "x"}]}]}, "node_group_template_id: unknown reference 'x': expected the id or the name of a record in node_group_templates"),
        ({"jobs": {"7": {"name": "x", "type": "Pgi"}}}, "jobs, record 7 (x): type: 'Pgi' is not one of"),
        ({"simulation": {"cluster_plan": "Validatng 1s > Active"}}, "simulation: cluster_plan: step 1, 'Validatng 1s': unknown status 'Validatng': did you mean Validating?"),
        ({"simulation": []}, "simulation: invalid value: a list: expected an object"),
        ({"simulation": {"plan": "soon"}}, "simulation: plan: unknown profile 'soon'"),
        ({"simulation": {"plans": {}}}, "simulation: Additional properties are not allowed ('plans' was unexpected): did you mean 'plan'?"),
        ({"simulation": {"job_plans": {"x*": "nope"}}}, "simulation: job_plans[x*]: unknown profile 'nope'"),
        ({"simulation": {"job_plans": {"x*": 5}}}, "simulation: job_plans[x*]: 5 is not of type 'string'"),
        ({"simulation": "fast"}, "simulation: invalid value: a string: expected an object"),
    ],
)  # fmt: skip
def test_a_broken_sample_is_refused_with_file_table_record_field_and_what_was_expected(tmp_path, sample, fault):
    with pytest.raises(SampleError) as error:
        client_of(tmp_path, sample)
    assert str(tmp_path / "sample.json") in str(error.value)
    assert fault in str(error.value)
    assert "\n" not in str(error.value)


def test_a_sample_that_is_not_there_is_refused_with_what_there_is():
    with pytest.raises(SampleError, match="unknown sample: expected one of demo, reference, empty"):
        make_world("dmeo")


# --- reference: the examples of the API reference, asked for as they are printed there

ANY = "/v1.1/whatever"


@pytest.fixture
def reference():
    return create_app(make_world("reference")).test_client()


def has(answer, **facts):
    (record,) = answer.json.values()
    assert answer.status_code in (200, 202), answer.json
    assert {key: record[key] for key in facts} == facts


def test_the_references_examples_can_be_read(reference):
    job = reference.get(f"{ANY}/jobs/1a674c31-9aaa-4d07-b844-2bf200a1b836")
    has(job, name="Edp-test-job", type="MapReduce", created_at="2015-02-10T14:25:48", mains=[])
    assert job.json["job"]["libs"][0]["url"] == "swift://Edp-test-c71e6bce.sahara/binary-job.jar"
    source = reference.get(f"{ANY}/data-sources/953831f2-0852-49d8-ac71-af5805e25256")
    has(source, name="swift_input", url="swift://container/text", created_at="2015-03-26T11:18:10")
    binary = reference.get(f"{ANY}/job-binaries/a716a9cd-9add-4b12-b1b6-cdb71aaef350")
    has(binary, name="jar-example.jar", created_at="2013-10-15T14:25:04")
    internal = reference.get(f"{ANY}/job-binary-internals/4833dc4b-8682-4d5b-8a9f-2036b47a0996")
    has(internal, name="script.pig", datasize=160, created_at="2013-10-15T13:17:35")


@pytest.mark.parametrize("action", ["", "/refresh-status", "/cancel"])
def test_the_references_execution_was_killed(reference, action):
    answer = reference.get(f"{ANY}/job-executions/20da9edb-12ce-4b45-a473-41baeefef997{action}")
    has(answer, oozie_job_id="0000001-150915094349962-oozie-hado-W", end_time="2015-09-15T12:50:46")
    info = answer.json["job_execution"]["info"]
    assert info["status"] == "KILLED"
    assert [one["errorCode"] for one in info["actions"]] == [None, "JA018", "E0729"]


def test_the_references_examples_of_creation_get_its_ids_and_times_once(reference):
    job = {
        "name": "pig-job-example",
        "type": "Pig",
        "mains": ["90d9d5ec-11aa-48bd-bc8c-34936ce0db6e"],
        "libs": ["320a2ca7-25fd-4b48-9bc3-4fb1b6c4ff27"],
    }
    has(
        reference.post(f"{ANY}/jobs", json=job),
        id="71defc8f-d005-484f-9d86-1aedf644d1ef",
        created_at="2015-03-27T08:48:38",
    )
    source = {"name": "hdfs_input", "type": "hdfs", "url": "hdfs://test-master-node:8020/user/hadoop/input"}
    has(reference.post(f"{ANY}/data-sources", json=source), id="d7fffe9c-3b42-46a9-8be8-e98f586fa7a9")
    assert reference.post(f"{ANY}/data-sources", json=source).json["error_name"] == "NAME_ALREADY_EXISTS"
    binary = {
        "name": "jar-example.jar",
        "url": "swift://container/jar-example.jar",
        "extra": {"user": "u", "password": "p"},
    }
    has(reference.post(f"{ANY}/job-binaries", json=binary), id="07f86352-ee8a-4b08-b737-d705ded5ff9c")
    has(
        reference.put(f"{ANY}/job-binary-internals/script.pig", data=b"x"),
        id="4833dc4b-8682-4d5b-8a9f-2036b47a0996",
        datasize=1,
    )


def test_the_references_example_of_execution_gets_its_id_once(reference):
    body = {
        "cluster_id": "811e1134-666f-4c48-bc92-afb5b10c9d8c",
        "input_id": "3e1bc8e6-8c69-4749-8e52-90d9341d15bc",
        "output_id": "52146b52-6540-4aac-a024-fee253cf52a9",
    }
    path = f"{ANY}/jobs/310b0fc6-e1db-408e-8798-312e7500f3ac/execute"
    has(reference.post(path, json=body), id="20da9edb-12ce-4b45-a473-41baeefef997", info={"status": "PENDING"})
    second = reference.post(path, json=body).json["job_execution"]
    assert second["id"] != "20da9edb-12ce-4b45-a473-41baeefef997"
    assert len(reference.get(f"{ANY}/job-executions").json["job_executions"]) == 2

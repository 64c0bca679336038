"""What all resources share: ownership, protection, references, names, lists."""

import pytest

SWIFT = {"user": "u", "password": "p"}


def binary(cloud, name, project="p", **more):
    body = {"name": name, "url": "swift://c/o", "extra": SWIFT, **more}
    return cloud.client.post(f"/v1.1/{project}/job-binaries", json=body).json["job_binary"]["id"]


def job(cloud, name, main, project="p"):
    body = {"name": name, "type": "Shell", "mains": [main]}
    return cloud.client.post(f"/v1.1/{project}/jobs", json=body).json["job"]["id"]


def refusal(answer):
    assert answer.status_code == 400
    return answer.json["error_message"].split("\nError ID: ")[0]


# --- what refers to a record keeps it, but only what really does


def test_a_samples_records_can_be_deleted_once_what_refers_to_them_is(cloud):
    for execution in cloud.ask("GET", "/job-executions").json["job_executions"]:
        assert cloud.ask("DELETE", f"/job-executions/{execution['id']}").status_code == 204
    for table in ("jobs", "job-binaries", "data-sources"):
        (records,) = cloud.ask("GET", f"/{table}").json.values()
        for record in records:
            assert cloud.ask("DELETE", f"/{table}/{record['id']}").status_code == 204


def test_what_another_project_does_with_its_copy_of_a_sample_binds_nobody_else(cloud):
    restock, fail = cloud.id_of("job_binaries", "restock.sh"), cloud.id_of("jobs", "fail-restock")
    run = {"cluster_id": cloud.id_of("clusters", "playground")}
    assert cloud.client.post(f"/v1.1/q/jobs/{fail}/execute", json=run).status_code == 202
    assert cloud.ask("DELETE", f"/jobs/{fail}").status_code == 204
    assert refusal(cloud.client.delete(f"/v1.1/q/jobs/{fail}")) == "Job deletion failed"
    assert refusal(cloud.ask("DELETE", f"/job-binaries/{restock}")) == "JobBinary is referenced and cannot be deleted"


def test_another_projects_job_keeps_a_public_binary(cloud):
    main = binary(cloud, "main", is_public=True)
    theirs = job(cloud, "theirs", main, project="q")
    assert refusal(cloud.ask("DELETE", f"/job-binaries/{main}")) == "JobBinary is referenced and cannot be deleted"
    cloud.ask("PUT", f"/job-binaries/{main}", {"is_public": False})
    assert cloud.client.get(f"/v1.1/q/jobs/{theirs}").json["job"]["mains"][0]["id"] == main


# --- ownership and protection


@pytest.mark.parametrize(
    ("change", "is_allowed"),
    [
        ({"is_public": True}, True),
        ({"is_public": True, "is_protected": True}, True),
        ({"is_public": True, "name": "j"}, True),
        ({"is_protected": False, "name": "free"}, True),
        ({"is_protected": None}, True),
        ({"is_public": True, "name": "x"}, False),
        ({"is_protected": True}, False),
        ({"name": "x"}, False),
        ({}, False),
    ],
)
def test_a_protected_record_can_be_unprotected_or_published_and_nothing_else(cloud, change, is_allowed):
    made = job(cloud, "j", binary(cloud, "b"))
    cloud.ask("PATCH", f"/jobs/{made}", {"is_protected": True})
    answer = cloud.ask("PATCH", f"/jobs/{made}", change)
    assert (answer.status_code == 202) is is_allowed
    if not is_allowed:
        assert refusal(answer) == f"Job with id '{made}' could not be updated because it's marked as protected"


def test_a_change_that_changes_nothing_leaves_updated_at_alone(cloud):
    made = job(cloud, "j", binary(cloud, "b"))
    assert cloud.ask("PATCH", f"/jobs/{made}", {"name": "j"}).json["job"]["updated_at"] is None
    assert cloud.ask("PATCH", f"/jobs/{made}", {"name": "k"}).json["job"]["updated_at"]


def test_a_name_is_free_again_once_its_record_is_renamed_or_gone(cloud):
    first = binary(cloud, "name")
    cloud.ask("PUT", f"/job-binaries/{first}", {"name": "another"})
    second = binary(cloud, "name")
    cloud.ask("DELETE", f"/job-binaries/{second}")
    assert binary(cloud, "name")


# --- replays


def test_a_record_that_has_been_changed_replays_no_more(cloud_of):
    cloud = cloud_of("reference")
    source = "d7fffe9c-3b42-46a9-8be8-e98f586fa7a9"
    cloud.ask("PUT", f"/data-sources/{source}", {"name": "renamed"})
    body = {"name": "hdfs_input", "type": "hdfs", "url": "hdfs://h/p"}
    assert cloud.ask("POST", "/data-sources", body).json["data_source"]["id"] != source
    assert cloud.ask("GET", f"/data-sources/{source}").json["data_source"]["name"] == "renamed"


def test_a_name_that_a_replay_waits_for_is_taken_for_others(cloud_of):
    cloud = cloud_of("reference")
    rename = {"name": "pig-job-example"}
    answer = cloud.ask("PATCH", "/jobs/4d1f3759-3497-4927-8352-910bacf24e62", rename)
    assert answer.json["error_name"] == "DB_DUPLICATE_ENTRY"


# --- lists


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("limit=x&colour=red", "'limit' must be positive integer"),
        ("limit=x&sort_by=colour", "'limit' must be positive integer"),
        ("sort_by=colour&size=1", "Unknown field for sorting colour"),
        ("colour=red", "Unknown field for filtering colour"),
        ("limit=9223372036854775808", "'limit' must be positive integer"),
    ],
)
def test_of_several_faults_in_a_query_the_service_names_one(cloud, query, said):
    assert refusal(cloud.ask("GET", f"/jobs?{query}")) == said


def test_an_unknown_marker_comes_before_all_other_faults_but_job_binaries_pass_over_it(cloud):
    assert cloud.ask("GET", "/jobs?marker=nothing&limit=x").status_code == 404
    answer = cloud.ask("GET", "/job-binaries?marker=nothing&sort_by=name&limit=1")
    assert answer.json["binaries"][0]["name"] == "baskets.pig"
    assert answer.json["markers"]["prev"] is None


@pytest.mark.parametrize("query", ["tenant_id=p", "is_public=0", "type=Shell", "name=fail-restock&type=Shell"])
def test_a_filter_finds_a_samples_records_as_ones_own(cloud, query):
    names = [one["name"] for one in cloud.ask("GET", f"/jobs?{query}").json["jobs"]]
    assert "fail-restock" in names


@pytest.mark.parametrize("path", ["/jobs", "/clusters", "/job-executions"])
def test_a_body_beside_a_list_has_to_be_sound_and_elsewhere_is_not_looked_at(cloud, path):
    json = {"headers": {"Content-Type": "application/json"}, "data": b"{"}
    assert cloud.ask("GET", path, **json).json["error_name"] == "MALFORMED_REQUEST_BODY"
    (records,) = cloud.ask("GET", path).json.values()
    assert cloud.ask("GET", f"{path}/{records[0]['id']}", **json).status_code == 200

"""API v2: the same service in other words. What v1.1's own tests hold holds here, too; these are about the words."""

import re

import pytest
from hypothesis import strategies as st

from jobsmock.api import v1_1, v2
from tests.http.refusals import BODIES, each, fuzz, good_body, kept, places, replaced
from tests.http.test_fuzz import QUERIES, SEGMENTS, TEXTS, VALUES

HEADER = "OpenStack-API-Version"
WRITING = [row for row in v2.ROUTES if "body" in row.inputs]
GOOD = [row for row in WRITING if row.name in BODIES]  # those that have a good body
READING = [row for row in v2.ROUTES if row.method == "GET"]
RENAMED = {"hadoop_version": "plugin_version", "job_id": "job_template_id"}
TABLES = {"job-templates": "jobs", "jobs": "job_executions"}


def path_of(cloud, row, id=None):
    """The path of a row, with the id of a record that is there unless another is given."""
    noun = row.path.split("/")[1]
    there = "Pig" if row.name == "jobs.config-hints" else cloud.ids.get(TABLES.get(noun, noun.replace("-", "_")))
    given = {"version": "0.1"}
    return re.sub(r"<(\w+)>", lambda part: given.get(part[1], there if id is None else id), row.path)


def ask(cloud, method, path, body=None, **more):
    return cloud.client.open(f"/v2/p{path}", method=method, json=body, **more)


def row_of(name):
    return next(row for row in v2.ROUTES if row.name == name)


def in_v2(cloud, name):
    """A body that v2 takes."""
    body = {RENAMED.get(key, key): value for key, value in good_body(cloud, name).items()}
    return {**body, "job_template_id": cloud.ids["jobs"]} if name == "jobs.execute" else body


def check_sound(answer):
    assert answer.status_code < 500, answer.text
    assert answer.headers["Vary"] == HEADER
    assert answer.headers[HEADER].startswith("data-processing ")
    if answer.status_code >= 400:
        assert answer.json.keys() - {"min_version", "max_version"} == {"error_code", "error_message", "error_name"}


def check_refused(answer, message, name="VALIDATION_ERROR", status=400):
    check_sound(answer)
    told = answer.json["error_message"].partition("\nError ID")[0]
    assert (answer.status_code, answer.json["error_name"], told) == (status, name, message)


# --- the table ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["/v2/project", "/v2"])
@pytest.mark.parametrize("suffix", ["", ".json"])
@each(v2.ROUTES)
def test_every_path_is_there_with_and_without_project_and_suffix(client, prefix, suffix, row):
    path = re.sub(r"<\w+>", "x", prefix + row.path) + suffix
    check_sound(client.open(path, method=row.method))


def test_v2_has_every_operation_but_those_that_it_has_otherwise():
    gone = {row.name for row in v1_1.ROUTES} - {row.name for row in v2.ROUTES}
    internals = {row.name for row in v1_1.ROUTES if row.name.startswith("job-binary-internals.")}
    otherwise = {"job-executions.refresh", "job-executions.cancel", "clusters.create-multiple"}
    assert gone == internals | otherwise | {"plugins.convert-config"}


def test_the_project_is_the_urls_else_a_headers(client):
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    for path, header in (("/v2/data-sources", "mine"), ("/v2/yours/data-sources", "mine")):
        answer = client.post(path, json=body, headers={"X-Project-Id": header})
        assert answer.json["data_source"]["project_id"] == ("yours" if "yours" in path else "mine")
    assert len(client.get("/v2/mine/data-sources").json["data_sources"]) == 1


# --- words ----------------------------------------------------------------------------------------------------------

OURS = {"tenant_id", "hadoop_version", "job_id", "oozie_job_id"}


@each([row for row in READING if "query" in row.inputs or "<id>" in row.path])
def test_a_record_has_none_of_the_words_of_v1_1(cloud, row):
    content = ask(cloud, "GET", path_of(cloud, row)).get_json(silent=True)
    for held in content.values() if isinstance(content, dict) else ():
        for record in held if isinstance(held, list) else [held]:
            assert isinstance(record, str) or not OURS & record.keys()


def test_what_users_wrote_stays_as_they_wrote_it(cloud):
    wrote = {"configs": {"tenant_id": "1", "job_id": "2", "project_id": "3"}, "params": {"hadoop_version": "4"}}
    body = {"job_template_id": cloud.ids["jobs"], "cluster_id": cloud.ids["clusters"], "job_configs": wrote}
    answer = ask(cloud, "POST", "/jobs", body)
    assert answer.json["job"]["job_configs"] == {**wrote, "job_execution_info": {}}
    assert cloud.show(answer.json["job"]["id"])["job_configs"] == {**wrote, "job_execution_info": {}}


@pytest.mark.parametrize("name", ["node-group-templates.create", "cluster-templates.create"])
def test_what_v1_1_calls_the_version_is_not_expected_here(cloud, name):
    body = {**good_body(cloud, name), "hadoop_version": "0.1"}
    answer = ask(cloud, "POST", path_of(cloud, row_of(name)), body)
    assert sorted(answer.json["error_message"].split("\n")[:2]) == [
        "'plugin_version' is a required property",
        "Additional properties are not allowed ('hadoop_version' was unexpected)",
    ]


def test_faults_of_a_body_are_told_in_the_words_that_it_was_sent_in(cloud):
    body = {"job_template_id": "x", "job_id": cloud.ids["jobs"], "cluster_id": cloud.ids["clusters"]}
    lines = ask(cloud, "POST", "/jobs", body).json["error_message"].split("\n")
    assert lines[0] == "job_template_id: 'x' is not a 'uuid'"
    assert lines[1] == "Additional properties are not allowed ('job_id' was unexpected)"


def test_a_job_template_that_is_not_there_is_a_bad_reference(cloud):
    body = {"job_template_id": cloud.ids["clusters"], "cluster_id": cloud.ids["clusters"]}
    answer = ask(cloud, "POST", "/jobs", body)
    check_refused(answer, f"Job template with id '{cloud.ids['clusters']}' doesn't exist", "INVALID_REFERENCE")


def test_lists_filter_by_the_words_of_v2(cloud):
    [cluster] = ask(cloud, "GET", "/clusters?plugin_version=0.1").json["clusters"]
    assert (cluster["plugin_version"], cluster["project_id"]) == ("0.1", "p")
    assert ask(cloud, "GET", "/clusters?plugin_version=9").json == {"clusters": []}


# --- parameters -----------------------------------------------------------------------------------------------------


@each(v2.ROUTES)
def test_a_parameter_that_is_not_there_is_refused_and_nothing_is_done(cloud, row):
    before = kept(cloud)
    body = in_v2(cloud, row.name) if row in GOOD else None
    answer = ask(cloud, row.method, path_of(cloud, row) + "?colour=1", body, headers={"X-Roles": "admin"})
    check_sound(answer)
    told = r"The only valid params for [a-z_]+ are \[.*\] and \['marker', 'limit', 'sort_by'\]"
    assert re.fullmatch(told, answer.json["error_message"])
    assert (answer.status_code, answer.json["error_name"]) == (400, "INVALID_PARAMS_ON_REQUEST")
    assert kept(cloud) == before


def test_refresh_status_may_be_asked_for_though_the_service_itself_refuses_it(cloud):
    path = f"/jobs/{cloud.ids['job_executions']}"
    assert ask(cloud, "GET", f"{path}?refresh_status=True").json == ask(cloud, "GET", path).json


# --- versions -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("asked", ["data-processing 2.0", "data-processing latest", "compute 2.79", "latest", "", "x y",
                                   "data-processing", "compute 1.1, DATA-PROCESSING  2.0",
                                   "data-processing 9.9, data-processing 2.0"])  # fmt: skip
def test_the_version_is_2_0_if_that_is_asked_for_or_nothing(client, asked):
    answer = client.get("/v2/job-templates", headers={HEADER: asked})
    assert (answer.status_code, answer.headers[HEADER]) == (200, "data-processing 2.0")


@pytest.mark.parametrize("version", ["2.1", "1.1", "9.9", "10.10"])
def test_another_version_is_not_acceptable_before_all_else(client, version):
    answer = client.post("/v2/jobs?colour=1", data=b"{", headers={HEADER: f"data-processing {version}"})
    message = f"Version {version} is not supported by the API. Minimum is 2.0 and maximum is 2.0."
    check_refused(answer, message, "NOT_ACCEPTABLE", 406)
    assert (answer.json["min_version"], answer.json["max_version"]) == ("2.0", "2.0")
    assert answer.headers[HEADER] == f"data-processing {version}"


@pytest.mark.parametrize("version", ["2", "2.00", "02.0", "LATEST", "2.0 x", "v2.0", "-1.0", "0.0"])
def test_what_is_no_version_is_a_bad_request(client, version):
    answer = client.get("/v2/job-templates", headers={HEADER: f"data-processing {version}"})
    message = f"API Version String {version} is of invalid format. Must be of format MajorNum.MinorNum."
    check_refused(answer, message, "BAD_REQUEST")


def test_v1_1_and_urls_that_are_not_there_know_no_versions(client):
    for path, status in (("/v1.1/jobs", 200), ("/v2/nothing", 404), ("/", 300)):
        answer = client.get(path, headers={HEADER: "data-processing 9.9"})
        assert answer.status_code == status
        assert HEADER not in answer.headers


# --- what v2 does otherwise -----------------------------------------------------------------------------------------


def test_flags_of_a_job_may_change_along_with_its_status(cloud):
    path = f"/jobs/{cloud.ids['job_executions']}"
    answer = ask(cloud, "PATCH", path, {"is_public": True, "info": {"status": "cancel"}})
    assert (answer.status_code, answer.json["job"]["is_public"]) == (202, True)
    assert ask(cloud, "GET", path).json["job"]["info"]["status"] == "KILLED"


def test_a_job_of_an_engine_that_cannot_suspend_goes_on(cloud):
    path = f"/jobs/{cloud.ids['job_executions']}"
    assert ask(cloud, "PATCH", path, {"info": {"status": "suspend"}}).status_code == 202
    assert ask(cloud, "GET", path).json["job"]["info"]["status"] == "RUNNING"


def test_a_data_source_may_become_what_does_not_go_together(cloud):
    path = f"/data-sources/{cloud.ids['data_sources']}"
    assert ask(cloud, "PATCH", path, {"type": "swift"}).json["data_source"]["type"] == "swift"
    check_refused(ask(cloud, "PATCH", path, {"url": "/%RANDSTR(-1)%"}),
                  "Requested RANDSTR length must be positive.", "INVALID_DATA")  # fmt: skip


def test_the_marker_of_a_page_of_binaries_must_be_there(cloud):
    answer = ask(cloud, "GET", "/job-binaries?marker=x")
    check_refused(answer, "Object with {'id': 'x'} not found", "NOT_FOUND", 404)
    assert cloud.ask("GET", "/job-binaries?marker=x").status_code == 200


def test_tags_of_an_image_are_replaced_as_a_whole_and_taken_away(cloud):
    path = f"/images/{cloud.ids['images']}/tags"
    assert ask(cloud, "PUT", path, {"tags": ["a", "b"]}).status_code == 200
    assert ask(cloud, "PUT", path, {"tags": ["b", "c"]}).json["image"]["tags"] == ["b", "c"]
    assert ask(cloud, "GET", path).json == ["b", "c"]
    assert ask(cloud, "DELETE", path).status_code == 204
    assert ask(cloud, "GET", path).json == {}


def test_a_node_group_template_may_say_where_its_instances_boot_from(cloud):
    boots = {"boot_from_volume": True, "boot_volume_type": "fast", "boot_volume_local_to_instance": True}
    body = {**in_v2(cloud, "node-group-templates.create"), **boots}
    made = ask(cloud, "POST", "/node-group-templates", body).json["node_group_template"]
    assert made.items() >= boots.items()
    path = f"/node-group-templates/{made['id']}"
    assert ask(cloud, "PATCH", path, {"boot_from_volume": False}).status_code == 202
    assert ask(cloud, "GET", path).json["node_group_template"]["boot_from_volume"] is False
    answer = cloud.ask("PUT", path, {"boot_from_volume": True})
    assert "('boot_from_volume' was unexpected)" in answer.json["error_message"]


def cluster_body(cloud, **more):
    group = {"name": "g", "count": 1, "flavor_id": "2", "node_processes": ["datanode"]}
    return {
        "name": "new", "plugin_name": "fake", "plugin_version": "0.1", "node_groups": [group],
        "default_image_id": cloud.ids["images"], "neutron_management_network": cloud.ids["clusters"], **more,
    }  # fmt: skip


def test_so_many_clusters_as_are_counted_are_made_and_shown(cloud):
    answer = ask(cloud, "POST", "/clusters", cluster_body(cloud, count=2))
    made = [one["cluster"] for one in answer.json["clusters"]]
    assert [(one["name"], one["status"], one["plugin_version"]) for one in made] == [
        ("new-1", "Validating", "0.1"), ("new-2", "Validating", "0.1")
    ]  # fmt: skip
    assert ask(cloud, "POST", "/clusters", cluster_body(cloud)).json["cluster"]["project_id"] == "p"


@pytest.fixture
def scaled(cloud):
    """The path of a cluster with three instances, and these."""
    groups = [{"name": "g", "count": 3, "flavor_id": "2", "node_processes": ["datanode"]}]
    body, plan = cluster_body(cloud, node_groups=groups), {"X-Jobsmock-Plan": "instant"}
    path = f"/clusters/{ask(cloud, 'POST', '/clusters', body, headers=plan).json['cluster']['id']}"
    return path, lambda: ask(cloud, "GET", path).json["cluster"]["node_groups"][0]["instances"]


def test_it_may_be_said_which_instances_leave(cloud, scaled):
    path, instances = scaled
    first, second, third = instances()
    body = {"resize_node_groups": [{"name": "g", "count": 2, "instances": [first["instance_id"]]}]}
    assert ask(cloud, "PUT", path, body, headers={"X-Jobsmock-Plan": "instant"}).status_code == 202
    assert [one["id"] for one in instances()] == [second["id"], third["id"]]
    grown = {"resize_node_groups": [{"name": "g", "count": 4}]}
    ask(cloud, "PUT", path, grown, headers={"X-Jobsmock-Plan": "instant"})
    assert len({one["id"] for one in instances()}) == 4


@pytest.mark.parametrize(("count", "leaving", "message"), [
    (2, ["x"], "Node group 'g' doesn't contain instances ['x']"),
    (2, [0, 1], "Node group 'g' with 2 instances can't lose 2"),
    (4, [0], "Node group 'g' with 4 instances can't lose 1"),
])  # fmt: skip
def test_instances_that_cannot_leave_are_refused(cloud, scaled, count, leaving, message):
    path, instances = scaled
    ids = [instances()[one]["id"] if isinstance(one, int) else one for one in leaving]
    answer = ask(cloud, "PUT", path, {"resize_node_groups": [{"name": "g", "count": count, "instances": ids}]})
    assert answer.json["error_message"].startswith(message), answer.text
    assert len(instances()) == 3


def test_a_cluster_that_is_deleted_by_force_is_gone_and_leaves_its_stack(cloud, scaled):
    path, _ = scaled
    answer = ask(cloud, "DELETE", path, {"force": True})
    assert (answer.status_code, answer.json["stack_name"][:4]) == (200, "new-")
    assert ask(cloud, "GET", path).status_code == 404


def test_steps_of_a_cluster_name_its_project(cloud, scaled):
    path, _ = scaled
    steps = ask(cloud, "GET", f"{path}?show_progress=true").json["cluster"]["provision_progress"]
    assert steps
    assert all(step["project_id"] == "p" and "tenant_id" not in step and "events" in step for step in steps)


# --- what the mock adds ---------------------------------------------------------------------------------------------


def test_plans_wishes_rules_and_the_clock_work_as_over_v1_1(cloud):
    body = {"job_template_id": cloud.ids["jobs"], "cluster_id": cloud.ids["clusters"]}
    started = ask(cloud, "POST", "/jobs", body, headers={"X-Jobsmock-Plan": "PENDING 1m > FAILED"}).json["job"]
    until = {"until": {"execution": started["id"], "status": "FAILED"}}
    assert cloud.client.post("/_jobsmock/clock", json=until).status_code == 200
    assert ask(cloud, "GET", f"/jobs/{started['id']}").json["job"]["info"]["status"] == "FAILED"
    assert ask(cloud, "GET", "/jobs", headers={"Prefer": "code=503"}).status_code == 503
    when = {"operation": "job-templates.list", "path": "/job-templates", "project": "p"}
    cloud.client.post("/_jobsmock/rules", json={"id": "r", "when": when, "then": {"status": 418}})
    answer = ask(cloud, "GET", "/job-templates")
    assert (answer.status_code, answer.headers["X-Jobsmock-Rule"], answer.headers["Vary"]) == (418, "r", HEADER)


def test_the_journal_tells_how_the_job_in_an_answer_stands(cloud):
    id = ask(cloud, "GET", f"/jobs/{cloud.ids['job_executions']}").headers["X-Openstack-Request-Id"]
    entry = cloud.client.get(f"/_jobsmock/journal/{id}").json
    assert entry["operation"] == "job-executions.show"
    assert any("into its course" in line for line in entry["explained"])


# --- bad input ------------------------------------------------------------------------------------------------------


def check_all_or_nothing(cloud, row, **more):
    before = kept(cloud)
    answer = ask(cloud, row.method, path_of(cloud, row), headers={"X-Roles": "admin"}, **more)
    check_sound(answer)
    assert answer.status_code < 400 or kept(cloud) == before


@each(WRITING)
@fuzz(10, body=VALUES)
def test_any_json_may_be_a_body(cloud, row, body):
    check_all_or_nothing(cloud, row, body=body)


@each(GOOD)
@fuzz(15, data=st.data(), part=VALUES)
def test_anything_may_be_in_place_of_a_part_of_a_good_body(cloud, row, data, part):
    good = in_v2(cloud, row.name)
    check_all_or_nothing(cloud, row, body=replaced(good, data.draw(st.sampled_from(list(places(good)))), part))


@each(READING)
@fuzz(10, query=QUERIES)
def test_any_query_may_follow(cloud, row, query):
    check_sound(ask(cloud, "GET", path_of(cloud, row), query_string=query))


@fuzz(60, version=TEXTS | SEGMENTS)
def test_any_text_may_be_a_version(client, version):
    text = f"data-processing {version}".encode("utf-8", "replace").decode("latin-1")
    text = re.sub(r"[\r\n]", " ", text)  # no server lets these through
    check_sound(client.get("/v2/jobs", headers={HEADER: text}))

"""The control API: who may use it, its manners, the clock, resets and snapshots."""

import orjson
import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from tests.http.control.control_requests import API, clock, executed, status, told


def test_health_is_for_whoever_watches_the_server(client):
    assert client.get(f"{API}/health").json == {"status": "ok"}


def test_what_is_not_there_is_told_with_the_nearest(client):
    assert told(client.get(f"{API}/helth"), 404) == "unknown path /_jobsmock/helth: did you mean /health?"
    assert told(client.delete(f"{API}/clock"), 405) == "DELETE is not allowed here: expected GET or POST"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"frezee": True}, "Additional properties are not allowed ('frezee' was unexpected): did you mean freeze?"),
        ({"advance": "10"}, "advance: invalid duration '10': expected a value such as 500ms, 2s, 1m30s, 2h or 1d"),
        ({"set": "noon"}, "set: invalid time 'noon': expected"),
        ({"scale": 0}, "scale: 0 is no number above 0, up to 1000000"),
        ({"until": {"execution": "x"}}, "until: 'status' is a required property"),
        ([], "[] is not of type 'object'"),
    ],
)
def test_a_body_with_a_fault_is_told_what_would_be_right(client, change, message):
    assert message in told(client.post(f"{API}/clock", json=change), 400)


def test_what_is_no_json_is_refused(client):
    assert "the body is not JSON" in told(client.post(f"{API}/clock", data=b"{"), 400)
    assert "the body is in UTF-16, but JSON" in told(client.post(f"{API}/clock", data="{}".encode("utf-16")), 400)


def test_a_file_that_is_sent_may_begin_with_a_byte_order_mark(client):
    document = orjson.dumps({"sample": {"clusters": []}})
    assert client.put(f"{API}/worlds/marked", data=b"\xef\xbb\xbf" + document).status_code == 201


def test_only_callers_on_this_machine_or_with_the_token_are_answered(client):
    elsewhere = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert "--control-token" in told(client.get(f"{API}/health", **elsewhere), 403)
    assert client.get(f"{API}/health", headers={"X-Jobsmock-Token": "open sesame"}, **elsewhere).status_code == 200
    told(client.get(f"{API}/health", headers={"X-Jobsmock-Token": "guess"}, **elsewhere), 403)
    assert client.get(f"{API}/health", environ_overrides={"REMOTE_ADDR": "::1"}).status_code == 200


def test_pages_of_other_origins_may_not_control_the_mock(client):
    assert "another origin" in told(client.post(f"{API}/reset", headers={"Origin": "http://evil.example"}), 403)
    preflight = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    answer = client.open(f"{API}/reset", method="OPTIONS", headers=preflight)
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get(f"{API}/health", headers={"Origin": "http://localhost"}).status_code == 200


@pytest.mark.parametrize("change", [{"set": "-99999999d"}, {"set": "9999-12-31T23:59:59", "advance": "1d"}])
def test_a_clock_never_leaves_the_calendar_and_stays_where_it_was(client, change):
    clock(client, freeze=True, set="2026-12-01T08:00:00")
    assert "out of range" in told(clock(client, **change), 400)
    assert client.get(f"{API}/clock").json["time"] == "2026-12-01T08:00:00"


def test_looking_at_the_control_api_changes_no_answer_of_the_mocked_one():
    def id_after(looks):
        client = create_app(Sample.load("empty").make_world(seed=5)).test_client()
        for _ in range(looks):
            client.get(f"{API}/health")
        return client.get("/v1.1/p/jobs").headers["X-Openstack-Request-Id"]

    assert id_after(3) == id_after(0)


@pytest.mark.parametrize("origin", ["http://[::1", "null", "http://", "x"])
def test_an_origin_that_is_none_is_refused(client, origin):
    assert "another origin" in told(client.get(f"{API}/health", headers={"Origin": origin}), 403)


@pytest.mark.parametrize(("key", "value"), [("now", "x"), ("now", 1e300), ("scale", 0), ("scale", "x"), ("frozen", 1)])
def test_a_snapshot_of_a_clock_that_cannot_be_is_refused(client, key, value):
    client.put(f"{API}/snapshots/s")
    document = client.get(f"{API}/snapshots/s").json
    document["simulation"]["state"]["clock"][key] = value
    assert "invalid state" in told(client.put(f"{API}/worlds/x", json={"snapshot": document}), 400)


def test_a_reset_of_rules_begins_their_windows_by_the_clock_that_stays(client):
    rule = {"on": {"from": "+10s", "until": "+20s"}, "then": {"status": 503}}
    sample = {"simulation": {"rules": [rule]}}
    client.put(f"{API}/worlds/w", json={"snapshot": sample})
    client.post(f"/w/w{API}/clock", json={"freeze": True, "advance": "1h"})
    client.post(f"/w/w{API}/reset", json={"parts": ["rules"]})
    seen = []
    for _ in range(5):
        seen.append(client.get("/w/w/v1.1/p/jobs").status_code)
        client.post(f"/w/w{API}/clock", json={"advance": "5s"})
    assert seen == [200, 200, 503, 503, 200]


def test_an_unknown_key_within_is_told_with_the_nearest(client):
    until = {"execution": "x", "status": "FAILED", "statsu": "x"}
    assert "did you mean status?" in told(clock(client, until=until), 400)


@pytest.mark.parametrize("body", [{"nme": 1}, [1], 3, "x"])
def test_where_nothing_may_be_said_a_body_is_refused(client, body):
    told(client.put(f"{API}/snapshots/s", json=body), 400)
    assert client.get(f"{API}/snapshots").json == {"snapshots": []}


def test_a_body_too_deep_is_refused(client):
    body = '{"parts": ' + "[" * 1000 + "]" * 1000 + "}"
    assert "the body" in told(client.post(f"{API}/reset", data=body), 400)


def test_a_journal_that_keeps_nothing_never_says_that_there_was_nothing():
    client = create_app(Sample.load("empty").make_world(journal=0)).test_client()
    client.get("/v1.1/p/jobs")
    assert client.post(f"{API}/verify", json={"exactly": 0}).status_code == 409


def test_the_journal_keeps_the_body_and_the_path_of_a_request_for_what_is_not_there(client):
    client.post("/v1.1/p/no%20such%3Fpath", json={"a": 1})
    [entry] = client.get(f"{API}/journal").json["entries"]
    assert (entry["url"], entry["body"]) == ("/v1.1/p/no%20such%3Fpath", {"a": 1})


def test_an_entry_explains_a_refusal_and_a_broken_wire(client):
    def explained(**request):
        client.get("/v1.1/p/jobs/x", **request)
        entry = client.get(f"{API}/journal").json["entries"][-1]
        return client.get(f"{API}/journal/{entry['id']}").json["explained"]

    assert any(line.startswith("It says: ") and "'x'" in line for line in explained())
    assert "The wire was broken: empty." in explained(headers={"Prefer": "wire=empty"})


def test_a_whole_reset_lets_the_numbers_of_the_journal_go_on(client):
    client.get("/v1.1/p/jobs")
    client.post(f"{API}/reset")
    client.get("/v1.1/p/jobs")
    assert [entry["number"] for entry in client.get(f"{API}/journal").json["entries"]] == [2]


def test_a_question_that_no_number_can_answer_is_refused(client):
    wanted = {"when": {}, "exactly": 1, "at_least": 2}
    message = told(client.post(f"{API}/verify", json=wanted), 400)
    assert message == "invalid bounds: no number is exactly 1 and at least 2"


@pytest.mark.parametrize("path", ["/clock?freeze=1", "/journal/x?limit=1", "/worlds?name=x"])
def test_a_parameter_that_would_be_passed_over_is_refused(client, path):
    assert told(client.get(f"{API}{path}"), 400).startswith("unknown query parameter '")


def test_a_name_may_end_as_a_file_of_json_does(client):
    assert client.put(f"{API}/worlds/x.json").json == {"name": "x.json", "path": "/w/x.json"}
    assert client.put(f"{API}/snapshots/s.json").json == {"name": "s.json"}


def test_whoever_is_refused_makes_no_world(client):
    assert client.get(f"/w/new{API}/clock", headers={"Origin": "http://elsewhere"}).status_code == 403
    assert client.get(f"{API}/worlds").json == {"worlds": []}


def test_a_name_that_no_world_can_have_is_told_in_the_control_apis_own_shape(client):
    assert "invalid name of a world 'bad@name'" in told(client.get(f"/w/bad@name{API}/clock"), 404)


def cluster(client, plan):
    image = client.get("/v1.1/p/images?tags=fake").json["images"][0]["id"]
    group = {"name": "all", "count": 1, "flavor_id": "2", "node_processes": ["namenode"]}
    body = {
        "name": "new", "plugin_name": "fake", "hadoop_version": "0.1", "default_image_id": image,
        "neutron_management_network": "d9a3bebc-f788-4b81-9a93-aa048022c1ca", "node_groups": [group],
    }  # fmt: skip
    return client.post("/v1.1/p/clusters", json=body, headers={"X-Jobsmock-Plan": plan}).json["cluster"]["id"]


def test_the_clock_jumps_to_the_moment_at_which_a_cluster_has_a_status(client):
    clock(client, freeze=True)
    id = cluster(client, "Validating 10s > Spawning 1h > Active")
    for wanted in ("Spawning", "Active"):
        clock(client, until={"cluster": id, "status": wanted})
        assert client.get(f"/v1.1/p/clusters/{id}").json["cluster"]["status"] == wanted
    client.delete(f"/v1.1/p/clusters/{id}", headers={"X-Jobsmock-Plan": "Deleting 1h > Gone"})
    clock(client, until={"cluster": id, "status": "Gone"})
    assert client.get(f"/v1.1/p/clusters/{id}").status_code == 404


def test_the_clock_jumps_to_the_end_of_an_execution_that_waits_for_its_cluster(client):
    clock(client, freeze=True)
    id = cluster(client, "Validating 1h > Active")
    execution = executed(client, on=id)
    clock(client, until={"execution": execution, "status": "SUCCEEDED"})
    assert status(client, execution) == "SUCCEEDED"


@pytest.mark.parametrize(
    ("until", "code", "why"),
    [
        ({"cluster": "x", "status": "Active"}, 404, "there is no cluster 'x'"),
        ({"cluster": "x", "status": "Activ"}, 400, "did you mean Active?"),
        ({"status": "Active"}, 400, 'expected either an "execution" or a "cluster"'),
        ({"cluster": "x", "execution": "x", "status": "Active"}, 400, 'expected either an "execution" or a "cluster"'),
    ],
)
def test_a_wish_about_a_cluster_that_makes_no_sense_is_refused(client, until, code, why):
    assert why in told(clock(client, until=until), code)


def test_an_entry_tells_how_a_cluster_stands(client):
    id = cluster(client, "Validating 10s > Active")
    answer = client.get(f"/v1.1/p/clusters/{id}")
    entry = client.get(f"{API}/journal/{answer.headers['X-Openstack-Request-Id']}").json
    assert "The cluster is Validating" in entry["explained"][-1]


def test_an_execution_whose_cluster_fails_never_gets_anywhere(client):
    id = cluster(client, "Validating 10s > Error")
    why = told(clock(client, until={"execution": executed(client, on=id), "status": "RUNNING"}), 409)
    assert "the execution waits for its cluster, which is Validating and not Active" in why

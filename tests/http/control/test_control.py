"""The control API: who may use it, its manners, the clock, resets and snapshots."""

import orjson
import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

API = "/_jobsmock"
SOURCE = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
RUN = {"cluster_id": "c1000000-0000-4000-8000-000000000004"}


@pytest.fixture
def app():
    demo = Sample.load("demo")
    worlds = Worlds(WorldFactory(demo, "PENDING 2s > RUNNING 8s > SUCCEEDED", seed=1))
    return create_app(worlds, control_token="open sesame")


@pytest.fixture
def client(app):
    return app.test_client()


def told(answer, code):
    assert answer.status_code == code
    assert answer.json["error"]["code"] == code
    return answer.json["error"]["message"]


def sources(client, prefix=""):
    return len(client.get(f"{prefix}/v1.1/p/data-sources").json["data_sources"])


def executed(client, job="slow-restock", plan="PENDING 2s > RUNNING 8s > SUCCEEDED", on=None):
    id = client.get(f"/v1.1/p/jobs?name={job}").json["jobs"][0]["id"]
    body = {"cluster_id": on} if on else RUN
    answer = client.post(f"/v1.1/p/jobs/{id}/execute", json=body, headers={"X-Jobsmock-Plan": plan})
    return answer.json["job_execution"]["id"]


def status(client, execution):
    return client.get(f"/v1.1/p/job-executions/{execution}").json["job_execution"]["info"]["status"]


def clock(client, **change):
    return client.post(f"{API}/clock", json=change)


# --- manners


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


# --- the clock


def test_a_frozen_clock_stands_and_can_be_advanced(client):
    clock(client, freeze=True)
    execution = executed(client)
    before = client.get(f"{API}/clock").json
    assert status(client, execution) == "PENDING"
    after = clock(client, advance="3s").json
    assert after["now"] == before["now"] + 3
    assert (after["frozen"], status(client, execution)) == (True, "RUNNING")
    clock(client, advance="1h")
    assert status(client, execution) == "SUCCEEDED"


def test_a_clock_can_be_set_scaled_and_resumed(client):
    state = clock(client, freeze=True, set="2030-01-02T03:04:05", scale=60).json
    assert (state["time"], state["scale"]) == ("2030-01-02T03:04:05", 60)
    client.post("/v1.1/p/data-sources", json=SOURCE)
    made = client.get("/v1.1/p/data-sources?name=d").json["data_sources"][0]
    assert made["created_at"] == "2030-01-02T03:04:05"
    assert clock(client, resume=True).json["frozen"] is False


def test_the_clock_may_go_backwards_and_what_has_ended_stays_ended(client):
    clock(client, freeze=True)
    execution = executed(client)
    clock(client, advance="1m")
    assert status(client, execution) == "SUCCEEDED"
    clock(client, set="-1h")
    assert status(client, execution) == "SUCCEEDED"


@pytest.mark.parametrize("wanted", ["RUNNING", "SUCCEEDED"])
def test_the_clock_jumps_to_the_moment_at_which_an_execution_has_a_status(client, wanted):
    clock(client, freeze=True)
    execution = executed(client)
    clock(client, until={"execution": execution, "status": wanted})
    assert status(client, execution) == wanted


@pytest.mark.parametrize(
    ("plan", "wanted", "why"),
    [
        ("RUNNING 5s > FAILED", "SUCCEEDED", "its course is RUNNING > FAILED"),
        ("RUNNING 3 polls > FAILED", "FAILED", "it stays RUNNING until it is polled"),
        ("FAILED", "RUNNING", "the execution has ended: it is FAILED"),
    ],
)
def test_a_wish_that_cannot_come_true_is_a_conflict_that_says_why(client, plan, wanted, why):
    execution = executed(client, plan=plan)
    if plan == "FAILED":
        status(client, execution)
    assert why in told(clock(client, until={"execution": execution, "status": wanted}), 409)


def test_an_execution_that_is_not_there_is_a_404(client):
    assert "there is no execution 'x'" in told(clock(client, until={"execution": "x", "status": "RUNNING"}), 404)


@pytest.mark.parametrize("host", ["evil.example:8386", "evil.example", "localhost.evil.example"])
def test_a_page_whose_name_leads_to_this_machine_is_refused(client, host):
    assert "may lead a page here" in told(client.get(f"{API}/journal", headers={"Host": host}), 403)


@pytest.mark.parametrize("host", ["localhost:8386", "127.0.0.1:1", "[::1]:8386", "shop.localhost"])
def test_this_machine_may_be_called_by_each_of_its_names(client, host):
    assert client.get(f"{API}/journal", headers={"Host": host}).status_code == 200


# --- worlds, resets, snapshots


def test_worlds_are_made_listed_and_removed(client):
    made = client.put(f"{API}/worlds/mine", json={"sample": "empty", "plan": "instant", "seed": 9})
    assert (made.status_code, made.json["path"]) == (201, "/w/mine")
    assert client.get(f"{API}/worlds").json == {"worlds": ["mine"]}
    assert sources(client, "/w/mine") == 0
    assert client.get(f"/w/mine{API}/world").json["settings"]["plan"] == "instant"
    assert client.delete(f"{API}/worlds/mine").status_code == 204
    assert "unknown world 'mine': there is none" in told(client.delete(f"{API}/worlds/mine"), 404)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sample": "dmeo"}, "unknown sample"),
        ({"plan": "fast"}, "unknown profile 'fast'"),
        ({"seed": "x"}, "seed: 'x' is not of type 'integer'"),
        ({"snapshot": {"jbos": []}}, "snapshot: unknown table 'jbos': did you mean jobs?"),
    ],
)
def test_a_world_that_cannot_be_is_not_made(client, settings, message):
    assert message in told(client.put(f"{API}/worlds/mine", json=settings), 400)
    assert client.get(f"{API}/worlds").json == {"worlds": []}


def test_a_reset_lets_a_world_begin_again_and_leaves_the_others(client):
    for prefix in ("", "/w/one"):
        client.post(f"{prefix}/v1.1/p/data-sources", json=SOURCE)
    client.post(f"/w/one{API}/reset")
    assert (sources(client), sources(client, "/w/one")) == (8, 7)


@pytest.mark.parametrize("part", ["records", "rules", "journal", "clock"])
def test_a_reset_of_a_part_leaves_the_others(client, part):
    client.post("/v1.1/p/data-sources", json=SOURCE)
    client.post(f"{API}/rules", json={"id": "calm", "then": {"delay": "0s"}})
    clock(client, freeze=True)

    def parts():
        rules = client.get(f"{API}/rules").json["rules"]
        entries, frozen = client.get(f"{API}/journal").json["entries"], client.get(f"{API}/clock").json["frozen"]
        return {"records": sources(client) == 8, "rules": bool(rules), "journal": bool(entries), "clock": frozen}

    before = parts()
    assert all(before.values())
    assert client.post(f"{API}/reset", json={"parts": [part]}).json == {"reset": [part]}
    assert parts() == {**before, part: False}


def test_a_reset_of_what_is_no_part_is_told_the_parts(client):
    assert "did you mean records?" in told(client.post(f"{API}/reset", json={"parts": ["record"]}), 400)


def test_a_world_with_a_sample_of_its_own_begins_again_with_that(client):
    client.put(f"{API}/worlds/mine", json={"sample": "empty"})
    client.put(f"/w/mine{API}/snapshots/start")
    client.post("/w/mine/v1.1/p/data-sources", json=SOURCE)
    client.post(f"/w/mine{API}/reset")
    assert sources(client, "/w/mine") == 0
    assert client.get(f"/w/mine{API}/snapshots").json == {"snapshots": ["start"]}


@pytest.mark.parametrize("state", [{}, {"clock": {}}, {"clock": 5}])
def test_a_state_that_no_snapshot_wrote_is_refused(client, state):
    made = client.put(f"{API}/worlds/mine", json={"snapshot": {"simulation": {"state": state}}})
    assert "simulation: state: invalid state" in told(made, 400)


def test_a_snapshot_is_taken_shown_restored_and_removed(client):
    assert client.put(f"{API}/snapshots/before").status_code == 201
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert client.get(f"{API}/snapshots").json == {"snapshots": ["before"]}
    client.post(f"{API}/snapshots/before/restore")
    assert sources(client) == 7
    document = client.get(f"{API}/snapshots/before").json
    client.put(f"{API}/worlds/twin", json={"snapshot": document})
    assert sources(client, "/w/twin") == 7
    assert client.delete(f"{API}/snapshots/before").status_code == 204
    assert "unknown snapshot 'before'" in told(client.post(f"{API}/snapshots/before/restore"), 404)


# --- what came up when it was tried hard


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

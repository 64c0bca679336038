"""Rules over HTTP: added, replaced, removed, kept in samples and resets."""

import pytest

from tests.http.control.control_requests import API, told
from tests.http.rule_requests import JOBS, UNAVAILABLE, added, entries, statuses


def test_a_rule_is_added_listed_shown_replaced_and_removed(client):
    assert added(client, UNAVAILABLE, id="flaky") == ("flaky", [])
    [listed] = client.get(f"{API}/rules").json["rules"]
    assert listed == client.get(f"{API}/rules/flaky").json
    assert (listed["id"], listed["then"], listed["when"]) == ("flaky", UNAVAILABLE, {"operation": "jobs.list"})
    replaced = client.put(f"{API}/rules/flaky", json={"then": {"status": 404}})
    assert (replaced.status_code, replaced.json) == (200, {"id": "flaky", "warnings": []})
    assert client.get(JOBS).status_code == 404
    assert client.delete(f"{API}/rules/flaky").status_code == 204
    assert client.get(f"{API}/rules").json == {"rules": []}
    assert client.get(JOBS).status_code == 200


def test_a_rule_without_an_id_gets_one_that_is_free(client):
    assert [added(client, UNAVAILABLE, {"project": name})[0] for name in "ab"] == ["rule-1", "rule-2"]
    client.delete(f"{API}/rules/rule-1")
    assert added(client, UNAVAILABLE)[0] == "rule-3"


def test_all_rules_are_removed_at_once(client):
    added(client, UNAVAILABLE)
    added(client, UNAVAILABLE, {"operation": "jobs.show"})
    assert client.delete(f"{API}/rules").status_code == 204
    assert client.get(f"{API}/rules").json == {"rules": []}
    assert client.get(JOBS).status_code == 200


def test_a_rule_tells_how_often_it_matched_and_acted(client):
    added(client, UNAVAILABLE, id="twice", on={"skip": 1, "times": 1})
    assert statuses(client, 3) == [200, 503, 200]
    state = client.get(f"{API}/rules/twice").json["state"]
    assert (state["matched"], state["acted"]) == (3, 1)
    client.put(f"{API}/rules/twice", json={"then": UNAVAILABLE})
    assert client.get(f"{API}/rules/twice").json["state"]["matched"] == 0


def test_a_rule_as_it_is_listed_can_be_added_elsewhere_and_goes_on_where_it_stood(client):
    added(client, UNAVAILABLE, on={"times": 2})
    assert statuses(client, 1) == [503]
    [document] = client.get(f"{API}/rules").json["rules"]
    assert client.post(f"/w/twin{API}/rules", json=document).status_code == 201
    assert statuses(client, 2, f"/w/twin{JOBS}") == [503, 200]


def test_rules_belong_to_their_world(client):
    client.post(f"/w/one{API}/rules", json={"then": UNAVAILABLE})
    assert statuses(client, 1) == [200]
    assert statuses(client, 1, f"/w/one{JOBS}") == [503]
    assert client.get(f"/w/two{API}/rules").json == {"rules": []}


@pytest.mark.parametrize(
    ("rule", "warning"),
    [
        ({"then": {"delay": "1s"}}, "the earlier rule 'first' answers every request that this one matches"),
        ({"when": {"operation": "jobs.list", "project": "q"}, "then": UNAVAILABLE}, "the earlier rule 'first'"),
        ({"when": {"operation": "jobs.show"}, "on": {"times": 0}, "then": UNAVAILABLE}, "on.times is 0"),
        ({"when": {"operation": "jobs.show"}, "on": {"until": "-1s"}, "then": UNAVAILABLE}, "on.until is in the past"),
    ],
)
def test_a_rule_that_can_never_act_is_added_with_a_warning_that_says_why(client, rule, warning):
    added(client, UNAVAILABLE, id="first")
    answer = client.post(f"{API}/rules", json={"when": {"operation": "jobs.list"}, **rule})
    assert answer.status_code == 201
    [given] = answer.json["warnings"]
    assert given.startswith(warning)
    assert given.endswith("this rule never applies")


@pytest.mark.parametrize(
    ("when", "then", "warning"),
    [
        (
            {"operation": "jobs.list", "method": "POST"},
            UNAVAILABLE,
            "when.method: such requests have the method GET or HEAD: ",
        ),
        (
            {"method": "OPTIONS"},
            UNAVAILABLE,
            "when.method: such requests have the method DELETE or GET or HEAD or PATCH ",
        ),
        (
            {"operation": "jobs.show", "path": "/jobs"},
            UNAVAILABLE,
            "when.path: such requests have the path /job-templates/<id> or /jobs/<id>: ",
        ),
        ({"path": "/v1.1/*"}, UNAVAILABLE, "when.path: such requests have the path "),
        ({"operation": "jobs.*"}, {}, "then is empty: this rule does nothing"),
        ({"operation": "jobs.create"}, {"plan": "stuck"}, "then.plan: only "),
    ],
)
def test_a_rule_that_contradicts_the_urls_is_added_with_a_warning(client, when, then, warning):
    [given] = client.post(f"{API}/rules", json={"when": when, "then": then}).json["warnings"]
    assert given.startswith(warning)


@pytest.mark.parametrize("when", [{"path": "/jobs*"}, {"path": "*/execute"}, {"path": "/jobs/*/execute"}, {}])
def test_a_rule_that_some_request_can_meet_is_added_without_a_warning(client, when):
    assert client.post(f"{API}/rules", json={"when": when, "then": {"plan": "stuck"}}).json["warnings"] == []


def test_replacing_a_rule_warns_of_later_ones_that_it_hides(client):
    added(client, UNAVAILABLE, {"operation": "jobs.show"}, id="first")
    added(client, UNAVAILABLE, {"operation": "jobs.list"}, id="second")
    answer = client.put(f"{API}/rules/first", json={"when": {"operation": "jobs.*"}, "then": UNAVAILABLE})
    warning = "this rule answers every request that the later rule 'second' matches: that one never applies"
    assert answer.json["warnings"] == [warning]


def test_replacing_a_rule_warns_as_adding_one_does(client):
    added(client, UNAVAILABLE, id="first")
    added(client, UNAVAILABLE, {"operation": "jobs.show"}, id="second")
    answer = client.put(f"{API}/rules/second", json={"when": {"operation": "jobs.list"}, "then": UNAVAILABLE})
    assert "rule 'first'" in answer.json["warnings"][0]


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        ({"whn": {}, "then": UNAVAILABLE}, "whn: unknown key: did you mean when?"),
        ({"when": {"operation": "jobs.crate"}, "then": {}}, "unknown operation 'jobs.crate': did you mean jobs.c"),
        ({"when": {"operation": "job.*"}, "then": {}}, "unknown operation 'job.*': did you mean jobs.*?"),
        ({"then": {"wire": "rest"}}, "then.wire: unknown value 'rest': did you mean reset?"),
        ({"then": {"plan": "FALIED"}}, "then.plan: unknown profile 'FALIED'"),
        ({"then": [UNAVAILABLE], "after": "las"}, "after: unknown value 'las': did you mean last?"),
        ({"when": {}}, "then: missing"),
        ({"id": "taken", "then": {}}, "a rule 'taken' exists already"),
        ([], "rule: invalid value []: expected an object"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_what_would_be_right(client, rule, message):
    added(client, UNAVAILABLE, id="taken")
    assert message in told(client.post(f"{API}/rules", json=rule), 400)
    assert [rule["id"] for rule in client.get(f"{API}/rules").json["rules"]] == ["taken"]


@pytest.mark.parametrize("name", ["Connection", "Transfer-Encoding", "Content-Length"])
def test_a_header_that_is_the_servers_own_is_no_rules_to_set(client, name):
    rule = {"then": {"headers": {name: "5"}}}
    assert name in told(client.post(f"{API}/rules", json=rule), 400)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_rule_that_is_not_there_is_a_404_that_names_the_nearest(client, method):
    added(client, UNAVAILABLE, id="flaky-create")
    answer = client.open(f"{API}/rules/flaky-crate", method=method, json={"then": {}})
    assert told(answer, 404) == "unknown rule 'flaky-crate': did you mean flaky-create?"


def test_a_rule_that_cannot_be_leaves_the_one_it_was_to_replace(client):
    added(client, UNAVAILABLE, id="kept")
    told(client.put(f"{API}/rules/kept", json={"then": {"status": 42}}), 400)
    assert "expected 'kept', the id" in told(client.put(f"{API}/rules/kept", json={"id": "other", "then": {}}), 400)
    assert statuses(client, 1) == [503]


def made(client, rules, name="mine"):
    return client.put(f"{API}/worlds/{name}", json={"snapshot": {"simulation": {"rules": rules}}})


def test_a_sample_brings_rules(client):
    made(client, [{"id": "flaky", "when": {"operation": "jobs.list"}, "on": {"times": 1}, "then": UNAVAILABLE}])
    assert statuses(client, 2, f"/w/mine{JOBS}") == [503, 200]
    assert client.get(f"/w/mine{API}/rules/flaky").json["state"]["acted"] == 1


def test_a_rule_of_a_sample_that_cannot_be_is_told_with_its_number(client):
    message = told(made(client, [{"then": {}}, {"then": {"sttus": 503}}]), 400)
    assert "simulation: rules: rule 2: then.sttus: unknown key: did you mean status?" in message


def test_a_snapshot_keeps_rules_and_how_far_they_have_come(client):
    added(client, UNAVAILABLE, on={"times": 2})
    statuses(client, 1)
    client.put(f"{API}/snapshots/here")
    assert statuses(client, 2) == [503, 200]
    client.post(f"{API}/snapshots/here/restore")
    assert statuses(client, 2) == [503, 200]


def test_a_reset_forgets_rules_that_were_added_and_the_journal(client):
    added(client, UNAVAILABLE)
    statuses(client, 1)
    client.post(f"{API}/reset")
    assert client.get(f"{API}/rules").json == {"rules": []}
    assert entries(client) == []
    assert statuses(client, 1) == [200]


@pytest.fixture
def client(demo_client):
    return demo_client

"""Rules as a user meets them over HTTP: the control API that keeps them, what they and `Prefer` do to a request, and
what the journal tells of it. The grammar has tests of its own; here it is the way from a request to its answer that
could lose something.
"""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

API = "/_jobsmock"
JOBS = "/v1.1/p/jobs"
SOURCE = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
CLUSTER = "c1000000-0000-4000-8000-000000000004"
UNAVAILABLE = {"status": 503}


@pytest.fixture(scope="module")
def demo():
    return Sample.load("demo")


@pytest.fixture
def client(demo):
    return create_app(Worlds(WorldFactory(demo, seed=1))).test_client()


def told(answer, code):
    assert answer.status_code == code
    assert answer.json["error"]["code"] == code
    return answer.json["error"]["message"]


def added(client, then, when=None, **more):
    """Adds a rule, on jobs.list if nothing else is said; its id and its warnings."""
    answer = client.post(f"{API}/rules", json={"when": when or {"operation": "jobs.list"}, "then": then, **more})
    assert answer.status_code == 201, answer.json
    return answer.json["id"], answer.json["warnings"]


def prefer(client, wish, path=JOBS):
    return client.get(path, headers={"Prefer": wish})


def statuses(client, count, path=JOBS):
    return [client.get(path).status_code for _ in range(count)]


def sources(client):
    return len(client.get("/v1.1/p/data-sources").json["data_sources"])


def execute(client, prefix="", configs=None, headers=None):
    """Runs a job of the sample; the answer."""
    id = client.get(f"{prefix}{JOBS}?name=slow-restock").json["jobs"][0]["id"]
    body = {"cluster_id": CLUSTER, "job_configs": {"configs": configs or {}}}
    answer = client.post(f"{prefix}{JOBS}/{id}/execute", json=body, headers=headers)
    assert answer.status_code == 202, answer.json
    return answer


def reason(client, executed, prefix=""):
    """Why an execution failed, which tells whose plan it followed."""
    path = f"{prefix}/v1.1/p/job-executions/{executed.json['job_execution']['id']}"
    return client.get(path).json["job_execution"]["info"].get("reason")


def entries(client, filters=""):
    return client.get(f"{API}/journal{filters}").json["entries"]


def entry_of(client, answer):
    """The journal's entry on the request that was answered so."""
    return client.get(f"{API}/journal/{answer.headers['X-Openstack-Request-Id']}").json


# --- keeping rules


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


# --- what rules do


def test_a_rule_answers_in_the_shape_of_the_services_own_errors(client):
    added(client, UNAVAILABLE, id="flaky")
    answer = client.get(JOBS)
    assert (answer.status_code, answer.mimetype) == (503, "application/json")
    assert list(answer.json) == ["error_code", "error_message", "error_name"]
    assert (answer.json["error_code"], answer.json["error_name"]) == (503, "SERVICE_UNAVAILABLE")
    message, _, id = answer.json["error_message"].partition("\nError ID: ")
    assert (message, len(id)) == ("Service Unavailable", 36)
    assert answer.headers["X-Jobsmock-Rule"] == "flaky"


@pytest.mark.parametrize(
    ("then", "code", "name", "message"),
    [
        ({"error": {"name": "OUT_OF_LUCK", "message": "No luck today"}}, 500, "OUT_OF_LUCK", "No luck today"),
        ({"status": 409, "error": {"message": "Taken"}}, 409, "CONFLICT", "Taken"),
        ({"status": 400, "error": {"name": "ODD"}}, 400, "ODD", "Bad Request"),
        ({"status": 599}, 599, "UNKNOWN_ERROR", "Error 599"),
    ],
)
def test_an_error_has_the_name_and_message_of_its_rule(client, then, code, name, message):
    added(client, then)
    answer = client.get(JOBS)
    assert (answer.status_code, answer.json["error_code"], answer.json["error_name"]) == (code, code, name)
    assert answer.json["error_message"].startswith(f"{message}\nError ID: ")


@pytest.mark.parametrize(
    ("body", "sent", "kind"),
    [
        ({"jobs": [1, None]}, b'{"jobs":[1,null]}', "application/json"),
        ([], b"[]", "application/json"),
        (None, b"null", "application/json"),
        ("<html>Bad gateway, sö</html>", "<html>Bad gateway, sö</html>".encode(), "text/plain"),
        ("", b"", "text/plain"),
    ],
)
def test_a_body_is_sent_as_json_or_if_it_is_a_text_as_that(client, body, sent, kind):
    added(client, {"status": 502, "body": body})
    answer = client.get(JOBS)
    assert (answer.status_code, answer.data, answer.mimetype) == (502, sent, kind)


def test_a_body_alone_is_a_200(client):
    added(client, {"body": {"jobs": []}})
    answer = client.get(JOBS)
    assert (answer.status_code, answer.json) == (200, {"jobs": []})


def test_headers_of_a_rule_are_added_to_its_answer_and_to_the_services_own(client):
    added(client, {"status": 429, "headers": {"Retry-After": "7", "content-type": "application/problem+json"}})
    added(client, {"headers": {"Warning": "199 - slow"}}, {"operation": "plugins.list"})
    answer = client.get(JOBS)
    assert (answer.headers["Retry-After"], answer.headers["Content-Type"]) == ("7", "application/problem+json")
    answer = client.get("/v1.1/p/plugins")
    assert (answer.status_code, answer.headers["Warning"]) == (200, "199 - slow")
    assert answer.json["plugins"]


def test_an_answer_names_all_rules_that_acted_and_none_where_none_did(client):
    added(client, {"headers": {"X-One": "1"}}, id="one")
    added(client, UNAVAILABLE, id="two")
    added(client, {"headers": {"X-Three": "3"}}, id="three")
    answer = client.get(JOBS)
    assert answer.headers["X-Jobsmock-Rule"] == "one, two"
    assert ("X-One" in answer.headers, "X-Three" in answer.headers) == (True, False)
    assert "X-Jobsmock-Rule" not in client.get("/v1.1/p/plugins").headers


def test_pages_of_other_origins_may_read_which_rule_acted(client):
    added(client, UNAVAILABLE, id="flaky")
    answer = client.get(JOBS, headers={"Origin": "http://page.example"})
    assert answer.headers["X-Jobsmock-Rule"] == "flaky"
    assert "X-Jobsmock-Rule" in answer.headers["Access-Control-Expose-Headers"]


@pytest.mark.parametrize(("commit", "more"), [(True, 1), (False, 0)])
def test_a_rule_that_commits_does_the_work_and_then_fails(client, commit, more):
    before = sources(client)
    added(client, UNAVAILABLE, {"operation": "data-sources.create"}, commit=commit)
    assert client.post("/v1.1/p/data-sources", json=SOURCE).status_code == 503
    assert sources(client) == before + more


def test_what_the_service_refuses_is_not_done_whatever_a_rule_commits(client):
    before = sources(client)
    added(client, UNAVAILABLE, {"operation": "data-sources.create"}, commit=True)
    assert client.post("/v1.1/p/data-sources", json={"name": "d"}).status_code == 503
    assert sources(client) == before


@pytest.mark.parametrize(
    ("after", "course"),
    [
        ("pass", [503, 429, 200, 200, 200]),
        ("repeat", [503, 429, 503, 429, 503]),
        ("last", [503, 429, 429, 429, 429]),
    ],
)
def test_a_list_is_taken_one_by_one_and_after_says_what_follows(client, after, course):
    added(client, [UNAVAILABLE, {"status": 429}], after=after)
    assert statuses(client, 5) == course


def test_a_list_that_does_not_say_what_follows_lets_the_rest_pass(client):
    added(client, [UNAVAILABLE])
    assert statuses(client, 2) == [503, 200]


@pytest.mark.parametrize(
    ("pattern", "hit"),
    [
        ("*", ["jobs", "plugins", "job-executions"]),
        ("jobs.*", ["jobs"]),
        ("job*.list", ["jobs", "job-executions"]),
        ("*.show", []),
    ],
)
def test_a_star_stands_for_anything_in_the_name_of_an_operation(client, pattern, hit):
    added(client, UNAVAILABLE, {"operation": pattern})
    names = ("jobs", "plugins", "job-executions")
    assert [name for name in names if client.get(f"/v1.1/p/{name}").status_code == 503] == hit


@pytest.mark.parametrize(
    ("when", "hit"),
    [
        ({"body": {"type": "hdfs"}}, True),
        ({"body": {"url": "hdfs://*"}}, True),
        ({"body": {"type": "swift"}}, False),
        ({"body": {"credentials": {"user": "*"}}}, False),
        ({"project": "p"}, True),
        ({"project": "q"}, False),
        ({"method": ["POST", "PUT"]}, True),
        ({"path": "/data-sources"}, True),
        ({"path": "/v1.1/*"}, False),
        ({"header": {"x-try": "2*"}}, True),
        ({"header": {"X-Try": None}}, False),
        ({"header": {"Content-Type": "application/json"}}, True),
        ({"query": {"page": "3"}}, True),
        ({"query": {"page": "4"}}, False),
    ],
)
def test_a_rule_is_about_requests_that_look_as_it_says(client, when, hit):
    added(client, UNAVAILABLE, when)
    answer = client.post("/v1.1/p/data-sources?page=3", json=SOURCE, headers={"X-Try": "2nd"})
    assert answer.status_code == (503 if hit else 202)


@pytest.mark.parametrize("path", ["/v1.1/jobs", "/v1.1/j/jobs", "/v1.1/j/jobs.json", "/w/one/v1.1/j/jobs"])
def test_the_path_of_a_rule_is_below_world_version_and_project(client, path):
    prefix = "/w/one" if path.startswith("/w/") else ""
    client.post(f"{prefix}{API}/rules", json={"when": {"path": "/jobs"}, "then": UNAVAILABLE})
    assert client.get(path).status_code == 503


def test_windows_of_rules_are_on_the_worlds_clock(client):
    client.post(f"{API}/clock", json={"freeze": True})
    added(client, UNAVAILABLE, on={"from": "+10s", "until": "+1m"})
    seen = []
    for step in ("1s", "9s", "49s", "1s"):
        client.post(f"{API}/clock", json={"advance": step})
        seen += statuses(client, 1)
    assert seen == [200, 503, 503, 200]


def test_chance_is_the_same_for_the_same_seed(client):
    courses = []
    for name in ("one", "two"):
        client.put(f"{API}/worlds/{name}", json={"seed": 7})
        client.post(f"/w/{name}{API}/rules", json={"on": {"probability": 0.5}, "then": UNAVAILABLE})
        courses.append(statuses(client, 20, f"/w/{name}{JOBS}"))
    assert courses[0] == courses[1]
    assert set(courses[0]) == {200, 503}


# --- plans


def test_a_rule_gives_executions_a_plan(client):
    added(client, {"plan": "FAILED (by the rule)"}, {"operation": "jobs.execute"}, id="doomed")
    executed = execute(client)
    assert executed.headers["X-Jobsmock-Rule"] == "doomed"
    assert reason(client, executed) == "by the rule"


def test_a_plan_in_a_header_beats_job_configs_which_beat_a_rule_which_beats_the_jobs_own(client):
    client.put(f"{API}/snapshots/demo")
    document = client.get(f"{API}/snapshots/demo").json
    for job in document["jobs"]:
        job["plan"] = "FAILED (job)"
    assert client.put(f"{API}/worlds/own", json={"snapshot": document}).status_code == 201
    assert reason(client, execute(client, "/w/own"), "/w/own") == "job"
    client.post(f"/w/own{API}/rules", json={"when": {"operation": "jobs.execute"}, "then": {"plan": "FAILED (rule)"}})
    header, configs = {"X-Jobsmock-Plan": "FAILED (header)"}, {"jobsmock.plan": "FAILED (configs)"}
    assert reason(client, execute(client, "/w/own"), "/w/own") == "rule"
    assert reason(client, execute(client, "/w/own", configs), "/w/own") == "configs"
    assert reason(client, execute(client, "/w/own", configs, header), "/w/own") == "header"


def test_the_first_of_two_rules_with_plans_wins(client):
    for name in ("first", "second"):
        added(client, {"plan": f"FAILED ({name})"}, {"operation": "jobs.execute"})
    assert reason(client, execute(client)) == "first"


# --- samples and resets


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


# --- Prefer


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ("code=503", 503),
        ("CODE=404", 404),
        ('code="429"', 429),
        ("delay=0ms, code=502", 502),
        ("delay=0ms", 200),
        ("delay=0ms..1ms", 200),
        ("respond-async, wait=10", 200),
        ("return=minimal; code=500", 500),
    ],
)
def test_a_request_may_wish_its_own_answer(client, wish, code):
    answer = prefer(client, wish)
    assert answer.status_code == code
    assert code == 200 or answer.json["error_code"] == code
    assert "X-Jobsmock-Rule" not in answer.headers


def test_a_wished_error_is_instead_of_the_work(client):
    before = sources(client)
    answer = client.post("/v1.1/p/data-sources", json=SOURCE, headers={"Prefer": "code=503"})
    assert (answer.status_code, sources(client)) == (503, before)


@pytest.mark.parametrize("wish", ["delay=lognormal(1ms, 2ms)", 'delay="lognormal(1ms, 2ms)", code=503'])
def test_a_delay_may_be_wished_in_each_of_its_forms(client, wish):
    assert prefer(client, wish).status_code == (503 if "code" in wish else 200)


@pytest.mark.parametrize(
    ("wish", "message"),
    [
        ("code=99", "Prefer: code: invalid status '99': expected a number from 200 to 599"),
        ("code=101", "Prefer: code: invalid status '101'"),
        ("code", "Prefer: code: invalid status ''"),
        (
            "delay=soon",
            "Prefer: delay: invalid delay 'soon': expected a value such as 2s, 200ms..2s or lognormal(100ms, 2s)",
        ),
        (
            "wire=rest",
            "Prefer: wire: invalid value 'rest': expected one of reset, empty, garbage, truncate, hang, close",
        ),
    ],
)
def test_a_wish_that_cannot_be_is_a_400_that_says_what_can(client, wish, message):
    answer = prefer(client, wish)
    assert (answer.status_code, answer.json["error_name"]) == (400, "INVALID_DATA")
    assert answer.json["error_message"].startswith(message)


def test_a_wish_that_cannot_be_uses_up_no_rule(client):
    added(client, UNAVAILABLE, id="once", on={"times": 1})
    assert prefer(client, "code=99").status_code == 400
    assert client.get(f"{API}/rules/once").json["state"]["acted"] == 0
    assert statuses(client, 1) == [503]


def test_a_wish_goes_before_a_rule(client):
    added(client, UNAVAILABLE, id="flaky")
    answer = prefer(client, "code=429")
    assert (answer.status_code, answer.headers["X-Jobsmock-Rule"]) == (429, "flaky")


# --- the journal


def test_the_journal_tells_what_was_asked_and_what_was_answered(client):
    added(client, UNAVAILABLE, {"operation": "data-sources.create"}, id="flaky")
    answer = client.post("/v1.1/p/data-sources?a=1", json=SOURCE)
    [entry] = entries(client)
    assert entry["id"] == answer.headers["X-Openstack-Request-Id"]
    assert (entry["method"], entry["url"]) == ("POST", "/v1.1/p/data-sources?a=1")
    assert (entry["operation"], entry["project"], entry["status"]) == ("data-sources.create", "p", 503)
    assert (entry["body"], entry["query"], entry["answer"]) == (SOURCE, {"a": ["1"]}, answer.json)
    assert (entry["acted"], entry["looked_at"]) == (["flaky"], ["flaky: acted, number 1: status 503"])
    assert entry["body_size"] == len(json.dumps(SOURCE))


def test_the_journal_is_filtered(client):
    for path in ("/v1.1/p/jobs", "/v1.1/q/jobs", "/v1.1/p/plugins", "/v1.1/p/jobs/none"):
        client.get(path)

    def numbers(filters):
        return [entry["number"] for entry in entries(client, filters)]

    assert numbers("?operation=jobs.list") == [1, 2]
    assert numbers("?operation=jobs.*") == [1, 2, 4]
    assert numbers("?project=p") == [1, 3, 4]
    assert numbers("?path=/jobs*") == [1, 2, 4]
    assert numbers("?method=get&status=404") == [4]
    assert numbers("?after=2") == [3, 4]
    assert numbers("?after=1&limit=2") == [2, 3]
    assert numbers("?after=4") == []


@pytest.mark.parametrize(
    ("filters", "message"),
    [
        ("?oper=x", "unknown query parameter 'oper': did you mean operation?"),
        ("?operation=jobs.lst", "unknown operation 'jobs.lst': did you mean jobs.list?"),
        ("?after=x", "after: invalid value 'x': expected a whole number"),
        ("?status=-1", "status: invalid value '-1': expected a whole number"),
        ("?format=hra", "format: unknown value 'hra': did you mean har?"),
    ],
)
def test_a_filter_that_cannot_be_is_told_what_can(client, filters, message):
    assert message in told(client.get(f"{API}/journal{filters}"), 400)


def test_a_journal_that_was_cleared_goes_on_counting(client):
    statuses(client, 2)
    assert client.delete(f"{API}/journal").status_code == 204
    assert entries(client) == []
    statuses(client, 1)
    assert [entry["number"] for entry in entries(client)] == [3]


def test_what_controls_the_mock_is_not_in_the_journal(client):
    for path in ("/health", "/clock", "/rules", "/journal", "/nothing"):
        client.get(API + path)
    client.post(f"{API}/verify", json={})
    assert entries(client) == []


def test_rules_and_wishes_do_not_touch_the_control_api(client):
    client.post(f"{API}/rules", json={"then": UNAVAILABLE})
    assert client.get(f"{API}/health", headers={"Prefer": "code=500"}).json == {"status": "ok"}


def test_each_world_has_a_journal_of_its_own(client):
    client.get(f"/w/one{JOBS}")
    assert entries(client) == []
    [entry] = client.get(f"/w/one{API}/journal").json["entries"]
    assert entry["url"] == f"/w/one{JOBS}"


def test_an_entry_explains_itself(client):
    added(client, {"headers": {"X-One": "1"}}, {"project": "q"}, id="elsewhere")
    added(client, UNAVAILABLE, id="chancy", on={"skip": 1, "probability": 1})
    first, second = client.get(JOBS), client.get(JOBS)
    explained = entry_of(client, first)["explained"]
    assert explained[0] == "GET /v1.1/p/jobs is jobs.list, for project p."
    assert "elsewhere: project is 'p', not 'q'." in explained
    assert "chancy: the first 1 are skipped, and this is number 1." in explained
    assert "No rule acted." in explained
    assert explained[-1].startswith("The answer was 200, after ")
    assert "chancy: acted, number 1: status 503." in entry_of(client, second)["explained"]


def test_an_entry_tells_what_was_drawn(client):
    added(client, UNAVAILABLE, id="chancy", on={"probability": 0.5})
    entry = entry_of(client, client.get(JOBS))
    drawn = entry["drawn"]["chancy"]["probability"]
    assert (drawn < 0.5) == (entry["status"] == 503)
    assert any(str(drawn) in line for line in entry["explained"])


def test_an_entry_explains_where_its_execution_stands(client):
    client.post(f"{API}/clock", json={"freeze": True})
    executed = execute(client, headers={"X-Jobsmock-Plan": "RUNNING 5s > FAILED"})
    client.post(f"{API}/clock", json={"advance": "2s"})
    told = entry_of(client, executed)["explained"][-1]
    assert told.startswith("The execution is RUNNING, 2.0s into its course")
    assert told.endswith("drawn from the plan of X-Jobsmock-Plan as RUNNING 5s > FAILED.")


def test_an_entry_explains_whose_plan_its_execution_follows(client):
    added(client, {"plan": "RUNNING 1 poll > FAILED"}, {"operation": "jobs.execute"})
    by_rule, by_header = execute(client), execute(client, headers={"X-Jobsmock-Plan": "stuck"})
    assert "from the plan of the rule as RUNNING 1 poll > FAILED." in entry_of(client, by_rule)["explained"][-1]
    assert "from the plan of X-Jobsmock-Plan as " in entry_of(client, by_header)["explained"][-1]
    client.delete(f"/v1.1/p/job-executions/{by_rule.json['job_execution']['id']}")
    assert entry_of(client, by_rule)["explained"][-1] == "The execution is not there any more."


def test_an_entry_explains_what_a_rule_did(client):
    added(client, {"delay": "1ms", "status": 503, "headers": {"Retry-After": "1"}, "wire": "truncate"}, commit=True)
    line = "rule-1: acted, number 1: delay 0.001 s, status 503, headers Retry-After, wire truncate, after the work"
    assert any(told.startswith(line) for told in entry_of(client, client.get(JOBS))["explained"])


def test_an_entry_explains_an_answer_that_the_request_itself_wished(client):
    explained = entry_of(client, prefer(client, "code=503"))["explained"]
    assert any("Prefer" in line and "503" in line for line in explained), explained


def test_a_request_that_could_not_be_read_is_told_by_its_operation_and_project_all_the_same(client):
    entry = entry_of(client, client.post(JOBS, data=b"{", content_type="application/json"))
    assert (entry["operation"], entry["project"]) == ("jobs.create", "p")


def test_a_request_for_what_is_not_there_is_in_the_journal(client):
    entry = entry_of(client, client.get("/v1.1/p/nothing"))
    assert (entry["operation"], entry["status"], entry["url"]) == (None, 404, "/v1.1/p/nothing")


@pytest.mark.parametrize("wire", ["reset", "empty", "hang"])
def test_where_no_answer_was_sent_the_journal_tells_of_none(client, wire):
    added(client, {"wire": wire})
    client.get(JOBS)
    [entry] = entries(client)
    assert (entry["status"], entry["acted"]) == (0, ["rule-1"])


def test_an_entry_that_is_not_there_is_a_404(client):
    statuses(client, 2)
    assert told(client.get(f"{API}/journal/req-x"), 404).startswith(
        "unknown request 'req-x': the journal has the newest 2"
    )


def test_secrets_are_masked_wherever_the_journal_is_read(client):
    body = {**SOURCE, "type": "swift", "url": "swift://c/o", "credentials": {"user": "u", "password": "hush-1"}}
    headers = {"X-Auth-Token": "hush-2", "Authorization": "Basic hush-3", "Cookie": "s=hush-4"}
    answer = client.post("/v1.1/p/data-sources?token=hush-5", json=body, headers=headers)
    assert answer.status_code == 202
    texts = [client.get(f"{API}/journal{form}").text for form in ("", "?format=curl", "?format=har")]
    texts.append(client.get(f"{API}/journal/{answer.headers['X-Openstack-Request-Id']}").text)
    texts.append(client.post(f"{API}/verify", json={"when": {"body": {"credentials": {"password": "x"}}}}).text)
    assert [text for text in texts if "hush" in text] == []
    [entry] = entries(client)
    assert (entry["headers"]["x-auth-token"], entry["body"]["credentials"]) == ("***", {"user": "u", "password": "***"})


def test_the_journal_is_exported_as_lines_for_curl(client):
    client.get(JOBS, headers={"X-Auth-Token": "t"})
    client.post(f"/w/one{JOBS}", json={"name": "it's"})
    answer = client.get(f"{API}/journal?format=curl")
    assert answer.mimetype == "text/plain"
    assert answer.text == f'curl -X GET -H "X-Auth-Token: $OS_TOKEN" http://localhost{JOBS}\n'
    line = client.get(f"/w/one{API}/journal?format=curl").text
    assert line.endswith(f" http://localhost/w/one{JOBS}\n")


def test_the_journal_is_exported_as_an_http_archive(client):
    added(client, UNAVAILABLE)
    client.get(f"{JOBS}?limit=1")
    client.get("/v1.1/p/plugins")
    log = client.get(f"{API}/journal?format=har&operation=jobs.*").json["log"]
    assert (log["version"], log["creator"]["name"]) == ("1.2", "jobsmock")
    [entry] = log["entries"]
    assert entry["request"]["url"] == f"http://localhost{JOBS}?limit=1"
    assert entry["request"]["queryString"] == [{"name": "limit", "value": "1"}]
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (503, "Service Unavailable")


# --- verify


def verified(client, **wanted):
    answer = client.post(f"{API}/verify", json=wanted)
    assert answer.json["ok"] == (answer.status_code == 200)
    return answer.status_code, answer.json


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({}, 200),
        ({"exactly": 2}, 200),
        ({"exactly": 1}, 409),
        ({"at_least": 2}, 200),
        ({"at_least": 3}, 409),
        ({"at_most": 2}, 200),
        ({"at_most": 1}, 409),
        ({"at_least": 1, "at_most": 3}, 200),
        ({"exactly": 0}, 409),
    ],
)
def test_verify_says_whether_as_many_requests_came_as_are_wanted(client, wanted, code):
    statuses(client, 2)
    client.get("/v1.1/p/plugins")
    status, told = verified(client, when={"operation": "jobs.list"}, **wanted)
    assert (status, told["count"]) == (code, 2)


def test_that_nothing_came_can_be_verified(client):
    assert verified(client, when={"operation": "jobs.delete"}, exactly=0)[0] == 200
    assert verified(client, when={"operation": "jobs.delete"})[0] == 409


def test_what_was_wanted_and_did_not_come_is_told_with_the_nearest_misses(client):
    client.get("/v1.1/p/plugins")
    client.post("/v1.1/p/data-sources", json=SOURCE)
    code, told = verified(client, when={"operation": "data-sources.create", "body": {"name": "e"}})
    assert (code, told["message"]) == (409, "Requests that match: wanted at least 1, found 0.")
    nearest = told["nearest"][0]
    assert (nearest["method"], nearest["url"], nearest["number"]) == ("POST", "/v1.1/p/data-sources", 2)
    assert nearest["differences"] == ["body.name is 'd', not 'e'"]


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ({"exactl": 1}, "('exactl' was unexpected): did you mean exactly?"),
        ({"exactly": -1}, "exactly: -1 is no number of requests"),
        ({"at_least": True}, "at_least: True is no number of requests"),
        ({"when": {"operation": "jobs.lst"}}, "unknown operation 'jobs.lst': did you mean jobs.list?"),
        ({"when": {"oprtion": "x"}}, "when.oprtion: unknown key: did you mean operation?"),
    ],
)
def test_a_question_that_cannot_be_is_told_what_can(client, wanted, message):
    assert message in told(client.post(f"{API}/verify", json=wanted), 400)

"""What rules, and the header Prefer, do to requests, over HTTP."""

import pytest

from tests.http.control.control_requests import API, SOURCE
from tests.http.rule_requests import JOBS, UNAVAILABLE, added, execute, prefer, statuses


def sources(client):
    return len(client.get("/v1.1/p/data-sources").json["data_sources"])


def reason(client, executed, prefix=""):
    """Why an execution failed, which tells whose plan it followed."""
    path = f"{prefix}/v1.1/p/job-executions/{executed.json['job_execution']['id']}"
    return client.get(path).json["job_execution"]["info"].get("reason")


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


@pytest.fixture
def client(demo_client):
    return demo_client

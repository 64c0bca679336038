"""The journal over HTTP: its entries, what they explain, and verify."""

import json

import pytest

from tests.http.control.control_requests import API, SOURCE, told
from tests.http.rule_requests import JOBS, UNAVAILABLE, added, entries, execute, prefer, statuses


def entry_of(client, answer):
    """The journal's entry on the request that was answered so."""
    return client.get(f"{API}/journal/{answer.headers['X-Openstack-Request-Id']}").json


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
    assert explained[-1].startswith("The response was 200, after ")
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


@pytest.fixture
def client(demo_client):
    return demo_client

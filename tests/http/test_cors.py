"""What a browser needs before a page of another origin may send a request and read the answer."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.http.request import LARGEST_BODY
from jobsmock.samples.sample import Sample

ORIGIN = {"Origin": "http://localhost:3000"}
READABLE = {"content-type", "content-length", "cache-control", "expires", "last-modified", "pragma", "content-language"}


def preflight(client, path, method="GET", **more):
    asked = {"Access-Control-Request-Method": method, **more}
    return client.open(path, method="OPTIONS", headers=ORIGIN | asked)


def check_readable(answer):
    """A page that sends credentials may read the answer, and each of its headers."""
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Origin" in answer.headers["Vary"].split(", ")
    shown = {name.strip().lower() for name in answer.headers.get("Access-Control-Expose-Headers", "").split(",")}
    carried = {name.lower() for name, _ in answer.headers if not name.startswith("Access-Control-")}
    assert carried - READABLE == shown - {""}


@pytest.fixture
def strict():
    return create_app(Sample.load("demo").make_world(is_strict=True)).test_client()


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("header", ["X-Auth-Token", "Content-Type", "Prefer", "X-Jobsmock-Plan", "X-Project-Id"])
def test_a_preflight_allows_what_clients_use_without_a_token(client, method, header):
    answer = preflight(client, "/v1.1/p/jobs/x", method, **{"Access-Control-Request-Headers": header})
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    assert method in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Headers"].lower() == header.lower()
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize(
    "path", ["/nothing", "/v1.1/p/jobs/x/nothing", "/v1.1/p//jobs", "/v3/nothing", "/w/%20/x", "/"]
)
def test_a_preflight_is_answered_where_the_request_will_be_refused_or_led_elsewhere(client, path):
    answer = preflight(client, path, "FROBNICATE")
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN["Origin"]


def test_a_preflight_to_a_strict_cloud_needs_no_token(strict):
    assert preflight(strict, "/v1.1/p/jobs").status_code == 200
    assert preflight(strict, "/v3/projects").status_code == 200


def test_a_page_on_a_public_network_may_reach_a_mock_on_a_private_one(client):
    answer = preflight(client, "/v1.1/p/jobs", **{"Access-Control-Request-Private-Network": "true"})
    assert answer.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Private-Network" not in preflight(client, "/v1.1/p/jobs").headers


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1.1/p/jobs", 200),
        ("GET", "/v2/p/job-templates", 200),
        ("GET", "/v1.1/p/jobs/x", 404),
        ("GET", "/nothing", 404),
        ("GET", "/w/%20/v1.1/p/jobs", 404),
        ("GET", "/v3/nothing", 404),
        ("DELETE", "/v1.1/p/jobs", 405),
        ("GET", "/v1.1/p//jobs", 308),
        ("GET", "/", 300),
        ("HEAD", "/v1.1/p/jobs", 200),
    ],
)
def test_answers_errors_included_may_be_read_by_any_page(client, method, path, status):
    answer = client.open(path, method=method, headers=ORIGIN)
    assert answer.status_code == status
    check_readable(answer)


def test_what_a_page_is_refused_it_may_read(strict, client):
    for path in ("/v1.1/p/jobs", "/v3/projects"):
        answer = strict.get(path, headers=ORIGIN)
        assert answer.status_code == 401
        assert "WWW-Authenticate" in answer.headers["Access-Control-Expose-Headers"]
        check_readable(answer)
    too_long = client.put("/v1.1/p/job-binary-internals/x", data=b"x" * (LARGEST_BODY + 1), headers=ORIGIN)
    assert too_long.status_code == 413
    check_readable(too_long)


def test_headers_of_a_rule_may_be_read_and_those_of_cors_are_its_own(client):
    headers = {"Retry-After": "1", "X-Shop": "closed", "Access-Control-Allow-Origin": "http://elsewhere.example"}
    rule = {"when": {"operation": "jobs.list"}, "then": {"status": 503, "headers": headers}}
    client.post("/_jobsmock/rules", json=rule)
    answer = client.get("/v1.1/p/jobs", headers=ORIGIN)
    assert {"Retry-After", "X-Shop", "X-Jobsmock-Rule"} <= set(
        answer.headers["Access-Control-Expose-Headers"].split(", ")
    )
    assert answer.headers.getlist("Access-Control-Allow-Origin") == ["http://elsewhere.example"]


def test_headers_of_an_operation_may_be_read(client):
    login = {"auth": {"identity": {"methods": ["password"], "password": {"user": {"name": "u", "password": "p"}}}}}
    answer = client.post("/v3/auth/tokens", json=login, headers=ORIGIN)
    assert "X-Subject-Token" in answer.headers["Access-Control-Expose-Headers"]
    check_readable(answer)


def test_an_answer_to_no_page_says_nothing_of_pages(client):
    assert not [name for name, _ in client.get("/v1.1/p/jobs").headers if name.startswith("Access-Control-")]


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_the_control_api_lets_no_page_of_another_origin_read_anything(client, method):
    asked = ORIGIN | {"Access-Control-Request-Method": "GET"}
    for path in ("/_jobsmock/health", "/_jobsmock/nothing", "/w/a/_jobsmock/rules", "/w/%20/_jobsmock/rules"):
        answer = client.open(path, method=method, headers=asked)
        assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]

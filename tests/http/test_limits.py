"""What grows with what clients send: each has a bound, and the refusal names the option that raises it."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.limits import KIB, MIB, Limits, format_size
from jobsmock.world.worlds import Worlds

API = "/_jobsmock"
RULE = {"then": {"status": 503}, "when": {"operation": "jobs.list"}}
KEYPAIRS = "/compute/v2.1/os-keypairs"


@pytest.fixture
def limited():
    """Makes a client of a server with those limits."""

    def make(**limits):
        return create_app(Worlds(WorldFactory(Sample.load("empty"), limits=Limits()._replace(**limits)))).test_client()

    return make


def source(number=0, **more):
    return {"name": f"source-{number}", "type": "hdfs", "url": "hdfs://node/in", **more}


def fill(client, most=200):
    """Creates data sources until that is refused; the refusal."""
    for number in range(most):
        answer = client.post("/v1.1/p/data-sources", json=source(number, description="x" * 1000))
        if answer.status_code != 202:
            return answer
    return pytest.fail("nothing was refused")


def login(client, name):
    user = {"name": name, "domain": {"id": "default"}, "password": "any"}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": {"project": {"name": "demo"}}}
    return client.post("/v3/auth/tokens", json={"auth": auth})


def told(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json["error"]["message"]


def test_snapshots_are_bounded_by_number_and_one_may_take_the_place_of_its_namesake(limited):
    client = limited(snapshots=2)
    for name in ("one", "two", "two"):
        assert client.put(f"{API}/snapshots/{name}").status_code == 201
    assert told(client.put(f"{API}/snapshots/three"), 409) == (
        "there are 2 snapshots in this world, as many as --max-snapshots allows; "
        "remove some, or start the server with a larger --max-snapshots"
    )
    client.delete(f"{API}/snapshots/one")
    assert client.put(f"{API}/snapshots/three").status_code == 201
    assert client.put(f"/w/other{API}/snapshots/one").status_code == 201


def test_snapshots_are_bounded_by_size(limited):
    client = limited(size=60 * KIB)
    answers = [client.put(f"{API}/snapshots/{number}") for number in range(20)]
    assert answers[0].status_code == 201
    assert told(answers[-1], 409).startswith("the snapshots of a world may take 60KiB (--max-world-size)")


def test_rules_are_bounded_by_number_and_by_size(limited):
    client = limited(rules=2)
    for _ in range(2):
        assert client.post(f"{API}/rules", json=RULE).status_code == 201
    assert "there are 2 rules in this world, as many as --max-rules allows" in told(
        client.post(f"{API}/rules", json=RULE), 409
    )
    client.delete(f"{API}/rules/rule-1")
    assert client.post(f"{API}/rules", json=RULE).status_code == 201
    client = limited(size=100 * KIB)
    for _ in range(2):
        answer = client.post(f"{API}/rules", json={**RULE, "then": {"body": "x" * 100_000}})
    assert "--max-world-size" in told(answer, 409)
    assert "--max-world-size" in told(client.put(f"{API}/rules/rule-1", json=RULE), 409)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/v1.1/p/jobs", {"name": "x", "type": "Shell"}),
        ("POST", "/v2/p/data-sources", source()),
        ("PATCH", "/v2/p/clusters/x", {"description": "more"}),
        ("PUT", "/v1.1/p/job-binary-internals/x", None),
    ],
)
def test_a_full_world_refuses_more_as_the_service_refuses_what_is_beyond_a_quota(limited, method, path, body):
    client = limited(size=40 * KIB)
    fill(client)
    answer = client.open(path, method=method, json=body)
    assert (answer.status_code, answer.json["error_name"]) == (400, "QUOTA_ERROR")
    assert answer.json["error_message"].startswith(
        "Quota exceeded: what a world holds may take 40KiB (--max-world-size), and that is reached; delete something"
    )


def test_a_full_world_can_be_read_and_emptied_and_then_takes_more(limited):
    client = limited(size=40 * KIB)
    assert fill(client).status_code == 400
    sources = client.get("/v1.1/p/data-sources").json["data_sources"]
    assert len(sources) > 10
    for one in sources:
        assert client.delete(f"/v1.1/p/data-sources/{one['id']}").status_code == 204
    assert client.post("/v1.1/p/data-sources", json=source()).status_code == 202
    assert fill(client).status_code == 400
    client.post(f"{API}/reset")
    assert client.post("/v1.1/p/data-sources", json=source()).status_code == 202


def test_another_world_has_room_of_its_own(limited):
    client = limited(size=40 * KIB)
    fill(client)
    assert client.post("/w/other/v1.1/p/data-sources", json=source()).status_code == 202


def test_projects_and_users_that_spring_up_are_bounded_and_those_that_are_there_log_in(limited):
    client = limited(size=40 * KIB)
    assert login(client, "ada").status_code == 201
    fill(client)
    assert "--max-world-size" in told(login(client, "grace"), 403)
    assert login(client, "grace").json["error"]["title"] == "Forbidden"
    assert login(client, "ada").status_code == 201


def test_projects_alone_fill_a_world_in_the_end(limited):
    client = limited(size=100 * KIB)
    answers = [client.post(f"/v1.1/p{number}/data-sources", json=source()).status_code for number in range(200)]
    assert (answers[0], answers[-1]) == (202, 400)


def test_keypairs_credentials_and_revoked_tokens_are_bounded(limited):
    client = limited(size=40 * KIB)
    token = login(client, "ada").headers["X-Subject-Token"]
    fill(client)
    who = {"X-Auth-Token": token, "X-Subject-Token": token}
    refusal = client.post(KEYPAIRS, json={"keypair": {"name": "mine"}}).json["forbidden"]
    assert refusal["code"] == 403
    assert "--max-world-size" in refusal["message"]
    wanted = {"application_credential": {"name": "mine"}}
    assert "--max-world-size" in told(
        client.post("/v3/users/ada/application_credentials", json=wanted, headers=who), 403
    )
    assert "--max-world-size" in told(client.delete("/v3/auth/tokens", headers=who), 403)


def test_the_options_set_the_bounds(started):
    import requests

    bounds = ("--max-rules", "1", "--max-snapshots", "1", "--max-world-size", "20kB")
    _, _, url = started("--port", "0", "--sample", "empty", "--quiet", *bounds)
    for prefix in ("", "/w/other"):
        control = f"{url}{prefix}{API}"
        rules = [requests.post(f"{control}/rules", json=RULE, timeout=5).status_code for _ in range(2)]
        snapshots = [requests.put(f"{control}/snapshots/{name}", timeout=5).status_code for name in "ab"]
        assert (rules, snapshots) == ([201, 409], [201, 409])
        for number in range(20):
            answer = requests.post(f"{url}{prefix}/v1.1/p/data-sources", json=source(number), timeout=5)
        assert "20000 (--max-world-size)" in answer.text


@pytest.mark.parametrize(
    ("number", "text"), [(512 * MIB, "512MiB"), (2048 * MIB, "2GiB"), (20_000, "20000"), (KIB, "1KiB"), (0, "0")]
)
def test_a_size_is_written_as_the_option_takes_it(number, text):
    assert format_size(number) == text

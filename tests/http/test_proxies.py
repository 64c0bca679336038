"""Requests that a proxy has passed on: who of them may control the mock, and what of their headers is believed."""

import pytest
import requests

import jobsmock
from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds
from tests.http.control.test_control import told

HEALTH = "/_jobsmock/health"
TOKEN = {"X-Jobsmock-Token": "open sesame"}
ADDED = [
    ("Forwarded", "for=203.0.113.7"),
    ("Via", "1.1 proxy"),
    ("X-Real-IP", "203.0.113.7"),
    ("X-Forwarded-For", "127.0.0.1"),
    ("X-Forwarded-Host", "localhost"),
    ("X-Forwarded-Proto", "https"),
    ("X-Forwarded-Prefix", "/mock"),
    ("X-Forwarded-Port", "443"),
    ("X-Forwarded-Server", "front"),
    ("X-Forwarded", ""),
    ("CF-Connecting-IP", "203.0.113.7"),
    ("True-Client-IP", "203.0.113.7"),
    ("X-Client-IP", "203.0.113.7"),
]
OUTSIDE = {
    "X-Forwarded-For": "203.0.113.7",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "mock.example.com",
    "X-Forwarded-Prefix": "/mock",
}


def client_of(trust_proxy):
    worlds = Worlds(WorldFactory(Sample.load("demo"), seed=1))
    return create_app(worlds, "open sesame", trust_proxy).test_client()


def link(client, headers, path="/"):
    """Where an answer says that v1.1 is."""
    return client.get(path, headers=headers).json["versions"][1]["links"][0]["href"]


# --- the control API


@pytest.mark.parametrize("trust_proxy", [0, 1])
@pytest.mark.parametrize("path", [HEALTH, f"/w/a{HEALTH}"])
@pytest.mark.parametrize("header", ADDED, ids=lambda header: header[0])
def test_what_was_passed_on_controls_the_mock_with_the_token_only(trust_proxy, path, header):
    client, added = client_of(trust_proxy), dict([header])
    assert "came through a proxy" in told(client.get(path, headers=added), 403)
    told(client.get(path, headers=added | {"X-Jobsmock-Token": "guess"}), 403)
    assert client.get(path, headers=added | TOKEN).status_code == 200
    assert client.get(path).status_code == 200
    assert client.get("/v1.1/p/jobs", headers=added).status_code == 200


def test_what_was_passed_on_makes_no_world_and_changes_nothing_without_the_token():
    client = client_of(0)
    told(client.post("/w/new/_jobsmock/reset", headers=OUTSIDE), 403)
    told(client.put("/_jobsmock/worlds/new", headers=OUTSIDE), 403)
    assert client.get("/_jobsmock/worlds").json == {"worlds": []}


def test_a_server_without_a_token_lets_nobody_control_it_through_a_proxy(client):
    assert "--control-token" in told(client.get(HEALTH, headers=OUTSIDE), 403)
    told(client.get(HEALTH, headers=OUTSIDE | {"X-Jobsmock-Token": ""}), 403)


def test_old_nginx_is_known_by_its_version_of_http_and_a_proxy_on_the_network_by_its_address(client):
    told(client.get(HEALTH, environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"}), 403)
    for host in ("192.0.2.7", "192.0.2.7:8386", "[2001:db8::7]:8386"):
        assert "came through a proxy" in told(client.get(HEALTH, headers={"Host": host}), 403)
    for host in ("127.0.0.1:8386", "127.8.9.1", "[::1]:8386", "0.0.0.0:8386", "localhost", "mock.localhost"):
        assert client.get(HEALTH, headers={"Host": host}).status_code == 200


def test_a_server_sees_what_proxies_add():
    with jobsmock.Server() as server:
        for name, value in ADDED:
            answer = requests.get(f"{server.url}{HEALTH}", headers={name: value}, timeout=5)
            assert answer.status_code == 403, name


def test_a_token_may_be_of_any_letters_and_an_empty_one_lets_nobody_in():
    client = create_app(Worlds(WorldFactory(Sample.load("empty"))), "sésame").test_client()
    told(client.get(HEALTH, headers=OUTSIDE | {"X-Jobsmock-Token": "sesame"}), 403)
    sent = "sésame".encode().decode("latin-1")
    assert client.get(HEALTH, headers=OUTSIDE | {"X-Jobsmock-Token": sent}).status_code == 200
    client = create_app(Worlds(WorldFactory(Sample.load("empty"))), "").test_client()
    for given in ({}, {"X-Jobsmock-Token": ""}):
        told(client.get(HEALTH, headers=OUTSIDE | given), 403)
        told(client.get(HEALTH, headers=given, environ_overrides={"REMOTE_ADDR": "203.0.113.7"}), 403)


# --- what is believed


@pytest.mark.parametrize(("world", "path"), [("", ""), ("/w/a", "/w/a")])
def test_links_lead_to_a_trusted_proxy(world, path):
    client, base = client_of(1), f"https://mock.example.com/mock{path}"
    assert link(client, OUTSIDE, world or "/") == f"{base}/v1.1/"
    assert client.get(f"{world}/v3", headers=OUTSIDE).json["version"]["links"][0]["href"] == f"{base}/identity/v3/"
    assert client.get(f"{world}/v1.1/p//jobs", headers=OUTSIDE).headers["Location"] == f"{base}/v1.1/p/jobs"
    regions = client.get(f"{world}/v3/regions", headers=OUTSIDE).json
    assert regions["links"]["self"] == f"{base}/identity/v3/regions"
    assert regions["regions"][0]["links"]["self"] == f"{base}/identity/v3/regions/RegionOne"


def test_the_place_to_log_in_is_behind_a_trusted_proxy():
    app = create_app(Sample.load("demo").make_world(is_strict=True), trust_proxy=1)
    answer = app.test_client().get("/w/a/v1.1/p/jobs", headers=OUTSIDE)
    assert answer.headers["WWW-Authenticate"] == 'Keystone uri="https://mock.example.com/mock/w/a/identity"'


def test_nobody_is_believed_unless_trusted():
    assert link(client_of(0), OUTSIDE) == "http://localhost/v1.1/"


@pytest.mark.parametrize("prefix", ["/mock", "/mock/", "mock", "//mock", "/mock//"])
def test_a_prefix_is_one_however_it_is_written(prefix):
    assert link(client_of(1), {"X-Forwarded-Prefix": prefix}) == "http://localhost/mock/v1.1/"


@pytest.mark.parametrize("name", ["X-Forwarded-Host", "Host"])
@pytest.mark.parametrize("host", ["a:b", "[::1", "a b", "ä", "x:99999", "a/b", ""])
@pytest.mark.parametrize("path", ["/", "/v3", "/v1.1/p//jobs", HEALTH])
def test_a_host_that_is_none_is_no_fault_of_ours(name, host, path):
    answer = client_of(1).get(path, headers={name: host})
    assert answer.status_code < 500
    if (name, path) == ("Host", "/"):
        assert answer.json["versions"][1]["links"][0]["href"].startswith("http://localhost")


@pytest.mark.parametrize(
    ("headers", "scheme", "host"),
    [
        ({"X-Forwarded-Proto": "https", "X-Forwarded-Host": "outer"}, "https", "outer"),
        ({"X-Forwarded-Proto": "https, http", "X-Forwarded-Host": "outer, inner"}, "https", "outer"),
        ({"X-Forwarded-Proto": "ftp, https, http", "X-Forwarded-Host": "evil, outer, inner"}, "https", "outer"),
    ],
)
def test_of_two_trusted_proxies_the_outer_one_is_believed(headers, scheme, host):
    assert link(client_of(2), headers) == f"{scheme}://{host}/v1.1/"


@pytest.mark.parametrize(
    ("trusted", "given", "caller"),
    [
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "evil, 203.0.113.7", "203.0.113.7"),
        (2, "evil, 203.0.113.7, 10.0.0.1", "203.0.113.7"),
        (2, "203.0.113.7", "127.0.0.1"),
        (0, "203.0.113.7", "127.0.0.1"),
    ],
)
def test_the_callers_address_is_what_so_many_proxies_say(started, trusted, given, caller):
    process, _, url = started("--port", "0", "--sample", "empty", env={"JOBSMOCK_TRUST_PROXY": str(trusted)})
    requests.get(url, headers={"X-Forwarded-For": given}, allow_redirects=False, timeout=5)
    process.terminate()
    assert process.communicate()[1].splitlines()[-1].startswith(f"{caller} - - ")


def test_what_the_journal_keeps_can_be_asked_again_through_the_proxy_or_without_it():
    client = client_of(1)
    client.get("/w/a/v1.1/p/jobs", headers=OUTSIDE)
    inside = client.get("/w/a/_jobsmock/journal?format=curl").text
    outside = client.get("/w/a/_jobsmock/journal?format=curl", headers=OUTSIDE | TOKEN).text
    assert " http://localhost/w/a/v1.1/p/jobs\n" in inside
    assert " https://mock.example.com/mock/w/a/v1.1/p/jobs\n" in outside


def test_a_cloud_and_a_server_in_a_test_trust_as_many_proxies_as_they_are_told():
    cloud = jobsmock.Cloud(trust_proxy=1)
    assert cloud.session().get(cloud.url, headers=OUTSIDE).json()["versions"][0]["links"][0]["href"] == (
        "https://mock.example.com/mock/v1.0/"
    )
    with jobsmock.Server(trust_proxy=1, control_token="open sesame") as server:
        versions = requests.get(server.url, headers=OUTSIDE, timeout=5).json()["versions"]
        assert versions[0]["links"][0]["href"] == "https://mock.example.com/mock/v1.0/"
        assert requests.get(f"{server.url}{HEALTH}", headers=OUTSIDE | TOKEN, timeout=5).status_code == 200

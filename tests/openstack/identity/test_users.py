"""Users of a strict world: who may do what."""

from types import SimpleNamespace

import pytest

from jobsmock.http import auth
from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.snapshots import dump_world
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds
from tests.openstack.logins import body, login, strict


def test_what_sprang_up_in_an_open_cloud_is_unknown_to_a_strict_one():
    world = make_world("empty")
    login(create_app(world).test_client(), "bakery", "eve")
    kept = Sample.from_document(dump_world(world), "kept").make_world(is_strict=True)
    client = create_app(kept).test_client()
    assert client.post("/v3/auth/tokens", json=body("bakery", "eve")).status_code == 401
    assert client.post("/v3/auth/tokens", json=body("bakery", "admin", "secret")).status_code == 401
    token, _ = login(client, "demo", "admin", "secret")
    listed = client.get("/v3/projects", headers={"X-Auth-Token": token}).json["projects"]
    assert [one["name"] for one in listed] == ["demo", "admin"]


def test_roles_of_a_sample_are_by_project_or_everywhere():
    users = [
        {"name": "ada", "roles": {"*": ["reader"], "mill": ["admin"], "farm": ["member"]}},
        {"name": "bob"},
        {"name": "eve", "roles": {}},
    ]
    world, client = strict(projects=[{"name": "bakery"}, {"name": "mill", "id": "m1"}], users=users)
    again = create_app(Sample.from_document(dump_world(world), "snapshot").make_world(is_strict=True)).test_client()
    for each in (client, again):
        held = {}
        for user in ("ada", "bob"):
            own = each.get(f"/v3/users/{user}/projects", headers={"X-Auth-Token": login(each, "farm", user)[0]})
            names = [project["name"] for project in own.json["projects"]]
            held[user] = {name: login(each, name, user)[1]["roles"][0]["name"] for name in names}
        assert held == {
            "ada": {"bakery": "reader", "mill": "admin", "farm": "member"},
            "bob": {"bakery": "member", "mill": "member", "farm": "member"},
        }
        assert each.post("/v3/auth/tokens", json=body("bakery", "eve")).status_code == 401


def test_a_sample_that_lists_nobody_lets_nobody_in_and_so_does_its_snapshot():
    world, client = strict(users=[])
    again = create_app(Sample.from_document(dump_world(world), "snapshot").make_world(is_strict=True)).test_client()
    for each in (client, again):
        assert each.post("/v3/auth/tokens", json=body("demo", "admin", "secret")).status_code == 401


def test_the_neighbours_let_in_who_has_a_token():
    _, client = strict()
    token, _ = login(client, "demo", "demo", "secret")
    for path in ("/compute/v2.1/flavors", "/image/v2/images", "/network/v2.0/networks", "/v3/auth/catalog"):
        assert client.get(path, headers={"X-Auth-Token": token}).status_code == 200
        answer = client.get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (401, 401)
        assert answer.headers["WWW-Authenticate"] == 'Keystone uri="http://localhost/identity"'


def test_versions_are_told_to_anybody():
    _, client = strict()
    for path in ("/", "/v3", "/identity", "/identity/v3", "/compute", "/compute/v2.1", "/image", "/network"):
        assert client.get(path).status_code in (200, 300)


def test_in_a_strict_cloud_no_header_leads_to_another_project():
    _, client = strict()
    headers = {"X-Auth-Token": login(client, "demo", "demo", "secret")[0], "X-Project-Id": "other"}
    source = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    made = client.post("/v1.1/data-sources", json=source, headers=headers)
    assert made.json["data_source"]["tenant_id"] == "demo"


def test_only_an_administrator_may_switch_plugins():
    _, client = strict()
    for user, status in (("demo", 403), ("admin", 202)):
        headers = {"X-Auth-Token": login(client, "demo", user, "secret")[0], "X-Roles": "admin"}
        change = {"plugin_labels": {"enabled": {"status": False}}}
        assert client.patch("/v1.1/demo/plugins/vanilla", json=change, headers=headers).status_code == status


def test_only_an_open_cloud_believes_the_roles_that_a_request_claims():
    world, client = strict()
    headers = {"x-auth-token": login(client, "demo", "demo", "secret")[0], "x-roles": "admin, other"}
    request = SimpleNamespace(headers=headers)
    token = auth.read_token(world, request)
    assert auth.list_roles(world, request, token) == ["member", "reader"]
    world.is_strict = False
    assert auth.list_roles(world, request, token) == ["member", "reader", "admin", "other"]


def test_in_a_strict_cloud_a_domain_has_to_be_told():
    _, client = strict()
    wanted = body("demo", "demo", "secret")
    del wanted["auth"]["identity"]["password"]["user"]["domain"]
    answer = client.post("/v3/auth/tokens", json=wanted)
    assert answer.status_code == 400
    assert answer.json["error"]["message"].startswith("Expecting to find domain in user.")


@pytest.mark.parametrize("what", [{"parts": ["records"]}, {}])
def test_a_reset_logs_nobody_out(what):
    client = create_app(Worlds(WorldFactory(Sample.load("empty")))).test_client()
    token, _ = login(client)
    client.post("/_jobsmock/reset", json=what)
    assert client.get("/v3/auth/tokens", headers={"X-Subject-Token": token}).status_code == 200
    assert client.get("/v3/users/ada/projects", headers={"X-Auth-Token": token}).status_code == 200

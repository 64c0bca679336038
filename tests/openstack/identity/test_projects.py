"""Users and projects of an open world: created when they are named."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds
from tests.openstack.logins import login


def test_the_project_of_a_name_is_the_one_that_the_url_of_the_name_means(client):
    client.post("/v1.1/bakery/data-sources", json={"name": "d", "type": "hdfs", "url": "hdfs://h/p"})
    _, token = login(client, "bakery")
    assert token["project"]["id"] == "bakery"
    (processing,) = [service for service in token["catalog"] if service["type"] == "data-processing"]
    assert processing["name"] == "sahara"
    path = processing["endpoints"][0]["url"].removeprefix("http://localhost")
    assert [one["name"] for one in client.get(f"{path}/data-sources").json["data_sources"]] == ["d"]


@pytest.mark.parametrize("name", ["jobs", "plugins", "a/b", "Ünïcode", "two words", "x.json", ".", "-", "n" * 200])
def test_a_name_that_cannot_stand_in_a_url_gets_an_id_that_can_and_the_same_in_every_run(name):
    ids = [login(create_app(make_world("empty", seed=seed)).test_client(), name)[1]["project"]["id"] for seed in (1, 2)]
    assert ids[0] == ids[1] != name
    assert len(ids[0]) == 32


def test_a_project_by_name_and_by_id_is_the_same_one(client):
    _, by_name = login(client, "two words")
    _, by_id = login(client, {"id": by_name["project"]["id"]})
    assert by_id["project"] == by_name["project"]
    listed = client.get("/v3/projects?name=two words").json["projects"]
    assert [one["id"] for one in listed] == [by_name["project"]["id"]]
    assert client.get(f"/v3/projects/{listed[0]['id']}").json["project"] == listed[0]


def test_a_project_is_another_in_another_domain(client):
    _, there = login(client, {"name": "demo", "domain": {"name": "Egypt"}})
    assert there["project"]["id"] != "demo"
    assert there["project"]["domain"] == {"id": "Egypt", "name": "Egypt"}
    assert [one["name"] for one in client.get("/v3/domains").json["domains"]] == ["Default", "Egypt"]


def test_logging_in_uses_up_no_chance():
    ids = []
    for logins in (0, 3):
        client = create_app(make_world("empty", seed=1)).test_client()
        for number in range(logins):
            login(client, f"project-{number}", f"user-{number}")
        answer = client.post("/v1.1/p/data-sources", json={"name": "d", "type": "hdfs", "url": "hdfs://h/p"})
        ids.append(answer.json["data_source"]["id"])
    assert ids[0] == ids[1]


def test_the_same_seed_gives_the_same_tokens():
    def told(seed):
        maker = WorldFactory(Sample.load("demo"), seed=seed, freeze="2026-12-01T08:00:00")
        client = create_app(Worlds(maker)).test_client()
        return [login(client, "demo", user) for user in ("ada", "ada", "bob")]

    assert told(3) == told(3)
    assert told(3) != told(4)
    assert len({token for token, _ in told(3)}) == 3


def test_an_open_cloud_needs_no_token_and_takes_any(client):
    for headers in ({}, {"X-Auth-Token": "any"}):
        for path in ("/v1.1/p/jobs", "/v3/projects", "/v3/users", "/compute/v2.1/flavors", "/v3/users/demo/projects"):
            assert client.get(path, headers=headers).status_code == 200


def test_who_is_called_admin_is_one(client):
    names = [{role["name"] for role in login(client, "demo", user)[1]["roles"]} for user in ("admin", "ada")]
    assert names == [{"admin", "member", "reader"}, {"member", "reader"}]


def test_where_the_url_names_no_project_it_is_that_of_the_token(client):
    token, _ = login(client, "bakery")
    source = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    made = client.post("/v1.1/data-sources", json=source, headers={"X-Auth-Token": token, "X-Project-Id": "other"})
    assert made.json["data_source"]["tenant_id"] == "bakery"
    made = client.post("/v1.1/data-sources", json=source, headers={"X-Auth-Token": "any", "X-Project-Id": "other"})
    assert made.json["data_source"]["tenant_id"] == "other"

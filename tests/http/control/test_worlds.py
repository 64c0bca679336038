"""Worlds by prefix: whole clouds of their own on one server."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}


@pytest.fixture
def worlds():
    return Worlds(WorldFactory(Sample.load("empty"), seed=3), most=3)


@pytest.fixture
def client(worlds):
    return create_app(worlds).test_client()


def sources(client, prefix):
    return [one["name"] for one in client.get(f"{prefix}/v1.1/p/data-sources").json["data_sources"]]


def test_worlds_share_nothing(client):
    for prefix in ("", "/w/one"):
        client.post(f"{prefix}/v1.1/p/data-sources", json=SOURCE)
    client.post("/w/one/v1.1/p/data-sources", json=SOURCE | {"name": "e"})
    assert sources(client, "") == ["d"]
    assert sorted(sources(client, "/w/one")) == ["d", "e"]
    assert sources(client, "/w/two") == []


def test_worlds_of_one_seed_are_alike(client):
    one, two = (client.get(f"/w/{name}/v1.1/p/clusters").json for name in ("one", "two"))
    assert one["clusters"][0]["id"] == two["clusters"][0]["id"]


@pytest.mark.parametrize("path", ["", "/"])
def test_the_links_of_a_world_carry_its_prefix(client, path):
    (_, link, _) = client.get(f"/w/checkout-42{path}").json["versions"]
    assert link["links"][0]["href"] == "http://localhost/w/checkout-42/v1.1/"


@pytest.mark.parametrize("name", ["a b", "a%00", "x" * 65, "ä", "%2e%2fx", ""])
def test_what_is_no_name_of_a_world_is_a_404_with_a_hint(client, worlds, name):
    answer = client.get(f"/w/{name}/v1.1/p/jobs")
    assert answer.status_code == 404
    assert "1 to 64 letters, digits" in answer.json["error_message"]
    assert worlds.names() == []


def test_the_idlest_world_goes_when_there_are_too_many(client, worlds):
    for name in ("a", "b", "c", "a", "d"):
        client.get(f"/w/{name}/v1.1/p/jobs")
    assert worlds.names() == ["c", "a", "d"]


def test_an_execution_runs_in_its_own_world(client):
    cluster = client.get("/w/one/v1.1/p/clusters").json["clusters"][0]["id"]
    job = client.post("/w/one/v1.1/p/jobs", json={"name": "s", "type": "MapReduce.Streaming"}).json["job"]["id"]
    answer = client.post(f"/w/two/v1.1/p/jobs/{job}/execute", json={"cluster_id": cluster})
    assert answer.status_code == 404

"""Resets and snapshots over HTTP, and worlds that are made from them."""

import pytest

from tests.http.control.control_requests import API, SOURCE, clock, told


def sources(client, prefix=""):
    return len(client.get(f"{prefix}/v1.1/p/data-sources").json["data_sources"])


def test_worlds_are_made_listed_and_removed(client):
    made = client.put(f"{API}/worlds/mine", json={"sample": "empty", "plan": "instant", "seed": 9})
    assert (made.status_code, made.json["path"]) == (201, "/w/mine")
    assert client.get(f"{API}/worlds").json == {"worlds": ["mine"]}
    assert sources(client, "/w/mine") == 0
    assert client.get(f"/w/mine{API}/world").json["settings"]["plan"] == "instant"
    assert client.delete(f"{API}/worlds/mine").status_code == 204
    assert "unknown world 'mine': there is none" in told(client.delete(f"{API}/worlds/mine"), 404)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sample": "dmeo"}, "unknown sample"),
        ({"plan": "fast"}, "unknown profile 'fast'"),
        ({"seed": "x"}, "seed: 'x' is not of type 'integer'"),
        ({"snapshot": {"jbos": []}}, "snapshot: unknown table 'jbos': did you mean jobs?"),
    ],
)
def test_a_world_that_cannot_be_is_not_made(client, settings, message):
    assert message in told(client.put(f"{API}/worlds/mine", json=settings), 400)
    assert client.get(f"{API}/worlds").json == {"worlds": []}


def test_a_reset_lets_a_world_begin_again_and_leaves_the_others(client):
    for prefix in ("", "/w/one"):
        client.post(f"{prefix}/v1.1/p/data-sources", json=SOURCE)
    client.post(f"/w/one{API}/reset")
    assert (sources(client), sources(client, "/w/one")) == (8, 7)


@pytest.mark.parametrize("part", ["records", "rules", "journal", "clock"])
def test_a_reset_of_a_part_leaves_the_others(client, part):
    client.post("/v1.1/p/data-sources", json=SOURCE)
    client.post(f"{API}/rules", json={"id": "calm", "then": {"delay": "0s"}})
    clock(client, freeze=True)

    def parts():
        rules = client.get(f"{API}/rules").json["rules"]
        entries, frozen = client.get(f"{API}/journal").json["entries"], client.get(f"{API}/clock").json["frozen"]
        return {"records": sources(client) == 8, "rules": bool(rules), "journal": bool(entries), "clock": frozen}

    before = parts()
    assert all(before.values())
    assert client.post(f"{API}/reset", json={"parts": [part]}).json == {"reset": [part]}
    assert parts() == {**before, part: False}


def test_a_reset_of_what_is_no_part_is_told_the_parts(client):
    assert "did you mean records?" in told(client.post(f"{API}/reset", json={"parts": ["record"]}), 400)


def test_a_world_with_a_sample_of_its_own_begins_again_with_that(client):
    client.put(f"{API}/worlds/mine", json={"sample": "empty"})
    client.put(f"/w/mine{API}/snapshots/start")
    client.post("/w/mine/v1.1/p/data-sources", json=SOURCE)
    client.post(f"/w/mine{API}/reset")
    assert sources(client, "/w/mine") == 0
    assert client.get(f"/w/mine{API}/snapshots").json == {"snapshots": ["start"]}


@pytest.mark.parametrize("state", [{}, {"clock": {}}, {"clock": 5}])
def test_a_state_that_no_snapshot_wrote_is_refused(client, state):
    made = client.put(f"{API}/worlds/mine", json={"snapshot": {"simulation": {"state": state}}})
    assert "simulation: state: invalid state" in told(made, 400)


def test_a_snapshot_is_taken_shown_restored_and_removed(client):
    assert client.put(f"{API}/snapshots/before").status_code == 201
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert client.get(f"{API}/snapshots").json == {"snapshots": ["before"]}
    client.post(f"{API}/snapshots/before/restore")
    assert sources(client) == 7
    document = client.get(f"{API}/snapshots/before").json
    client.put(f"{API}/worlds/twin", json={"snapshot": document})
    assert sources(client, "/w/twin") == 7
    assert client.delete(f"{API}/snapshots/before").status_code == 204
    assert "unknown snapshot 'before'" in told(client.post(f"{API}/snapshots/before/restore"), 404)

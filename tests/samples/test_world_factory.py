"""The rules and settings that each world of a server starts with."""

import pytest
import requests

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import DELAY, ERROR_RATE, WorldFactory, make_simple_rules
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "kept", "type": "hdfs", "url": "hdfs://node/kept"}


def add_source(worlds):
    assert create_app(worlds).test_client().post("/v1.1/p/data-sources", json=SOURCE).status_code == 202


@pytest.fixture
def worlds():
    return Worlds(WorldFactory(Sample.load("empty"), seed=1))


def test_the_error_rate_is_a_rule_of_every_world(started):
    _, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--error-rate", "1:503", "--delay", "1ms")
    for prefix in ("", "/w/one"):
        answer = requests.get(f"{url}{prefix}/v1.1/p/jobs", timeout=5)
        assert (answer.status_code, answer.headers["X-Jobsmock-Rule"]) == (503, f"{DELAY}, {ERROR_RATE}")


def test_the_journal_keeps_as_many_as_told(started):
    _, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--journal", "2")
    for _ in range(3):
        requests.get(f"{url}/v1.1/p/jobs", timeout=5)
    journal = requests.get(f"{url}/_jobsmock/journal", timeout=5).json()
    assert ([entry["number"] for entry in journal["entries"]], journal["dropped"]) == ([2, 3], 1)


def test_a_world_of_a_snapshot_has_the_rules_of_the_snapshot_only(worlds):
    maker = WorldFactory(Sample.load("empty"), rules=make_simple_rules(None, "1"))
    client = create_app(Worlds(maker)).test_client()
    client.delete("/_jobsmock/rules")
    client.put("/_jobsmock/snapshots/calm")
    client.post("/_jobsmock/snapshots/calm/restore")
    assert client.get("/_jobsmock/rules").json == {"rules": []}
    client.post("/_jobsmock/reset")
    assert [rule["id"] for rule in client.get("/_jobsmock/rules").json["rules"]] == [ERROR_RATE]

"""The rules and settings with which each world of a server starts."""

import json

import requests

from jobsmock.http.app import create_app
from jobsmock.persistence.saving import WorldSaver
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import DELAY, ERROR_RATE, WorldFactory, make_simple_rules
from jobsmock.world.worlds import Worlds


def test_the_error_rate_is_a_rule_of_every_world(started):
    _, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--error-rate", "1:503", "--delay", "1ms")
    for prefix in ("", "/w/one"):
        response = requests.get(f"{url}{prefix}/v1.1/p/jobs", timeout=5)
        assert (response.status_code, response.headers["X-Jobsmock-Rule"]) == (503, f"{DELAY}, {ERROR_RATE}")


def test_the_journal_keeps_as_many_requests_as_its_option_says(started):
    _, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--journal", "2")
    for _ in range(3):
        requests.get(f"{url}/v1.1/p/jobs", timeout=5)
    journal = requests.get(f"{url}/_jobsmock/journal", timeout=5).json()
    assert ([entry["number"] for entry in journal["entries"]], journal["dropped"]) == ([2, 3], 1)


def test_a_world_restored_from_a_snapshot_has_only_the_rules_of_the_snapshot():
    factory = WorldFactory(Sample.load("empty"), rules=make_simple_rules(None, "1"))
    client = create_app(Worlds(factory)).test_client()
    client.delete("/_jobsmock/rules")
    client.put("/_jobsmock/snapshots/calm")
    client.post("/_jobsmock/snapshots/calm/restore")
    assert client.get("/_jobsmock/rules").json == {"rules": []}
    client.post("/_jobsmock/reset")
    assert [rule["id"] for rule in client.get("/_jobsmock/rules").json["rules"]] == [ERROR_RATE]


def test_a_saved_world_has_the_rules_of_the_options_of_this_start(tmp_path):
    path = tmp_path / "saved.json"
    failing = Worlds(WorldFactory(Sample.load("empty"), rules=make_simple_rules("1ms", "0.5")))
    WorldSaver(failing, path).try_save()
    assert [rule["id"] for rule in json.loads(path.read_text())["simulation"]["rules"]] == [DELAY, ERROR_RATE]
    assert WorldFactory(Sample.load("empty")).restore(path).rules.dump() == []
    [rule] = WorldFactory(Sample.load("empty"), rules=make_simple_rules(None, "0.1:503")).restore(path).rules.dump()
    assert (rule["id"], rule["on"], rule["then"]) == (ERROR_RATE, {"probability": 0.1}, {"status": 503})

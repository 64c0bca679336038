"""The rules and settings with which each world of a server starts."""

import json
import re

import pytest
import requests

from jobsmock.http.app import create_app
from jobsmock.persistence.saving import WorldSaver
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import DELAY, ERROR_RATE, WorldFactory, make_simple_rules
from jobsmock.world.worlds import Worlds


def test_the_rules_of_options_apply_to_every_world(started):
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


def test_an_error_rate_has_the_status_500_by_default():
    rules = make_simple_rules(None, "0.25") + make_simple_rules(None, "0.25:503")
    assert [(rule["on"]["probability"], rule["then"]["status"]) for rule in rules] == [(0.25, 500), (0.25, 503)]


@pytest.mark.parametrize("text", ["", "often", "1.5", "-1", "nan", "0.5:200", "0.5:600", "0.5:soon"])
def test_an_invalid_error_rate_is_refused(text):
    expected = f"--error-rate: invalid error rate {text!r}: expected 0.1, or 0.1:503 with a status from 400 to 599"
    with pytest.raises(ValueError, match=re.escape(expected)):
        make_simple_rules(None, text)


def test_an_invalid_delay_is_refused():
    with pytest.raises(ValueError, match="--delay: invalid delay 'soon': expected"):
        make_simple_rules("soon", None)

"""Files beside a running server: what `--save` keeps, what `--watch` reads anew, and the options that are rules."""

import json
import signal

import pytest
import requests

from jobsmock.keeping import Keeper, Watcher
from jobsmock.maker import DELAY, ERROR_RATE, Maker, simple_rules
from jobsmock.sahara.samples import Sample
from jobsmock.web.app import create_app
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "kept", "type": "hdfs", "url": "hdfs://node/kept"}


def names(worlds, prefix=""):
    listed = create_app(worlds).test_client().get(f"{prefix}/v1.1/p/data-sources").json["data_sources"]
    return [source["name"] for source in listed]


def add_source(worlds):
    assert create_app(worlds).test_client().post("/v1.1/p/data-sources", json=SOURCE).status_code == 202


@pytest.fixture
def worlds():
    return Worlds(Maker(Sample.named("empty"), seed=1))


# --- --save


def test_what_was_kept_goes_on_where_it_stood(worlds, tmp_path):
    keeper, path = Keeper(worlds, tmp_path / "kept.json"), tmp_path / "kept.json"
    add_source(worlds)
    keeper.keep()
    worlds.default = Maker(Sample.named("demo")).kept(path)
    assert names(worlds) == ["kept"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_world_that_was_asked_nothing_is_not_written_again(worlds, tmp_path):
    keeper, path = Keeper(worlds, tmp_path / "kept.json"), tmp_path / "kept.json"
    keeper.keep()
    path.unlink()
    keeper.keep()
    assert not path.exists()
    add_source(worlds)
    keeper.keep()
    assert path.exists()


def test_a_world_that_cannot_be_kept_is_told_and_kept_later(worlds, tmp_path, capsys):
    keeper = Keeper(worlds, tmp_path / "later" / "kept.json")
    keeper.keep()
    assert "kept.json: cannot be saved: No such file or directory" in capsys.readouterr().err
    (tmp_path / "later").mkdir()
    keeper.keep()
    assert (tmp_path / "later" / "kept.json").exists()


def test_a_kept_world_obeys_the_options_of_this_start(worlds, tmp_path):
    path = tmp_path / "kept.json"
    erring = Worlds(Maker(Sample.named("empty"), rules=simple_rules("1ms", "0.5")))
    Keeper(erring, path).keep()
    assert [rule["id"] for rule in json.loads(path.read_text())["simulation"]["rules"]] == [DELAY, ERROR_RATE]
    assert Maker(Sample.named("empty")).kept(path).rules.documents() == []
    [rule] = Maker(Sample.named("empty"), rules=simple_rules(None, "0.1:503")).kept(path).rules.documents()
    assert (rule["id"], rule["on"], rule["then"]) == (ERROR_RATE, {"probability": 0.1}, {"status": 503})


def test_whoever_is_killed_leaves_a_file_that_loads(started, tmp_path):
    path = tmp_path / "kept.json"
    process, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    first = path.stat().st_mtime_ns
    while path.stat().st_mtime_ns == first:
        requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(signal.SIGKILL)
    process.wait(5)
    _, greeting, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    assert "1 data source" in greeting


def test_at_the_end_all_is_kept(started, tmp_path):
    path = tmp_path / "kept.json"
    process, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert json.loads(path.read_text())["data_sources"][0]["name"] == "kept"


# --- --watch


@pytest.fixture
def watched(tmp_path):
    """A file with one data source, the worlds made of it, and a watcher of both."""
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"data_sources": [SOURCE]}))
    maker = Maker(Sample.named(str(path)))
    worlds = Worlds(maker)
    return path, worlds, Watcher(worlds, maker, path)


def test_a_changed_sample_is_what_worlds_begin_with(watched, capsys):
    path, worlds, watcher = watched
    key = worlds.default.key
    path.write_text(json.dumps({"data_sources": [{**SOURCE, "name": "another"}]}))
    watcher.look()
    assert names(worlds) == names(worlds, "/w/new") == ["another"]
    assert worlds.default.key == key, "tokens are as good as before"
    assert "has changed and is read anew" in capsys.readouterr().err


@pytest.mark.parametrize(
    "content", ["{", '{"data_sources": [{"name": "another"}]}', '{"simulation": {"plan": "fast"}}']
)
def test_a_changed_sample_with_a_fault_changes_nothing(watched, capsys, content):
    path, worlds, watcher = watched
    path.write_text(content)
    watcher.look()
    assert names(worlds) == names(worlds, "/w/new") == ["kept"]
    assert "the sample stays as it was" in capsys.readouterr().err


def test_a_sample_that_has_not_changed_begins_nothing_anew(watched, capsys):
    _, worlds, watcher = watched
    world = worlds.default
    watcher.look()
    assert worlds.default is world
    assert capsys.readouterr().err == ""


def test_a_sample_that_is_gone_changes_nothing(watched, capsys):
    path, worlds, watcher = watched
    path.unlink()
    watcher.look()
    assert names(worlds) == ["kept"]
    assert "cannot be read" in capsys.readouterr().err


# --- --delay, --error-rate, --journal


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
    maker = Maker(Sample.named("empty"), rules=simple_rules(None, "1"))
    client = create_app(Worlds(maker)).test_client()
    client.delete("/_jobsmock/rules")
    client.put("/_jobsmock/snapshots/calm")
    client.post("/_jobsmock/snapshots/calm/restore")
    assert client.get("/_jobsmock/rules").json == {"rules": []}
    client.post("/_jobsmock/reset")
    assert [rule["id"] for rule in client.get("/_jobsmock/rules").json["rules"]] == [ERROR_RATE]

"""Files beside a running server: what `--save` keeps, what `--watch` reads anew, and the options that are rules."""

import errno
import json
import os
import signal
import stat

import pytest
import requests

from jobsmock.http.app import create_app
from jobsmock.persistence.saving import WorldSaver
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import DELAY, ERROR_RATE, WorldFactory, make_simple_rules
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "kept", "type": "hdfs", "url": "hdfs://node/kept"}


def names(worlds, prefix=""):
    listed = create_app(worlds).test_client().get(f"{prefix}/v1.1/p/data-sources").json["data_sources"]
    return [source["name"] for source in listed]


def add_source(worlds):
    assert create_app(worlds).test_client().post("/v1.1/p/data-sources", json=SOURCE).status_code == 202


@pytest.fixture
def worlds():
    return Worlds(WorldFactory(Sample.load("empty"), seed=1))


# --- --save


def test_what_was_kept_goes_on_where_it_stood(worlds, tmp_path):
    keeper, path = WorldSaver(worlds, tmp_path / "kept.json"), tmp_path / "kept.json"
    add_source(worlds)
    keeper.try_save()
    worlds.default = WorldFactory(Sample.load("demo")).restore(path)
    assert names(worlds) == ["kept"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_world_that_was_asked_nothing_is_not_written_again(worlds, tmp_path):
    keeper, path = WorldSaver(worlds, tmp_path / "kept.json"), tmp_path / "kept.json"
    keeper.try_save()
    path.unlink()
    keeper.try_save()
    assert not path.exists()
    add_source(worlds)
    keeper.try_save()
    assert path.exists()


def test_a_world_that_cannot_be_kept_is_told_and_kept_later(worlds, tmp_path, capsys):
    keeper = WorldSaver(worlds, tmp_path / "later" / "kept.json")
    keeper.try_save()
    assert "kept.json: cannot be saved: No such file or directory" in capsys.readouterr().err
    (tmp_path / "later").mkdir()
    keeper.try_save()
    assert (tmp_path / "later" / "kept.json").exists()


def test_a_kept_world_obeys_the_options_of_this_start(worlds, tmp_path):
    path = tmp_path / "kept.json"
    erring = Worlds(WorldFactory(Sample.load("empty"), rules=make_simple_rules("1ms", "0.5")))
    WorldSaver(erring, path).try_save()
    assert [rule["id"] for rule in json.loads(path.read_text())["simulation"]["rules"]] == [DELAY, ERROR_RATE]
    assert WorldFactory(Sample.load("empty")).restore(path).rules.dump() == []
    [rule] = WorldFactory(Sample.load("empty"), rules=make_simple_rules(None, "0.1:503")).restore(path).rules.dump()
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


# --- --save-every


def save_every(started, path, length, **more):
    _, _, url = ran = started(
        "--port", "0", "--sample", "empty", "--quiet", "--save", str(path), "--save-every", length, **more
    )
    return ran[0], url


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(5)


def change_anything(url):
    """One change after the other, of each kind that a file keeps; each as a claim on the document in the file."""
    data = {"json": SOURCE, "timeout": 5}
    id = requests.post(f"{url}/v1.1/p/data-sources", **data).json()["data_source"]["id"]
    yield lambda kept: kept["data_sources"][0]["id"] == id
    requests.put(f"{url}/v1.1/p/data-sources/{id}", json={"description": "changed"}, timeout=5)
    yield lambda kept: kept["data_sources"][0]["description"] == "changed"
    requests.post(f"{url}/_jobsmock/rules", json={"id": "mine", "on": {"times": 3}, "then": {"status": 503}}, timeout=5)
    yield lambda kept: kept["simulation"]["rules"][0]["id"] == "mine"
    requests.get(f"{url}/v1.1/p/jobs", timeout=5)
    yield lambda kept: kept["simulation"]["rules"][0]["state"]["acted"] == 1
    requests.delete(f"{url}/_jobsmock/rules", timeout=5)
    yield lambda kept: not kept["simulation"]["rules"]
    requests.post(f"{url}/_jobsmock/clock", json={"freeze": True, "set": "2027-01-01T00:00:00"}, timeout=5)
    yield lambda kept: kept["simulation"]["state"]["clock"]["frozen"]
    token = token_of(url)
    headers = {"X-Auth-Token": token, "X-Subject-Token": token}
    assert requests.delete(f"{url}/v3/auth/tokens", headers=headers, timeout=5).status_code == 204
    yield lambda kept: kept["simulation"]["state"]["revoked"]
    yield lambda kept: "ada" in [user["name"] for user in kept["users"]]
    requests.delete(f"{url}/v1.1/p/data-sources/{id}", timeout=5)
    yield lambda kept: not kept.get("data_sources")
    requests.post(f"{url}/v1.1/p/data-sources", **data)
    requests.post(f"{url}/_jobsmock/reset", timeout=5)
    yield lambda kept: not kept.get("data_sources")


def token_of(url):
    user = {"name": "ada", "domain": {"id": "default"}, "password": "any"}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
    return requests.post(f"{url}/v3/auth/tokens", json={"auth": auth}, timeout=5).headers["X-Subject-Token"]


def test_with_0_each_change_is_in_the_file_before_it_is_answered(started, tmp_path):
    path = tmp_path / "kept.json"
    _, url = save_every(started, path, "0")
    for is_kept in change_anything(url):
        assert is_kept(json.loads(path.read_text()))


def test_with_0_nothing_that_was_answered_is_lost_when_killed(started, tmp_path):
    path = tmp_path / "kept.json"
    for number in range(3):
        process, url = save_every(started, path, "0")
        assert len(requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == number
        assert requests.post(f"{url}/v1.1/p/data-sources", json={**SOURCE, "name": f"n{number}"}, timeout=5).ok
        kill(process)


def test_else_what_a_save_did_not_come_to_is_lost_when_killed_and_no_more(started, tmp_path):
    path = tmp_path / "kept.json"
    process, url = save_every(started, path, "50ms")
    before = path.stat().st_mtime_ns
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    while path.stat().st_mtime_ns == before:
        requests.get(url, timeout=5)
    kill(process)
    process, url = save_every(started, path, "1h")
    assert requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]
    requests.post(f"{url}/v1.1/p/data-sources", json={**SOURCE, "name": "late"}, timeout=5)
    kill(process)
    assert [one["name"] for one in json.loads(path.read_text())["data_sources"]] == ["kept"]


def test_each_change_costs_a_save_and_reading_none(worlds, tmp_path, monkeypatch):
    saves = []
    monkeypatch.setattr("jobsmock.samples.file_format.replace_file", lambda path, content: saves.append(content))
    app = create_app(worlds)
    keeper = WorldSaver(worlds, tmp_path / "kept.json")
    keeper.save()
    app.wsgi_app = keeper.save_before_responses(app.wsgi_app)
    client = app.test_client()
    for path in ("/v1.1/p/jobs", "/v1.1/p/clusters", "/v3", "/_jobsmock/health", "/w/other/v1.1/p/jobs", "/nothing"):
        client.get(path)
    assert len(saves) == 1
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert len(saves) == 2
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert len(saves) == 2, "a refusal changes nothing"


def test_file_and_folder_are_synced_before_the_answer(worlds, tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(stat.S_ISDIR(os.fstat(number).st_mode)))
    WorldSaver(worlds, tmp_path / "kept.json").save()
    assert synced == [False, True]


# --- a file that cannot be written


@pytest.fixture
def unwritable(monkeypatch):
    """Lets what is written to the disk fail, as told: by number and words of the error."""

    def fail(number):
        def write(*_):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", write)

    return fail


def test_a_full_disk_is_told_once_with_what_to_do_and_health_shows_it_until_it_is_over(
    worlds, tmp_path, unwritable, capsys, monkeypatch
):
    keeper, client = WorldSaver(worlds, tmp_path / "kept.json"), create_app(worlds).test_client()
    assert client.get("/_jobsmock/health").json == {"status": "ok"}
    unwritable(errno.ENOSPC)
    for _ in range(3):
        worlds.default.clock.advance(1)
        keeper.try_save()
    keeper.save_finally()
    said = f"jobsmock: {tmp_path / 'kept.json'}: cannot be saved: No space left on device; make room in {tmp_path}."
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith(said)
    assert "changes since the last save are lost" in last
    health = client.get("/_jobsmock/health").json
    assert health["status"] == "degraded"
    assert health["save"]["problem"] == f"No space left on device; make room in {tmp_path}"
    assert list(tmp_path.iterdir()) == [], "what was written in part takes no room"
    monkeypatch.undo()
    keeper.try_save()
    keeper.try_save()
    assert capsys.readouterr().err == f"jobsmock: {tmp_path / 'kept.json'}: can be saved again\n"
    health = client.get("/_jobsmock/health").json
    assert (health["status"], health["save"]["problem"]) == ("ok", None)
    assert (tmp_path / "kept.json").exists()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EACCES, "let this user write to the folder"),
        (errno.EROFS, "writable, or use another file for --save"),
        (errno.EBUSY, "mount the folder"),
        (errno.EFBIG, "raise the limit"),
        (errno.EIO, "Input/output error. The server keeps running"),
    ],
)
def test_whatever_is_in_the_way_is_told_with_what_to_do(worlds, tmp_path, unwritable, capsys, number, advice):
    unwritable(number)
    WorldSaver(worlds, tmp_path / "kept.json").try_save()
    assert advice in capsys.readouterr().err


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_requests_are_answered_while_the_disk_is_full(started, tmp_path):
    """Files of this process may not become larger than they are at the start: for it, the disk is full."""
    path = tmp_path / "kept.json"
    program = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 1 << 30));"
        "sys.argv[0] = 'jobsmock'; runpy.run_module('jobsmock', run_name='__main__')"
    )
    process, _, url = started(
        "--port", "0", "--sample", "empty", "--save", str(path), "--save-every", "0", "--quiet", program=["-c", program]
    )
    whole = path.read_text()
    large = {**SOURCE, "description": "x" * 40000}
    assert requests.post(f"{url}/v1.1/p/data-sources", json=large, timeout=5).status_code == 202
    health = requests.get(f"{url}/_jobsmock/health", timeout=5).json()
    assert (health["status"], health["save"]["file"]) == ("degraded", str(path))
    assert "File too large" in health["save"]["problem"]
    assert path.read_text() == whole, "the file is as it was"
    [source] = requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]
    requests.delete(f"{url}/v1.1/p/data-sources/{source['id']}", timeout=5)
    while requests.get(f"{url}/_jobsmock/health", timeout=5).json()["status"] != "ok":
        pass
    process.send_signal(signal.SIGTERM)
    told, mended = process.communicate(timeout=5)[1].splitlines()
    assert told.startswith(f"jobsmock: {path}: cannot be saved: File too large; raise the limit on the size of files")
    assert mended == f"jobsmock: {path}: can be saved again"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told_at_the_start(refused, tmp_path):
    tmp_path.chmod(0o500)
    assert "let this user write to the folder" in refused("--port", "0", "--save", str(tmp_path / "kept.json"))


@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_every_way_to_stop_saves(started, tmp_path, stop):
    path = tmp_path / "kept.json"
    process, url = save_every(started, path, "1h")
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(getattr(signal, stop))
    assert process.wait(5) == 0
    assert json.loads(path.read_text())["data_sources"][0]["name"] == "kept"

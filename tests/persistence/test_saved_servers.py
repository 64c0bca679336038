"""The command with `--save`: what is in the file after a change, a stop and a kill."""

import json
import os
import signal

import pytest
import requests

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


def test_a_killed_server_leaves_a_valid_file(started, tmp_path):
    path = tmp_path / "saved.json"
    process, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    first = path.stat().st_mtime_ns
    while path.stat().st_mtime_ns == first:
        requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(signal.SIGKILL)
    process.wait(5)
    _, greeting, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    assert "1 data source" in greeting


def test_a_stopped_server_has_saved_everything(started, tmp_path):
    path = tmp_path / "saved.json"
    process, _, url = started("--port", "0", "--sample", "empty", "--quiet", "--save", str(path))
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0
    assert json.loads(path.read_text())["data_sources"][0]["name"] == "mine"


def start_saving(started, path, interval):
    process, _, url = started(
        "--port", "0", "--sample", "empty", "--quiet", "--save", str(path), "--save-every", interval
    )
    return process, url


def kill(process):
    process.send_signal(signal.SIGKILL)
    process.wait(5)


def make_changes(url):
    """Make a change of each kind that is saved, and yield a check of the saved document after each."""
    data = {"json": SOURCE, "timeout": 5}
    id = requests.post(f"{url}/v1.1/p/data-sources", **data).json()["data_source"]["id"]
    yield lambda saved: saved["data_sources"][0]["id"] == id
    requests.put(f"{url}/v1.1/p/data-sources/{id}", json={"description": "changed"}, timeout=5)
    yield lambda saved: saved["data_sources"][0]["description"] == "changed"
    requests.post(f"{url}/_jobsmock/rules", json={"id": "mine", "on": {"times": 3}, "then": {"status": 503}}, timeout=5)
    yield lambda saved: saved["simulation"]["rules"][0]["id"] == "mine"
    requests.get(f"{url}/v1.1/p/jobs", timeout=5)
    yield lambda saved: saved["simulation"]["rules"][0]["state"]["acted"] == 1
    requests.delete(f"{url}/_jobsmock/rules", timeout=5)
    yield lambda saved: not saved["simulation"]["rules"]
    requests.post(f"{url}/_jobsmock/clock", json={"freeze": True, "set": "2027-01-01T00:00:00"}, timeout=5)
    yield lambda saved: saved["simulation"]["state"]["clock"]["frozen"]
    token = get_token(url)
    headers = {"X-Auth-Token": token, "X-Subject-Token": token}
    assert requests.delete(f"{url}/v3/auth/tokens", headers=headers, timeout=5).status_code == 204
    yield lambda saved: saved["simulation"]["state"]["revoked"]
    yield lambda saved: "ada" in [user["name"] for user in saved["users"]]
    requests.delete(f"{url}/v1.1/p/data-sources/{id}", timeout=5)
    yield lambda saved: not saved.get("data_sources")
    requests.post(f"{url}/v1.1/p/data-sources", **data)
    requests.post(f"{url}/_jobsmock/reset", timeout=5)
    yield lambda saved: not saved.get("data_sources")


def get_token(url):
    user = {"name": "ada", "domain": {"id": "default"}, "password": "any"}
    auth = {"identity": {"methods": ["password"], "password": {"user": user}}}
    return requests.post(f"{url}/v3/auth/tokens", json={"auth": auth}, timeout=5).headers["X-Subject-Token"]


def test_save_every_0_saves_each_change_before_its_response(started, tmp_path):
    path = tmp_path / "saved.json"
    _, url = start_saving(started, path, "0")
    for is_saved in make_changes(url):
        assert is_saved(json.loads(path.read_text()))


def test_save_every_0_loses_no_change_when_killed(started, tmp_path):
    path = tmp_path / "saved.json"
    for number in range(3):
        process, url = start_saving(started, path, "0")
        assert len(requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == number
        assert requests.post(f"{url}/v1.1/p/data-sources", json={**SOURCE, "name": f"n{number}"}, timeout=5).ok
        kill(process)


def test_a_killed_server_loses_only_what_has_changed_since_the_last_save(started, tmp_path):
    path = tmp_path / "saved.json"
    process, url = start_saving(started, path, "50ms")
    before = path.stat().st_mtime_ns
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    while path.stat().st_mtime_ns == before:
        requests.get(url, timeout=5)
    kill(process)
    process, url = start_saving(started, path, "1h")
    assert requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]
    requests.post(f"{url}/v1.1/p/data-sources", json={**SOURCE, "name": "late"}, timeout=5)
    kill(process)
    assert [one["name"] for one in json.loads(path.read_text())["data_sources"]] == ["mine"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX")
def test_requests_are_answered_while_the_disk_is_full(started, tmp_path):
    """A limit on the size of files stands for a full disk."""
    path = tmp_path / "saved.json"
    program = (
        "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (32768, 1 << 30));"
        "sys.argv[0] = 'jobsmock'; runpy.run_module('jobsmock', run_name='__main__')"
    )
    process, _, url = started(
        "--port", "0", "--sample", "empty", "--save", str(path), "--save-every", "0", "--quiet", program=["-c", program]
    )
    before = path.read_text()
    large = {**SOURCE, "description": "x" * 40000}
    assert requests.post(f"{url}/v1.1/p/data-sources", json=large, timeout=5).status_code == 202
    health = requests.get(f"{url}/_jobsmock/health", timeout=5).json()
    assert (health["status"], health["save"]["file"]) == ("degraded", str(path))
    assert "File too large" in health["save"]["problem"]
    assert path.read_text() == before, "the file is unchanged"
    [source] = requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]
    requests.delete(f"{url}/v1.1/p/data-sources/{source['id']}", timeout=5)
    while requests.get(f"{url}/_jobsmock/health", timeout=5).json()["status"] != "ok":
        pass
    process.send_signal(signal.SIGTERM)
    failure, recovery = process.communicate(timeout=5)[1].splitlines()
    assert failure.startswith(
        f"jobsmock: {path}: cannot be saved: File too large; raise the limit on the size of files"
    )
    assert recovery == f"jobsmock: {path}: can be saved again"


@pytest.mark.parametrize("stop", ["SIGTERM", "SIGINT", "SIGHUP"])
def test_every_way_to_stop_saves(started, tmp_path, stop):
    path = tmp_path / "saved.json"
    process, url = start_saving(started, path, "1h")
    requests.post(f"{url}/v1.1/p/data-sources", json=SOURCE, timeout=5)
    process.send_signal(getattr(signal, stop))
    assert process.wait(5) == 0
    assert json.loads(path.read_text())["data_sources"][0]["name"] == "mine"

"""The `jobsmock` command: as a process, and its errors within this process."""

import json
import os
import signal
import socket
import subprocess
import sys

import pytest
import requests

from jobsmock import cli
from jobsmock.samples.sample import make_world
from jobsmock.server import HttpServer


@pytest.fixture
def run_refused(monkeypatch, capsys):
    """Runs a command that must fail before it serves, and returns what it prints on stderr."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(HttpServer, "wait", lambda self: pytest.fail("the server has started"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["jobsmock", *arguments])
        with pytest.raises(SystemExit) as exit:
            cli.main()
        output = capsys.readouterr()
        assert (exit.value.code, output.out) == (2, "")
        return output.err

    return run


def test_serve_prints_its_address_the_contents_of_the_sample_and_a_next_step(started):
    _, greeting, url = started("serve", "--port", "0", "--sample", "demo")
    assert "with the sample demo: 13 jobs, 10 executions, 10 job binaries, 7 data sources, 6 clusters" in greeting
    assert f"curl {url}/v1.1/demo/jobs" in greeting
    assert "docs/quickstart.md" in greeting
    assert len(requests.get(f"{url}/v1.1/demo/jobs", timeout=5).json()["jobs"]) == 13


def test_options_can_be_set_in_the_environment_and_serve_is_the_default_command(started):
    env = {"JOBSMOCK_PORT": "0", "JOBSMOCK_SAMPLE": "empty", "JOBSMOCK_PLAN": "instant"}
    _, greeting, url = started(env=env)
    assert "with the sample empty: 1 cluster" in greeting
    assert requests.get(url, timeout=5, allow_redirects=False).status_code == 300


def test_the_same_seed_gives_the_same_ids(started):
    def list_ids(seed):
        return [cluster["id"] for cluster in make_world("empty", seed=seed).tables["clusters"].iterate_all()]

    _, _, url = started("--port", "0", "--sample", "empty", "--seed", "7")
    clusters = requests.get(f"{url}/v1.1/p/clusters", timeout=5).json()["clusters"]
    assert [cluster["id"] for cluster in clusters] == list_ids(7) != list_ids(8)


def test_with_strict_auth_a_token_is_required_and_the_greeting_says_where_to_get_one(started):
    _, greeting, url = started("--port", "0", "--sample", "empty", env={**os.environ, "JOBSMOCK_AUTH": "strict"})
    assert f"OS_AUTH_URL={url}/v3" in greeting
    assert requests.get(f"{url}/v1.1/demo/jobs", timeout=5).status_code == 401
    assert requests.get(f"{url}/w/other/v1.1/demo/jobs", timeout=5).status_code == 401


# --- stopping


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once_with_status_0_and_quiet_prints_nothing(started, stop):
    process, _, url = started("serve", "--port", "0", "--sample", "empty", "--quiet")
    with requests.Session() as session:
        session.get(url, timeout=5)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=5)
    assert (process.returncode, errors) == (0, "")


def test_it_stops_during_requests(started):
    for _ in range(3):
        process, _, url = started("--port", "0", "--sample", "empty", "--quiet")
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as sock:
            sock.sendall(b"GET /v1.1/p/clusters HTTP/1.1\r\nHost: x\r\n\r\n" * 500)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=5)
        assert (process.returncode, errors) == (0, "")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")
def test_a_closed_terminal_stops_it_unless_it_runs_under_nohup(started):
    process, _, _ = started("--port", "0", "--sample", "empty", "--quiet")
    process.send_signal(signal.SIGHUP)
    assert process.wait(5) == 0
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        process, _, url = started("--port", "0", "--sample", "empty", "--quiet")
    finally:
        signal.signal(signal.SIGHUP, before)
    process.send_signal(signal.SIGHUP)
    assert requests.get(url, timeout=5, allow_redirects=False).status_code == 300
    assert process.poll() is None


# --- errors


def test_a_taken_port_is_an_error_of_one_line_with_status_2():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "jobsmock", "--port", port]
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == (
        f"jobsmock: cannot listen on 127.0.0.1:{port}: Address already in use; --port 0 picks a free port\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "many"], "--port: 'many' is not a valid integer"),
        (["--port", "65536"], "--port: 65536 is not in the range"),
        (["--threads", "0"], "--threads: 0 is not in the range"),
        (["--max-world-size", "big"], "--max-world-size: invalid size 'big': expected a value such as 64MiB"),
        (["--save-every", "soon"], "--save-every: invalid duration 'soon': expected 0, or a value such as 500ms, 2s"),
        (["--save-every", "0"], "--save-every: nothing is saved: expected --save FILE as well"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid:8386: "),
        (
            ["--host", "192.0.2.1"],
            "cannot listen on 192.0.2.1:8386: Cannot assign requested address; expected an address of this machine",
        ),
        (["--sample", "dmeo"], "dmeo: unknown sample: expected one of demo, reference, empty, or a file"),
        (["--sample", "nowhere/sample.json"], "nowhere/sample.json: cannot be read: No such file or directory"),
        (["--plan", "PENDING 2s > RUNING 3s > SUCCEEDED"], "--plan: step 2, 'RUNING 3s': unknown status 'RUNING'"),
        (["--plan", "fast"], "--plan: unknown profile 'fast': expected one of instant, demo, realistic, stuck, or"),
        (
            ["--delay", "2x"],
            "--delay: invalid delay '2x': expected a value such as 2s, 200ms..2s or lognormal(100ms, 2s)",
        ),
        (["--freeze", "noon"], "--freeze: invalid time 'noon': expected 2026-01-31T12:00:00"),
        (["--error-rate", "2"], "--error-rate: invalid error rate '2': expected 0.1, or 0.1:503"),
        (["--error-rate", "0.1:200"], "--error-rate: invalid error rate '0.1:200'"),
        (["--port", "0", "--save", "nowhere/saved.json"], "--save: nowhere/saved.json cannot be written: No such file"),
        (["--watch"], "--watch: the sample demo is built in and never changes: expected --sample FILE"),
        (["--frobnicate"], "No such option"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_an_invalid_option_is_an_error_of_one_line(run_refused, arguments, message):
    errors = run_refused(*arguments)
    assert errors.startswith(f"jobsmock: {message}")
    assert errors.count("\n") == 1


def test_an_invalid_sample_is_an_error_of_one_line(run_refused, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"jobs": [{"name": "x", "type": "Pig", "mians": []}]}))
    assert run_refused("--sample", str(path)) == (
        f"jobsmock: {path}: jobs, record 1 (x): Additional properties are not allowed ('mians' was unexpected): "
        "did you mean 'mains'?\n"
    )


@pytest.mark.parametrize("option", ["--sample", "--save"])
def test_a_file_of_a_windows_editor_is_read_or_refused_by_its_encoding(started, run_refused, tmp_path, option):
    path = tmp_path / "mine.json"
    path.write_bytes('{"data_sources": []}'.encode("utf-16"))
    assert "mine.json: is in UTF-16" in run_refused(option, str(path), "--port", "0")
    path.write_bytes('{"data_sources": []}'.encode("utf-8-sig"))
    assert "mine.json: " in started(option, str(path), "--port", "0")[1]


def test_a_rule_of_the_sample_that_can_never_act_is_reported_at_the_start(started, tmp_path):
    file = tmp_path / "mine.json"
    file.write_text('{"simulation": {"rules": [{"id": "typo", "when": {"path": "/job"}, "then": {"status": 503}}]}}')
    process, _, _ = started("serve", "--port", "0", "--sample", str(file))
    assert process.stderr.readline().startswith(
        f"{file}: simulation: rules: typo: when.path: such requests have the path "
    )


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_write_permission_is_an_error_at_the_start(run_refused, tmp_path):
    tmp_path.chmod(0o500)
    assert "let this user write to the folder" in run_refused("--port", "0", "--save", str(tmp_path / "saved.json"))

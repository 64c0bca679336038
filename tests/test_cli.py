"""The `jobsmock` command, as a process of its own; what it refuses at once, within this one."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
import requests

from jobsmock import cli
from jobsmock.samples.sample import make_world
from jobsmock.server import HttpServer


@pytest.fixture
def refused(monkeypatch, capsys):
    """Runs a command that must not come to serve; what it says on stderr."""
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(HttpServer, "wait", lambda self: pytest.fail("it serves"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["jobsmock", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        assert (ended.value.code, said.out) == (2, "")
        return said.err

    return run


def test_serve_prints_the_address_what_the_sample_holds_and_a_next_step(started):
    _, greeting, url = started("serve", "--port", "0", "--sample", "demo")
    assert "with the sample demo: 13 jobs, 10 executions, 10 job binaries, 7 data sources, 6 clusters" in greeting
    assert f"curl {url}/v1.1/demo/jobs" in greeting
    assert "docs/quickstart.md" in greeting
    assert len(requests.get(f"{url}/v1.1/demo/jobs", timeout=5).json()["jobs"]) == 13


def test_the_environment_gives_options_too_and_without_a_command_it_serves(started):
    env = {"JOBSMOCK_PORT": "0", "JOBSMOCK_SAMPLE": "empty", "JOBSMOCK_PLAN": "instant"}
    _, greeting, url = started(env=env)
    assert "with the sample empty: 1 cluster" in greeting
    assert requests.get(url, timeout=5, allow_redirects=False).status_code == 300


def test_the_same_seed_gives_the_same_ids_and_another_seed_others(started):
    def ids(seed):
        return [cluster["id"] for cluster in make_world("empty", seed=seed).tables["clusters"].iterate_all()]

    _, _, url = started("--port", "0", "--sample", "empty", "--seed", "7")
    clusters = requests.get(f"{url}/v1.1/p/clusters", timeout=5).json()["clusters"]
    assert [cluster["id"] for cluster in clusters] == ids(7) != ids(8)


def test_with_strict_auth_nobody_is_let_in_without_a_token_and_the_greeting_says_where_to_get_one(started):
    _, greeting, url = started("--port", "0", "--sample", "empty", env={**os.environ, "JOBSMOCK_AUTH": "strict"})
    assert f"OS_AUTH_URL={url}/v3" in greeting
    assert requests.get(f"{url}/v1.1/demo/jobs", timeout=5).status_code == 401
    assert requests.get(f"{url}/w/other/v1.1/demo/jobs", timeout=5).status_code == 401


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_at_once_and_exits_with_0_and_quiet_means_quiet(started, stop):
    process, _, url = started("serve", "--port", "0", "--sample", "empty", "--quiet")
    with requests.Session() as session:
        session.get(url, timeout=5)
        process.send_signal(stop)
        _, errors = process.communicate(timeout=5)
    assert (process.returncode, errors) == (0, "")


def test_a_stop_in_the_midst_of_requests_is_a_stop(started):
    for _ in range(3):
        process, _, url = started("--port", "0", "--sample", "empty", "--quiet")
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as sent:
            sent.sendall(b"GET /v1.1/p/clusters HTTP/1.1\r\nHost: x\r\n\r\n" * 500)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=5)
        assert (process.returncode, errors) == (0, "")


def test_each_request_is_a_line_and_no_path_can_forge_one(started):
    process, _, url = started("--port", "0", "--sample", "empty")
    requests.get(f"{url}/v1.1/p/jobs?limit=1", timeout=5)
    requests.get(f"{url}/v1.1/p/jobs/x%0aforged%1b[31m", timeout=5)
    process.send_signal(signal.SIGTERM)
    first, second = process.communicate(timeout=5)[1].splitlines()
    assert re.fullmatch(r'127\.0\.0\.1 - - \[.+\] "GET /v1\.1/p/jobs\?limit=1" 200', first)
    assert r"x\nforged\x1b[31m" in second


def test_a_taken_port_is_told_in_one_line_and_is_status_2():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "jobsmock", "--port", port]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == (
        f"jobsmock: cannot listen on 127.0.0.1:{port}: Address already in use; --port 0 picks a free port\n"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--port", "many"], "--port: 'many' is not a valid integer"),
        (["--port", "65536"], "--port: 65536 is not in the range"),
        (["--threads", "0"], "--threads: 0 is not in the range"),
        (["--max-world-size", "big"], "--max-world-size: invalid size 'big': expected a value such as 64MiB"),
        (["--save-every", "soon"], "--save-every: invalid duration 'soon': expected 0, or a value such as 500ms, 2s"),
        (["--save-every", "0"], "--save-every: nothing is saved: expected --save FILE as well"),
        (["--host", "no.such.host.invalid"], "cannot listen on no.such.host.invalid:8386: "),
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
        (["--port", "0", "--save", "nowhere/kept.json"], "--save: nowhere/kept.json cannot be written: No such file"),
        (["--watch"], "--watch: the sample demo is built in and never changes: expected --sample FILE"),
        (["--frobnicate"], "No such option '--frobnicate'"),
        (["frobnicate"], "No such command 'frobnicate'"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(refused, arguments, said):
    errors = refused(*arguments)
    assert errors.startswith(f"jobsmock: {said}")
    assert errors.count("\n") == 1


def test_a_broken_sample_is_told_in_one_line(refused, tmp_path):
    path = tmp_path / "mine.json"
    path.write_text(json.dumps({"jobs": [{"name": "x", "type": "Pig", "mians": []}]}))
    assert refused("--sample", str(path)) == (
        f"jobsmock: {path}: jobs, record 1 (x): Additional properties are not allowed ('mians' was unexpected): "
        "did you mean 'mains'?\n"
    )


@pytest.mark.parametrize("option", ["--sample", "--save"])
def test_a_file_of_a_windows_editor_is_read_or_refused_by_its_encoding(started, refused, tmp_path, option):
    path = tmp_path / "mine.json"
    path.write_bytes('{"data_sources": []}'.encode("utf-16"))
    assert "mine.json: is in UTF-16" in refused(option, str(path), "--port", "0")
    path.write_bytes('{"data_sources": []}'.encode("utf-8-sig"))
    assert "mine.json: " in started(option, str(path), "--port", "0")[1]


def test_a_rule_of_the_sample_that_never_acts_is_told_at_the_start(started, tmp_path):
    file = tmp_path / "odd.json"
    file.write_text('{"simulation": {"rules": [{"id": "odd", "when": {"path": "/job"}, "then": {"status": 503}}]}}')
    process, _, _ = started("serve", "--port", "0", "--sample", str(file))
    assert process.stderr.readline().startswith(
        f"{file}: simulation: rules: odd: when.path: such requests have the path "
    )


# --- what Kubernetes, terminals and URLs make of options


SERVICE = {  # what Kubernetes sets in each container for a service that is named jobsmock
    "JOBSMOCK_SERVICE_HOST": "10.96.0.12",
    "JOBSMOCK_SERVICE_PORT": "8386",
    "JOBSMOCK_SERVICE_PORT_HTTP": "8386",
    "JOBSMOCK_PORT": "tcp://10.96.0.12:8386",
    "JOBSMOCK_PORT_8386_TCP": "tcp://10.96.0.12:8386",
    "JOBSMOCK_PORT_8386_TCP_PROTO": "tcp",
    "JOBSMOCK_PORT_8386_TCP_PORT": "8386",
    "JOBSMOCK_PORT_8386_TCP_ADDR": "10.96.0.12",
}


def test_what_kubernetes_sets_for_a_service_is_not_taken_for_an_option_and_told_in_one_line(monkeypatch, capsys):
    started_with = {}
    monkeypatch.setattr(cli, "HttpServer", lambda worlds, **address: started_with.update(address) or sys.exit(0))
    for name, value in SERVICE.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["jobsmock", "serve", "--sample", "empty"])
    with pytest.raises(SystemExit):
        cli.main()
    assert started_with["port"] == 8386
    assert capsys.readouterr().err == (
        "jobsmock: JOBSMOCK_PORT=tcp://10.96.0.12:8386: ignored, since Kubernetes sets this variable for a service "
        "named jobsmock\n"
    )


def test_beside_a_kubernetes_service_of_its_name_it_serves(started):
    _, _, url = started("--port", "0", "--sample", "empty", env={**os.environ, **SERVICE})
    assert requests.get(f"{url}/_jobsmock/health", timeout=5).status_code == 200


@pytest.mark.parametrize("port", ["tcp://10.96.0.12:8386", "8386", "", None])
def test_the_healthcheck_of_the_image_asks_where_the_server_is(port, monkeypatch):
    file = (Path(__file__).parent.parent / "Dockerfile").read_text()
    (command,) = re.findall(r"^    CMD (\[.*\])$", file, re.MULTILINE)
    name, option, program = json.loads(command)
    asked = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda url, timeout: asked.append(url))
    monkeypatch.delenv("JOBSMOCK_PORT", raising=False)
    if port is not None:
        monkeypatch.setenv("JOBSMOCK_PORT", port)
    exec(program, {})
    assert (name, option, asked) == ("python", "-c", ["http://127.0.0.1:8386/_jobsmock/health"])


def has_ipv6():
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


@pytest.mark.parametrize(
    "host", ["[127.0.0.1]", pytest.param("[::1]", marks=pytest.mark.skipif(not has_ipv6(), reason="needs IPv6"))]
)
def test_an_address_may_be_in_brackets_as_in_urls(started, host):
    _, _, url = started("--host", host, "--port", "0", "--sample", "empty")
    assert url.startswith(f"http://{host if ':' in host else host[1:-1]}:")
    assert requests.get(f"{url}/_jobsmock/health", timeout=5).status_code == 200


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="needs SIGHUP")
def test_a_closed_terminal_is_a_stop_but_not_under_nohup(started):
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

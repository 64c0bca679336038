"""Options as environment variables, and their values."""

import json
import os
import re
import socket
import sys
import urllib.request
from pathlib import Path

import pytest
import requests

from jobsmock import cli

SERVICE = {  # what Kubernetes sets in all containers for a service named jobsmock
    "JOBSMOCK_SERVICE_HOST": "10.96.0.12",
    "JOBSMOCK_SERVICE_PORT": "8386",
    "JOBSMOCK_SERVICE_PORT_HTTP": "8386",
    "JOBSMOCK_PORT": "tcp://10.96.0.12:8386",
    "JOBSMOCK_PORT_8386_TCP": "tcp://10.96.0.12:8386",
    "JOBSMOCK_PORT_8386_TCP_PROTO": "tcp",
    "JOBSMOCK_PORT_8386_TCP_PORT": "8386",
    "JOBSMOCK_PORT_8386_TCP_ADDR": "10.96.0.12",
}


def test_a_variable_that_kubernetes_sets_for_a_service_is_ignored_with_a_message(monkeypatch, capsys):
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


def test_it_serves_in_a_container_with_a_kubernetes_service_named_jobsmock(started):
    _, _, url = started("--port", "0", "--sample", "empty", env={**os.environ, **SERVICE})
    assert requests.get(f"{url}/_jobsmock/health", timeout=5).status_code == 200


@pytest.mark.parametrize("port", ["tcp://10.96.0.12:8386", "8386", "", None])
def test_the_health_check_of_the_image_uses_the_port_of_the_server(port, monkeypatch):
    file = (Path(__file__).parent.parent / "Dockerfile").read_text()
    (command,) = re.findall(r"^    CMD (\[.*\])$", file, re.MULTILINE)
    name, option, program = json.loads(command)
    urls = []
    monkeypatch.setattr(urllib.request, "urlopen", lambda url, timeout: urls.append(url))
    monkeypatch.delenv("JOBSMOCK_PORT", raising=False)
    if port is not None:
        monkeypatch.setenv("JOBSMOCK_PORT", port)
    exec(program, {})
    assert (name, option, urls) == ("python", "-c", ["http://127.0.0.1:8386/_jobsmock/health"])


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

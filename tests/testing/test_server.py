"""Server: its port is open when `start` returns, and free when `stop` returns."""

import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from jobsmock import CannotListen, Server


def count_threads_and_files():
    """The numbers of threads and of open files."""
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_a_taken_port_is_an_error():
    with Server(sample="empty") as first:
        port = first.url.rpartition(":")[2]
        with pytest.raises(CannotListen, match=port):
            Server(sample="empty", port=int(port)).start()


def test_an_invalid_port_is_an_error():
    with pytest.raises(CannotListen, match="expected a number from 0 to 65535"):
        Server(sample="empty", port=99999).start()


def test_twenty_servers_start_and_stop_in_a_second_and_leave_nothing_open():
    with Server(sample="empty"):
        pass
    before, start = count_threads_and_files(), time.monotonic()
    for _ in range(20):
        with Server(sample="empty"):
            pass
    assert time.monotonic() - start < 1.0
    assert count_threads_and_files() == before


def test_a_server_can_start_again():
    server = Server(sample="empty")
    for _ in range(2):
        with server, requests.Session() as session:
            assert session.get(f"{server.endpoint()}/jobs", timeout=5).json() == {"jobs": []}
    server.stop()
    assert server.verify("jobs.list", exactly=2)


def test_methods_return_what_the_control_api_sends():
    with Server(sample="empty") as server:
        rule = server.rules.fail("jobs.list")
        assert requests.get(f"{server.url}/_jobsmock/rules/{rule}", timeout=5).json() == server.rules[rule]
        exported = requests.get(f"{server.url}/_jobsmock/journal?format=pytest", timeout=5)
        assert (exported.text, exported.headers["Content-Type"][:13]) == (
            server.journal.export("pytest"),
            "text/x-python",
        )


def test_a_stop_waits_for_no_client():
    server, session = Server(sample="empty").start(), requests.Session()
    server.rules.delay("jobs.list", "1h")
    server.rules.break_wire("clusters.list", "hang")
    session.get(server.url, timeout=5)
    port, connections = int(server.url.rpartition(":")[2]), []
    for path in ("jobs", "clusters") * 3:
        connections.append(socket.create_connection(("127.0.0.1", port), timeout=5))
        connections[-1].sendall(f"GET /v1.1/p/{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    deadline = time.monotonic() + 5
    while sum(rule["state"]["acted"] for rule in server.rules) < 6:
        assert time.monotonic() < deadline
    start = time.monotonic()
    server.stop()
    assert time.monotonic() - start < 0.1
    for sock in connections:
        sock.close()
    session.close()

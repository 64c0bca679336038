"""A server in a thread of whoever tests: it is there when it says so, and gone when it is told to go."""

import socket
import threading
import time
from pathlib import Path

import pytest
import requests

from jobsmock import CannotListen, Server


def held():
    """Threads, and files that are open."""
    return threading.active_count(), len(list(Path("/proc/self/fd").iterdir()))


def test_a_taken_port_is_refused_at_once():
    with Server(sample="empty") as first:
        port = first.url.rpartition(":")[2]
        with pytest.raises(CannotListen, match=port):
            Server(sample="empty", port=int(port)).start()


def test_a_port_that_cannot_be_is_refused():
    with pytest.raises(CannotListen, match="expected a number from 0 to 65535"):
        Server(sample="empty", port=99999).start()


def test_twenty_servers_come_and_go_in_a_second_and_leave_nothing():
    with Server(sample="empty"):
        pass
    before, began = held(), time.monotonic()
    for _ in range(20):
        with Server(sample="empty"):
            pass
    assert time.monotonic() - began < 1.0
    assert held() == before


def test_one_server_can_start_again():
    server = Server(sample="empty")
    for _ in range(2):
        with server, requests.Session() as session:
            assert session.get(f"{server.endpoint()}/jobs", timeout=5).json() == {"jobs": []}
    server.stop()
    assert server.verify("jobs.list", exactly=2)


def test_the_worlds_of_a_server_move_with_it():
    server = Server(sample="empty")
    world = server.make_world("mine")
    assert world.url == "http://jobsmock.localhost/w/mine"
    with server:
        assert world.url == f"{server.url}/w/mine"
        assert requests.get(f"{world.endpoint()}/jobs", timeout=5).json() == {"jobs": []}


def test_a_stop_waits_for_no_client():
    server, session = Server(sample="empty").start(), requests.Session()
    server.rules.delay("jobs.list", "1h")
    server.rules.break_wire("clusters.list", "hang")
    session.get(server.url, timeout=5)
    port, told = int(server.url.rpartition(":")[2]), []
    for path in ("jobs", "clusters") * 3:
        told.append(socket.create_connection(("127.0.0.1", port), timeout=5))
        told[-1].sendall(f"GET /v1.1/p/{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    deadline = time.monotonic() + 5
    while sum(rule["state"]["acted"] for rule in server.rules) < 6:
        assert time.monotonic() < deadline
    began = time.monotonic()
    server.stop()
    assert time.monotonic() - began < 0.1
    for sock in told:
        sock.close()
    session.close()

"""Clients that are slow, many, or gone: others are answered all the same, and nobody is left without a word."""

import logging
import os
import re
import resource
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import pytest
import requests

from jobsmock.samples.sample import make_world
from jobsmock.server import HttpServer, connections, waitress_loop

PATH = "/v1.1/p/clusters"
ASK = f"GET {PATH} HTTP/1.1\r\nHost: mock\r\n\r\n".encode()
HALF = ASK[:30]


@pytest.fixture
def serve():
    """Starts a server with so many connections at most."""
    with ExitStack() as stack:

        def start(max_connections=100):
            server = HttpServer(make_world("empty"), max_connections=max_connections)
            server.start()
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def connect():
    """Opens a raw connection to a server, and sends something on it."""
    with ExitStack() as stack:

        def open_one(server, sent=b""):
            port = server if isinstance(server, int) else server.port
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            sock.sendall(sent)
            return sock

        yield open_one


@pytest.fixture
def impatient(monkeypatch):
    """The server looks for late connections all the time."""
    monkeypatch.setattr(waitress_loop, "_CHECK_SECONDS", 0.01)


def read_all(sock):
    return b"".join(iter(lambda: sock.recv(65536), b""))


def answered(sock):
    """The first piece of an answer; empty if the server has closed."""
    try:
        return sock.recv(65536)
    except ConnectionResetError:
        return b""


def test_clients_that_send_a_byte_at_a_time_hold_up_nobody_and_get_their_answers(serve, connect):
    server = serve(max_connections=500)
    dribbling = [connect(server) for _ in range(100)]
    for place in range(len(HALF)):
        for sock in dribbling:
            sock.send(HALF[place : place + 1])
        assert requests.get(server.url + PATH, timeout=5).status_code == 200
    for sock in dribbling:
        sock.sendall(ASK[len(HALF) :])
    assert all(answered(sock).startswith(b"HTTP/1.1 200") for sock in dribbling)


def test_a_connection_that_rests_after_many_crumbs_does_not_delay_its_next_request(serve, connect):
    server = serve()
    sock = connect(server)
    for place in range(20):
        sock.send(ASK[place : place + 1])
        assert requests.get(server.url + PATH, timeout=5).status_code == 200
    sock.sendall(ASK[20:])
    for _ in range(3):
        assert answered(sock).startswith(b"HTTP/1.1 200")
        sock.sendall(ASK)


def test_a_head_that_does_not_come_in_time_is_a_408(serve, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    server = serve()
    slow, idle = connect(server, HALF), connect(server)
    assert read_all(slow).startswith(b"HTTP/1.0 408 Request Timeout")
    idle.sendall(ASK)
    assert answered(idle).startswith(b"HTTP/1.1 200")


def test_a_late_head_does_not_take_away_the_answer_that_is_still_being_made(serve, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    slow = ASK.replace(b"\r\n\r\n", b"\r\nPrefer: delay=300ms\r\n\r\n")
    sock = connect(serve(), slow + HALF)
    assert answered(sock).startswith(b"HTTP/1.1 200")
    assert read_all(sock).startswith(b"HTTP/1.0 408")


def test_a_connection_that_is_idle_for_long_is_closed(serve, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.05)
    assert read_all(connect(serve())) == b""


def test_the_connection_that_has_been_idle_for_longest_makes_room(serve, connect):
    server = serve(max_connections=3)

    def ask(sock):
        sock.sendall(ASK)
        return answered(sock)[:12]

    first, second, third = (connect(server) for _ in range(3))
    assert [ask(sock) for sock in (first, third, second, first)] == [b"HTTP/1.1 200"] * 4
    assert ask(connect(server)) == b"HTTP/1.1 200"
    assert read_all(third) == b""
    assert [ask(sock) for sock in (first, second)] == [b"HTTP/1.1 200"] * 2


def test_beyond_the_bound_a_client_gets_a_503_that_names_the_option(serve, connect):
    server = serve(max_connections=3)
    busy = [connect(server, HALF) for _ in range(3)]
    for _ in range(5):
        refused = read_all(connect(server, ASK))
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"--max-connections" in refused
    busy[0].close()
    busy[1].sendall(ASK[len(HALF) :])
    assert answered(busy[1]).startswith(b"HTTP/1.1 200")
    assert answered(connect(server, ASK)).startswith(b"HTTP/1.1 200")


def test_clients_that_never_read_a_long_answer_hold_up_nobody(serve, connect):
    server = serve()
    data = b"x" * 4_000_000
    put = requests.put(f"{server.url}/v1.1/p/job-binary-internals/big", data=data, timeout=10).json()
    ask = ASK.replace(PATH.encode(), f"/v1.1/p/job-binary-internals/{put['job_binary_internal']['id']}/data".encode())
    stubborn = [connect(server, ask) for _ in range(20)]
    assert requests.get(server.url + PATH, timeout=5).status_code == 200
    got = b""
    while len(got) < len(data):
        got += stubborn[0].recv(1_000_000)
    assert got.endswith(b"x")


@pytest.mark.parametrize("bound", ["soft", "hard"])
def test_a_server_that_may_open_few_files_refuses_what_it_cannot_have_and_lives_on(connect, bound):
    def limit():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (130, hard if bound == "soft" else 130))

    command = [sys.executable, "-m", "jobsmock", "--port", "0", "--sample", "empty", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=limit) as process:
        port = int(re.search(rb":(\d+)", process.stdout.readline())[1])
        held = [connect(port, HALF) for _ in range(60)]
        answer = answered(connect(port, ASK))
        assert answer.startswith(b"HTTP/1.1 200" if bound == "soft" else b"HTTP/1.1 503")
        held.pop(0).close()
        held[0].sendall(ASK[len(HALF) :])
        assert answered(held[0]).startswith(b"HTTP/1.1 200")
        os.kill(process.pid, signal.SIGTERM)
        assert process.communicate(timeout=10)[1] == b""


# --- bodies


def test_a_body_that_is_too_large_is_refused_before_it_comes(serve, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nContent-Length: 1000000000\r\n\r\n"
    answer = read_all(connect(serve(), head))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in answer


def test_a_client_that_asks_first_whether_to_send_a_large_body_is_told_not_to(serve, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nExpect: 100-continue\r\nContent-Length: "
    assert read_all(connect(serve(), head + b"1000000000\r\n\r\n")).startswith(b"HTTP/1.1 413 ")


def test_a_body_in_chunks_is_refused_as_soon_as_it_has_grown_too_large(serve, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nTransfer-Encoding: chunked\r\n\r\n"
    sock = connect(serve(), head)
    for _ in range(17):
        sock.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
    assert answered(sock).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_client_that_sends_all_before_it_reads_gets_its_413(serve, in_chunks):
    data = b"x" * 40_000_000
    body = (data[start : start + 1_000_000] for start in range(0, len(data), 1_000_000)) if in_chunks else data
    answer = requests.put(f"{serve().url}/v1.1/p/job-binary-internals/big", data=body, timeout=20)
    assert answer.status_code == 413
    assert answer.json()["error_code"] == 413


# --- what is no plain HTTP


def test_a_client_that_speaks_https_is_let_go_at_once_and_the_log_says_why(serve, caplog):
    server = serve()
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{server.port}/", timeout=5)
    server.stop()
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == f"client 127.0.0.1 sent an https request to port {server.port}, which serves http only"


def test_raw_utf_8_in_a_url_is_read_as_if_it_were_encoded(serve, connect):
    server = serve()
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/größe"}
    assert requests.post(f"{server.url}/v1.1/p/data-sources", json=body, timeout=5).status_code == 202
    ask = "GET /v1.1/p/data-sources?url=hdfs://h/größe HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n"
    answer = read_all(connect(server, ask.encode()))
    assert answer.startswith(b"HTTP/1.1 200")
    assert "größe".encode() in answer
    path = "GET /w/größe/v1.1/p/jobs HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n"
    assert "invalid name of a world 'größe'".encode() in read_all(connect(server, path.encode()))

"""Slow clients and few file descriptors: other clients are not delayed."""

import os
import re
import resource
import signal
import subprocess
import sys

import pytest
import requests

from tests.server.sockets import ASK, CLUSTERS, HALF, receive_some


def test_clients_that_send_single_bytes_delay_no_other_and_get_their_responses(serve_with_limit, connect):
    server = serve_with_limit(max_connections=500)
    slow = [connect(server) for _ in range(100)]
    for place in range(len(HALF)):
        for sock in slow:
            sock.send(HALF[place : place + 1])
        assert requests.get(server.url + CLUSTERS, timeout=5).status_code == 200
    for sock in slow:
        sock.sendall(ASK[len(HALF) :])
    assert all(receive_some(sock).startswith(b"HTTP/1.1 200") for sock in slow)


def test_a_connection_that_rests_after_tiny_pieces_does_not_delay_its_next_request(serve_with_limit, connect):
    server = serve_with_limit()
    sock = connect(server)
    for place in range(20):
        sock.send(ASK[place : place + 1])
        assert requests.get(server.url + CLUSTERS, timeout=5).status_code == 200
    sock.sendall(ASK[20:])
    for _ in range(3):
        assert receive_some(sock).startswith(b"HTTP/1.1 200")
        sock.sendall(ASK)


def test_clients_that_do_not_read_a_long_response_delay_no_other(serve_with_limit, connect):
    server = serve_with_limit()
    data = b"x" * 4_000_000
    put = requests.put(f"{server.url}/v1.1/p/job-binary-internals/big", data=data, timeout=10).json()
    request = ASK.replace(
        CLUSTERS.encode(), f"/v1.1/p/job-binary-internals/{put['job_binary_internal']['id']}/data".encode()
    )
    clients = [connect(server, request) for _ in range(20)]
    assert requests.get(server.url + CLUSTERS, timeout=5).status_code == 200
    received = b""
    while len(received) < len(data):
        received += clients[0].recv(1_000_000)
    assert received.endswith(b"x")


@pytest.mark.parametrize("limit", ["soft", "hard"])
def test_a_server_at_its_limit_of_open_files_refuses_connections_and_keeps_running(connect, limit):
    def set_limit():
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        resource.setrlimit(resource.RLIMIT_NOFILE, (130, hard if limit == "soft" else 130))

    command = [sys.executable, "-m", "jobsmock", "--port", "0", "--sample", "empty", "--quiet"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=set_limit) as process:
        port = int(re.search(rb":(\d+)", process.stdout.readline())[1])
        open_connections = [connect(port, HALF) for _ in range(60)]
        response = receive_some(connect(port, ASK))
        assert response.startswith(b"HTTP/1.1 200" if limit == "soft" else b"HTTP/1.1 503")
        open_connections.pop(0).close()
        open_connections[0].sendall(ASK[len(HALF) :])
        assert receive_some(open_connections[0]).startswith(b"HTTP/1.1 200")
        os.kill(process.pid, signal.SIGTERM)
        assert process.communicate(timeout=10)[1] == b""

"""One connection: keep-alive, pipelining, large bodies, and what is not HTTP."""

import contextlib
import http.client
import json
import logging
import socket

import pytest
import requests

from tests.server.sockets import receive_all, receive_some


@pytest.fixture
def connection(server):
    """A connection that stays open for several requests."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)) as connection:
        yield connection


def test_a_connection_stays_open_for_many_requests(connection):
    for _ in range(3):
        connection.request("GET", "/v1.1/p/clusters")
        response = connection.getresponse()
        assert json.loads(response.read())["clusters"]
        assert response.getheader("Connection") is None


def test_head_has_the_headers_of_get_and_no_body(connection):
    connection.request("GET", "/v1.1/p/clusters")
    length = len(connection.getresponse().read())
    connection.request("HEAD", "/v1.1/p/clusters")
    response = connection.getresponse()
    assert (response.read(), response.getheader("Content-Length")) == (b"", str(length))


def test_pipelined_requests_are_answered_in_order(server):
    template = "GET /v1.1/p/jobs/{} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall("".join(template.format(f"id-{number}") for number in range(20)).encode())
        received = b""
        while received.count(b"NOT_FOUND") < 20:
            received += sock.recv(65536)
    places = [received.index(f"'id-{number}'".encode()) for number in range(20)]
    assert places == sorted(places)


# --- bodies


def test_a_body_that_is_too_large_is_refused_before_it_is_sent(server, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nContent-Length: 1000000000\r\n\r\n"
    response = receive_all(connect(server, head))
    assert response.startswith(b"HTTP/1.1 413 ")
    assert b"Connection: close" in response


def test_a_client_that_expects_100_continue_gets_a_413_for_a_large_body(server, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nExpect: 100-continue\r\nContent-Length: "
    assert receive_all(connect(server, head + b"1000000000\r\n\r\n")).startswith(b"HTTP/1.1 413 ")


def test_a_chunked_body_is_refused_as_soon_as_it_is_too_large(server, connect):
    head = b"PUT /v1.1/p/job-binary-internals/big HTTP/1.1\r\nHost: mock\r\nTransfer-Encoding: chunked\r\n\r\n"
    sock = connect(server, head)
    for _ in range(17):
        sock.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
    assert receive_some(sock).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize("in_chunks", [False, True])
def test_a_client_that_sends_everything_before_it_reads_gets_its_413(server, in_chunks):
    data = b"x" * 40_000_000
    body = (data[start : start + 1_000_000] for start in range(0, len(data), 1_000_000)) if in_chunks else data
    response = requests.put(f"{server.url}/v1.1/p/job-binary-internals/big", data=body, timeout=20)
    assert response.status_code == 413
    assert response.json()["error_code"] == 413


# --- requests that are not plain HTTP


def test_nonsense_is_a_400_and_the_server_keeps_running(server):
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
        sock.sendall(b"\x00\x01\x02 nonsense\r\n\r\n")
        head, _, body = b"".join(iter(lambda: sock.recv(65536), b"")).partition(b"\r\n\r\n")
    assert b" 400 Bad Request" in head
    assert json.loads(body)["error"] == 400
    assert requests.get(f"{server.url}/v1.1/p/clusters", timeout=5).status_code == 200


def test_an_https_client_is_disconnected_at_once_and_the_log_says_why(server, caplog):
    with pytest.raises(requests.exceptions.SSLError):
        requests.get(f"https://127.0.0.1:{server.port}/", timeout=5)
    server.stop()
    [line] = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert line == f"client 127.0.0.1 sent an https request to port {server.port}, which serves http only"


def test_raw_utf_8_in_a_url_is_read_as_if_it_were_encoded(server, connect):
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/größe"}
    assert requests.post(f"{server.url}/v1.1/p/data-sources", json=body, timeout=5).status_code == 202
    request = "GET /v1.1/p/data-sources?url=hdfs://h/größe HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n"
    response = receive_all(connect(server, request.encode()))
    assert response.startswith(b"HTTP/1.1 200")
    assert "größe".encode() in response
    request = "GET /w/größe/v1.1/p/jobs HTTP/1.1\r\nHost: mock\r\nConnection: close\r\n\r\n"
    assert "invalid name of a world 'größe'".encode() in receive_all(connect(server, request.encode()))

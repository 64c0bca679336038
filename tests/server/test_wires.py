"""Broken connections over real sockets: what clients see, and that other clients are not affected."""

import http.client
import logging
import socket
import struct
import time
from contextlib import closing

import pytest
import requests
import urllib3

from tests.server.sockets import CLUSTERS, JOBS, add_rule, receive_all, send_request

METHODS = ("rule", "prefer")
WIRES = ("reset", "empty", "garbage", "truncate", "hang", "close")


def break_jobs_list(server, method, wire):
    """Let the connection of jobs.list break by a rule, or by the headers that are returned."""
    if method == "prefer":
        return {"Prefer": f"wire={wire}"}
    add_rule(server, {"wire": wire})
    return {}


# --- with a raw socket


@pytest.mark.parametrize("method", METHODS)
def test_reset_sends_a_rst_and_no_data(server, method):
    with send_request(server, break_jobs_list(server, method, "reset")) as sock, pytest.raises(ConnectionResetError):
        sock.recv(1)


@pytest.mark.parametrize("method", METHODS)
def test_empty_closes_without_sending_data(server, method):
    assert receive_all(send_request(server, break_jobs_list(server, method, "empty"))) == b""


@pytest.mark.parametrize("method", METHODS)
def test_garbage_is_not_http(server, method):
    data = receive_all(send_request(server, break_jobs_list(server, method, "garbage")))
    assert data
    assert not data.startswith(b"HTTP/")


@pytest.mark.parametrize("method", METHODS)
def test_truncate_sends_the_head_and_only_a_part_of_the_body(server, method):
    head, _, body = receive_all(send_request(server, break_jobs_list(server, method, "truncate"))).partition(
        b"\r\n\r\n"
    )
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert 0 < len(body) < length


def test_truncate_sends_half_of_the_body_of_its_rule(server):
    add_rule(server, {"wire": "truncate", "status": 503, "body": "0123456789"})
    head, _, body = receive_all(send_request(server)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Content-Length: 10\r\n" in head
    assert body == b"01234"


def test_truncate_cuts_a_response_without_a_body_before_its_status(server):
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.head(f"{server.url}{JOBS}", headers={"Prefer": "wire=truncate"}, timeout=5)


@pytest.mark.parametrize("method", METHODS)
def test_hang_sends_nothing_until_the_client_gives_up(server, method, hang):
    with send_request(server, break_jobs_list(server, method, "hang"), timeout=0.3) as sock:
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert not hang.ended.is_set()
    assert hang.ended.wait(5)


def test_hang_continues_when_the_client_sends_more(server, hang):
    with send_request(server, {"Prefer": "wire=hang"}, timeout=0.3) as sock:
        assert hang.began.wait(5)
        sock.sendall(b"GET ")
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert not hang.ended.is_set()
    assert hang.ended.wait(5)


def test_a_client_that_gives_up_with_a_rst_is_not_logged(server, hang, caplog):
    with send_request(server, {"Prefer": "wire=hang"}) as sock:
        assert hang.began.wait(5)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert hang.ended.wait(5)
    assert requests.get(server.url + JOBS, timeout=5).status_code == 200
    server.stop()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("method", METHODS)
def test_close_sends_the_whole_response_and_closes_without_notice(server, method):
    head, _, body = receive_all(send_request(server, break_jobs_list(server, method, "close"))).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection:" not in head.lower()
    assert body == b'{"jobs":[]}'


def test_the_next_request_of_http_client_after_a_close_fails(server):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as connection:

        def send(**headers):
            connection.request("GET", JOBS, headers=headers)
            return connection.getresponse().read()

        assert send(Prefer="wire=close") == b'{"jobs":[]}'
        connection.sock.recv(1, socket.MSG_PEEK)  # wait for the close
        with pytest.raises(ConnectionError):
            send()


# --- with requests and urllib3


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(
    ("wire", "error", "cause"),
    [
        ("reset", requests.exceptions.ConnectionError, ConnectionResetError),
        ("empty", requests.exceptions.ConnectionError, http.client.RemoteDisconnected),
        ("garbage", requests.exceptions.ConnectionError, http.client.BadStatusLine),
        ("truncate", requests.exceptions.ChunkedEncodingError, http.client.IncompleteRead),
    ],
)
def test_requests_raises_its_usual_error_for_a_broken_connection(server, method, wire, error, cause):
    headers = break_jobs_list(server, method, wire)
    with pytest.raises(requests.exceptions.RequestException) as caught:
        requests.get(server.url + JOBS, headers=headers, timeout=5)
    assert type(caught.value) is error
    [inner] = caught.value.args
    assert type(inner) is urllib3.exceptions.ProtocolError
    assert isinstance(inner.args[1], cause)


@pytest.mark.parametrize("method", METHODS)
def test_requests_raises_a_read_timeout_for_a_hang(server, method):
    headers = break_jobs_list(server, method, "hang")
    with pytest.raises(requests.exceptions.ReadTimeout) as caught:
        requests.get(server.url + JOBS, headers=headers, timeout=0.3)
    assert type(caught.value.args[0]) is urllib3.exceptions.ReadTimeoutError


@pytest.mark.parametrize(
    ("wire", "error"),
    [
        ("reset", urllib3.exceptions.ProtocolError),
        ("empty", urllib3.exceptions.ProtocolError),
        ("garbage", urllib3.exceptions.ProtocolError),
        ("truncate", urllib3.exceptions.ProtocolError),
        ("hang", urllib3.exceptions.ReadTimeoutError),
    ],
)
def test_urllib3_raises_its_usual_error_for_a_broken_connection(server, wire, error):
    headers = {"Prefer": f"wire={wire}"}
    with urllib3.PoolManager() as pool, pytest.raises(urllib3.exceptions.HTTPError) as caught:
        pool.request("GET", server.url + JOBS, headers=headers, retries=False, timeout=0.3 if wire == "hang" else 5)
    assert type(caught.value) is error


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage"])
def test_a_client_that_retries_gets_a_response(server, wire):
    add_rule(server, {"wire": wire}, on={"times": 2})
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=urllib3.Retry(2, backoff_factor=0)))
        assert session.get(server.url + JOBS, timeout=5).json() == {"jobs": []}


# --- effects on other requests


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("wire", WIRES)
def test_a_broken_connection_affects_no_other(server, method, wire, caplog):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as other:

        def get_status():
            other.request("GET", CLUSTERS)
            response = other.getresponse()
            response.read()
            return response.status

        assert get_status() == 200
        sock_before = other.sock
        with send_request(server, break_jobs_list(server, method, wire), timeout=0.1) as sock:
            while True:
                try:
                    if not sock.recv(65536):
                        break
                except (TimeoutError, ConnectionResetError):
                    break
            assert get_status() == 200
        assert get_status() == 200
        assert other.sock is sock_before
    assert requests.get(server.url + CLUSTERS, timeout=5).status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_connection_may_break_after_a_delay_and_after_the_operation(server):
    then = {"wire": "empty", "delay": "50ms"}
    add_rule(server, then, "data-sources.create", commit=True)
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    start = time.monotonic()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(f"{server.url}/v1.1/p/data-sources", json=body, timeout=5)
    assert time.monotonic() - start >= 0.05
    assert len(requests.get(f"{server.url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == 1

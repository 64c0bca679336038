"""Broken wires, delays and counts over real sockets: what a client gets to see of them, and that nobody else does.

The app alone cannot show it: there a wire is a word in the environ, and a delay holds up only its own caller.
"""

import http.client
import logging
import socket
import struct
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from types import SimpleNamespace

import pytest
import requests
import urllib3

from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.server import HttpServer, waitress_loop
from jobsmock.server.channel import Channel
from jobsmock.world.worlds import Worlds

JOBS, CLUSTERS = "/v1.1/p/jobs", "/v1.1/p/clusters"
HOWS = ("rule", "prefer")
WIRES = ("reset", "empty", "garbage", "truncate", "hang", "close")


@pytest.fixture
def server():
    server = HttpServer(make_world("empty", "instant", seed=1))
    server.start()
    yield server
    server.stop()


def rule(server, then, operation="jobs.list", **more):
    document = {"id": "it", "when": {"operation": operation}, "then": then, **more}
    assert requests.post(f"{server.url}/_jobsmock/rules", json=document, timeout=5).status_code == 201


def broken(server, how, wire):
    """Breaks the wire of jobs.list by a rule, or else by the headers that this returns."""
    if how == "prefer":
        return {"Prefer": f"wire={wire}"}
    rule(server, {"wire": wire})
    return {}


def asked(server, headers=(), path=JOBS, timeout=5.0):
    """A raw socket on which a request has been sent."""
    sock = socket.create_connection(("127.0.0.1", server.port), timeout=timeout)
    lines = [f"GET {path} HTTP/1.1", "Host: mock", *(f"{name}: {value}" for name, value in dict(headers).items())]
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    return sock


def received(sock):
    """All that comes until the other side closes."""
    with sock:
        return b"".join(iter(lambda: sock.recv(65536), b""))


def until_acted(server, count):
    """Return when the rule has acted so often: then as many answers are being held back."""
    deadline = time.monotonic() + 5
    with requests.Session() as session:
        while session.get(f"{server.url}/_jobsmock/rules/it", timeout=5).json()["state"]["acted"] < count:
            assert time.monotonic() < deadline, "the requests have not come"


def stopped_in(server):
    """Seconds that a stop takes."""
    began = time.monotonic()
    server.stop()
    return time.monotonic() - began


@pytest.fixture
def hang(monkeypatch):
    """Two events: the server leaves a client hanging, and it has let go of it again."""
    events = SimpleNamespace(began=threading.Event(), ended=threading.Event())

    class Watched(Channel):
        def keep_silent(self, seconds):
            super().keep_silent(seconds)
            events.began.set()

        def handle_close(self):
            super().handle_close()
            if events.began.is_set():
                events.ended.set()

    monkeypatch.setattr(waitress_loop, "Channel", Watched)
    return events


# --- broken wires, as a raw socket sees them


@pytest.mark.parametrize("how", HOWS)
def test_a_reset_comes_as_a_rst_without_a_byte(server, how):
    with asked(server, broken(server, how, "reset")) as sock, pytest.raises(ConnectionResetError):
        sock.recv(1)


@pytest.mark.parametrize("how", HOWS)
def test_empty_closes_without_a_byte(server, how):
    assert received(asked(server, broken(server, how, "empty"))) == b""


@pytest.mark.parametrize("how", HOWS)
def test_garbage_is_no_http(server, how):
    got = received(asked(server, broken(server, how, "garbage")))
    assert got
    assert not got.startswith(b"HTTP/")


@pytest.mark.parametrize("how", HOWS)
def test_truncate_sends_the_head_and_only_a_part_of_the_body_that_it_promises(server, how):
    head, _, body = received(asked(server, broken(server, how, "truncate"))).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    assert 0 < len(body) < length


def test_truncate_sends_half_of_the_body_of_its_rule(server):
    rule(server, {"wire": "truncate", "status": 503, "body": "0123456789"})
    head, _, body = received(asked(server)).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 503 ")
    assert b"Content-Length: 10\r\n" in head
    assert body == b"01234"


def test_truncate_leaves_of_an_answer_without_a_body_not_even_its_status(server):
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.head(f"{server.url}{JOBS}", headers={"Prefer": "wire=truncate"}, timeout=5)


@pytest.mark.parametrize("how", HOWS)
def test_hang_sends_nothing_until_the_client_gives_up(server, how, hang):
    with asked(server, broken(server, how, "hang"), timeout=0.3) as sock:
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert not hang.ended.is_set()
    assert hang.ended.wait(5)


def test_hang_goes_on_when_the_client_sends_more(server, hang):
    with asked(server, {"Prefer": "wire=hang"}, timeout=0.3) as sock:
        assert hang.began.wait(5)
        sock.sendall(b"GET ")
        with pytest.raises(TimeoutError):
            sock.recv(1)
        assert not hang.ended.is_set()
    assert hang.ended.wait(5)


def test_a_client_that_gives_up_with_a_rst_leaves_no_trace_in_the_log(server, hang, caplog):
    with asked(server, {"Prefer": "wire=hang"}) as sock:
        assert hang.began.wait(5)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    assert hang.ended.wait(5)
    assert requests.get(server.url + JOBS, timeout=5).status_code == 200
    server.stop()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


@pytest.mark.parametrize("how", HOWS)
def test_close_sends_the_whole_answer_and_closes_without_a_word(server, how):
    head, _, body = received(asked(server, broken(server, how, "close"))).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"connection:" not in head.lower()
    assert body == b'{"jobs":[]}'


def test_http_client_trips_over_a_connection_that_was_closed_after_the_answer(server):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as kept:

        def ask(**headers):
            kept.request("GET", JOBS, headers=headers)
            return kept.getresponse().read()

        assert ask(Prefer="wire=close") == b'{"jobs":[]}'
        kept.sock.recv(1, socket.MSG_PEEK)  # until the end has come
        with pytest.raises(ConnectionError):
            ask()


# --- broken wires, as requests and urllib3 tell them


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize(
    ("wire", "raised", "cause"),
    [
        ("reset", requests.exceptions.ConnectionError, ConnectionResetError),
        ("empty", requests.exceptions.ConnectionError, http.client.RemoteDisconnected),
        ("garbage", requests.exceptions.ConnectionError, http.client.BadStatusLine),
        ("truncate", requests.exceptions.ChunkedEncodingError, http.client.IncompleteRead),
    ],
)
def test_a_broken_wire_is_told_by_requests(server, how, wire, raised, cause):
    headers = broken(server, how, wire)
    with pytest.raises(requests.exceptions.RequestException) as caught:
        requests.get(server.url + JOBS, headers=headers, timeout=5)
    assert type(caught.value) is raised
    [told] = caught.value.args
    assert type(told) is urllib3.exceptions.ProtocolError
    assert isinstance(told.args[1], cause)


@pytest.mark.parametrize("how", HOWS)
def test_a_hang_is_told_by_requests_as_a_read_timeout(server, how):
    headers = broken(server, how, "hang")
    with pytest.raises(requests.exceptions.ReadTimeout) as caught:
        requests.get(server.url + JOBS, headers=headers, timeout=0.3)
    assert type(caught.value.args[0]) is urllib3.exceptions.ReadTimeoutError


@pytest.mark.parametrize(
    ("wire", "raised"),
    [
        ("reset", urllib3.exceptions.ProtocolError),
        ("empty", urllib3.exceptions.ProtocolError),
        ("garbage", urllib3.exceptions.ProtocolError),
        ("truncate", urllib3.exceptions.ProtocolError),
        ("hang", urllib3.exceptions.ReadTimeoutError),
    ],
)
def test_a_broken_wire_is_told_by_urllib3(server, wire, raised):
    headers = {"Prefer": f"wire={wire}"}
    with urllib3.PoolManager() as pool, pytest.raises(urllib3.exceptions.HTTPError) as caught:
        pool.request("GET", server.url + JOBS, headers=headers, retries=False, timeout=0.3 if wire == "hang" else 5)
    assert type(caught.value) is raised


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage"])
def test_a_client_that_tries_again_gets_its_answer(server, wire):
    rule(server, {"wire": wire}, on={"times": 2})
    with requests.Session() as session:
        session.mount("http://", requests.adapters.HTTPAdapter(max_retries=urllib3.Retry(2, backoff_factor=0)))
        assert session.get(server.url + JOBS, timeout=5).json() == {"jobs": []}


# --- what is around a broken wire


@pytest.mark.parametrize("how", HOWS)
@pytest.mark.parametrize("wire", WIRES)
def test_the_server_and_its_other_connections_live_on(server, how, wire, caplog):
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)) as other:

        def status():
            other.request("GET", CLUSTERS)
            answer = other.getresponse()
            answer.read()
            return answer.status

        assert status() == 200
        kept = other.sock
        with asked(server, broken(server, how, wire), timeout=0.1) as sock:
            while True:
                try:
                    if not sock.recv(65536):
                        break
                except (TimeoutError, ConnectionResetError):
                    break
            assert status() == 200
        assert status() == 200
        assert other.sock is kept
    assert requests.get(server.url + CLUSTERS, timeout=5).status_code == 200
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == []


def test_a_broken_wire_may_come_late_and_after_the_work(server):
    then = {"wire": "empty", "delay": "50ms"}
    rule(server, then, "data-sources.create", commit=True)
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    began = time.monotonic()
    with pytest.raises(requests.exceptions.ConnectionError):
        requests.post(f"{server.url}/v1.1/p/data-sources", json=body, timeout=5)
    assert time.monotonic() - began >= 0.05
    assert len(requests.get(f"{server.url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == 1


def test_a_delay_holds_an_answer_back_and_is_shorter_under_a_faster_clock(server):
    rule(server, {"delay": "100ms"})
    assert requests.get(server.url + JOBS, timeout=5).elapsed.total_seconds() >= 0.1
    requests.put(f"{server.url}/_jobsmock/rules/it", json={"then": {"delay": "1h"}}, timeout=5)
    requests.post(f"{server.url}/_jobsmock/clock", json={"scale": 1000000}, timeout=5)
    assert requests.get(server.url + JOBS, timeout=5).elapsed.total_seconds() < 1


# --- many clients


def test_a_rule_acts_exactly_as_often_as_it_says_under_many_clients(server):
    rule(server, {"status": 503}, on={"times": 5})
    start = threading.Barrier(32)

    def ask(_):
        start.wait(10)
        with requests.Session() as session:
            return [session.get(server.url + JOBS, timeout=10).status_code for _ in range(4)]

    with ThreadPoolExecutor(32) as pool:
        statuses = [status for some in pool.map(ask, range(32)) for status in some]
    assert (len(statuses), statuses.count(503), statuses.count(200)) == (128, 5, 123)
    state = requests.get(f"{server.url}/_jobsmock/rules/it", timeout=5).json()["state"]
    assert (state["matched"], state["acted"]) == (128, 5)


def test_clients_that_wait_hold_up_neither_each_other_nor_one_that_does_not(server):
    rule(server, {"delay": "1s"})
    began = time.monotonic()
    waiting = [asked(server, {"Connection": "close"}) for _ in range(64)]
    until_acted(server, 64)
    assert requests.get(server.url + CLUSTERS, timeout=5).elapsed.total_seconds() < 0.3
    assert time.monotonic() - began < 1, "the others are to wait still"
    assert all(received(sock).startswith(b"HTTP/1.1 200 OK") for sock in waiting)
    assert 1 <= time.monotonic() - began < 1.5


def test_a_path_that_begins_with_two_slashes_waits_as_any_other_does():
    server = HttpServer(Worlds(WorldFactory(Sample.load("empty"))))
    server.start()
    try:
        document = {"id": "it", "when": {"operation": "jobs.list"}, "then": {"delay": "400ms"}}
        requests.post(f"{server.url}/w/one/_jobsmock/rules", json=document, timeout=5)
        with asked(server, {"Connection": "close"}, path=f"//w/one{JOBS}") as sock:
            with asked(server, {"Connection": "close"}, path=CLUSTERS) as other:
                began = time.monotonic()
                other.recv(1)
                assert time.monotonic() - began < 0.2
            assert received(sock).startswith(b"HTTP/1.1 200 OK")
    finally:
        server.stop()


# --- stopping


def test_a_stop_while_clients_hang_is_quick_and_leaves_no_thread(caplog):
    before = threading.active_count()
    server = HttpServer(make_world("empty"))
    server.start()
    rule(server, {"wire": "hang"})
    hanging = [asked(server) for _ in range(8)]
    until_acted(server, 8)
    assert stopped_in(server) < 1
    for sock in hanging:
        sock.close()
    assert threading.active_count() == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_stop_after_a_client_gave_up_is_quick(server, hang):
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(server.url + JOBS, headers={"Prefer": "wire=hang"}, timeout=0.3)
    assert hang.ended.wait(5)
    assert stopped_in(server) < 0.5


def test_a_stop_while_answers_are_held_back_is_quick_and_frees_the_port(server):
    rule(server, {"delay": "3s"})
    waiting = [asked(server) for _ in range(16)]
    until_acted(server, 16)
    took = stopped_in(server)
    for sock in waiting:
        sock.close()
    assert took < 1
    with socket.create_server(("127.0.0.1", server.port)):
        pass

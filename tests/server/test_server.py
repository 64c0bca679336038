"""The server: what only a real socket shows."""

import contextlib
import http.client
import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from jobsmock.samples.sample import make_world
from jobsmock.server import CannotListen, HttpServer


@pytest.fixture
def kept(serve):
    """A connection to a server of its own, which stays open for several requests."""
    with contextlib.closing(
        http.client.HTTPConnection(serve(sample="empty").removeprefix("http://"), timeout=10)
    ) as connection:
        yield connection


def test_a_server_has_its_port_before_it_runs():
    server = HttpServer(make_world("empty"))
    with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{server.port}"):
        HttpServer(make_world("empty"), port=server.port)
    server.start()
    server.stop()


def test_a_server_that_has_stopped_leaves_no_thread_and_a_free_port():
    before = threading.active_count()
    for _ in range(5):
        server = HttpServer(make_world("empty"))
        server.start()
        with requests.Session() as session:
            session.get(server.url, timeout=5)
            server.stop()
    assert threading.active_count() == before
    with socket.create_server(("127.0.0.1", server.port)):
        pass


def test_stopping_is_harmless_before_a_start_and_after_a_stop():
    threads, server = threading.active_count(), HttpServer(make_world("empty"))
    server.stop()
    server.stop()
    assert threading.active_count() == threads
    with socket.create_server(("127.0.0.1", server.port)):
        pass


def test_a_connection_is_kept_for_many_requests(kept):
    for _ in range(3):
        kept.request("GET", "/v1.1/p/clusters")
        answer = kept.getresponse()
        assert json.loads(answer.read())["clusters"]
        assert answer.getheader("Connection") is None


def test_head_has_the_headers_of_get_and_no_body(kept):
    kept.request("GET", "/v1.1/p/clusters")
    length = len(kept.getresponse().read())
    kept.request("HEAD", "/v1.1/p/clusters")
    answer = kept.getresponse()
    assert (answer.read(), answer.getheader("Content-Length")) == (b"", str(length))


def test_requests_sent_at_once_are_answered_in_their_order(serve):
    url = serve(sample="empty")
    ask = "GET /v1.1/p/jobs/{} HTTP/1.1\r\nHost: x\r\n\r\n"
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as sent:
        sent.sendall("".join(ask.format(f"id-{number}") for number in range(20)).encode())
        got = b""
        while got.count(b"NOT_FOUND") < 20:
            got += sent.recv(65536)
    places = [got.index(f"'id-{number}'".encode()) for number in range(20)]
    assert places == sorted(places)


def test_a_large_binary_goes_in_and_comes_out_whole(serve):
    url, data = serve(sample="empty"), bytes(range(256)) * 4096 * 5
    put = requests.put(f"{url}/v1.1/p/job-binary-internals/big", data=data, timeout=20)
    id = put.json()["job_binary_internal"]["id"]
    assert requests.get(f"{url}/v1.1/p/job-binary-internals/{id}/data", timeout=20).content == data


def test_a_body_may_come_in_chunks(serve):
    url = serve(sample="empty")
    body = json.dumps({"name": "d", "type": "hdfs", "url": "hdfs://h/p"}).encode()
    headers = {"Content-Type": "application/json"}
    answer = requests.post(f"{url}/v1.1/p/data-sources", data=iter([body[:9], body[9:]]), headers=headers, timeout=5)
    assert answer.status_code == 202


def test_many_clients_at_once_lose_nothing(serve):
    url = serve(sample="empty")

    def create(number):
        body = {"name": f"source-{number}", "type": "hdfs", "url": "hdfs://h/p"}
        return requests.post(f"{url}/v1.1/p/data-sources", json=body, timeout=20).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(create, range(100))) == {202}
    assert len(requests.get(f"{url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == 100


def test_a_plan_in_a_header_may_hold_any_letter(serve):
    api = f"{serve()}/v1.1/p"
    headers = {"X-Jobsmock-Plan": "FAILED (закончилось печенье)".encode()}
    body = {"cluster_id": "c1000000-0000-4000-8000-000000000004"}
    path = f"{api}/jobs/10b00000-0000-4000-8000-000000000010/execute"
    execution = requests.post(path, json=body, headers=headers, timeout=5).json()["job_execution"]["id"]
    seen = requests.get(f"{api}/job-executions/{execution}", timeout=5).json()["job_execution"]
    assert seen["info"] == {"status": "FAILED", "reason": "закончилось печенье"}


def test_what_is_not_http_is_refused_and_the_server_lives_on(serve):
    url = serve(sample="empty")
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=10) as sent:
        sent.sendall(b"\x00\x01\x02 nonsense\r\n\r\n")
        head, _, body = b"".join(iter(lambda: sent.recv(65536), b"")).partition(b"\r\n\r\n")
    assert b" 400 Bad Request" in head
    assert json.loads(body)["error"] == 400
    assert requests.get(f"{url}/v1.1/p/clusters", timeout=5).status_code == 200

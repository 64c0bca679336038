"""The server: start, stop, and requests that only a real socket shows."""

import json
import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from jobsmock.samples.sample import make_world
from jobsmock.server import CannotListen, HttpServer
from tests.server.sockets import JOBS, add_rule, send_request, wait_until_acted


def measure_stop(server):
    """Stop a server, and return how many seconds that took."""
    start = time.monotonic()
    server.stop()
    return time.monotonic() - start


# --- start and stop


def test_a_server_has_its_port_before_it_starts():
    server = HttpServer(make_world("empty"))
    with pytest.raises(CannotListen, match=f"cannot listen on 127.0.0.1:{server.port}"):
        HttpServer(make_world("empty"), port=server.port)
    server.start()
    server.stop()


def test_a_stopped_server_leaves_no_thread_and_a_free_port():
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


def test_a_server_can_be_stopped_before_a_start_and_twice():
    threads, server = threading.active_count(), HttpServer(make_world("empty"))
    server.stop()
    server.stop()
    assert threading.active_count() == threads
    with socket.create_server(("127.0.0.1", server.port)):
        pass


def test_a_stop_with_hanging_clients_is_quick_and_leaves_no_thread(caplog):
    before = threading.active_count()
    server = HttpServer(make_world("empty"))
    server.start()
    add_rule(server, {"wire": "hang"})
    hanging = [send_request(server) for _ in range(8)]
    wait_until_acted(server, 8)
    assert measure_stop(server) < 1
    for sock in hanging:
        sock.close()
    assert threading.active_count() == before
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_a_stop_after_a_client_has_given_up_is_quick(server, hang):
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(server.url + JOBS, headers={"Prefer": "wire=hang"}, timeout=0.3)
    assert hang.ended.wait(5)
    assert measure_stop(server) < 0.5


def test_a_stop_with_delayed_responses_is_quick_and_frees_the_port(server):
    add_rule(server, {"delay": "3s"})
    waiting = [send_request(server) for _ in range(16)]
    wait_until_acted(server, 16)
    duration = measure_stop(server)
    for sock in waiting:
        sock.close()
    assert duration < 1
    with socket.create_server(("127.0.0.1", server.port)):
        pass


# --- requests


def test_a_large_binary_is_stored_and_returned_unchanged(server):
    data = bytes(range(256)) * 4096 * 5
    put = requests.put(f"{server.url}/v1.1/p/job-binary-internals/big", data=data, timeout=20)
    id = put.json()["job_binary_internal"]["id"]
    assert requests.get(f"{server.url}/v1.1/p/job-binary-internals/{id}/data", timeout=20).content == data


def test_a_body_may_come_in_chunks(server):
    body = json.dumps({"name": "d", "type": "hdfs", "url": "hdfs://h/p"}).encode()
    headers = {"Content-Type": "application/json"}
    response = requests.post(
        f"{server.url}/v1.1/p/data-sources", data=iter([body[:9], body[9:]]), headers=headers, timeout=5
    )
    assert response.status_code == 202


def test_no_request_of_many_clients_is_lost(server):

    def create(number):
        body = {"name": f"source-{number}", "type": "hdfs", "url": "hdfs://h/p"}
        return requests.post(f"{server.url}/v1.1/p/data-sources", json=body, timeout=20).status_code

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(create, range(100))) == {202}
    assert len(requests.get(f"{server.url}/v1.1/p/data-sources", timeout=5).json()["data_sources"]) == 100


def test_a_plan_in_a_header_may_contain_any_letter(serve):
    api = f"{serve()}/v1.1/p"
    headers = {"X-Jobsmock-Plan": "FAILED (закончилось печенье)".encode()}
    body = {"cluster_id": "c1000000-0000-4000-8000-000000000004"}
    path = f"{api}/jobs/10b00000-0000-4000-8000-000000000010/execute"
    execution = requests.post(path, json=body, headers=headers, timeout=5).json()["job_execution"]["id"]
    result = requests.get(f"{api}/job-executions/{execution}", timeout=5).json()["job_execution"]
    assert result["info"] == {"status": "FAILED", "reason": "закончилось печенье"}

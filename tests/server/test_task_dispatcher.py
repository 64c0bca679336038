"""Delays and rules with many clients: a delayed response blocks no other request."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import requests

from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.server import HttpServer
from jobsmock.world.worlds import Worlds
from tests.server.sockets import CLUSTERS, JOBS, add_rule, receive_all, send_request, wait_until_acted


def test_a_delay_is_shorter_with_a_faster_clock(server):
    add_rule(server, {"delay": "100ms"})
    assert requests.get(server.url + JOBS, timeout=5).elapsed.total_seconds() >= 0.1
    requests.put(f"{server.url}/_jobsmock/rules/it", json={"then": {"delay": "1h"}}, timeout=5)
    requests.post(f"{server.url}/_jobsmock/clock", json={"scale": 1000000}, timeout=5)
    assert requests.get(server.url + JOBS, timeout=5).elapsed.total_seconds() < 1


def test_a_rule_acts_exactly_as_often_as_it_should_with_many_clients(server):
    add_rule(server, {"status": 503}, on={"times": 5})
    barrier = threading.Barrier(32)

    def send_four(_):
        barrier.wait(10)
        with requests.Session() as session:
            return [session.get(server.url + JOBS, timeout=10).status_code for _ in range(4)]

    with ThreadPoolExecutor(32) as pool:
        statuses = [status for some in pool.map(send_four, range(32)) for status in some]
    assert (len(statuses), statuses.count(503), statuses.count(200)) == (128, 5, 123)
    state = requests.get(f"{server.url}/_jobsmock/rules/it", timeout=5).json()["state"]
    assert (state["matched"], state["acted"]) == (128, 5)


def test_delayed_responses_block_neither_each_other_nor_other_requests(server):
    add_rule(server, {"delay": "1s"})
    start = time.monotonic()
    waiting = [send_request(server, {"Connection": "close"}) for _ in range(64)]
    wait_until_acted(server, 64)
    assert requests.get(server.url + CLUSTERS, timeout=5).elapsed.total_seconds() < 0.3
    assert time.monotonic() - start < 1, "the others have not been answered yet"
    assert all(receive_all(sock).startswith(b"HTTP/1.1 200 OK") for sock in waiting)
    assert 1 <= time.monotonic() - start < 1.5


def test_a_delay_of_a_path_with_two_slashes_blocks_no_other_request():
    server = HttpServer(Worlds(WorldFactory(Sample.load("empty"))))
    server.start()
    try:
        document = {"id": "it", "when": {"operation": "jobs.list"}, "then": {"delay": "400ms"}}
        requests.post(f"{server.url}/w/one/_jobsmock/rules", json=document, timeout=5)
        with send_request(server, {"Connection": "close"}, path=f"//w/one{JOBS}") as sock:
            with send_request(server, {"Connection": "close"}, path=CLUSTERS) as other:
                start = time.monotonic()
                other.recv(1)
                assert time.monotonic() - start < 0.2
            assert receive_all(sock).startswith(b"HTTP/1.1 200 OK")
    finally:
        server.stop()

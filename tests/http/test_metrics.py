"""What Prometheus reads of a server, driven without one."""

import sys
from threading import Thread

import pytest

from jobsmock.http.app import create_app
from jobsmock.http.metrics import Metrics
from jobsmock.samples.sample import Sample
from jobsmock.world.worlds import Worlds


@pytest.fixture
def worlds():
    return Worlds(Sample.load("demo").make_world)


@pytest.fixture
def metrics(worlds):
    pytest.importorskip("prometheus_client")
    return Metrics.create(worlds)


def numbers(metrics):
    """All samples, by name and the values of their labels, in the order of the labels' names."""
    from prometheus_client.parser import text_string_to_metric_families

    families = text_string_to_metric_families(metrics.render().decode())
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in families
        for one in family.samples
    }


def test_without_the_library_there_are_no_metrics(worlds, monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    assert Metrics.create(worlds) is None


def test_requests_are_counted_by_operation_and_status(metrics):
    for operation, status in [("jobs.list", 200), ("jobs.list", 200), ("jobs.list", 503), ("jobs.show", 0)]:
        metrics.count(operation, status, 0.001)
    found = {key[1:]: value for key, value in numbers(metrics).items() if key[0] == "jobsmock_requests_total"}
    assert found == {("jobs.list", "200"): 2, ("jobs.list", "503"): 1, ("jobs.show", "0"): 1}


def test_a_request_that_is_no_operation_counts_as_none(metrics):
    metrics.count(None, 404, 0.001)
    found = numbers(metrics)
    assert found["jobsmock_requests_total", "none", "404"] == 1
    assert found["jobsmock_request_duration_seconds_count", "none"] == 1


def test_durations_of_an_operation_are_of_all_its_statuses(metrics):
    metrics.count("jobs.list", 200, 0.5)
    metrics.count("jobs.list", 503, 0.25)
    found = numbers(metrics)
    assert found["jobsmock_request_duration_seconds_count", "jobs.list"] == 2
    assert found["jobsmock_request_duration_seconds_sum", "jobs.list"] == 0.75


def test_buckets_go_from_a_tenth_of_a_millisecond_to_ten_seconds(metrics):
    for seconds in (0.00005, 9.0, 11.0):
        metrics.count("jobs.list", 200, seconds)
    found = numbers(metrics)
    name = "jobsmock_request_duration_seconds_bucket"
    assert [found[name, bound, "jobs.list"] for bound in ("0.0001", "5.0", "10.0", "+Inf")] == [1, 1, 2, 3]


def test_the_default_world_is_one_of_the_worlds(metrics):
    assert numbers(metrics)["jobsmock_worlds",] == 1


def test_worlds_are_counted_as_they_are_when_asked(metrics, worlds):
    worlds.get("a")
    worlds.get("b")
    assert numbers(metrics)["jobsmock_worlds",] == 3
    worlds.remove("a")
    assert numbers(metrics)["jobsmock_worlds",] == 2


def test_dropped_entries_are_summed_over_all_worlds(metrics, worlds):
    assert numbers(metrics)["jobsmock_journal_dropped",] == 0
    worlds.default.journal.dropped = 1
    worlds.get("a").journal.dropped = 20
    worlds.get("b").journal.dropped = 300
    assert numbers(metrics)["jobsmock_journal_dropped",] == 321
    worlds.get("b").journal.clear()
    assert numbers(metrics)["jobsmock_journal_dropped",] == 21


def test_a_world_removed_meanwhile_does_not_count_the_default_one_twice(metrics, worlds, monkeypatch):
    worlds.default.journal.dropped = 1
    monkeypatch.setattr(worlds, "names", lambda: ["gone"])
    assert numbers(metrics)["jobsmock_journal_dropped",] == 1


def test_two_servers_count_apart(metrics, worlds):
    other = Metrics.create(worlds)
    other.count("jobs.list", 200, 0.001)
    assert ("jobsmock_requests_total", "jobs.list", "200") not in numbers(metrics)


def test_no_request_is_lost_among_threads(metrics):
    def work():
        for _ in range(500):
            metrics.count("jobs.list", 200, 0.001)

    threads = [Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(metrics)["jobsmock_requests_total", "jobs.list", "200"] == 2000


def test_the_type_is_plain_text_with_a_version(metrics):
    assert metrics.content_type.startswith("text/plain; version=")


def test_the_registry_of_the_process_stays_as_it_is(metrics):
    from prometheus_client import REGISTRY, generate_latest

    metrics.count("jobs.list", 200, 0.001)
    assert b"jobsmock_" not in generate_latest(REGISTRY)


# --- as a server gives them


def test_a_server_tells_what_it_was_asked_but_not_what_it_was_told(client):
    pytest.importorskip("prometheus_client")
    for path in ("/v1.1/p/jobs", "/v1.1/p/nothing", "/_jobsmock/clock"):
        client.get(path)
    answer = client.get("/_jobsmock/metrics")
    assert answer.content_type.startswith("text/plain")
    lines = [line for line in answer.text.splitlines() if line.startswith("jobsmock_requests_total")]
    assert lines == [
        'jobsmock_requests_total{operation="jobs.list",status="200"} 1.0',
        'jobsmock_requests_total{operation="none",status="404"} 1.0',
    ]


def test_without_the_library_the_control_api_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    answer = create_app(Worlds(Sample.load("demo").make_world)).test_client().get("/_jobsmock/metrics")
    assert answer.status_code == 404
    assert "pip install jobsmock[metrics]" in answer.json["error"]["message"]

"""Cloud: its methods do what the control API does, with the same values and errors."""

import sys
from threading import Thread

import pytest

from jobsmock import Cloud, ControlError
from tests.testing.executions import execute_job

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan="PENDING 2s > RUNNING 10m > SUCCEEDED", seed=1)


def list_sources(cloud):
    return [one["name"] for one in cloud.session().get(f"{cloud.endpoint()}/data-sources").json()["data_sources"]]


def test_the_client_supports_both_versions(cloud):
    execute_job(cloud)
    (template,) = cloud.client(version="2").job_templates.list()
    assert (template.name, template.project_id) == ("run", "demo")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda cloud: cloud.clock.until("nothing", "SUCCEEDED"), "there is no execution 'nothing'"),
        (lambda cloud: cloud.clock.until(execute_job(cloud), "KILED"), "did you mean KILLED?"),
        (lambda cloud: cloud.clock.until(execute_job(cloud), "FAILED"), "will not be FAILED by time alone"),
        (lambda cloud: cloud.clock.until({"job": 1}, "FAILED"), "there is no execution \"{'job': 1}\""),
        (lambda cloud: cloud.clock.advance("soon"), "invalid duration 'soon'"),
        (lambda cloud: cloud.clock.advance(None), "advance: None is not of type"),
        (lambda cloud: cloud.clock.freeze("noon"), "invalid time 'noon'"),
        (lambda cloud: cloud.rules.fail("jobs.crate"), "did you mean jobs.create?"),
        (lambda cloud: cloud.rules.break_wire("jobs.list", "rest"), "did you mean reset?"),
        (lambda cloud: cloud.rules.plan("RUNING"), "RUNNING"),
        (lambda cloud: cloud.rules.remove("rule-7"), "unknown rule 'rule-7'"),
        (lambda cloud: cloud.journal.entries("jobs.lst"), "did you mean jobs.list?"),
        (lambda cloud: cloud.journal.export("pytst"), "did you mean pytest?"),
        (lambda cloud: cloud.verify("jobs.create", exactly=-1), "-1 is no number of requests"),
        (lambda cloud: cloud.restore("nothing"), "unknown snapshot 'nothing'"),
        (lambda cloud: cloud.restore({"jobz": []}), "did you mean jobs?"),
        (lambda cloud: cloud.reset("rulez"), "did you mean rules?"),
        (lambda cloud: cloud.make_world("a b"), "invalid name of a world"),
        (lambda cloud: cloud.make_world(sample={"jobz": []}), "sample: unknown table 'jobz': did you mean jobs?"),
        (lambda cloud: cloud.make_world(sample=3), "sample: 3 is not of type"),
        (lambda cloud: cloud.make_world(sample="emty"), "expected one of demo, reference, empty"),
    ],
)
def test_an_invalid_value_raises_the_error_of_the_control_api(cloud, call, message):
    with pytest.raises(ControlError) as caught:
        call(cloud)
    assert message in str(caught.value)


def test_verify_counts_the_requests_or_names_the_nearest_miss(cloud):
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    assert cloud.verify("data-sources.create", body={"name": "mi*"}) == 1
    assert cloud.verify(method="DELETE", at_most=1) == 0
    with pytest.raises(AssertionError, match=r"found 0(.|\n)*number 1, POST(.|\n)*body.type is 'hdfs', not 'swift'"):
        cloud.verify("data-sources.create", body={"type": "swift"})


def test_threads_that_create_worlds_get_different_ones():
    cloud, names = Cloud(sample="empty"), []
    threads = [Thread(target=lambda: [names.append(cloud.make_world().name) for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 40


def test_a_snapshot_restores_the_records(cloud):
    before = cloud.snapshot("before")
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    after = cloud.snapshot()
    cloud.restore("before")
    assert list_sources(cloud) == []
    cloud.restore()
    assert list_sources(cloud) == ["mine"]
    cloud.restore(before)
    assert list_sources(cloud) == []
    assert list_sources(Cloud(sample=after)) == ["mine"]


def test_a_reset_restores_the_initial_state_or_a_part_of_it(cloud):
    cloud.rules.fail("jobs.list")
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    cloud.reset("rules")
    assert (list(cloud.rules), list_sources(cloud)) == ([], ["mine"])
    cloud.reset()
    assert list_sources(cloud) == []


def test_worlds_of_one_server_share_nothing(cloud):
    one, other = cloud.make_world(), cloud.make_world(sample={"data_sources": [SOURCE]})
    assert (one.name, other.name) == ("world-1", "world-2")
    assert (list_sources(one), list_sources(other)) == ([], ["mine"])
    one.rules.fail("data-sources.list")
    assert list_sources(other) == ["mine"]
    cloud.remove_world(one.name)
    assert list_sources(cloud.make_world(seed=3)) == []


def test_the_same_seed_and_time_give_the_same_bytes():
    contents = set()
    for _ in range(2):
        cloud = Cloud(seed=7, freeze="2026-12-01T08:00:00")
        contents.add(cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE).content)
    assert len(contents) == 1


def test_a_missing_library_is_named(cloud, monkeypatch):
    monkeypatch.setitem(sys.modules, "saharaclient.client", None)
    with pytest.raises(ImportError, match="pip install python-saharaclient"):
        cloud.client()

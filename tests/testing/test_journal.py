"""The journal of a cloud, as data and as text."""

import json

import pytest
import requests

from jobsmock import Cloud


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan="PENDING 2s > RUNNING 10m > SUCCEEDED", seed=1)


def test_the_journal_can_be_read_as_data_and_as_text(cloud):
    session = cloud.session()
    session.get(f"{cloud.endpoint()}/jobs")
    refused = session.get(f"{cloud.endpoint()}/jobs/nothing")
    assert [entry["status"] for entry in cloud.journal] == [200, 404]
    assert [entry["operation"] for entry in cloud.journal.entries(status=404)] == ["jobs.show"]
    assert "No rule was considered." in cloud.journal.explain(refused.headers["X-Openstack-Request-Id"])
    first, second, reason = str(cloud.journal).splitlines()
    assert first.endswith("GET /v1.1/demo/jobs: 200")
    assert second.endswith("GET /v1.1/demo/jobs/nothing: 404")
    assert "not found" in reason
    assert json.loads(cloud.journal.export("har"))["log"]["entries"]
    cloud.journal.clear()
    assert (len(cloud.journal), str(cloud.journal)) == (0, "(no requests)")


def test_the_text_says_what_a_rule_did_and_repeats_nothing_of_the_line_above(cloud):
    cloud.rules.break_wire("jobs.list", "empty")
    with pytest.raises(requests.ConnectionError):
        cloud.session().get(f"{cloud.endpoint()}/jobs")
    first, *sentences = str(cloud.journal).splitlines()
    assert first.endswith("GET /v1.1/demo/jobs: no answer")
    assert [sentence.strip().partition(":")[0] for sentence in sentences] == ["rule-1", "The wire was broken"]


def test_the_text_of_a_long_journal_has_only_the_newest_requests():
    cloud = Cloud(sample="empty")
    for number in range(40):
        cloud.session().get(f"{cloud.endpoint()}/jobs?limit={number + 1}")
    assert str(cloud.journal).startswith("(10 older requests are left out)\n  11 ")

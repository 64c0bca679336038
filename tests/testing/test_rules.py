"""The rules of a cloud: short methods to add them, and warnings."""

import pytest

from jobsmock import Cloud, RuleWarning

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan="PENDING 2s > RUNNING 10m > SUCCEEDED", seed=1)


def test_rules_count_the_requests_on_which_they_acted(cloud):
    cloud.rules.fail("jobs.list", status=503, times=1, skip=1, error={"name": "BUSY"}, headers={"Retry-After": "1"})
    cloud.rules.add({"id": "null", "when": {"operation": "clusters.list"}, "then": {"body": None}})
    session, jobs = cloud.session(), f"{cloud.endpoint()}/jobs"
    assert [session.get(jobs).status_code for _ in range(3)] == [200, 503, 200]
    assert session.get(f"{cloud.endpoint()}/clusters").json() is None
    assert [(rule["id"], rule["state"]["acted"]) for rule in cloud.rules] == [("rule-1", 1), ("null", 1)]
    assert cloud.rules["rule-1"]["then"]["headers"] == {"Retry-After": "1"}
    assert not cloud.rules.unused()


def test_a_rule_acts_only_on_requests_that_match_its_when(cloud):
    cloud.rules.fail("data-sources.create", status=500, when={"body": {"name": "bad"}}, body={"why": "bad"})
    session, url = cloud.session(), f"{cloud.endpoint()}/data-sources"
    assert session.post(url, json=SOURCE).status_code == 202
    assert session.post(url, json={**SOURCE, "name": "bad"}).json() == {"why": "bad"}


def test_the_warning_about_a_rule_that_can_never_act_points_to_the_line_that_added_it(cloud):
    for add in (
        lambda: cloud.rules.fail("jobs.list", times=0),
        lambda: cloud.rules.add({"on": {"times": 0}, "then": {"status": 500}}),
    ):
        with pytest.warns(RuleWarning, match="on.times is 0") as caught:
            add()
        assert {warning.filename for warning in caught} == {__file__}

"""A cloud at hand: what is done to it in Python is what the control API does, in words and in errors."""

import json
import subprocess
import sys
from threading import Thread

import pytest
import requests

from jobsmock import Cloud, ControlError, RuleWarning, Server

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan="PENDING 2s > RUNNING 10m > SUCCEEDED", seed=1)


def sources(cloud):
    return [one["name"] for one in cloud.session().get(f"{cloud.endpoint()}/data-sources").json()["data_sources"]]


def run_of(cloud):
    sahara = cloud.client()
    script = sahara.job_binary_internals.create("run.sh", "true")
    binary = sahara.job_binaries.create("run.sh", f"internal-db://{script.id}")
    job = sahara.jobs.create("run", "Shell", mains=[binary.id])
    return sahara.job_executions.create(job.id, sahara.clusters.list()[0].id)


def test_an_import_of_jobsmock_loads_neither_flask_nor_pytest():
    code = "import sys, jobsmock; print({'flask', 'pytest', 'requests', 'json'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"


def test_what_jobsmock_does_not_have_is_no_attribute_of_it():
    import jobsmock

    with pytest.raises(AttributeError, match="no attribute 'Serve'"):
        jobsmock.Serve  # noqa: B018


def test_until_jumps_to_a_status_of_an_execution_however_that_is_given(cloud):
    run = run_of(cloud)
    for execution in (run, run.id, {"id": run.id}, {"job_execution": {"id": run.id}}):
        cloud.clock.until(execution, "RUNNING")
    assert cloud.client().job_executions.get(run.id).info["status"] == "RUNNING"
    cloud.clock.until(run, "SUCCEEDED")
    assert cloud.client().job_executions.get(run.id).info["status"] == "SUCCEEDED"


def test_the_client_speaks_both_versions(cloud):
    run_of(cloud)
    (template,) = cloud.client(version="2").job_templates.list()
    assert (template.name, template.project_id) == ("run", "demo")


def test_the_clock_freezes_jumps_and_goes_on(cloud):
    cloud.clock.freeze("2026-12-01T08:00:00")
    cloud.clock.advance("1m30s")
    cloud.clock.advance(0.5)
    assert (cloud.clock.time, cloud.clock.now) == ("2026-12-01T08:01:30", 1796112090.5)
    cloud.clock.set("-10s")
    cloud.clock.scale(1000)
    cloud.clock.resume()
    assert cloud.clock.time >= "2026-12-01T08:01:20"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda cloud: cloud.clock.until("nothing", "SUCCEEDED"), "there is no execution 'nothing'"),
        (lambda cloud: cloud.clock.until(run_of(cloud), "KILED"), "did you mean KILLED?"),
        (lambda cloud: cloud.clock.until(run_of(cloud), "FAILED"), "will not be FAILED by time alone"),
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
def test_what_is_wrong_is_told_as_the_control_api_tells_it(cloud, wrong, said):
    with pytest.raises(ControlError) as caught:
        wrong(cloud)
    assert said in str(caught.value)


def test_rules_are_added_in_short_words_and_counted(cloud):
    cloud.rules.fail("jobs.list", status=503, times=1, skip=1, error={"name": "BUSY"}, headers={"Retry-After": "1"})
    cloud.rules.add({"id": "null", "when": {"operation": "clusters.list"}, "then": {"body": None}})
    session, jobs = cloud.session(), f"{cloud.endpoint()}/jobs"
    assert [session.get(jobs).status_code for _ in range(3)] == [200, 503, 200]
    assert session.get(f"{cloud.endpoint()}/clusters").json() is None
    assert [(rule["id"], rule["state"]["acted"]) for rule in cloud.rules] == [("rule-1", 1), ("null", 1)]
    assert cloud.rules["rule-1"]["then"]["headers"] == {"Retry-After": "1"}
    assert not cloud.rules.unused()


def test_a_rule_is_about_the_requests_that_when_describes(cloud):
    cloud.rules.fail("data-sources.create", status=500, when={"body": {"name": "bad"}}, body={"why": "bad"})
    session, url = cloud.session(), f"{cloud.endpoint()}/data-sources"
    assert session.post(url, json=SOURCE).status_code == 202
    assert session.post(url, json={**SOURCE, "name": "bad"}).json() == {"why": "bad"}


def test_a_rule_that_can_never_act_is_warned_of_where_it_was_added(cloud):
    for add in (
        lambda: cloud.rules.fail("jobs.list", times=0),
        lambda: cloud.rules.add({"on": {"times": 0}, "then": {"status": 500}}),
    ):
        with pytest.warns(RuleWarning, match="on.times is 0") as caught:
            add()
        assert {warning.filename for warning in caught} == {__file__}


def test_verify_counts_or_tells_what_came_nearest(cloud):
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    assert cloud.verify("data-sources.create", body={"name": "mi*"}) == 1
    assert cloud.verify(method="DELETE", at_most=1) == 0
    with pytest.raises(AssertionError, match=r"found 0(.|\n)*number 1, POST(.|\n)*body.type is 'hdfs', not 'swift'"):
        cloud.verify("data-sources.create", body={"type": "swift"})


def test_the_journal_is_read_as_data_and_as_text(cloud):
    session = cloud.session()
    session.get(f"{cloud.endpoint()}/jobs")
    refused = session.get(f"{cloud.endpoint()}/jobs/nothing")
    assert [entry["status"] for entry in cloud.journal] == [200, 404]
    assert [entry["operation"] for entry in cloud.journal.entries(status=404)] == ["jobs.show"]
    assert "No rule was looked at." in cloud.journal.explain(refused.headers["X-Openstack-Request-Id"])
    assert "GET /v1.1/demo/jobs/nothing: 404" in str(cloud.journal)
    assert "not found" in str(cloud.journal)
    assert json.loads(cloud.journal.export("har"))["log"]["entries"]
    cloud.journal.clear()
    assert (len(cloud.journal), str(cloud.journal)) == (0, "(no requests)")


def test_a_long_journal_is_shown_from_its_end():
    cloud = Cloud(sample="empty")
    for number in range(40):
        cloud.session().get(f"{cloud.endpoint()}/jobs?limit={number + 1}")
    assert str(cloud.journal).startswith("(10 older requests are left out)\n  11 ")


def test_threads_that_make_worlds_get_one_each():
    cloud, names = Cloud(sample="empty"), []
    threads = [Thread(target=lambda: [names.append(cloud.make_world().name) for _ in range(5)]) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(names)) == 40


def test_a_snapshot_brings_back_what_was_there(cloud):
    before = cloud.snapshot("before")
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    after = cloud.snapshot()
    cloud.restore("before")
    assert sources(cloud) == []
    cloud.restore()
    assert sources(cloud) == ["mine"]
    cloud.restore(before)
    assert sources(cloud) == []
    assert sources(Cloud(sample=after)) == ["mine"]


def test_a_reset_begins_again_or_only_a_part(cloud):
    cloud.rules.fail("jobs.list")
    cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE)
    cloud.reset("rules")
    assert (list(cloud.rules), sources(cloud)) == ([], ["mine"])
    cloud.reset()
    assert sources(cloud) == []


def test_worlds_of_one_server_share_nothing(cloud):
    one, other = cloud.make_world(), cloud.make_world(sample={"data_sources": [SOURCE]})
    assert (one.name, other.name) == ("world-1", "world-2")
    assert (sources(one), sources(other)) == ([], ["mine"])
    one.rules.fail("data-sources.list")
    assert sources(other) == ["mine"]
    cloud.remove_world(one.name)
    assert sources(cloud.make_world(seed=3)) == []


def test_same_seed_and_moment_same_answers_byte_by_byte():
    told = set()
    for _ in range(2):
        cloud = Cloud(seed=7, freeze="2026-12-01T08:00:00")
        told.add(cloud.session().post(f"{cloud.endpoint()}/data-sources", json=SOURCE).content)
    assert len(told) == 1


def test_the_same_can_be_asked_over_http_and_in_python():
    with Server(sample="empty") as server:
        rule = server.rules.fail("jobs.list")
        assert requests.get(f"{server.url}/_jobsmock/rules/{rule}", timeout=5).json() == server.rules[rule]
        exported = requests.get(f"{server.url}/_jobsmock/journal?format=pytest", timeout=5)
        assert (exported.text, exported.headers["Content-Type"][:13]) == (
            server.journal.export("pytest"),
            "text/x-python",
        )


def test_a_library_that_is_missing_is_named(cloud, monkeypatch):
    monkeypatch.setitem(sys.modules, "saharaclient.client", None)
    with pytest.raises(ImportError, match="pip install python-saharaclient"):
        cloud.client()

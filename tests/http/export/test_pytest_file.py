"""The journal as a pytest file: it passes where things are as they were, and fails where they are not."""

import ast
import contextlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keystoneauth1.exceptions import ClientException, Unauthorized
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from saharaclient.api.base import APIException
from saharaclient.client import Client

from jobsmock import Cloud
from jobsmock.http.export.assertions import IdNames, format_literal
from tests.conformance.replayer import Answer, differences
from tests.conformance.test_recordings import RECORDINGS, cloud_of

PLAN = "PENDING 2s > RUNNING 1m > SUCCEEDED 50% | FAILED 50% (no luck)"
LOGIN = {"user": "me", "password": "tr0ub4dor"}
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@pytest.fixture
def cloud():
    return Cloud(sample="empty", plan=PLAN, seed=5)


def script(sahara):
    """What somebody does in a session."""
    internal = sahara.job_binary_internals.create("run.sh", 'echo "{hello}"\n')
    binary = sahara.job_binaries.create("run.sh", f"internal-db://{internal.id}", extra=LOGIN, description="däs\n\"'{}")
    assert sahara.job_binaries.get_file(binary.id) == b'echo "{hello}"\n'
    job = sahara.jobs.create("run", "Shell", mains=[binary.id])
    return sahara.job_executions.create(job.id, sahara.clusters.list()[0].id, configs={"configs": {"a": "{b}"}})


def refused(do):
    with pytest.raises(APIException):
        do()


def test_a_session_with_the_client_library_becomes_a_test(cloud, passes):
    sahara = cloud.client()
    run = script(sahara)
    cloud.clock.until(run, "RUNNING")
    assert sahara.job_executions.get(run.id).info["status"] == "RUNNING"
    cloud.clock.advance("1m")
    ended = sahara.job_executions.get(run.id).info["status"]
    refused(lambda: sahara.jobs.delete(run.job_id))
    refused(lambda: sahara.jobs.create("no name!", "Shel"))
    refused(lambda: sahara.jobs.get("nothing"))
    sahara.job_executions.delete(run.id)
    assert not sahara.job_executions.list()

    text = cloud.journal.export("pytest")
    assert not re.search(UUID, text)
    assert "tr0ub4dor" not in text
    assert f'job_execution["info"]["status"] == "{ended}"' in text
    assert text.count('job_execution["job_id"] == job_id') == 1
    assert passes(text)
    assert not passes(text.replace(PLAN, "stuck"))
    assert not passes(text.replace('"Shell"', '"MapReduce.Streaming"', 1))


def test_rules_are_in_the_test_and_those_that_are_gone_are_made_up_for(cloud, passes):
    sahara = cloud.client()
    cloud.rules.fail("jobs.list", status=503, times=1)
    refused(sahara.jobs.list)
    cloud.rules.clear()
    sahara.jobs.list()
    for wire in ("reset", "truncate", "hang"):
        cloud.rules.break_wire("data-sources.list", wire, times=1)
    cloud.rules.delay("clusters.list", "1ms")
    cloud.rules.add(
        {"id": "mine", "when": {"operation": "data-sources.create"}, "then": {"wire": "empty"}, "commit": True}
    )
    for _ in range(3):
        with pytest.raises(ClientException):
            sahara.data_sources.list()
    with pytest.raises(ClientException):
        sahara.data_sources.create("mine", "", "hdfs", "/mine")
    assert [source.name for source in sahara.data_sources.list()] == ["mine"]
    sahara.clusters.list()
    text = cloud.journal.export("pytest")
    assert "delay" not in text
    assert passes(text)


def test_time_goes_as_it_went(cloud, passes):
    run = script(cloud.client())
    for step in ("1.9s", "0.2s", "30s", "29s", "3s"):
        cloud.clock.advance(step)
        cloud.client().job_executions.list()
    cloud.clock.set("-30s")
    for _ in range(5):
        cloud.client().job_executions.get(run.id)
    text = cloud.journal.export("pytest")
    assert "for _ in range(4):\n        answer = session.get(" in text
    assert text.count("jobsmock.clock") >= 5
    assert passes(text)


def test_what_is_done_after_an_end_that_nobody_saw_comes_after_it(passes):
    cloud = Cloud(plan="PENDING 600ms > SUCCEEDED")
    sahara = cloud.client()
    [job] = [job for job in sahara.jobs.list() if job.name == "word-of-mouth"]
    [cluster] = [cluster for cluster in sahara.clusters.list() if cluster.name == "playground"]
    ends = [sahara.data_sources.create(name, "", "hdfs", f"hdfs://node/{name}").id for name in ("in", "out")]
    sahara.job_executions.create(job.id, cluster.id, *ends)
    cloud.clock.advance("700ms")
    sahara.data_sources.update(ends[0], {"description": "not used any more"})
    assert passes(cloud.journal.export("pytest"))


def test_what_time_does_not_change_waits_for_no_clock(cloud, passes):
    cloud.clock.freeze()
    sahara = cloud.client()
    for ask in (sahara.images.list, sahara.plugins.list, sahara.jobs.list) * 2:
        cloud.clock.advance("10s")
        ask()
    script(sahara)
    text = cloud.journal.export("pytest")
    assert text.count("jobsmock.clock") == 1
    assert passes(text)


def test_api_v2_is_told_as_short_as_v1(cloud, passes):
    session = cloud.session()
    cluster = session.get(f"{cloud.url}/v2/p/clusters").json()["clusters"][0]["id"]
    session.patch(f"{cloud.url}/v2/p/clusters/{cluster}", json={"name": "another"})
    session.get(f"{cloud.endpoint('p')}/clusters")
    text = cloud.journal.export("pytest")
    assert [line.strip() for line in text.splitlines() if "session.get(" in line] == [
        'answer = session.get(f"{api}/clusters")',
        'answer = session.get(f"{jobsmock.url}/v1.1/p/clusters")',
    ]
    assert 'cluster["name"] == "another"' in text
    assert passes(text)


def test_a_world_of_a_document_takes_that_along(passes):
    cloud = Cloud(sample={"data_sources": [{"name": "mine", "type": "hdfs", "url": "hdfs://me:tr0ub4dor@node/mine"}]})
    cloud.session().get(f"{cloud.endpoint()}/data-sources")
    assert passes(cloud.journal.export("pytest"))


def test_after_a_restore_only_what_came_after_is_told(cloud, passes):
    run = script(cloud.client())
    cloud.clock.advance("1h")
    cloud.snapshot()
    cloud.restore()
    cloud.clock.advance("30s")
    cloud.client().job_executions.get(run.id)
    text = cloud.journal.export("pytest")
    assert text.startswith('"""What jobsmock was asked, as a test: 1 request.')
    assert passes(text)


def test_other_projects_other_bodies_other_worlds(cloud, passes):
    other = cloud.make_world("other")
    session = other.session()
    session.post(f"{other.endpoint()}/jobs", data=b"{", headers={"Content-Type": "application/json"})
    session.post(f"{other.endpoint()}/jobs", data=b"a=b", headers={"Content-Type": "text/plain"})
    session.put(f"{other.endpoint('two')}/job-binary-internals/big", data=bytes(100_000))
    session.get(f"{other.endpoint('two')}/job-binary-internals", headers={"Prefer": "code=429"})
    session.get(f"{other.url}/v1.1/clusters", headers={"X-Auth-Token": "tr0ub4dor"})
    session.get(f"{other.endpoint()}/jobs", headers={"X-Jobsmock-Plan": "FAILED (закончилось)".encode()})
    session.head(f"{other.endpoint()}/clusters")
    session.head(f"{other.endpoint()}/clusters", headers={"Prefer": "wire=truncate"})
    session.get(f"{other.url}/nowhere")
    session.get(other.url)
    session.request("OPTIONS", f"{other.endpoint()}/jobs")
    text = other.journal.export("pytest")
    assert "/w/other" not in text
    assert "tr0ub4dor" not in text
    assert passes(text)


def test_all_that_was_asked_of_the_real_service_becomes_tests_that_pass(pytester, loaded):
    for path in RECORDINGS:
        cloud = Cloud(sample=cloud_of(path))
        session = cloud.session()

        def send(method, place, body, headers, session=session, url=cloud.url):
            got = session.request(method, url + place, data=body, headers=headers, allow_redirects=False)
            return Answer(got.status_code, got.headers["Content-Type"].partition(";")[0], got.content)

        assert differences(json.loads(path.read_text()), send, cloud.url) == []
        pytester.makepyfile(**{f"test_{path.stem.replace('-', '_')}": cloud.journal.export("pytest")})
    light = ("no:cacheprovider", "no:hypothesispytest", "no:anyio", "no:asyncio")
    result = pytester.runpytest_inprocess("--assert=plain", *(f"-p{plugin}" for plugin in light))
    result.assert_outcomes(passed=len(RECORDINGS))


@pytest.mark.parametrize("is_strict", [False, True])
def test_how_one_logged_in_is_left_out(cloud, passes, is_strict):
    cloud.world.is_strict = is_strict
    people = {
        "username": "demo",
        "project_name": "demo",
        "user_domain_name": "Default",
        "project_domain_name": "Default",
    }
    login = Password(f"{cloud.url}/v3", password="tr0ub4dor", **people)
    keystone = Session(login, session=cloud.session())
    cloud.session().get(f"{cloud.endpoint()}/jobs", headers={"X-Auth-Token": "none"})
    with contextlib.suppress(Unauthorized):
        Client("1.1", session=keystone).clusters.list()
    text = cloud.journal.export("pytest")
    assert "How one logged in is left out" in text
    assert ("assert" in text) != is_strict
    assert passes(text)


def test_what_is_not_known_is_said():
    cloud = Cloud(sample="empty")
    for _ in range(2):
        cloud.session().get(f"{cloud.endpoint()}/jobs")
    cloud.journal.clear()
    cloud.session().post(f"{cloud.endpoint()}/jobs", json={"name": "x" * 100_000})
    text = cloud.journal.export("pytest")
    assert "There were others before" in text
    assert "0 requests" in text
    assert "too long for the journal" in text
    compile(text, "exported", "exec")


json_data = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=40)
@given(json_data)
def test_data_as_python_is_the_same_data(value):
    assert ast.literal_eval(format_literal(value, IdNames())) == value


@given(st.text(), st.uuids(), st.text())
def test_a_known_id_is_its_variable_wherever_it_stands(before, id, after):
    names = IdNames()
    names.name_id(str(id), "job")
    for text in (str(id), before + str(id) + after):
        assert eval(format_literal(text, names), {"job_id": str(id)}) == text

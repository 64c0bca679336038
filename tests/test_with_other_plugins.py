"""The fixture in suites that use other plugins, too: each runs as its users run it, in a process of its own."""

import pytest

ONLY = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest")


@pytest.fixture
def run(pytester):
    """Runs a file of tests in a process of its own; gives the result."""

    def run(text, *arguments):
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess(*ONLY, *arguments)

    return run


# --- sockets


WITHOUT_SOCKETS = """
    import httpx

    def test_a_session(jobsmock):
        assert jobsmock.session().get(f"{jobsmock.endpoint()}/jobs").json()["jobs"]

    def test_a_client(jobsmock):
        assert jobsmock.client().jobs.list()
        assert jobsmock.client(version="2").jobs.list()

    def test_a_transport(jobsmock):
        with httpx.Client(transport=jobsmock.transport(), base_url=jobsmock.endpoint()) as client:
            assert client.get("/jobs").json()["jobs"]

    def test_an_adapter(jobsmock):
        session = jobsmock.session()
        session.mount("https://sahara.example.com", jobsmock.adapter())
        assert session.get("https://sahara.example.com/v1.1/demo/jobs").json()["jobs"]

    def test_rules_and_the_clock(jobsmock):
        jobsmock.rules.fail("jobs.list", status=503)
        jobsmock.clock.advance("1h")
        assert jobsmock.session().get(f"{jobsmock.url}/v1.1/demo/jobs").status_code == 503
        assert "jobsmock at http" in repr(jobsmock)
        assert "curl" in jobsmock.journal.export("curl")
"""


def test_where_sockets_are_forbidden_none_is_needed(run):
    run(WITHOUT_SOCKETS, "--disable-socket").assert_outcomes(passed=5)


def test_a_test_that_asks_for_no_address_starts_no_server(run):
    run("""
        import threading

        def test_it(jobsmock, jobsmock_server):
            assert jobsmock.client().jobs.list()
            assert not [thread for thread in threading.enumerate() if thread.name.startswith("jobsmock")]
            jobsmock.url
            assert [thread for thread in threading.enumerate() if thread.name.startswith("jobsmock")]
    """).assert_outcomes(passed=1)


def test_a_session_from_before_the_start_of_the_server_needs_no_socket_afterwards(run):
    run("""
        import socket

        def test_it(jobsmock, monkeypatch):
            session = jobsmock.session()
            address = jobsmock.endpoint()
            assert address.startswith("http://127.0.0.1:")
            monkeypatch.setattr(socket, "create_connection", None)
            assert session.get(f"{address}/jobs").status_code == 200
    """).assert_outcomes(passed=1)


# --- fixtures of other scopes


def test_a_cloud_may_be_for_a_class_a_module_or_a_session(run):
    run(
        """
        import pytest, requests

        @pytest.fixture(scope="module")
        def cloud(jobsmock_factory):
            with jobsmock_factory(sample="empty", plan="instant") as cloud:
                yield cloud

        @pytest.fixture(scope="class")
        def other(jobsmock_factory):
            with jobsmock_factory() as cloud:
                yield cloud

        def names(cloud):
            answer = requests.get(f"{cloud.endpoint()}/data-sources").json()
            return [source["name"] for source in answer["data_sources"]]

        def create(cloud, name):
            body = {"name": name, "type": "hdfs", "url": "hdfs://h/p"}
            assert requests.post(f"{cloud.endpoint()}/data-sources", json=body).status_code == 202

        def test_first(cloud, other):
            create(cloud, "kept")
            create(other, "gone")

        class TestIt:
            def test_second(self, cloud, other, jobsmock):
                assert names(cloud) == ["kept"]
                assert "gone" not in names(other)
                assert "kept" not in names(jobsmock)

        def test_worlds_are_removed_at_the_end_of_their_scope(other, jobsmock_server):
            assert len(jobsmock_server._worlds.names()) == 2
    """,
        "-p",
        "no:randomly",
    ).assert_outcomes(passed=3)  # the tests follow one another: in their own order


# --- time that stands still


FROZEN = """
    import pytest, requests
    {imports}

    def run(mock, session):
        api = mock.endpoint()
        cluster = session.get(f"{{api}}/clusters").json()["clusters"][0]["id"]
        body = {{"name": "j", "type": "Shell", "mains": [binary(api, session)]}}
        job = session.post(f"{{api}}/jobs", json=body).json()["job"]
        body = {{"cluster_id": cluster}}
        headers = {{"X-Jobsmock-Plan": "RUNNING 10m > SUCCEEDED"}}
        started = session.post(f"{{api}}/jobs/{{job['id']}}/execute", json=body, headers=headers)
        return f"{{api}}/job-executions/{{started.json()['job_execution']['id']}}"

    def binary(api, session):
        body = {{"name": "b.sh", "url": "swift://c/o", "extra": {{"user": "u", "password": "p"}}}}
        return session.post(f"{{api}}/job-binaries", json=body).json()["job_binary"]["id"]

    def status(session, url):
        return session.get(url).json()["job_execution"]["info"]["status"]

    @pytest.mark.jobsmock(sample="empty")
    {freeze}
    @pytest.mark.parametrize("over_a_socket", [False, True])
    def test_it(jobsmock, over_a_socket):
        session = requests.Session() if over_a_socket else jobsmock.session()
        url = run(jobsmock, session)
        assert status(session, url) == status(session, url) == "RUNNING"
        assert jobsmock.clock.time == "2026-12-01T08:00:00"
        jobsmock.rules.delay("clusters.list", "50ms")
        assert session.get(f"{{jobsmock.endpoint()}}/clusters", timeout=5).status_code == 200
        jobsmock.clock.advance("10m")
        assert status(session, url) == "SUCCEEDED"

    def test_a_cloud_that_is_made_while_time_stands_still():
        import jobsmock
        with {block}, jobsmock.Server(sample="empty") as mock:
            assert mock.clock.time == "2026-12-01T08:00:00"
            assert requests.get(f"{{mock.endpoint()}}/jobs", timeout=5).json() == {{"jobs": []}}
            with pytest.raises(requests.exceptions.ReadTimeout):
                requests.get(f"{{mock.endpoint()}}/jobs", headers={{"Prefer": "wire=hang"}}, timeout=0.2)
"""


def test_time_may_be_frozen_by_freezegun(run):
    block = 'freeze_time("2026-12-01 08:00:00")'
    text = FROZEN.format(imports="from freezegun import freeze_time", freeze=f"@{block}", block=block)
    run(text).assert_outcomes(passed=3)


def test_time_may_be_frozen_by_time_machine(run):
    block = 'time_machine.travel("2026-12-01 08:00:00+00:00", tick=False)'
    text = FROZEN.format(imports="import time_machine", freeze=f"@{block}", block=block)
    run(text).assert_outcomes(passed=3)


# --- any order


def test_tests_may_run_in_any_order(run):
    text = """
        import pytest, requests

        @pytest.mark.parametrize("number", range(12))
        def test_it(jobsmock, number):
            url = f"{jobsmock.endpoint()}/data-sources"
            assert requests.post(url, json={"name": "d", "type": "hdfs", "url": "hdfs://h/p"}).status_code == 202
            assert len(jobsmock.journal) == 1
    """
    for seed in ("1", "2"):
        run(text, f"--randomly-seed={seed}").assert_outcomes(passed=12)

"""The pytest plugin, in test suites as its users write them."""

import os
import subprocess
import sys

import pytest

import jobsmock as package

UNUSED_PLUGINS = (
    "no:hypothesispytest",
    "no:anyio",
    "no:asyncio",
    "no:randomly",
    "no:cacheprovider",
)  # plugins that only take time here
NO_PLUGINS = tuple(argument for plugin in UNUSED_PLUGINS for argument in ("-p", plugin))


@pytest.fixture
def run(loaded, pytester):
    """Runs tests in this process, and returns the result."""

    def run(tests, *arguments):
        pytester.makepyfile(tests)
        return pytester.runpytest_inprocess(*arguments, *NO_PLUGINS)

    return run


def get_output(result):
    return result.stdout.str()


def test_each_test_has_its_own_world_on_one_server(run):
    result = run("""
        import requests

        urls = set()

        def create_source(jobsmock):
            url = f"{jobsmock.endpoint()}/data-sources"
            body = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}
            assert requests.post(url, json=body).status_code == 202
            urls.add(jobsmock.url.partition("/w/")[0])
            return jobsmock.world

        def test_one(jobsmock):
            create_source(jobsmock)

        def test_other(jobsmock, jobsmock_server):
            create_source(jobsmock)
            assert len(urls) == 1
            assert len(jobsmock_server._worlds.names()) == 1
    """)
    result.assert_outcomes(passed=2)


def test_markers_set_how_a_world_starts_and_the_nearest_wins(run, pytester):
    pytester.makefile(".json", mine='{"data_sources": [{"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}]}')
    result = run("""
        import pytest

        pytestmark = pytest.mark.jobsmock(sample="empty", seed=7, freeze="2026-12-01T08:00:00")

        def names(jobsmock, table):
            return [record["name"] for record in jobsmock.world.tables[table].iterate_all()]

        def test_module(jobsmock):
            assert jobsmock.clock.time == "2026-12-01T08:00:00"
            assert (names(jobsmock, "data_sources"), jobsmock.world.beginning.seed) == ([], 7)

        @pytest.mark.jobsmock(sample="mine.json", plan="stuck")
        class TestClass:
            def test_class(self, jobsmock):
                assert names(jobsmock, "data_sources") == ["mine"]
                assert jobsmock.world.settings["plan"] == "stuck"

            @pytest.mark.jobsmock(sample={"jobs": [{"name": "sums", "type": "MapReduce.Streaming"}]}, seed=None)
            def test_function(self, jobsmock):
                assert names(jobsmock, "jobs") == ["sums"]
                assert jobsmock.world.settings["plan"] == "stuck"
                assert jobsmock.world.beginning.seed > 1
    """)
    result.assert_outcomes(passed=3)


def test_an_invalid_marker_is_an_error_that_says_what_is_expected(run):
    result = run("""
        import pytest

        @pytest.mark.jobsmock(sampel="empty")
        def test_key(jobsmock): pass

        @pytest.mark.jobsmock("empty")
        def test_place(jobsmock): pass

        @pytest.mark.jobsmock(sample="emty")
        def test_sample(jobsmock): pass

        @pytest.mark.jobsmock(plan="RUNING")
        def test_plan(jobsmock): pass
    """)
    result.assert_outcomes(errors=4)
    for message in (
        "marker jobsmock: unknown setting 'sampel': expected sample, plan, seed, freeze, filters",
        "marker jobsmock: 'empty' without a keyword: expected sample, plan, seed, freeze, filters",
        "expected one of demo",
        "'RUNING'",
    ):
        assert message in get_output(result)
    assert "Traceback" not in get_output(result)
    assert ".py:" not in get_output(result).partition("short test summary")[0]


def test_a_server_that_cannot_start_is_an_error_that_says_why(run, monkeypatch):
    def refuse(self):
        raise package.CannotListen("cannot listen on 127.0.0.1:0: no free port")

    monkeypatch.setattr(package.Server, "start", refuse)
    result = run("def test_it(jobsmock): jobsmock.url")
    result.assert_outcomes(failed=1)
    assert "CannotListen: cannot listen on 127.0.0.1:0: no free port" in get_output(result)


def test_a_failure_shows_the_journal_and_a_success_does_not(run):
    result = run("""
        def test_bad(jobsmock):
            jobsmock.rules.fail("jobs.list", status=503)
            assert jobsmock.session().get(f"{jobsmock.endpoint()}/jobs").status_code == 200

        def test_good(jobsmock):
            jobsmock.session().get(f"{jobsmock.endpoint('another')}/jobs")

        def test_other(): assert not "of jobsmock"

        def test_wrong(jobsmock):
            jobsmock.rules.fail("jobs.lst")
    """)
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["*jobsmock: journal*", "*GET /w/test-bad-*/v1.1/demo/jobs: 503", "*rule-1: acted*"])
    assert get_output(result).count("jobsmock: journal") == 2
    assert "/another/" not in get_output(result)
    result.stdout.fnmatch_lines(['*>*jobsmock.rules.fail("jobs.lst")', "E *did you mean jobs.list?"])
    assert "in _add_simple" not in get_output(result)


def test_rules_that_never_acted_are_listed_at_the_end(run):
    result = run("""
        import pytest

        RULE_OF_SAMPLE = {"id": "rule-of-sample", "when": {"operation": "jobs.show"}, "then": {"status": 500}}

        @pytest.mark.jobsmock(sample={"simulation": {"rules": [RULE_OF_SAMPLE]}})
        def test_one(jobsmock):
            jobsmock.rules.fail("jobs.create", status=503)

        def test_two(jobsmock):
            jobsmock.rules.fail("jobs.list", status=503)
            jobsmock.session().get(f"{jobsmock.endpoint()}/jobs")
    """)
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["*rules that never acted*", "*::test_one: rule-1*jobs.create*503*"])
    assert "rule-of-sample" not in get_output(result)
    assert "::test_two: rule" not in get_output(result)


def test_a_session_without_the_fixture_loads_nothing(run):
    result = run("def test_it(): pass", "--markers")
    assert "jobsmock(sample, plan, seed, freeze, filters)" in get_output(result)
    code = "import sys, jobsmock.pytest_plugin as it; print([name for name in sys.modules if 'jobsmock.' in name])"
    output = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert output == "['jobsmock.version', 'jobsmock.pytest_plugin']\n"


def test_the_example_project_passes_with_four_workers(request):
    project = request.config.rootpath / "examples" / "job_runner"
    command = [sys.executable, "-m", "pytest", "-n", "4", *NO_PLUGINS, "-q"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    result = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "10 passed" in result.stdout


def test_workers_share_no_server_and_their_reports_arrive(pytester):
    pytester.makepyfile("""
        import pathlib, pytest, time

        @pytest.mark.parametrize("number", range(4))
        def test_it(jobsmock, number, worker_id):
            pathlib.Path(f"{worker_id}.url").write_text(jobsmock.url.partition("/w/")[0])
            jobsmock.rules.fail("jobs.create")
            assert jobsmock.session().get(f"{jobsmock.endpoint()}/jobs").json()["jobs"][number % 2 * 1000:]
    """)
    result = pytester.runpytest_subprocess("-n", "2", *NO_PLUGINS)
    result.assert_outcomes(passed=2, failed=2)
    urls = [path.read_text() for path in pytester.path.glob("*.url")]
    assert len(set(urls)) == len(urls) == 2
    assert get_output(result).count("jobsmock: journal") == 2
    assert get_output(result).count("rule-1 (matched no requests): {") == 4

"""The table of job types: one entry is all that a job type needs."""

import pytest

from jobsmock.sahara.edp.job_type_table import JOB_TYPES, MAIN_CLASS, JobType, OozieAction, list_engines


@pytest.fixture
def flink(monkeypatch):
    """A job type that the service does not have, added as an entry of the table and nowhere else."""
    monkeypatch.setitem(
        JOB_TYPES,
        "Flink",
        JobType(
            engines={"vanilla": "oozie"},
            mappings=["args"],
            mains_error="job requires main application jar",
            main_class_label="flink.main_class",
            main_class_engines=("oozie",),
            oozie_action=OozieAction("flink", "FlinkMain"),
            hint_lists=("mapred",),
        ),
    )


@pytest.fixture
def jar(cloud):
    body = {"name": "jar", "url": "swift://c/o.jar", "extra": {"user": "u", "password": "p"}}
    return cloud.ask("POST", "/job-binaries", body).json["job_binary"]["id"]


def create_job(cloud, **body):
    return cloud.ask("POST", "/jobs", {"name": "stream", "type": "Flink", **body})


def find_error(response):
    assert response.status_code == 400
    return response.json["error_message"].split("\n")[0]


@pytest.mark.usefixtures("flink")
def test_a_new_job_type_can_be_created_with_the_binaries_that_it_needs(cloud, jar):
    assert find_error(create_job(cloud)) == "Flink job requires main application jar"
    assert create_job(cloud, mains=[jar]).status_code == 202


@pytest.mark.usefixtures("flink")
def test_a_new_job_type_is_listed_with_the_plugins_that_run_it(cloud):
    plugins = {one["name"]: one["plugins"] for one in cloud.ask("GET", "/job-types").json["job_types"]}["Flink"]
    assert [plugin["name"] for plugin in plugins] == ["fake", "vanilla"]


@pytest.mark.usefixtures("flink")
def test_a_new_job_type_has_config_hints(cloud):
    hints = cloud.ask("GET", "/jobs/config-hints/Flink").json["job_config"]
    assert list(hints) == ["configs", "args"]
    assert hints["configs"] == cloud.ask("GET", "/jobs/config-hints/Pig").json["job_config"]["configs"]


@pytest.mark.usefixtures("flink")
def test_an_interface_of_a_new_job_type_may_use_its_mapping_types_only(cloud, jar):
    argument = {"name": "a", "mapping_type": "params", "location": "x", "required": True}
    error = find_error(create_job(cloud, mains=[jar], interface=[argument]))
    assert error == "Only mapping types ['args'] are allowed for job type Flink."


@pytest.mark.usefixtures("flink")
def test_a_new_job_type_can_be_executed(cloud, jar):
    job = create_job(cloud, mains=[jar]).json["job"]["id"]
    body = {"cluster_id": cloud.id_of("clusters", "night-shift")}
    assert find_error(cloud.ask("POST", f"/jobs/{job}/execute", body)) == "Flink job must specify flink.main_class"
    configs = {"job_configs": {"configs": {MAIN_CLASS: "Stream"}}}
    execution = cloud.execute("stream", "night-shift", "RUNNING 1s > FAILED", **configs)
    cloud.clock.moment += 1
    action = cloud.show(execution)["info"]["actions"][1]
    assert action["type"] == "flink"
    assert action["errorMessage"] == "Main class [org.apache.oozie.action.hadoop.FlinkMain], exit code [1]"


def test_the_fake_plugin_runs_every_type():
    assert list_engines("fake") == dict.fromkeys(JOB_TYPES, "fake")


def test_a_type_has_an_oozie_action_if_oozie_runs_it():
    for name, job_type in JOB_TYPES.items():
        assert bool(job_type.oozie_action) == ("oozie" in job_type.engines.values()), name

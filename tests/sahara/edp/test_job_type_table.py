"""Job types: everything that is particular to one is its entry of the table."""

import pytest

from jobsmock.sahara.edp.job_type_table import JOB_TYPES, JobType, list_engines


@pytest.fixture
def flink(monkeypatch):
    """A job type that the service does not have: an entry of the table, and nothing else."""
    monkeypatch.setitem(
        JOB_TYPES,
        "Flink",
        JobType(
            engines={"vanilla": "oozie"},
            mappings=["args"],
            main="job requires main application jar",
            main_class="flink.main_class",
            main_class_engines=("oozie",),
            oozie_action="java",
            hint_lists=("mapred",),
        ),
    )


def make_jar(cloud):
    body = {"name": "jar", "url": "swift://c/o.jar", "extra": {"user": "u", "password": "p"}}
    return cloud.ask("POST", "/job-binaries", body).json["job_binary"]["id"]


def test_a_new_type_can_be_listed_created_hinted_at_and_executed(flink, cloud):
    jar = make_jar(cloud)
    job = {"name": "stream", "type": "Flink"}
    refused = cloud.ask("POST", "/jobs", job)
    assert "Flink job requires main application jar" in refused.json["error_message"]
    created = cloud.ask("POST", "/jobs", {**job, "mains": [jar]})
    assert created.status_code == 202, created.json
    plugins = {one["name"]: one["plugins"] for one in cloud.ask("GET", "/job-types").json["job_types"]}["Flink"]
    assert [plugin["name"] for plugin in plugins] == ["fake", "vanilla"]
    assert cloud.ask("GET", "/jobs/config-hints/Flink").json["job_config"]["configs"]
    source = {"name": "s", "type": "hdfs", "url": "hdfs://h/in"}
    ids = [
        cloud.ask("POST", "/data-sources", {**source, "name": name, "url": f"hdfs://h/{name}"}).json["data_source"][
            "id"
        ]
        for name in ("in", "out")
    ]
    assert cloud.execute("stream", input_id=ids[0], output_id=ids[1])


def test_an_interface_may_map_to_what_the_type_allows_only(flink, cloud):
    argument = {"name": "a", "mapping_type": "params", "location": "x", "required": True}
    body = {"name": "j", "type": "Flink", "mains": [make_jar(cloud)], "interface": [argument]}
    refused = cloud.ask("POST", "/jobs", body).json["error_message"]
    assert refused.startswith("Only mapping types ['args'] are allowed for job type Flink.")


def test_the_fake_plugin_runs_every_type():
    assert list_engines("fake") == dict.fromkeys(JOB_TYPES, "fake")


def test_every_type_that_oozie_runs_has_an_action_of_oozie():
    assert all(job_type.oozie_action for job_type in JOB_TYPES.values() if "oozie" in job_type.engines.values())

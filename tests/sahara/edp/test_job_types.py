"""The list of job types, and its filters."""

import pytest

from jobsmock.sahara.edp.job_type_table import JOB_TYPES


def list_job_types(cloud, query=""):
    return cloud.ask("GET", f"/job-types{query}").json["job_types"]


def test_job_types_are_listed_in_the_order_of_the_table(cloud):
    assert [job_type["name"] for job_type in list_job_types(cloud)] == list(JOB_TYPES)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("?type=Pig&type=Storm", {"Pig": ["fake", "vanilla"], "Storm": ["fake", "storm"]}),
        ("?type=Spark&version=2.3", {"Spark": ["spark"]}),
        ("?type=Storm&plugin=vanilla", {}),
        ("?plugin=vanilla", {"Hive": ["vanilla"]}),
        ("?type=Pig&type=Shell&plugin=vanilla", {"Pig": ["vanilla"]}),
    ],
)
def test_filters_can_be_combined_and_a_plugin_limits_the_list_to_the_first_type(cloud, query, listed):
    job_types = list_job_types(cloud, query)
    assert {one["name"]: [plugin["name"] for plugin in one["plugins"]] for one in job_types} == listed


def test_hints_are_included_on_request(cloud):
    (pig,) = list_job_types(cloud, "?type=Pig&version=2.8.2&hints=true")
    assert pig["plugins"][0]["versions"]["2.8.2"]["job_config"]["configs"]
    (pig,) = list_job_types(cloud, "?type=Pig&version=2.8.2")
    assert pig["plugins"][0]["versions"] == {"2.8.2": {}}

"""The operations on executions: lists and updates. test_execution_lifecycle.py has what becomes of an execution."""

import pytest

from tests.sahara.edp.execution_steps import list_errors, update_status


def test_a_list_can_be_filtered_by_status_and_by_the_names_of_job_and_cluster(cloud):
    def list_ids(query):
        executions = cloud.ask("GET", f"/job-executions?{query}").json["job_executions"]
        return [execution["id"] for execution in executions]

    failed = cloud.execute("fail-restock", plan="FAILED")
    assert failed in list_ids("status=FAILED")
    assert failed in list_ids("status=failed&job.name=fail-restock&cluster.name=playground")
    assert failed not in list_ids("status=RUNNING")
    assert list_ids("job.name=nobody") == []


def test_only_oozie_can_suspend(cloud):
    response = update_status(cloud, cloud.execute("stuck-restock"), "suspend")
    assert response.json["error_name"] == "INVALID_REFERENCE"
    assert list_errors(response) == ["Engine doesn't support suspending job feature"]


@pytest.mark.parametrize(
    ("info", "errors"),
    [
        ({"status": 1}, ["info[status]: 1 is not one of ['suspend', 'cancel']"]),
        ({"status": "cancel", "x": 1}, ["info: Additional properties are not allowed ('x' was unexpected)"]),
        (
            {"a": None},
            [
                "info: Additional properties are not allowed ('a' was unexpected)",
                "info: {'a': None} is not of type 'simple_config'",
            ],
        ),
        ([], ["info: [] is not of type 'simple_config'"]),
        ({}, ["Invalid status parameter"]),
    ],
)
def test_the_info_of_an_update_is_validated(cloud, info, errors):
    execution = cloud.execute("stuck-restock")
    assert sorted(list_errors(cloud.ask("PATCH", f"/job-executions/{execution}", {"info": info}))) == errors

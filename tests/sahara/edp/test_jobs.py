"""Jobs: the checks of their mains and libs."""

import pytest

from tests.sahara.edp.execution_steps import list_errors


@pytest.mark.parametrize("job_type", ["Java", "MapReduce"])
def test_missing_libs_are_reported_before_mains_that_are_not_used(cloud, job_type):
    body = {"name": "j", "type": job_type, "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    assert list_errors(cloud.ask("POST", "/jobs", body)) == [f"{job_type} flow requires libs"]

"""Job binaries: when they can be updated."""

import pytest

from tests.sahara.edp.execution_steps import execute_hive, list_errors


@pytest.mark.parametrize("changes", [{"url": "s3://b"}, {"url": "swift://c/p", "extra": {}}, {"extra": {"user": "u"}}])
def test_an_update_does_not_need_credentials(cloud, changes):
    path = f"/job-binaries/{cloud.id_of('job_binaries', 'pairs-udf.jar')}"
    assert cloud.ask("PUT", path, changes).status_code == 202


def test_a_binary_of_a_pending_execution_cannot_be_updated_until_it_runs(cloud):
    execute_hive(cloud, "PENDING 5s > SUCCEEDED")
    binary, changes = cloud.id_of("job_binaries", "takings.hql"), {"description": "changed"}
    expected = f"JobBinary Id '{binary}' is used in a PENDING job and can not be updated."
    assert list_errors(cloud.ask("PUT", f"/job-binaries/{binary}", changes)) == [expected]
    cloud.clock.moment += 6
    assert cloud.ask("PUT", f"/job-binaries/{binary}", changes).status_code == 202

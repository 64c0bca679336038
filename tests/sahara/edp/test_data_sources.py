"""Data sources: the checks of their URLs, and when they can be updated."""

import pytest

from tests.sahara.edp.execution_steps import execute_hive, find_source, list_errors


@pytest.mark.parametrize(
    ("type", "url"), [("hdfs", "hdfs://["), ("maprfs", "maprfs://["), ("swift", "swift://["), ("s3", "s3://[")]
)
def test_a_url_that_cannot_be_parsed_is_refused(cloud, type, url):
    response = cloud.ask("POST", "/data-sources", {"name": "d", "type": type, "url": url})
    assert list_errors(response) == [f"The url {url!r} cannot be understood"]


def test_a_data_source_of_a_pending_execution_cannot_be_updated_until_it_runs(cloud):
    execute_hive(cloud, "PENDING 5s > SUCCEEDED")
    path, changes = f"/data-sources/{find_source(cloud, 'receipts')}", {"description": "changed"}
    expected = "DataSource is used in a PENDING Job and can not be updated."
    assert list_errors(cloud.ask("PUT", path, changes)) == [expected]
    cloud.clock.moment += 6
    assert cloud.ask("PUT", path, changes).status_code == 202

"""The checks of a new execution, and their order."""

from tests.sahara.edp.execution_steps import find_source, list_errors


def test_the_data_of_a_streaming_job_is_checked_before_its_mapper(cloud):
    source = find_source(cloud, "reviews")
    body = {"cluster_id": cloud.id_of("clusters", "playground"), "input_id": source, "output_id": source}
    path = f"/jobs/{cloud.id_of('jobs', 'sort-complaints')}/execute"
    assert "reference the same location" in list_errors(cloud.ask("POST", path, body))[0]
    body["output_id"] = find_source(cloud, "complaints")
    assert "must specify streaming mapper and reducer" in list_errors(cloud.ask("POST", path, body))[0]

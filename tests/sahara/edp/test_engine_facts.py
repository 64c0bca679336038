"""What an engine will report about an execution, as far as it is decided at the start."""

from tests.sahara.edp.execution_steps import execute_hive, find_source


def test_random_letters_in_a_url_are_chosen_for_each_execution(cloud):
    ids = {"input_id": find_source(cloud, "receipts"), "output_id": find_source(cloud, "pairs")}
    executions = [cloud.execute("basket-pairs", "night-shift", "instant", **ids) for _ in range(2)]
    first, second = (cloud.show(execution)["data_source_urls"][ids["output_id"]] for execution in executions)
    letters = first.rpartition("/")[2]
    assert len(letters) == 6
    assert letters.isalpha()
    assert first != second


def test_the_id_of_the_execution_in_a_url_is_its_own(cloud):
    execution = execute_hive(cloud, "instant")
    url = cloud.show(execution)["data_source_urls"][find_source(cloud, "takings")]
    assert url == f"hdfs://night-shift-master-0:9000/takings/{execution}"


def test_the_fake_engine_reports_urls_only_if_they_had_placeholders(cloud):
    with_placeholder = {"input_id": find_source(cloud, "receipts"), "output_id": find_source(cloud, "takings")}
    without = {"input_id": find_source(cloud, "receipts"), "output_id": find_source(cloud, "complaints")}
    shown = [cloud.show(cloud.execute("live-counter", plan="instant", **ids)) for ids in (with_placeholder, without)]
    assert [bool(execution["data_source_urls"]) for execution in shown] == [True, False]

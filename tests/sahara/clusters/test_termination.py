"""Executions on a cluster, and when a transient one ends."""

from jobsmock.world.clock import format_time
from tests.sahara.clusters.cluster_steps import course, made, seen


def test_an_execution_waits_for_its_cluster_and_then_begins(cloud):
    began = cloud.clock.moment
    made(cloud)
    execution = cloud.execute("fail-restock", "new", "PENDING 1s > RUNNING 5s > SUCCEEDED")
    found = []
    for after in (9, 10, 11, 16):
        cloud.clock.moment = began + after
        found.append(cloud.status(execution))
    assert found == ["PENDING", "PENDING", "RUNNING", "SUCCEEDED"]
    assert cloud.show(execution)["start_time"] == format_time(began + 11)


def test_reads_while_it_waits_do_not_count_as_polls(cloud):
    made(cloud)
    execution = cloud.execute("fail-restock", "new", "RUNNING 2 polls > SUCCEEDED")
    for _ in range(9):
        assert cloud.status(execution) == "PENDING"
    cloud.clock.moment += 10
    assert [cloud.status(execution) for _ in range(3)] == ["RUNNING", "RUNNING", "SUCCEEDED"]


def test_on_a_cluster_that_fails_an_execution_waits_for_ever(cloud):
    made(cloud, "Validating 5s > Error")
    execution = cloud.execute("fail-restock", "new", "instant")
    cloud.clock.moment += 1e6
    assert cloud.status(execution) == "PENDING"


def test_one_that_is_cancelled_while_it_waits_is_killed_when_the_cluster_is_up(cloud):
    began = cloud.clock.moment
    made(cloud)
    execution = cloud.execute("fail-restock", "new")
    cloud.ask("GET", f"/job-executions/{execution}/cancel")
    assert cloud.status(execution) == "TOBEKILLED"
    cloud.clock.moment = began + 10
    assert cloud.status(execution) == "KILLED"


def test_what_has_waited_runs_on_when_its_cluster_is_scaled_or_deleted_unseen(cloud):
    began, id = cloud.clock.moment, made(cloud)
    execution = cloud.execute("fail-restock", "new", "RUNNING 1m > SUCCEEDED")
    cloud.clock.moment = began + 20
    cloud.ask("DELETE", f"/clusters/{id}")
    cloud.clock.moment = began + 40
    assert seen(cloud, id) is None
    assert cloud.status(execution) == "RUNNING"
    assert cloud.show(execution)["start_time"] == format_time(began + 10)


def test_a_transient_cluster_goes_after_its_last_execution(cloud):
    id = made(cloud, "instant", is_transient=True)
    assert course(cloud, id, 0, 1000) == ["Active", "Active"]
    first = cloud.execute("fail-restock", "new", "RUNNING 5s > SUCCEEDED")
    cloud.clock.moment += 4
    second = cloud.execute("fail-restock", "new", "RUNNING 5s > FAILED")
    assert course(cloud, id, 4.9, 5, 7.9, 8) == ["Active", "Deleting", "Deleting", None]
    assert [cloud.status(one) for one in (first, second)] == ["SUCCEEDED", "FAILED"]


def test_a_transient_cluster_goes_when_its_last_execution_is_deleted(cloud):
    id = made(cloud, "instant", is_transient=True)
    execution = cloud.execute("fail-restock", "new", "RUNNING 5m > SUCCEEDED")
    cloud.ask("DELETE", f"/job-executions/{execution}")
    assert course(cloud, id, 0, 3) == ["Deleting", None]

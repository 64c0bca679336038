"""The lifecycle of executions: where the plan comes from, what a client sees, cancelling and suspending."""

import json

import pytest

from jobsmock.sahara.edp.execution_lifecycle import parse_execution_plan
from jobsmock.world.clock import format_time
from tests.sahara.edp.execution_steps import cancel, execute_hive, find_source, read_statuses, update_status

# --- choosing a plan


def test_an_execution_without_a_plan_follows_that_of_the_world(cloud):
    configs = {"job_configs": {"configs": {"edp.java.main_class": "Reviews"}}}
    execution = cloud.execute("live-reviews", "shop-window", **configs)
    assert read_statuses(cloud, execution, 1, 3, 11) == ["PENDING", "RUNNING", "SUCCEEDED"]


@pytest.fixture
def planned(cloud_of, tmp_path):
    """A cloud with three jobs: `planned` has a plan, the name of `matched` matches a pattern, `plain` has neither."""
    job = {"type": "Shell", "mains": ["main"]}
    sample = {
        "simulation": {"job_plans": {"m*": "FAILED (by its name)"}},
        "clusters": [{"name": "cluster", "plugin_name": "fake", "hadoop_version": "0.1"}],
        "job_binaries": [{"name": "main", "url": "swift://c/o"}],
        "jobs": [
            {"name": "planned", "plan": "FAILED (by the job)", **job},
            {"name": "matched", **job},
            {"name": "plain", **job},
        ],
    }
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(sample))
    return cloud_of(str(path), plan="FAILED (by the world)")


def test_the_header_comes_before_job_configs_and_these_before_the_job(planned):
    configs = {"job_configs": {"configs": {"jobsmock.plan": "FAILED (by job_configs)"}}}
    executions = (
        planned.execute("planned", "cluster", plan="FAILED (by the header)", **configs),
        planned.execute("planned", "cluster", **configs),
        planned.execute("planned", "cluster"),
        planned.execute("matched", "cluster"),
        planned.execute("plain", "cluster"),
    )
    reasons = [planned.show(execution)["info"]["reason"] for execution in executions]
    assert reasons == ["by the header", "by job_configs", "by the job", "by its name", "by the world"]


@pytest.mark.parametrize("origin", ["X-Jobsmock-Plan", "jobsmock.plan"])
def test_an_invalid_plan_is_refused_and_nothing_is_started(cloud, origin):
    before = cloud.ask("GET", "/job-executions").json["job_executions"]
    plan = {origin: "PENDING 2s > RUNING 1s > SUCCEEDED"}
    is_header = origin.startswith("X-")
    body = {"cluster_id": cloud.id_of("clusters", "playground"), "job_configs": {"configs": {} if is_header else plan}}
    path = f"/jobs/{cloud.id_of('jobs', 'fail-restock')}/execute"
    response = cloud.ask("POST", path, body, headers=plan if is_header else {})
    assert response.status_code == 400
    assert response.json["error_message"].startswith(f"{origin}: step 2, 'RUNING 1s': unknown status 'RUNING'")
    assert cloud.ask("GET", "/job-executions").json["job_executions"] == before


@pytest.mark.parametrize(
    ("job", "seconds", "statuses"),
    [
        ("fail-restock", (1, 3, 7), ["PENDING", "RUNNING", "FAILED"]),
        ("slow-restock", (1, 59, 60), ["PENDING", "RUNNING", "SUCCEEDED"]),
        ("stuck-restock", (1, 3, 86400 * 365), ["PENDING", "RUNNING", "RUNNING"]),
    ],
)
def test_a_job_with_a_magic_name_does_what_the_name_says(cloud, job, seconds, statuses):
    assert read_statuses(cloud, cloud.execute(job), *seconds) == statuses


def test_a_flaky_job_succeeds_or_fails(cloud):
    executions = [cloud.execute("flaky-restock") for _ in range(40)]
    cloud.clock.moment += 60
    assert {cloud.status(execution) for execution in executions} == {"SUCCEEDED", "FAILED"}


def test_magic_names_work_for_new_jobs(cloud):
    body = {"name": "fail-better", "type": "Shell", "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    assert cloud.ask("POST", "/jobs", body).status_code == 202
    execution = cloud.execute("fail-better")
    cloud.clock.moment += 60
    assert cloud.show(execution)["info"] == {"status": "FAILED", "reason": "the till drawer is locked"}


def test_every_response_with_the_execution_counts_as_a_poll(cloud):
    execution = cloud.execute("fail-restock", plan="PENDING 1 poll > RUNNING 3 polls > SUCCEEDED")
    assert cloud.status(execution) == "PENDING"
    assert cloud.status(execution) == "RUNNING"
    refreshed = cloud.ask("GET", f"/job-executions/{execution}/refresh-status").json["job_execution"]
    assert refreshed["info"]["status"] == "RUNNING"
    cloud.ask("GET", "/job-executions")
    assert cloud.status(execution) == "SUCCEEDED"


def test_random_choices_do_not_depend_on_the_number_of_reads(cloud_of):
    def play(reads):
        cloud = cloud_of(plan="PENDING 1s..9s > RUNNING 1s..9s > SUCCEEDED 50% | FAILED 50%", seed=5)
        ids = {"input_id": find_source(cloud, "receipts"), "output_id": find_source(cloud, "takings")}
        executions = []
        for _ in range(5):
            executions.append(cloud.execute("live-counter", **ids))
            for _ in range(reads):
                cloud.status(executions[-1])
        cloud.clock.moment = 2_000_000_000
        return [[cloud.show(execution)[key] for key in ("id", "info")] for execution in executions]

    assert play(reads=0) == play(reads=3)


# --- reading


def test_values_appear_when_the_engine_has_them(cloud):
    start = cloud.clock.moment
    execution = execute_hive(cloud, "PENDING 2s > RUNNING 8s > SUCCEEDED")
    pending = cloud.show(execution)
    cloud.clock.moment = start + 5
    running = cloud.show(execution)
    cloud.clock.moment = start + 1000
    succeeded = cloud.show(execution)
    keys = ("start_time", "end_time", "oozie_job_id", "engine_job_id", "data_source_urls", "updated_at")
    assert {pending[key] for key in keys} == {None}
    assert running["start_time"] == running["updated_at"] == format_time(start + 2)
    assert running["end_time"] is None
    assert succeeded["end_time"] == succeeded["updated_at"] == format_time(start + 10)
    assert succeeded["oozie_job_id"] == succeeded["engine_job_id"] == running["oozie_job_id"]
    assert succeeded["return_code"] is None


@pytest.mark.parametrize(("plan", "code"), [("instant", "0"), ("RUNNING 0s > FAILED", "1")])
def test_an_execution_on_spark_has_a_return_code(cloud, plan, code):
    execution = cloud.execute("till-cleanup", "sparkle", plan, interface={})
    assert cloud.show(execution)["return_code"] == code


def test_the_fake_engine_reports_only_a_status(cloud):
    assert cloud.show(cloud.execute("fail-restock", plan="instant"))["info"] == {"status": "SUCCEEDED"}


def test_a_final_status_that_has_been_read_does_not_change_with_the_clock(cloud):
    execution = execute_hive(cloud, "RUNNING 5s > SUCCEEDED")
    cloud.clock.moment += 60
    succeeded = cloud.show(execution)
    cloud.clock.moment -= 59
    assert cloud.show(execution) == succeeded


def test_an_execution_stays_pending_while_its_cluster_is_not_active(cloud):
    execution = execute_hive(cloud, "instant", "spring-sale")
    assert read_statuses(cloud, execution, 1, 100_000) == ["PENDING", "PENDING"]
    assert cancel(cloud, execution).json["job_execution"]["info"]["status"] == "PENDING"


# --- cancelling and suspending


@pytest.mark.parametrize(("second", "has_started"), [(1, False), (5, True)])
def test_a_cancelled_execution_is_tobekilled_and_then_killed(cloud, second, has_started):
    execution = execute_hive(cloud, "PENDING 2s > RUNNING 8s > SUCCEEDED")
    cloud.clock.moment += second
    response = cancel(cloud, execution)
    assert (response.status_code, response.json["job_execution"]["info"]["status"]) == (200, "TOBEKILLED")
    killed = cloud.show(execution)
    assert killed["info"]["status"] == "KILLED"
    assert killed["end_time"] == format_time(cloud.clock.moment)
    assert (killed["start_time"] is not None) == has_started


def test_a_second_cancel_does_not_delay_the_end(cloud):
    cloud.world.cancel_plan = parse_execution_plan("TOBEKILLED 5s > KILLED")
    execution = execute_hive(cloud, "RUNNING 1h > SUCCEEDED")
    cancel(cloud, execution)
    cloud.clock.moment += 3
    assert cancel(cloud, execution).json["job_execution"]["info"]["status"] == "TOBEKILLED"
    assert read_statuses(cloud, execution, 1, 2) == ["TOBEKILLED", "KILLED"]


def test_cancelling_an_execution_that_has_ended_changes_nothing(cloud):
    execution = execute_hive(cloud, "instant")
    before = cloud.show(execution)
    assert cancel(cloud, execution).json["job_execution"] == before
    assert update_status(cloud, execution, "cancel").json["job_execution"] == before
    assert cloud.show(execution) == before


@pytest.mark.parametrize(
    ("plan", "suspended"), [("PREP 1h > SUCCEEDED", "PREPSUSPENDED"), ("RUNNING 1h > SUCCEEDED", "SUSPENDED")]
)
def test_oozie_can_suspend_an_execution_in_prep_or_running(cloud, plan, suspended):
    execution = execute_hive(cloud, plan)
    response = update_status(cloud, execution, "suspend")
    assert (response.status_code, response.json["job_execution"]["info"]["status"]) == (202, "TOBESUSPENDED")
    assert read_statuses(cloud, execution, 0, 100_000) == [suspended, suspended]
    update_status(cloud, execution, "cancel")
    assert cloud.status(execution) == "KILLED"


def test_suspending_an_execution_that_has_ended_changes_nothing(cloud):
    execution = execute_hive(cloud, "instant")
    before = cloud.show(execution)
    assert update_status(cloud, execution, "suspend").json["job_execution"] == before

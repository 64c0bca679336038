"""What becomes of an execution: where its plan comes from, what the engine reports, cancelling and suspending."""

import pytest

from jobsmock.world.clock import format_time


def course(cloud, execution, *moments):
    """The statuses seen at moments after the execution was made."""
    began, seen = cloud.clock.moment, []
    for after in moments:
        cloud.clock.moment = began + after
        seen.append(cloud.status(execution))
    return seen


# --- where a plan comes from


def test_without_a_plan_an_execution_takes_the_worlds(cloud):
    assert course(cloud, cloud.execute("live-reviews", "shop-window", **topology()), 1, 3, 11) == [
        "PENDING",
        "RUNNING",
        "SUCCEEDED",
    ]


def topology():
    return {"job_configs": {"configs": {"edp.java.main_class": "Reviews"}}}


def test_a_header_goes_before_job_configs_and_those_before_the_job(cloud_of, tmp_path):
    cloud = cloud_of(sample_with_planned_job(tmp_path), plan="FAILED (by the world)")
    configs = {"job_configs": {"configs": {"jobsmock.plan": "FAILED (by job_configs)"}}}
    ends = [
        cloud.show(execution)["info"]["reason"]
        for execution in (
            cloud.execute("planned", "cluster", plan="FAILED (by the header)", **configs),
            cloud.execute("planned", "cluster", **configs),
            cloud.execute("planned", "cluster"),
            cloud.execute("matched", "cluster"),
            cloud.execute("plain", "cluster"),
        )
    ]
    assert ends == ["by the header", "by job_configs", "by the job", "by its name", "by the world"]


def sample_with_planned_job(tmp_path):
    path = tmp_path / "sample.json"
    path.write_text(
        """{"simulation": {"job_plans": {"m*": "FAILED (by its name)"}},
            "clusters": [{"name": "cluster", "plugin_name": "fake", "hadoop_version": "0.1"}],
            "job_binaries": [{"name": "main", "url": "swift://c/o"}],
            "jobs": [{"name": "planned", "type": "Shell", "mains": ["main"], "plan": "FAILED (by the job)"},
                     {"name": "matched", "type": "Shell", "mains": ["main"]},
                     {"name": "plain", "type": "Shell", "mains": ["main"]}]}"""
    )
    return str(path)


@pytest.mark.parametrize("how", ["header", "configs"])
def test_a_plan_with_a_fault_is_refused_and_nothing_is_started(cloud, how):
    before = len(cloud.ask("GET", "/job-executions").json["job_executions"])
    wrong = "PENDING 2s > RUNING 1s > SUCCEEDED"
    body = {"cluster_id": cloud.id_of("clusters", "playground")}
    if how == "configs":
        body["job_configs"] = {"configs": {"jobsmock.plan": wrong}}
    headers = {"X-Jobsmock-Plan": wrong} if how == "header" else {}
    answer = cloud.ask("POST", f"/jobs/{cloud.id_of('jobs', 'fail-restock')}/execute", body, headers=headers)
    assert answer.status_code == 400
    assert "did you mean RUNNING?" in answer.json["error_message"]
    assert len(cloud.ask("GET", "/job-executions").json["job_executions"]) == before


@pytest.mark.parametrize(
    ("job", "moments", "statuses"),
    [
        ("fail-restock", (1, 3, 7), ["PENDING", "RUNNING", "FAILED"]),
        ("slow-restock", (1, 59, 60), ["PENDING", "RUNNING", "SUCCEEDED"]),
        ("stuck-restock", (1, 3, 86400 * 365), ["PENDING", "RUNNING", "RUNNING"]),
    ],
)
def test_magic_names_do_what_they_say(cloud, job, moments, statuses):
    assert course(cloud, cloud.execute(job), *moments) == statuses


def test_a_flaky_job_ends_either_way(cloud):
    executions = [cloud.execute("flaky-restock") for _ in range(40)]
    cloud.clock.moment += 60
    assert {cloud.status(execution) for execution in executions} == {"SUCCEEDED", "FAILED"}


def test_magic_names_work_for_jobs_that_are_created(cloud):
    body = {"name": "fail-better", "type": "Shell", "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    job = cloud.ask("POST", "/jobs", body).json["job"]["id"]
    run = {"cluster_id": cloud.id_of("clusters", "playground")}
    execution = cloud.ask("POST", f"/jobs/{job}/execute", run).json["job_execution"]["id"]
    cloud.clock.moment += 60
    assert cloud.show(execution)["info"] == {"status": "FAILED", "reason": "the till drawer is locked"}


def test_polls_are_counted_by_whatever_shows_the_execution(cloud):
    execution = cloud.execute("fail-restock", plan="PENDING 1 poll > RUNNING 3 polls > SUCCEEDED")
    assert cloud.status(execution) == "PENDING"
    assert cloud.status(execution) == "RUNNING"
    assert (
        cloud.ask("GET", f"/job-executions/{execution}/refresh-status").json["job_execution"]["info"]["status"]
        == "RUNNING"
    )
    cloud.ask("GET", "/job-executions")
    assert cloud.status(execution) == "SUCCEEDED"


def test_the_same_seed_gives_the_same_courses_however_often_one_looks(cloud_of):
    def run(looks):
        cloud = cloud_of(plan="PENDING 1s..9s > RUNNING 1s..9s > SUCCEEDED 50% | FAILED 50%", seed=5)
        executions = []
        for _ in range(5):
            executions.append(cloud.execute("live-counter", **{"input_id": source(cloud), "output_id": other(cloud)}))
            for _ in range(looks):
                cloud.status(executions[-1])
        cloud.clock.moment = 2_000_000_000
        return [[cloud.show(one)[key] for key in ("id", "info", "start_time")][:2] for one in executions]

    assert run(looks=0) == run(looks=3)


def source(cloud):
    return cloud.id_of("data_sources", "receipts")


def other(cloud):
    return cloud.id_of("data_sources", "takings")


# --- what the engine reports


def hive(cloud, plan, cluster="night-shift"):
    return cloud.execute("daily-takings", cluster, plan, input_id=source(cloud), output_id=other(cloud))


def test_a_run_fills_in_as_it_goes(cloud):
    began = cloud.clock.moment
    execution = hive(cloud, "PENDING 2s > RUNNING 8s > SUCCEEDED")
    waiting = cloud.show(execution)
    cloud.clock.moment = began + 5
    running = cloud.show(execution)
    cloud.clock.moment = began + 1000
    ended = cloud.show(execution)
    filled = ("start_time", "end_time", "oozie_job_id", "engine_job_id", "data_source_urls", "updated_at")
    assert {waiting[key] for key in filled} == {None}
    assert running["start_time"] == running["updated_at"] == format_time(began + 2)
    assert running["end_time"] is None
    assert ended["end_time"] == ended["updated_at"] == format_time(began + 10)
    assert ended["oozie_job_id"] == ended["engine_job_id"] == running["oozie_job_id"]
    assert ended["return_code"] is None


def test_oozies_actions_move_with_the_plan(cloud):
    began = cloud.clock.moment
    execution = hive(cloud, "PENDING 2s > PREP 2s > RUNNING 8s > SUCCEEDED")
    assert cloud.show(execution)["info"] == {"status": "PENDING"}
    seen = []
    for after in (3, 5, 20):
        cloud.clock.moment = began + after
        seen.append(
            [(action["name"], action["type"], action["status"]) for action in cloud.show(execution)["info"]["actions"]]
        )
    start = (":start:", ":START:", "OK")
    assert seen == [
        [start, ("job-node", "hive", "PREP")],
        [start, ("job-node", "hive", "RUNNING")],
        [start, ("job-node", "hive", "OK"), ("end", ":END:", "OK")],
    ]


def test_a_failed_workflow_carries_its_reason_and_error_codes(cloud):
    execution = hive(cloud, "RUNNING 1s > FAILED (Java heap space)")
    cloud.clock.moment += 60
    info = cloud.show(execution)["info"]
    _, job, fail = info["actions"]
    assert (info["status"], job["status"], job["externalStatus"]) == ("FAILED", "ERROR", "FAILED/KILLED")
    assert (job["errorCode"], job["errorMessage"]) == ("JA018", "Java heap space")
    assert (fail["errorCode"], fail["errorMessage"]) == ("E0729", "Workflow failed, error message[Java heap space]")
    assert job["endTime"] == info["endTime"] != info["startTime"]


def test_each_placeholder_is_resolved_for_each_execution(cloud):
    execution = cloud.execute(
        "basket-pairs", "night-shift", "instant", input_id=source(cloud), output_id=cloud.id_of("data_sources", "pairs")
    )
    urls = cloud.show(execution)["data_source_urls"]
    letters = urls[cloud.id_of("data_sources", "pairs")].rpartition("/")[2]
    assert len(letters) == 6
    assert letters.isalpha()
    taking = hive(cloud, "instant")
    assert cloud.show(taking)["data_source_urls"][other(cloud)] == f"hdfs://night-shift-master-0:9000/takings/{taking}"


@pytest.mark.parametrize(("plan", "code"), [("instant", "0"), ("RUNNING 0s > FAILED", "1")])
def test_spark_runs_a_process_which_has_a_return_code(cloud, plan, code):
    execution = cloud.execute("till-cleanup", "sparkle", plan, interface={})
    assert cloud.show(execution)["return_code"] == code


def test_a_fake_cluster_tells_no_more_than_a_status(cloud):
    assert cloud.show(cloud.execute("fail-restock", plan="instant"))["info"] == {"status": "SUCCEEDED"}


def test_an_end_that_has_been_seen_does_not_change_with_the_clock(cloud):
    execution = hive(cloud, "RUNNING 5s > SUCCEEDED")
    cloud.clock.moment += 60
    ended = cloud.show(execution)
    cloud.clock.moment -= 59
    assert cloud.show(execution) == ended


def test_a_cluster_that_is_not_active_keeps_an_execution_pending(cloud):
    execution = hive(cloud, "instant", "spring-sale")
    assert course(cloud, execution, 1, 100_000) == ["PENDING", "PENDING"]
    assert cloud.ask("GET", f"/job-executions/{execution}/cancel").json["job_execution"]["info"]["status"] == "PENDING"


# --- cancelling and suspending


def act(cloud, execution, action):
    return cloud.ask("PATCH", f"/job-executions/{execution}", {"info": {"status": action}})


@pytest.mark.parametrize("when", [1, 5])
def test_cancelling_goes_by_tobekilled_to_killed(cloud, when):
    execution = hive(cloud, "PENDING 2s > RUNNING 8s > SUCCEEDED")
    cloud.clock.moment += when
    answer = cloud.ask("GET", f"/job-executions/{execution}/cancel")
    assert (answer.status_code, answer.json["job_execution"]["info"]["status"]) == (200, "TOBEKILLED")
    killed = cloud.show(execution)
    assert killed["info"]["status"] == "KILLED"
    assert killed["end_time"] == format_time(cloud.clock.moment)
    assert (killed["start_time"] is None) == (when == 1)


def test_a_cancelled_workflow_has_no_error(cloud):
    execution = hive(cloud, "RUNNING 8s > SUCCEEDED")
    act(cloud, execution, "cancel")
    assert [action["status"] for action in cloud.show(execution)["info"]["actions"]] == ["OK", "KILLED"]


def test_cancelling_what_has_ended_changes_nothing(cloud):
    execution = hive(cloud, "instant")
    before = cloud.show(execution)
    assert cloud.ask("GET", f"/job-executions/{execution}/cancel").json["job_execution"] == before
    assert act(cloud, execution, "cancel").json["job_execution"] == before
    assert cloud.show(execution) == before


@pytest.mark.parametrize(
    ("plan", "aim"), [("PREP 1h > SUCCEEDED", "PREPSUSPENDED"), ("RUNNING 1h > SUCCEEDED", "SUSPENDED")]
)
def test_oozie_can_suspend_what_prepares_or_runs(cloud, plan, aim):
    execution = hive(cloud, plan)
    answer = act(cloud, execution, "suspend")
    assert (answer.status_code, answer.json["job_execution"]["info"]["status"]) == (202, "TOBESUSPENDED")
    assert course(cloud, execution, 0, 100_000) == [aim, aim]
    act(cloud, execution, "cancel")
    assert cloud.status(execution) == "KILLED"


def test_suspending_what_has_ended_changes_nothing(cloud):
    execution = hive(cloud, "instant")
    before = cloud.show(execution)
    assert act(cloud, execution, "suspend").json["job_execution"] == before


def test_only_oozie_can_suspend(cloud):
    answer = act(cloud, cloud.execute("stuck-restock"), "suspend")
    assert answer.json["error_name"] == "INVALID_REFERENCE"
    assert "Engine doesn't support suspending job feature" in answer.json["error_message"]


def test_a_list_can_be_filtered_by_status_and_by_names(cloud):
    def found(query):
        return [one["id"] for one in cloud.ask("GET", f"/job-executions?{query}").json["job_executions"]]

    failing = cloud.execute("fail-restock", plan="FAILED")
    assert failing in found("status=FAILED")
    assert failing in found("status=failed&job.name=fail-restock&cluster.name=playground")
    assert failing not in found("status=RUNNING")
    assert found("job.name=nobody") == []

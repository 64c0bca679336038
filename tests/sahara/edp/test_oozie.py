"""The reports of Oozie, which are the `info` of executions on vanilla clusters."""

from tests.sahara.edp.execution_steps import execute_hive, update_status


def test_the_actions_follow_the_plan(cloud):
    start = cloud.clock.moment
    execution = execute_hive(cloud, "PENDING 2s > PREP 2s > RUNNING 8s > SUCCEEDED")
    assert cloud.show(execution)["info"] == {"status": "PENDING"}
    reports = []
    for second in (3, 5, 20):
        cloud.clock.moment = start + second
        actions = cloud.show(execution)["info"]["actions"]
        reports.append([(action["name"], action["type"], action["status"]) for action in actions])
    first = (":start:", ":START:", "OK")
    assert reports == [
        [first, ("job-node", "hive", "PREP")],
        [first, ("job-node", "hive", "RUNNING")],
        [first, ("job-node", "hive", "OK"), ("end", ":END:", "OK")],
    ]


def test_a_failed_workflow_has_the_reason_of_the_plan_and_error_codes(cloud):
    execution = execute_hive(cloud, "RUNNING 1s > FAILED (Java heap space)")
    cloud.clock.moment += 60
    info = cloud.show(execution)["info"]
    _, job, fail = info["actions"]
    assert (info["status"], job["status"], job["externalStatus"]) == ("FAILED", "ERROR", "FAILED/KILLED")
    assert (job["errorCode"], job["errorMessage"]) == ("JA018", "Java heap space")
    assert (fail["errorCode"], fail["errorMessage"]) == ("E0729", "Workflow failed, error message[Java heap space]")
    assert job["endTime"] == info["endTime"] != info["startTime"]


def test_a_failed_workflow_without_a_reason_names_the_main_class_of_its_action(cloud):
    execution = execute_hive(cloud, "RUNNING 1s > FAILED")
    cloud.clock.moment += 60
    job = cloud.show(execution)["info"]["actions"][1]
    assert job["errorMessage"] == "Main class [org.apache.oozie.action.hadoop.HiveMain], exit code [1]"


def test_a_cancelled_workflow_has_no_error(cloud):
    execution = execute_hive(cloud, "RUNNING 8s > SUCCEEDED")
    update_status(cloud, execution, "cancel")
    actions = cloud.show(execution)["info"]["actions"]
    assert [(action["status"], action["errorCode"]) for action in actions] == [("OK", None), ("KILLED", None)]

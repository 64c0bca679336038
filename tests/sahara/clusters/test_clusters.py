"""How a cluster comes up, is scaled, verified and deleted, and what executions on it do meanwhile."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.snapshots import dump_world
from jobsmock.world.clock import format_time
from tests.conftest import Cloud, Hands

NETWORK = "d9a3bebc-f788-4b81-9a93-aa048022c1ca"
PLAN = "Validating 1s > Spawning 2s > Waiting 2s > Active"


def group(name, count, *processes):
    return {"name": name, "count": count, "flavor_id": "2", "node_processes": list(processes)}


def wanted(cloud, name="new", **more):
    return {
        "name": name,
        "plugin_name": "fake",
        "hadoop_version": "0.1",
        "default_image_id": next(
            one["id"] for one in cloud.world.tables["images"].iterate_all() if "fake" in one["tags"]
        ),
        "neutron_management_network": NETWORK,
        "node_groups": [group("master", 1, "namenode"), group("worker", 2, "datanode")],
        **more,
    }


def made(cloud, plan=None, name="new", **more):
    """Creates a cluster; its id."""
    headers = {"X-Jobsmock-Plan": plan} if plan else {}
    answer = cloud.ask("POST", "/clusters", wanted(cloud, name, **more), headers=headers)
    assert answer.status_code == 202, answer.json
    assert answer.json["cluster"]["status"] == "Validating"
    return answer.json["cluster"]["id"]


def seen(cloud, id, progress=False):
    """A cluster as it is shown; None if it is not there."""
    answer = cloud.ask("GET", f"/clusters/{id}", query_string={"show_progress": "true"} if progress else {})
    return answer.json["cluster"] if answer.status_code == 200 else None


def status(cloud, id):
    cluster = seen(cloud, id)
    return cluster and cluster["status"]


def course(cloud, id, *moments):
    began, found = cloud.clock.moment, []
    for after in moments:
        cloud.clock.moment = began + after
        found.append(status(cloud, id))
    return found


def instances(cluster, name):
    return next(one["instances"] for one in cluster["node_groups"] if one["name"] == name)


def scale(cloud, id, *added, plan=None, **sizes):
    resized = [{"name": name, "count": count} for name, count in sizes.items()]
    body = {**({"resize_node_groups": resized} if sizes else {}), **({"add_node_groups": added} if added else {})}
    return cloud.ask("PUT", f"/clusters/{id}", body, headers={"X-Jobsmock-Plan": plan} if plan else {})


# --- where a plan comes from


def test_a_cluster_comes_up_in_ten_seconds(cloud):
    assert course(cloud, made(cloud), 0, 1, 2, 4, 6, 7, 9, 10, 1e6) == [
        "Validating", "InfraUpdating", "Spawning", "Waiting", "Preparing", "Configuring", "Starting", "Active", "Active"
    ]  # fmt: skip


def test_with_the_plan_instant_a_cluster_is_up_and_gone_at_once(cloud_of):
    cloud = cloud_of(plan="instant")
    id = made(cloud)
    cluster = seen(cloud, id)
    assert cluster["status"] == "Active"
    assert [len(instances(cluster, name)) for name in ("master", "worker")] == [1, 2]
    scale(cloud, id, worker=5)
    assert len(instances(seen(cloud, id), "worker")) == 5
    cloud.ask("DELETE", f"/clusters/{id}")
    assert seen(cloud, id) is None


def test_a_header_goes_before_a_rule_and_that_before_the_worlds_plan(cloud_of):
    world = Sample.from_document(
        {"simulation": {"cluster_plan": "Error (by the world)"}, "images": IMAGES}, "sample"
    ).make_world()
    world.clock = Hands(world.clock.now())
    cloud = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    by_world = made(cloud, name="one")
    world.rules.add({"when": {"operation": "clusters.create"}, "then": {"plan": "Error (by a rule)"}}, 0.0)
    reasons = [seen(cloud, id)["status_description"] for id in (by_world, made(cloud), made(cloud, "Error (h)", "two"))]
    assert [reason.rpartition(": ")[2] for reason in reasons] == ["by the world", "by a rule", "h"]


IMAGES = [{"name": "image", "username": "me", "tags": ["fake", "0.1"]}]


def test_a_rule_for_everything_may_have_a_plan_of_executions(cloud):
    cloud.world.rules.add({"then": {"plan": "RUNNING 1s > FAILED"}}, 0.0)
    assert course(cloud, made(cloud), 0, 10) == ["Validating", "Active"]


@pytest.mark.parametrize(
    ("operation", "plan"),
    [
        ("clusters.create", "RUNNING 5s > FAILED"),
        ("jobs.execute", "Validating 1s > Active"),
        ("clusters.delete", "Gon"),
    ],
)
def test_a_rule_whose_plan_is_for_something_else_is_refused(cloud, operation, plan):
    rule = {"when": {"operation": operation}, "then": {"plan": plan}}
    assert cloud.client.post("/_jobsmock/rules", json=rule).status_code == 400


def test_a_plan_with_a_fault_is_refused_and_nothing_is_made(cloud):
    answer = cloud.ask("POST", "/clusters", wanted(cloud), headers={"X-Jobsmock-Plan": "Validting 1s > Active"})
    assert "X-Jobsmock-Plan: step 1, 'Validting 1s': unknown status 'Validting'" in answer.json["error_message"]
    assert "did you mean Validating?" in answer.json["error_message"]
    assert cloud.ask("GET", "/clusters?name=new").json["clusters"] == []


def test_a_cluster_of_a_sample_has_its_status_unless_it_has_a_plan():
    one = {"plugin_name": "fake", "hadoop_version": "0.1", "created_at": "-3s"}
    clusters = [{"name": "a", "status": "Waiting", **one}, {"name": "b", "plan": PLAN, **one}]
    world = Sample.from_document({"clusters": clusters}, "sample").make_world(freeze="2026-01-31T12:00:00")
    client = create_app(world).test_client()
    for moments, expected in ((0, ["Waiting", "Waiting"]), (10, ["Waiting", "Active"])):
        world.clock.advance(moments)
        listed = client.get("/v1.1/p/clusters?sort_by=name").json["clusters"]
        assert [cluster["status"] for cluster in listed] == expected


# --- what moves with it


def test_instances_appear_when_they_are_spawned_and_have_addresses_after_that(cloud):
    began, id = cloud.clock.moment, made(cloud, PLAN)
    assert instances(seen(cloud, id), "worker") == []
    cloud.clock.moment = began + 1
    spawned = instances(seen(cloud, id), "worker")
    assert [one["instance_name"] for one in spawned] == ["new-worker-0", "new-worker-1"]
    assert {one["internal_ip"] for one in spawned} == {None}
    cloud.clock.moment = began + 3
    cluster = seen(cloud, id)
    addresses = [one["internal_ip"] for name in ("master", "worker") for one in instances(cluster, name)]
    assert None not in addresses
    assert len(set(addresses)) == 3
    assert [one["instance_id"] for one in instances(cluster, "worker")] == [one["instance_id"] for one in spawned]


def test_steps_and_events_move_with_the_plan(cloud):
    began, id = cloud.clock.moment, made(cloud, PLAN)
    assert seen(cloud, id, progress=True)["provision_progress"] == []
    cloud.clock.moment = began + 2.5
    (step,) = seen(cloud, id, progress=True)["provision_progress"]
    assert (step["step_name"], step["total"], step["successful"], len(step["events"])) == ("Run instances", 3, None, 2)
    assert step["events"][1]["instance_name"] == "new-worker-0"
    cloud.clock.moment = began + 100
    steps = seen(cloud, id, progress=True)["provision_progress"]
    assert {(one["successful"], len(one["events"])) for one in steps} == {(True, 3)}
    assert "events" not in seen(cloud, id)["provision_progress"][0]


def test_a_cluster_that_fails_tells_why(cloud):
    began, id = cloud.clock.moment, made(cloud, "Validating 1s > Spawning 5s > Error (No valid host was found)")
    cloud.clock.moment = began + 20
    cluster = seen(cloud, id, progress=True)
    assert cluster["status"] == "Error"
    assert cluster["status_description"].endswith("for the following reason(s): No valid host was found")
    assert cluster["updated_at"] == format_time(began + 6)
    (step,) = cluster["provision_progress"]
    assert step["successful"] is False
    assert step["events"][-1]["event_info"] == "No valid host was found"


def test_a_vanilla_cluster_tells_where_its_services_are_once_it_is_active(cloud_of):
    cloud = cloud_of(plan="instant")
    image = next(one["id"] for one in cloud.world.tables["images"].iterate_all() if "vanilla" in one["tags"])
    groups = [
        group("master", 1, "namenode", "resourcemanager", "oozie", "historyserver"),
        group("worker", 2, "datanode", "nodemanager"),
    ]
    id = made(cloud, plugin_name="vanilla", hadoop_version="2.8.2", default_image_id=image, node_groups=groups)
    cluster = seen(cloud, id)
    master = instances(cluster, "master")[0]
    assert cluster["info"]["HDFS"]["NameNode"] == "hdfs://new-master-0:9000"
    assert cluster["info"]["JobFlow"]["Oozie"] == f"http://{master['management_ip']}:11000"
    assert cluster["cluster_configs"] == {"HDFS": {"dfs.replication": 2}}


def test_what_its_plugin_does_not_want_is_refused_and_kept_in_error(cloud):
    image = next(one["id"] for one in cloud.world.tables["images"].iterate_all() if "vanilla" in one["tags"])
    body = wanted(cloud, plugin_name="vanilla", hadoop_version="2.8.2", default_image_id=image)
    answer = cloud.ask("POST", "/clusters", {**body, "node_groups": [group("master", 2, "namenode")]})
    assert (answer.status_code, answer.json["error_name"]) == (400, "INVALID_COMPONENT_COUNT")
    (kept,) = cloud.ask("GET", "/clusters?name=new").json["clusters"]
    assert kept["status"] == "Error"
    assert "Actual namenode count is 2" in kept["status_description"]


# --- scaling


def test_scaling_goes_through_statuses_of_its_own_and_back_to_active(cloud):
    id = made(cloud, "instant")
    answer = scale(cloud, id, group("more", 3, "datanode"), worker=1)
    assert answer.status_code == 202
    assert [(one["name"], one["count"]) for one in answer.json["cluster"]["node_groups"]] == [
        ("master", 1), ("worker", 2), ("more", 0)
    ]  # fmt: skip
    assert course(cloud, id, 0, 1, 3, 5, 7, 8, 10) == [
        "Validating", "Decommissioning", "Scaling: Spawning", "Scaling: Waiting", "Scaling: Preparing", "Configuring",
        "Active",
    ]  # fmt: skip
    cluster = seen(cloud, id)
    assert {one["name"]: (one["count"], len(one["instances"])) for one in cluster["node_groups"]} == {
        "master": (1, 1), "worker": (1, 1), "more": (3, 3)
    }  # fmt: skip


def test_growing_decommissions_nothing_and_shrinking_spawns_nothing(cloud):
    id = made(cloud, "instant")
    scale(cloud, id, worker=5)
    assert "Decommissioning" not in course(cloud, id, *range(10))
    scale(cloud, id, worker=1)
    assert set(course(cloud, id, *range(10))) == {"Validating", "Decommissioning", "Active"}


def test_a_scaling_that_fails_leaves_what_had_not_begun(cloud):
    id = made(cloud, "instant")
    scale(cloud, id, worker=9, plan="Validating 1s > Error (quota)")
    cloud.clock.moment += 5
    cluster = seen(cloud, id)
    assert (cluster["status"], len(instances(cluster, "worker"))) == ("Error", 2)


def test_only_an_active_cluster_can_be_scaled(cloud):
    answer = scale(cloud, made(cloud), worker=3)
    assert "Cluster status: Validating" in answer.json["error_message"]


# --- verification


def test_a_verification_takes_its_time_and_ends_well(cloud):
    id = made(cloud, "instant")
    start = {"verification": {"status": "START"}}
    assert "verification" not in cloud.ask("PATCH", f"/clusters/{id}", start).json["cluster"]
    health = seen(cloud, id)["verification"]
    assert (health["status"], {check["status"] for check in health["checks"]}) == ("CHECKING", {"CHECKING"})
    assert cloud.ask("PATCH", f"/clusters/{id}", start).json["error_name"] == "CANNOT_VERIFY"
    cloud.clock.moment += 2
    health = seen(cloud, id)["verification"]
    assert (health["status"], {check["status"] for check in health["checks"]}) == ("GREEN", {"GREEN"})


def test_a_verification_may_find_something(cloud):
    id = made(cloud, "instant")
    headers = {"X-Jobsmock-Plan": "CHECKING 1s > RED (new-worker-1 does not answer)"}
    cloud.ask("PATCH", f"/clusters/{id}", {"verification": {"status": "START"}}, headers=headers)
    cloud.clock.moment += 1
    health = seen(cloud, id)["verification"]
    assert (health["status"], health["checks"][0]["description"]) == ("RED", "new-worker-1 does not answer")


# --- deleting


def test_deleting_takes_a_while_and_then_the_name_is_free(cloud):
    id = made(cloud, "instant")
    assert cloud.ask("DELETE", f"/clusters/{id}").status_code == 204
    assert course(cloud, id, 0, 2.9) == ["Deleting", "Deleting"]
    assert cloud.ask("POST", "/clusters", wanted(cloud)).json["error_name"] == "NAME_ALREADY_EXISTS"
    cloud.clock.moment += 1
    made(cloud)
    assert seen(cloud, id) is None


def test_what_has_no_instances_yet_is_gone_at_once(cloud):
    id = made(cloud)
    cloud.ask("DELETE", f"/clusters/{id}")
    assert seen(cloud, id) is None


def test_a_list_leaves_out_what_has_gone(cloud):
    id = made(cloud, "instant", is_public=True)
    cloud.ask("DELETE", f"/clusters/{id}")
    cloud.clock.moment += 3
    for project in "pq":
        assert cloud.client.get(f"/v1.1/{project}/clusters?name=new").json["clusters"] == []


def test_a_list_is_filtered_and_sorted_by_statuses_as_they_are(cloud):
    made(cloud, name="first")
    cloud.clock.moment += 5
    made(cloud, name="second")
    found = cloud.ask("GET", "/clusters?status=Waiting").json["clusters"]
    assert [cluster["name"] for cluster in found] == ["first"]
    statuses = [cluster["status"] for cluster in cloud.ask("GET", "/clusters?sort_by=status").json["clusters"]]
    assert statuses == sorted(statuses)


@pytest.mark.parametrize("key", ["status", "status_description", "updated_at", "name", "plugin_name"])
def test_a_list_is_filtered_by_what_is_shown_on_the_way_and_after(cloud, key):
    id = made(cloud, "Validating 1s > Spawning 9s > Error (no room)")
    for _ in range(4):
        shown = seen(cloud, id)
        found = cloud.ask("GET", "/clusters", query_string={key: shown[key]}).json["clusters"]
        assert shown in found
        cloud.clock.moment += 4


# --- executions on it


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


# --- all of it is computed

looks = st.lists(st.floats(-50, 200, allow_nan=False), max_size=8)


def lived(looked_at, transient):
    """What is seen of a cluster and its executions in the end, if it is looked at before at such moments."""
    world = Sample.load("demo").make_world(seed=1, freeze="2026-01-31T12:00:00")
    world.clock = Hands(world.clock.now())
    cloud = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    began, id = cloud.clock.moment, made(cloud, PLAN, is_transient=transient)
    first = cloud.execute("fail-restock", "new", "RUNNING 30s > SUCCEEDED")
    cloud.clock.moment = began + 3
    second = cloud.execute("slow-restock", "new", "RUNNING 50s > FAILED (late)")
    for after in sorted(looked_at):
        cloud.clock.moment = began + after
        cloud.ask("GET", "/clusters"), seen(cloud, id), cloud.ask("GET", "/job-executions")
    found = []
    for after in (200, 201):
        cloud.clock.moment = began + after
        found.append((seen(cloud, id, progress=True), cloud.show(first), cloud.show(second)))
    return found


UNSEEN = {transient: lived([], transient) for transient in (False, True)}


@settings(max_examples=25, deadline=None)
@given(looks, st.booleans())
def test_what_becomes_of_a_cluster_does_not_depend_on_who_looks(looked_at, transient):
    assert lived(looked_at, transient) == UNSEEN[transient]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(0, 100, allow_nan=False), min_size=1, max_size=6))
def test_the_clock_may_jump_to_and_fro_before_the_end(moments):
    world = Sample.load("demo").make_world(seed=1, freeze="2026-01-31T12:00:00")
    world.clock = Hands(world.clock.now())
    cloud = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    began, id = cloud.clock.moment, made(cloud, "Validating 20s > Spawning 30s > Waiting 51s > Active")
    execution = cloud.execute("fail-restock", "new", "instant")
    for after in moments:
        cloud.clock.moment = began + after
        expected = "Validating" if after < 20 else "Spawning" if after < 50 else "Waiting"
        assert (status(cloud, id), cloud.status(execution)) == (expected, "PENDING")
    cloud.clock.moment = began + 101
    assert (cloud.status(execution), status(cloud, id)) == ("SUCCEEDED", "Active")


def test_the_course_after_restoring_is_the_course_without(cloud):
    began, id = cloud.clock.moment, made(cloud, is_transient=True)
    other = made(cloud, "instant", "other")
    scale(cloud, other, worker=4)
    cloud.ask("PATCH", f"/clusters/{made(cloud, 'instant', 'third')}", {"verification": {"status": "START"}})
    execution = cloud.execute("fail-restock", "new", "RUNNING 5s > SUCCEEDED")
    world = Sample.from_document(dump_world(cloud.world), "snapshot").make_world()
    world.clock = Hands(began)
    twin = Cloud(world=world, clock=world.clock, client=create_app(world).test_client())
    for after in (0, 3, 9, 12, 16, 30):
        for one in (cloud, twin):
            one.clock.moment = began + after
        both = [
            (one.ask("GET", "/clusters").json, seen(one, id, True), seen(one, other, True), one.show(execution))
            for one in (cloud, twin)
        ]
        assert both[0] == both[1]

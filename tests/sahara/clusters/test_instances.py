"""What changes with the status of a cluster: instances, steps, events."""

from jobsmock.world.clock import format_time
from tests.sahara.clusters.cluster_steps import PLAN, group, instances, made, seen, wanted


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

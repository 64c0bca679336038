"""A snapshot is a sample that goes on where its world stood."""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.snapshots import dump_world


def twin(cloud, cloud_of, tmp_path):
    """A cloud of a snapshot, its clock standing still at the same moment."""
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(dump_world(cloud.world)))
    return cloud_of(str(path))


@pytest.fixture
def lived_in(cloud_of):
    """A cloud in which things have been made, run, changed, published and deleted, with chances still to be drawn."""
    cloud = cloud_of(plan="PENDING 1s..9s > RUNNING 2 polls > SUCCEEDED 50% | FAILED 50% (chance)")
    cloud.client.put("/v1.1/p/job-binary-internals/bytes", data=b"\x00\xff")
    cloud.client.post(
        "/v1.1/q/data-sources", json={"name": "d", "type": "hdfs", "url": "hdfs://h/p", "is_public": True}
    )
    for execution in cloud.ask("GET", "/job-executions").json["job_executions"]:
        cloud.ask("DELETE", f"/job-executions/{execution['id']}")
    cloud.ask("DELETE", f"/jobs/{cloud.id_of('jobs', 'fail-restock')}")
    cloud.ask("PATCH", f"/jobs/{cloud.id_of('jobs', 'slow-restock')}", {"name": "slower", "is_public": True})
    image = cloud.id_of("images", "ubuntu-18.04-server")
    cloud.ask("POST", f"/images/{image}", {"username": "ubuntu"})
    for_fake = {"plugin_name": "fake", "hadoop_version": "0.1"}
    group = {"name": "g", "flavor_id": 2, "node_processes": ["datanode"]}
    template = cloud.ask(
        "POST", "/node-group-templates", {**for_fake, **group, "image_id": None, "is_public": True}
    ).json
    groups = [{"name": "g", "count": 1, "node_group_template_id": template["node_group_template"]["id"]}]
    whole = cloud.client.post("/v1.1/q/cluster-templates", json={**for_fake, "name": "w", "node_groups": groups}).json
    cloud.ask("PUT", f"/node-group-templates/{groups[0]['node_group_template_id']}", {"is_public": False})
    odd = {"node_groups": [{**group, "count": 2, "node_processes": ["unheard-of"]}]}
    cloud.client.put(f"/v1.1/r/cluster-templates/{cloud.id_of('cluster_templates', 'toy')}", json=odd)
    assert whole["cluster_template"]["name"] == "w"
    admin = {"X-Roles": "admin"}
    cloud.ask("PATCH", "/plugins/fake", {"plugin_labels": {"hidden": {"status": False}}}, headers=admin)
    cloud.ask("DELETE", f"/cluster-templates/{cloud.id_of('cluster_templates', 'toy')}")
    cloud.ask(
        "PUT", f"/node-group-templates/{cloud.id_of('node_group_templates', 'fake-all')}", {"is_protected": False}
    )
    cloud.ask("DELETE", f"/node-group-templates/{cloud.id_of('node_group_templates', 'fake-all')}")
    cloud.execute("till-cleanup", "night-shift", interface={})
    cloud.execute("till-cleanup", "night-shift", "RUNNING 1h > SUCCEEDED", interface={})
    brief = {
        **for_fake, "name": "brief", "node_groups": [{**group, "count": 1}],
        "default_image_id": cloud.id_of("images", "cirros-0.5"),
        "neutron_management_network": "d9a3bebc-f788-4b81-9a93-aa048022c1ca",
    }  # fmt: skip
    assert cloud.ask("POST", "/clusters", brief, headers={"X-Jobsmock-Plan": "instant"}).status_code == 202
    outlives = cloud.id_of("clusters", "brief")
    cloud.execute("till-cleanup", "brief", "instant", interface={})
    cloud.ask("DELETE", f"/clusters/{outlives}", headers={"X-Jobsmock-Plan": "instant"})
    assert cloud.ask("GET", f"/clusters/{outlives}").status_code == 404
    return cloud


def everything(cloud):
    paths = (
        "jobs", "job-executions", "job-binaries", "job-binary-internals", "data-sources", "clusters", "plugins",
        "node-group-templates", "cluster-templates", "images",
    )  # fmt: skip
    return {(who, path): cloud.client.get(f"/v1.1/{who}/{path}").json for who in "pqr" for path in paths}


def test_a_snapshot_holds_all_that_every_project_sees(lived_in, cloud_of, tmp_path):
    again = twin(lived_in, cloud_of, tmp_path)
    again.clock.moment = lived_in.clock.moment
    assert everything(again) == everything(lived_in)


def test_the_course_after_restoring_is_the_course_without(lived_in, cloud_of, tmp_path):
    again = twin(lived_in, cloud_of, tmp_path)
    courses, moment = [], lived_in.clock.moment
    for cloud in (lived_in, again):
        cloud.clock.moment = moment
        made = [cloud.execute("till-cleanup", "night-shift", interface={}) for _ in range(5)]
        cloud.clock.moment = 2_000_000_000
        for _ in range(3):
            seen = [cloud.show(one) for one in made]
        courses.append([(one["id"], one["info"]["status"], one["oozie_job_id"]) for one in seen])
    assert courses[0] == courses[1]


def test_a_snapshot_of_a_snapshot_is_the_same(lived_in):
    first = dump_world(lived_in.world)
    again = Sample.from_document(first, "snapshot").make_world()
    second = dump_world(again)
    for both in (first, second):
        del both["simulation"]["state"]["clock"]
    assert json.loads(json.dumps(second)) == json.loads(json.dumps(first))


def test_a_snapshot_is_readable(lived_in):
    content = json.dumps(dump_world(lived_in.world))
    (hive,) = [one for one in json.loads(content)["job_binary_internals"] if one["name"] == "takings.hql"]
    assert hive["data"].startswith("INSERT OVERWRITE")


def test_a_world_of_a_snapshot_serves(lived_in):
    world = Sample.from_document(dump_world(lived_in.world), "snapshot").make_world()
    answer = create_app(world).test_client().get("/v1.1/p/jobs?name=slower")
    assert answer.json["jobs"][0]["is_public"] is True

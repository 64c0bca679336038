"""Snapshots: samples from which a world continues where another one was."""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.snapshots import dump_world


def restore_snapshot(cloud, cloud_of, tmp_path):
    """Make another cloud from a snapshot of this one. Its clock is frozen at the same time."""
    path = tmp_path / "snapshot.json"
    path.write_text(json.dumps(dump_world(cloud.world)))
    restored = cloud_of(str(path))
    restored.clock.moment = cloud.clock.moment
    return restored


@pytest.fixture
def used_cloud(cloud_of):
    """A cloud with records that were created, executed, updated, published and deleted, and random choices ahead."""
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
    created = cloud.client.post("/v1.1/q/cluster-templates", json={**for_fake, "name": "w", "node_groups": groups}).json
    cloud.ask("PUT", f"/node-group-templates/{groups[0]['node_group_template_id']}", {"is_public": False})
    unknown_process = {"node_groups": [{**group, "count": 2, "node_processes": ["unknown"]}]}
    cloud.client.put(f"/v1.1/r/cluster-templates/{cloud.id_of('cluster_templates', 'toy')}", json=unknown_process)
    assert created["cluster_template"]["name"] == "w"
    admin = {"X-Roles": "admin"}
    cloud.ask("PATCH", "/plugins/fake", {"plugin_labels": {"hidden": {"status": False}}}, headers=admin)
    cloud.ask("DELETE", f"/cluster-templates/{cloud.id_of('cluster_templates', 'toy')}")
    cloud.ask(
        "PUT", f"/node-group-templates/{cloud.id_of('node_group_templates', 'fake-all')}", {"is_protected": False}
    )
    cloud.ask("DELETE", f"/node-group-templates/{cloud.id_of('node_group_templates', 'fake-all')}")
    cloud.execute("till-cleanup", "night-shift", interface={})
    cloud.execute("till-cleanup", "night-shift", "RUNNING 1h > SUCCEEDED", interface={})
    short_lived = {
        **for_fake, "name": "short-lived", "node_groups": [{**group, "count": 1}],
        "default_image_id": cloud.id_of("images", "cirros-0.5"),
        "neutron_management_network": "d9a3bebc-f788-4b81-9a93-aa048022c1ca",
    }  # fmt: skip
    assert cloud.ask("POST", "/clusters", short_lived, headers={"X-Jobsmock-Plan": "instant"}).status_code == 202
    deleted = cloud.id_of("clusters", "short-lived")
    cloud.execute("till-cleanup", "short-lived", "instant", interface={})
    cloud.ask("DELETE", f"/clusters/{deleted}", headers={"X-Jobsmock-Plan": "instant"})
    assert cloud.ask("GET", f"/clusters/{deleted}").status_code == 404
    return cloud


def list_all(cloud):
    paths = (
        "jobs", "job-executions", "job-binaries", "job-binary-internals", "data-sources", "clusters", "plugins",
        "node-group-templates", "cluster-templates", "images",
    )  # fmt: skip
    return {(project, path): cloud.client.get(f"/v1.1/{project}/{path}").json for project in "pqr" for path in paths}


def test_a_snapshot_has_everything_that_each_project_sees(used_cloud, cloud_of, tmp_path):
    restored = restore_snapshot(used_cloud, cloud_of, tmp_path)
    assert list_all(restored) == list_all(used_cloud)


def test_a_restored_world_makes_the_same_random_choices(used_cloud, cloud_of, tmp_path):
    outcomes = []
    for cloud in (restore_snapshot(used_cloud, cloud_of, tmp_path), used_cloud):
        ids = [cloud.execute("till-cleanup", "night-shift", interface={}) for _ in range(5)]
        cloud.clock.moment = 2_000_000_000
        for _ in range(3):
            executions = [cloud.show(id) for id in ids]
        outcomes.append([(one["id"], one["info"]["status"], one["oozie_job_id"]) for one in executions])
    assert outcomes[0] == outcomes[1]


def test_a_snapshot_of_a_snapshot_is_the_same(used_cloud):
    first = dump_world(used_cloud.world)
    second = dump_world(Sample.from_document(first, "snapshot").make_world())
    for snapshot in (first, second):
        del snapshot["simulation"]["state"]["clock"]
    assert json.loads(json.dumps(second)) == json.loads(json.dumps(first))


def test_a_snapshot_has_the_text_of_internals_and_other_content_in_base64(used_cloud):
    snapshot = json.loads(json.dumps(dump_world(used_cloud.world)))
    internals = {internal["name"]: internal for internal in snapshot["job_binary_internals"]}
    assert internals["takings.hql"]["data"].startswith("INSERT OVERWRITE")
    assert internals["bytes"]["data_base64"] == "AP8="


def test_a_world_of_a_snapshot_can_be_served(used_cloud):
    world = Sample.from_document(dump_world(used_cloud.world), "snapshot").make_world()
    response = create_app(world).test_client().get("/v1.1/p/jobs?name=slower")
    assert response.json["jobs"][0]["is_public"] is True

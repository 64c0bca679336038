"""Which plan a cluster follows."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from tests.conftest import Cloud, Hands
from tests.sahara.clusters.cluster_steps import (
    PLAN,
    course,
    instances,
    made,
    scale,
    seen,
    wanted,
)


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

"""Clusters that are created, scaled and deleted."""

import pytest

from tests.sahara.clusters.cluster_steps import (
    course,
    group,
    instances,
    made,
    scale,
    seen,
    wanted,
)


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

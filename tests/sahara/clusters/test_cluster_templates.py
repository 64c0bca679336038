"""Templates of node groups and clusters, and the image registry, in process."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.snapshots import dump_world

GROUP = {"flavor_id": "2", "node_processes": ["datanode"]}
FOR_FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}
NOWHERE = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def cloud(cloud_of):
    return cloud_of("empty")


def made(cloud, path, project="p", **body):
    answer = cloud.client.post(f"/v1.1/{project}/{path}", json={**FOR_FAKE, **body})
    assert answer.status_code == 202, answer.json
    [record] = answer.json.values()
    return record


def refusal(answer):
    return answer.status_code, answer.json["error_name"], answer.json["error_message"].split("\n")[0]


def two(cloud, **more):
    """A node group template and a cluster template that uses it."""
    group = made(cloud, "node-group-templates", name="group", **{**GROUP, **more})
    groups = [{"name": "g", "count": 1, "node_group_template_id": group["id"]}]
    return group, made(cloud, "cluster-templates", name="whole", node_groups=groups)


def test_a_flavor_sent_as_a_number_is_answered_so_and_kept_as_text(cloud):
    group = made(cloud, "node-group-templates", name="group", **{**GROUP, "flavor_id": 4})
    assert group["flavor_id"] == 4
    path = f"/node-group-templates/{group['id']}"
    assert cloud.ask("GET", path).json["node_group_template"]["flavor_id"] == "4"
    assert cloud.ask("PUT", path, {"flavor_id": "4"}).json["node_group_template"]["updated_at"] is None
    assert cloud.ask("PUT", path, {"flavor_id": 4}).json["node_group_template"]["updated_at"] is not None
    assert cloud.ask("PUT", path, {"flavor_id": 5}).json["node_group_template"]["flavor_id"] == 5


def test_a_template_may_change_plugins_but_has_to_say_the_version(cloud):
    path = f"/node-group-templates/{made(cloud, 'node-group-templates', name='group', **GROUP)['id']}"
    assert "hadoop_version value" in refusal(cloud.ask("PUT", path, {"plugin_name": "vanilla"}))[2]
    body = {"plugin_name": "vanilla", "hadoop_version": "2.8.2", "node_processes": ["oozie"]}
    assert cloud.ask("PUT", path, body).status_code == 202
    assert refusal(cloud.ask("PUT", path, {"node_processes": ["tasktracker"]}))[1] == "INVALID_REFERENCE"


def test_a_cluster_template_follows_its_node_group_templates_without_a_new_time(cloud):
    group, whole = two(cloud)
    cloud.clock.moment += 60
    cloud.ask("PUT", f"/node-group-templates/{group['id']}", {"node_processes": ["namenode"]})
    read = cloud.ask("GET", f"/cluster-templates/{whole['id']}").json["cluster_template"]
    assert read["node_groups"][0]["node_processes"] == ["namenode"]
    assert (read["updated_at"], read["node_groups"][0]["id"]) == (None, whole["node_groups"][0]["id"])


def test_new_groups_of_a_cluster_template_are_not_held_against_the_plugin(cloud):
    _, whole = two(cloud)
    path = f"/cluster-templates/{whole['id']}"
    groups = [{"name": "g", "count": 1, "flavor_id": "2", "node_processes": ["unheard-of"]}] * 2
    answer = cloud.ask("PUT", path, {"node_groups": groups}).json["cluster_template"]
    assert [group["node_processes"] for group in answer["node_groups"]] == [["unheard-of"]] * 2
    before = cloud.ask("GET", path).json
    body = {"name": "x", "node_groups": [{"name": "g", "count": 1, "node_group_template_id": NOWHERE}]}
    assert refusal(cloud.ask("PUT", path, body))[1] == "NOT_FOUND"
    assert cloud.ask("GET", path).json == before


def test_templates_under_a_cluster_stay_as_they_are(cloud_of):
    cloud = cloud_of()
    template, group = cloud.id_of("cluster_templates", "hadoop"), cloud.id_of("node_group_templates", "hadoop-master")
    expected = f"Cluster Template id '{template}' can not be updated. It is referenced by at least one cluster."
    assert refusal(cloud.ask("PUT", f"/cluster-templates/{template}", {})) == (400, "UPDATE_FAILED", expected)
    in_use = f"Cluster template {template} in use by night-shift"
    assert refusal(cloud.ask("DELETE", f"/cluster-templates/{template}")) == (400, "INVALID_REFERENCE", in_use)
    answer = refusal(cloud.ask("PUT", f"/node-group-templates/{group}", {}))
    assert answer[2] == f"NodeGroupTemplate id '{group}' can not be updated. It is referenced by an existing cluster."
    assert (
        "in use by cluster templates: hadoop; and" in refusal(cloud.ask("DELETE", f"/node-group-templates/{group}"))[2]
    )


def test_a_template_that_is_used_says_so_before_it_says_that_it_is_protected(cloud):
    group, whole = two(cloud, is_protected=True)
    path = f"/node-group-templates/{group['id']}"
    assert "in use" in refusal(cloud.ask("DELETE", path))[2]
    cloud.ask("DELETE", f"/cluster-templates/{whole['id']}")
    assert "marked as protected" in refusal(cloud.ask("DELETE", path))[2]


def test_a_public_template_serves_other_projects_and_only_its_owner_changes_it(cloud):
    group, whole = two(cloud, is_public=True)
    groups = [{"name": "g", "count": 1, "node_group_template_id": group["id"]}]
    theirs = made(cloud, "cluster-templates", project="q", name="theirs", node_groups=groups)
    assert theirs["node_groups"][0]["node_group_template_id"] == group["id"]
    answer = cloud.client.put(f"/v1.1/q/node-group-templates/{group['id']}", json={"name": "mine"})
    assert "wasn't created in this tenant" in refusal(answer)[2]
    assert refusal(cloud.ask("DELETE", f"/node-group-templates/{group['id']}"))[2] == (
        f"Node group template {group['id']} is in use by cluster templates: whole; and clusters: N/A"
    )
    cloud.ask("DELETE", f"/cluster-templates/{whole['id']}")
    assert cloud.ask("DELETE", f"/node-group-templates/{group['id']}").status_code == 204
    left = cloud.client.get(f"/v1.1/q/cluster-templates/{theirs['id']}").json["cluster_template"]
    assert left["node_groups"] == [{**theirs["node_groups"][0], "node_group_template_id": None}]


def test_two_shares_cannot_be_at_one_path(cloud):
    shares = [{"id": NOWHERE, "path": "/s"}, {"id": NOWHERE, "path": "/s"}]
    for path, body in (("node-group-templates", GROUP), ("cluster-templates", {})):
        answer = cloud.ask("POST", f"/{path}", {"name": "n", **FOR_FAKE, **body, "shares": shares})
        assert refusal(answer)[1:] == ("INVALID_DATA", "Multiple shares cannot be mounted to the same path.")


def test_a_template_needs_an_image_with_its_plugins_tags_but_a_group_a_registered_one(cloud):
    ubuntu = cloud.id_of("images", "ubuntu")
    template = {"name": "n", **FOR_FAKE, **GROUP, "image_id": ubuntu}
    whole = {"name": "w", **FOR_FAKE, "node_groups": [{"name": "g", "count": 1, **GROUP, "image_id": ubuntu}]}
    for path, body in (("node-group-templates", template), ("cluster-templates", whole)):
        assert refusal(cloud.ask("POST", f"/{path}", body))[2] == f"Requested image '{ubuntu}' is not registered"
    cloud.ask("POST", f"/images/{ubuntu}", {"username": "ubuntu"})
    cloud.ask("POST", f"/images/{ubuntu}/tag", {"tags": ["fake"]})
    assert refusal(cloud.ask("POST", "/node-group-templates", template))[2].endswith("required tags: ['0.1']")
    assert cloud.ask("POST", "/cluster-templates", whole).status_code == 202


def test_an_image_keeps_its_description_and_tags_until_it_is_unregistered(cloud):
    path = f"/images/{cloud.id_of('images', 'ubuntu')}"
    cloud.ask("POST", path, {"username": "u", "description": "d"})
    cloud.ask("POST", f"{path}/tag", {"tags": ["b", "a", "b"]})
    image = cloud.ask("POST", path, {"username": "v", "description": ""}).json["image"]
    assert (image["username"], image["description"], image["tags"]) == ("v", "d", ["b", "a"])
    texts = {"_sahara_username": "v", "_sahara_description": "d"}
    assert image["metadata"] == {**texts, "_sahara_tag_b": "True", "_sahara_tag_a": "True"}
    assert cloud.ask("DELETE", path).status_code == 204
    assert refusal(cloud.ask("GET", path))[1] == "IMAGE_NOT_REGISTERED"
    assert cloud.ask("POST", path, {"username": "v"}).json["image"]["tags"] == []


def test_labels_are_switched_for_one_project(cloud):
    change = {"version_labels": {"0.1": {"enabled": {"status": False}}}}
    answer = cloud.ask("PATCH", "/plugins/fake", change, headers={"X-Roles": "member,admin"})
    assert answer.json["plugin"]["tenant_id"] == "p"
    statuses = [
        cloud.client.get(f"/v1.1/{project}/plugins/fake").json["plugin"]["version_labels"]["0.1"]["enabled"]["status"]
        for project in "pq"
    ]
    assert statuses == [False, True]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"plugin_labels": {"stable": {}}}, "Label 'stable' can't be updated because it's not available"),
        ({"version_labels": {"2.8.2": {}}}, "Unknown plugin version '2.8.2' of fake"),
        ({"version_labels": {"9": {}}}, "version_labels: Additional properties are not allowed ('9' was unexpected)"),
    ],
)
def test_a_label_that_cannot_be_switched_is_named_and_none_is(cloud, change, fault):
    change = {**change, "plugin_labels": {"enabled": {"status": False}, **change.get("plugin_labels", {})}}
    answer = cloud.ask("PATCH", "/plugins/fake", change, headers={"X-Roles": "admin"})
    assert refusal(answer)[2].startswith(fault)
    assert cloud.ask("GET", "/plugins/fake").json["plugin"]["plugin_labels"]["enabled"]["status"] is True


def test_a_label_that_is_not_mutable_stays(cloud):
    answer = cloud.ask("PATCH", "/plugins/vanilla", {"plugin_labels": {"stable": {}}}, headers={"X-Roles": "admin"})
    assert refusal(answer)[2] == "Label 'stable' can't be updated because it's not mutable"


def test_an_image_that_one_project_has_registered_is_registered_for_all(cloud):
    ubuntu = cloud.id_of("images", "ubuntu")
    for action, body in (("", {"username": "ubuntu"}), ("/tag", {"tags": ["fake", "0.1"]})):
        cloud.ask("POST", f"/images/{ubuntu}{action}", body)
    seen = cloud.client.get("/v1.1/another/images?tags=fake").json["images"]
    assert ubuntu in [image["id"] for image in seen]
    again = Sample.from_document(dump_world(cloud.world), "snapshot").make_world()
    assert create_app(again).test_client().get("/v1.1/another/images?tags=fake").json["images"] == seen


@pytest.mark.parametrize("sample", ["demo", "reference", "empty"])
def test_every_built_in_sample_has_images_of_which_some_are_not_registered(cloud_of, sample):
    cloud = cloud_of(sample)
    every = list(cloud.world.tables["images"].iterate_all())
    assert 0 < len(cloud.ask("GET", "/images").json["images"]) < len(every)

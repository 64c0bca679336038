"""python-saharaclient for API v2, unmodified, against a live server: each manager once, with all that it does."""

import pytest
from keystoneauth1.noauth import NoAuth
from keystoneauth1.session import Session
from saharaclient.client import Client

from tests.clients.test_saharaclient import names, refused

PROJECT = "9cd1314a0a31493282b6712b76a8fcda"
NOWHERE = "00000000-0000-4000-8000-000000000000"
LOGIN = {"user": "me", "password": "secret"}
FAKE = ("fake", "0.1")


@pytest.fixture
def sahara(serve):
    url = f"{serve('empty', 'instant')}/v2/{PROJECT}"
    return Client("2", session=Session(auth=NoAuth()), sahara_url=url)


@pytest.fixture
def binary(sahara):
    return sahara.job_binaries.create("script.sh", "swift://scripts/script.sh", extra=LOGIN)


@pytest.fixture
def template(sahara, binary):
    return sahara.job_templates.create("shell", "Shell", mains=[binary.id])


def test_a_binary_is_made_changed_found_read_and_deleted(sahara, binary):
    assert sahara.job_binaries.get(binary.id).project_id == PROJECT
    sahara.job_binaries.update(binary.id, {"name": "other.sh", "description": "Moved"})
    assert names(sahara.job_binaries.list(search_opts={"name": "other.sh"}, limit=1, sort_by="name")) == ["other.sh"]
    assert sahara.job_binaries.get_file(binary.id)
    sahara.job_binaries.delete(binary.id)
    with refused(404, "NOT_FOUND"):
        sahara.job_binaries.get(binary.id)


def test_a_data_source_is_made_changed_and_found_by_what_v2_knows(sahara):
    made = sahara.data_sources.create("in", "", "hdfs", "/in")
    sahara.data_sources.update(made.id, {"url": "/elsewhere", "is_public": True})
    assert sahara.data_sources.get(made.id).url == "/elsewhere"
    assert names(sahara.data_sources.list(search_opts={"type": "hdfs"})) == ["in"]
    with refused(400, "INVALID_PARAMS_ON_REQUEST"):
        sahara.data_sources.list(search_opts={"name": "in"})
    sahara.data_sources.delete(made.id)
    assert sahara.data_sources.list() == []


def test_a_job_of_v1_1_is_a_job_template(sahara, binary, template):
    assert [main["project_id"] for main in template.mains] == [PROJECT]
    sahara.job_templates.update(template.id, name="other")
    assert names(sahara.job_templates.list(search_opts={"type": "Shell"})) == ["other"]
    assert "args" in sahara.job_templates.get_configs("Shell").job_config
    sahara.job_templates.delete(template.id)
    with refused(404, "NOT_FOUND"):
        sahara.job_templates.get(template.id)


def test_an_execution_of_v1_1_is_a_job(sahara, template):
    cluster = sahara.clusters.find_unique(name="cluster")
    configs = {"configs": {"tenant_id": "as written"}, "args": ["a"]}
    made = sahara.jobs.create(template.id, cluster.id, configs=configs)
    assert (made.job_template_id, made.engine_job_id, made.info) == (template.id, None, {"status": "PENDING"})
    read = sahara.jobs.refresh_status(made.id)
    assert (read.info["status"], read.job_configs["configs"]) == ("SUCCEEDED", configs["configs"])
    sahara.jobs.update(made.id, is_public=True)
    assert [job.is_public for job in sahara.jobs.list(search_opts={"status": "succeeded"})] == [True]
    with refused(400, "INVALID_REFERENCE"):
        sahara.jobs.create(NOWHERE, cluster.id)
    sahara.jobs.delete(made.id)
    with refused(404, "NOT_FOUND"):
        sahara.jobs.get(made.id)


def test_job_types_and_plugins_are_those_of_v1_1(sahara):
    (pig,) = sahara.job_types.list(search_opts={"type": "Pig"})
    assert {"fake", "vanilla"} <= {plugin["name"] for plugin in pig.plugins}
    assert "fake" in names(sahara.plugins.list())
    assert sahara.plugins.get("fake").versions == ["0.1"]
    assert sahara.plugins.get_version_details(*FAKE).required_image_tags == list(FAKE)
    with refused(403, "FORBIDDEN"):
        sahara.plugins.update("fake", {"plugin_labels": {"hidden": {"status": False}}})


def test_an_image_is_given_all_its_tags_at_once(sahara):
    (image,) = sahara.images.list()
    sahara.images.update_tags(image.id, ["small", *FAKE])
    assert sahara.images.get(image.id).tags == ["small", *FAKE]
    sahara.images.delete_tags(image.id)
    assert sahara.images.list(search_opts={"tags": "small"}) == []
    sahara.images.update_image(image.id, "me", "Mine")
    assert sahara.images.get(image.id).username == "me"
    sahara.images.unregister_image(image.id)
    assert sahara.images.list() == []


@pytest.fixture
def group(sahara):
    processes = ["namenode", "datanode", "jobtracker", "tasktracker"]
    return sahara.node_group_templates.create("all", *FAKE, "2", node_processes=processes)


@pytest.fixture
def whole(sahara, group):
    groups = [{"name": "all", "count": 2, "node_group_template_id": group.id}]
    return sahara.cluster_templates.create("two", *FAKE, node_groups=groups, net_id=NOWHERE)


@pytest.fixture
def create(sahara, whole):
    """Makes a cluster of the template, or several."""
    (image,) = sahara.images.list()
    more = {"cluster_template_id": whole.id, "default_image_id": image.id}
    return lambda name, **count: sahara.clusters.create(name, *FAKE, **more, **count)


def test_templates_are_told_in_the_words_of_v2(sahara, group, whole):
    assert (group.plugin_version, group.project_id) == ("0.1", PROJECT)
    assert sahara.node_group_templates.update(group.id, description="All").description == "All"
    assert sahara.node_group_templates.export(group.id).node_group_template["plugin_version"] == "0.1"
    assert sahara.cluster_templates.update(whole.id, description="Two").description == "Two"
    assert names(sahara.cluster_templates.list(search_opts={"plugin_version": "0.1", "name": "two"})) == ["two"]
    sahara.cluster_templates.delete(whole.id)
    sahara.node_group_templates.delete(group.id)
    assert sahara.node_group_templates.list() == []


def test_a_cluster_loses_the_instances_that_are_said_to_leave(sahara, create):
    cluster = create("c")
    assert (cluster.status, cluster.plugin_version) == ("Validating", "0.1")
    (all_of_them,) = sahara.clusters.get(cluster.id, show_progress=True).node_groups
    leaving = all_of_them["instances"][0]["instance_id"]
    sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "all", "count": 1, "instances": [leaving]}]})
    ((staying,),) = (group["instances"] for group in sahara.clusters.get(cluster.id).node_groups)
    assert staying["instance_id"] != leaving


def test_a_cluster_is_renamed_verified_and_deleted_by_force(sahara, create):
    cluster = create("c")
    sahara.clusters.get(cluster.id)
    assert sahara.clusters.update(cluster.id, name="d").cluster["name"] == "d"
    sahara.clusters.verification_update(cluster.id, "START")
    assert sahara.clusters.get(cluster.id).verification["status"] == "GREEN"
    sahara.clusters.force_delete(cluster.id)
    assert names(sahara.clusters.list()) == ["cluster"]


def test_several_clusters_alike_are_made_at_once(sahara, create):
    many = create("m", count=2)
    assert [one["cluster"]["name"] for one in many.clusters] == ["m-1", "m-2"]
    assert sorted(names(sahara.clusters.list(search_opts={"plugin_name": "fake"}))) == ["cluster", "m-1", "m-2"]
    for one in many.clusters:
        sahara.clusters.delete(one["cluster"]["id"])
    assert names(sahara.clusters.list()) == ["cluster"]

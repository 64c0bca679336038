"""The `openstack dataprocessing` command, as a user types it, against a live server.

Each test tells a whole story, and what is not its point is prepared with the library that the command itself uses.
"""

import json

import pytest
import requests
from keystoneauth1.noauth import NoAuth
from keystoneauth1.session import Session
from saharaclient.client import Client

PROJECT = "9cd1314a0a31493282b6712b76a8fcda"


@pytest.fixture
def endpoint(serve):
    return f"{serve('empty', 'instant')}/v1.1/{PROJECT}"


@pytest.fixture
def sahara(endpoint):
    return Client("1.1", session=Session(auth=NoAuth()), sahara_url=endpoint)


@pytest.fixture
def exported(endpoint):
    """What has been asked so far, as a test."""
    server = endpoint.partition("/v1.1/")[0]
    return lambda: requests.get(f"{server}/_jobsmock/journal?format=pytest", timeout=5).text


def binary(sahara, name="script.sh"):
    return sahara.job_binaries.create(name, f"swift://scripts/{name}", extra={"user": "me", "password": "secret"})


def test_a_file_that_is_uploaded_as_a_job_binary_can_be_downloaded(typed, shown, tmp_path):
    (tmp_path / "script.sh").write_text("echo hello\n")
    made = shown("job binary create --name script --data script.sh")
    assert made["Url"].startswith("internal-db://")
    typed("job binary download script --file copy.sh")
    assert (tmp_path / "copy.sh").read_text() == "echo hello\n"
    typed("job binary delete script")
    assert shown("job binary list") == []


def test_a_job_binary_in_swift_can_be_created_updated_and_shown(shown):
    url = "swift://scripts/script.sh"
    made = shown(f"job binary create --name script --url {url} --username me --password secret")
    changed = shown("job binary update script --description Moved --public")
    assert changed == {**made, "Description": "Moved", "Is public": True}
    assert shown("job binary show script") == changed


def test_a_data_source_can_be_created_listed_updated_shown_and_deleted(typed, shown, sahara):
    sahara.data_sources.create("another", "", "hdfs", "/another")
    made = shown("data source create input --type swift --url swift://data/in --username me --password secret")
    assert shown("data source list --type swift") == [{"Name": "input", "Id": made["Id"], "Type": "swift"}]
    changed = shown("data source update input --url swift://data/elsewhere")
    assert changed == {**made, "Url": "swift://data/elsewhere"}
    assert shown("data source show input") == changed
    typed("data source delete input another")
    assert sahara.data_sources.list() == []


def test_a_job_template_can_be_created_updated_listed_shown_and_deleted(typed, shown, sahara):
    main = binary(sahara)
    made = shown("job template create --name hello --type Shell --mains script.sh --description Hello")
    assert made["Mains"] == f"script.sh:{main.id}"
    changed = shown("job template update hello --name goodbye")
    assert changed == {**made, "Name": "goodbye"}
    assert shown("job template list --type Shell") == [{"Name": "goodbye", "Id": made["Id"], "Type": "Shell"}]
    assert shown("job template show goodbye") == changed
    typed("job template delete goodbye")
    assert sahara.jobs.list() == []


def test_a_job_can_be_executed_listed_shown_and_deleted_and_all_that_becomes_a_test(
    typed, shown, sahara, exported, passes
):
    template = sahara.jobs.create("hello", "Shell", mains=[binary(sahara).id])
    news, _, answer = typed("job execute --job-template hello --cluster cluster --args a b -f json").partition("\n")
    started = json.loads(answer)
    assert news == f'Job "{started["Id"]}" has been started successfully.'
    assert (started["Job template id"], started["Status"]) == (template.id, "PENDING")
    assert [job["Id"] for job in shown("job list --status succeeded")] == [started["Id"]]
    assert shown(f"job show {started['Id']}")["Status"] == "SUCCEEDED"
    assert "has been removed successfully" in typed(f"job delete {started['Id']} --wait")
    assert 'session.post(f"{api}/jobs/{job_id}/execute"' in exported()
    assert passes(exported())
    assert not passes(exported().replace('plan="instant"', 'plan="stuck"'))


def test_a_job_that_reads_and_writes_data_can_be_executed(typed, sahara):
    source, sink = (sahara.data_sources.create(name, "", "hdfs", f"/{name}") for name in ("source", "sink"))
    sahara.jobs.create("count", "Pig", mains=[binary(sahara, "script.pig").id])
    typed("job execute --job-template count --cluster cluster --input source --output sink --configs a:b")
    (execution,) = sahara.job_executions.list()
    assert (execution.input_id, execution.output_id) == (source.id, sink.id)
    assert execution.job_configs["configs"] == {"a": "b"}


def test_what_the_service_refuses_is_complained_of_in_its_words(complaint, sahara):
    job = sahara.jobs.create("hello", "Shell", mains=[binary(sahara).id])
    sahara.job_executions.create(job.id, sahara.clusters.find_unique(name="cluster").id)
    assert "Job deletion failed" in complaint("job template delete hello")
    assert f"Object with {{'id': '{job.id}'}} not found" in complaint(f"job show {job.id}")


def test_the_cloud_shows_its_cluster_its_plugins_and_its_job_types(shown):
    assert shown("cluster show cluster")["Status"] == "Active"
    assert {"Name": "fake", "Versions": "0.1"} in shown("plugin list")
    assert {"Name": "Storm", "Plugins": "fake(0.1)"} in shown("job type list")


def test_the_service_can_also_be_named_by_an_option_of_its_own(shown):
    assert [cluster["Name"] for cluster in shown("cluster list", "--os-data-processing-url")] == ["cluster"]


def test_an_image_can_be_tagged_listed_shown_and_unregistered(typed, shown):
    tagged = shown("image tags set cirros --tags fake small")
    assert tagged["Tags"] == "fake, small"
    assert [image["Name"] for image in shown("image list --tags small")] == ["cirros"]
    typed("image unregister cirros")
    assert shown("image list") == []


def test_templates_can_be_created_updated_and_exported(typed, shown, tmp_path):
    group = {"name": "all", "description": "d", "plugin_name": "fake", "hadoop_version": "0.1", "flavor_id": "2"}
    (tmp_path / "all.json").write_text(json.dumps({**group, "node_processes": ["namenode", "datanode"]}))
    made = shown("node group template create --json all.json")
    assert shown("node group template update all --public") == {**made, "Is public": True}
    typed("node group template export all --file exported.json")
    exported = json.loads((tmp_path / "exported.json").read_text())["node_group_template"]
    assert (exported["name"], exported["flavor_id"]) == ("all", "{flavor_id}")
    whole = shown("cluster template create --name two --node-groups all:2")
    assert (whole["Node groups"], whole["Plugin name"]) == ("all:2", "fake")


def test_a_plugin_version_can_be_shown_and_its_settings_saved(typed, shown, tmp_path):
    assert shown("plugin show vanilla --plugin-version 2.8.2")["HDFS"] == "datanode, namenode, secondarynamenode"
    typed("plugin configs get vanilla 2.8.2 --file settings.json")
    assert "NameNode Heap Size" in (tmp_path / "settings.json").read_text()


def test_a_cluster_is_shown_scaled_verified_updated_and_deleted(typed, shown, sahara, tmp_path):
    """To create one, the command asks for a network service, which it finds by an identity service only."""
    groups = [{"name": "all", "flavor_id": "2", "node_processes": ["namenode"], "count": 1}]
    sahara.clusters.create(
        "new", "fake", "0.1", default_image_id=sahara.images.list()[0].id, node_groups=groups,
        net_id="d9a3bebc-f788-4b81-9a93-aa048022c1ca",
    )  # fmt: skip
    progress = typed("cluster show new --show-progress")
    assert "Active" in progress
    assert "Run instances" in progress
    (tmp_path / "scale.json").write_text(json.dumps({"resize_node_groups": [{"name": "all", "count": 3}]}))
    assert "Validating" in typed("cluster scale new --json scale.json")
    assert shown("cluster update new --description mine --public")["Description"] == "mine"
    typed("cluster verification new --start")
    assert shown("cluster verification new --show")["Verification status"] == "GREEN"
    assert {cluster["Name"]: cluster["Status"] for cluster in shown("cluster list")} == {
        "cluster": "Active",
        "new": "Active",
    }
    typed("cluster delete new --wait")
    assert [cluster["Name"] for cluster in shown("cluster list")] == ["cluster"]

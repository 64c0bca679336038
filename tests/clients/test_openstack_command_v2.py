"""The `openstack dataprocessing` command told to speak API v2. Its tests of v1.1 tell of the command itself."""

import json

import pytest
from keystoneauth1.noauth import NoAuth
from keystoneauth1.session import Session
from saharaclient.client import Client

from tests.clients.test_openstack_command import PROJECT


@pytest.fixture
def endpoint(serve):
    return f"{serve('empty', 'instant')}/v2/{PROJECT}"


@pytest.fixture
def sahara(endpoint):
    return Client("2", session=Session(auth=NoAuth()), sahara_url=endpoint)


@pytest.fixture
def environment(environment):
    return {**environment, "OS_DATA_PROCESSING_API_VERSION": "2"}


def test_a_job_is_made_run_and_shown(typed, shown, sahara):
    script = sahara.job_binaries.create("script", "swift://scripts/script", extra={"user": "me", "password": "secret"})
    template = shown("job template create --name hello --type Shell --mains script")
    assert template["Mains"] == f"script:{script.id}"
    started = json.loads(typed("job execute --job-template hello --cluster cluster -f json").partition("\n")[2])
    assert (started["Job template id"], started["Status"]) == (template["Id"], "PENDING")
    assert shown(f"job show {started['Id']}")["Status"] == "SUCCEEDED"


def test_a_template_says_the_version_of_its_plugin_and_a_cluster_is_deleted_by_force(typed, shown, tmp_path, sahara):
    group = {"name": "all", "plugin_name": "fake", "plugin_version": "0.1", "flavor_id": "2"}
    (tmp_path / "all.json").write_text(json.dumps({**group, "node_processes": ["namenode"]}))
    assert shown("node group template create --json all.json")["Plugin version"] == "0.1"
    typed("cluster delete cluster --force")
    assert sahara.clusters.list() == []

"""A cloud that has a record of each kind that jobs need, and a client of the sample `demo`."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

SWIFT = {"user": "u", "password": "p"}


@pytest.fixture
def cloud(cloud_of):
    """A cloud with a record of each kind that jobs need; `ids` has one of each table."""
    cloud = cloud_of("empty", "RUNNING 1h > SUCCEEDED")
    cloud.ids = {"clusters": cloud.id_of("clusters", "cluster"), "plugins": "fake"}
    cloud.ids["images"] = cloud.id_of("images", "cirros")

    def made(table, method, path, body=None, **more):
        answer = cloud.ask(method, path, body, **more)
        assert answer.status_code == 202, answer.text
        [record] = answer.json.values()
        cloud.ids[table] = record["id"]

    made("job_binary_internals", "PUT", "/job-binary-internals/internal", data=b"data")
    made("job_binaries", "POST", "/job-binaries", {"name": "binary", "url": "swift://c/o", "extra": SWIFT})
    made("data_sources", "POST", "/data-sources", {"name": "source", "type": "hdfs", "url": "hdfs://h/in"})
    made("jobs", "POST", "/jobs", {"name": "job", "type": "Shell", "mains": [cloud.ids["job_binaries"]]})
    made("job_executions", "POST", f"/jobs/{cloud.ids['jobs']}/execute", {"cluster_id": cloud.ids["clusters"]})
    for_fake = {"name": "template", "plugin_name": "fake", "hadoop_version": "0.1"}
    group = {"flavor_id": "2", "node_processes": ["datanode"]}
    made("node_group_templates", "POST", "/node-group-templates", {**for_fake, **group})
    made("cluster_templates", "POST", "/cluster-templates", for_fake)
    return cloud


@pytest.fixture(scope="module")
def demo():
    return Sample.load("demo")


@pytest.fixture
def demo_client(demo):
    """A client of a server whose worlds have the sample `demo`."""
    return create_app(Worlds(WorldFactory(demo, seed=1))).test_client()

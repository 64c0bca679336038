"""openstacksdk knows no calls of this service, but finds it: in the catalogue, then by the versions told at `/`."""

import openstack
import pytest

pytestmark = pytest.mark.filterwarnings("ignore:::openstack")  # of its own deprecations


@pytest.fixture
def connect(serve):
    url = serve()

    def connected(**settings):
        user = {"username": "demo", "password": "secret", "project_name": "demo"}
        domains = {"user_domain_name": "Default", "project_domain_name": "Default"}
        return openstack.connect(auth_url=f"{url}/v3", **user, **domains, **settings)

    return connected


def test_the_newest_version_is_found_by_itself(connect):
    sahara = connect().data_processing
    assert sahara.get_endpoint_data().api_version == (2, 0)
    listed = sahara.get("/job-templates").json()["job_templates"]
    assert "basket-pairs" in {job["name"] for job in listed}


def test_an_older_version_is_found_when_asked_for(connect):
    sahara = connect(data_processing_api_version="1.1").data_processing
    assert sahara.get_endpoint_data().api_version == (1, 1)
    assert "basket-pairs" in {job["name"] for job in sahara.get("/jobs").json()["jobs"]}


def test_what_is_sent_is_kept(connect):
    sahara = connect(data_processing_api_version="1.1").data_processing
    made = sahara.post("/data-sources", json={"name": "by-sdk", "type": "hdfs", "url": "hdfs://node/by-sdk"}).json()
    path = f"/data-sources/{made['data_source']['id']}"
    assert sahara.get(path).json()["data_source"]["name"] == "by-sdk"
    assert sahara.delete(path).status_code == 204
    assert sahara.get(path).status_code == 404


def test_the_rest_of_the_cloud_is_found_too(connect):
    cloud = connect()
    assert cloud.compute.find_flavor("m1.small").id == "2"
    assert cloud.network.find_network("private")
    assert list(cloud.image.images())

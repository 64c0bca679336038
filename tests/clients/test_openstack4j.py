"""The requests that Java's openstack4j makes of this service, and what its classes can read of the answers.

It finds the service in the catalogue by the name `sahara` (the type it would look for is spelled with an underscore),
looks for no versions, and takes dates by fixed patterns: anything behind the seconds would be an error to it.
"""

from datetime import datetime

import pytest
import requests

DATE = "%Y-%m-%dT%H:%M:%S"
OOZIE_DATE = "%a, %d %b %Y %H:%M:%S GMT"
DATES = {"created_at": DATE, "updated_at": DATE, "start_time": DATE, "end_time": DATE}
OOZIE_DATES = dict.fromkeys(("createdTime", "startTime", "lastModTime", "endTime"), OOZIE_DATE)
CLUSTER = "c1000000-0000-4000-8000-000000000001"  # a vanilla one, whose executions are told by Oozie


@pytest.fixture
def java(serve):
    """Sends as the library does, once it has logged in; what comes back is JSON, or nothing."""
    url = serve(plan="instant")
    domain = {"name": "Default"}
    user = {"name": "demo", "password": "secret", "domain": domain}
    scope = {"project": {"name": "demo", "domain": domain}}
    body = {"auth": {"identity": {"methods": ["password"], "password": {"user": user}}, "scope": scope}}
    answer = requests.post(f"{url}/v3/auth/tokens", json=body, headers={"Accept": "application/json"})
    (endpoint,) = [
        endpoint["url"]
        for service in answer.json()["token"]["catalog"]
        if service["name"] == "sahara" or service["type"] == "data_processing"
        for endpoint in service["endpoints"]
        if endpoint["interface"] == "public"
    ]
    session = requests.Session()
    session.headers.update({"X-Auth-Token": answer.headers["X-Subject-Token"], "Accept": "application/json"})

    def sent(method, path, body=None, **more):
        answer = session.request(method, endpoint + path, json=body, **more)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    return sent


def check_dates(record, patterns):
    for key, pattern in patterns.items():
        if record.get(key) is not None:
            datetime.strptime(record[key], pattern)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/job-binaries", "binaries"),
        ("/job-binary-internals", "binaries"),
        ("/data-sources", "data_sources"),
        ("/jobs", "jobs"),
        ("/job-executions", "job_executions"),
        ("/clusters", "clusters"),
        ("/cluster-templates", "cluster_templates"),
        ("/node-group-templates", "node_group_templates"),
    ],
)
def test_lists_and_single_records_have_dates_that_it_reads(java, path, key):
    for record in java("GET", path)[key]:
        check_dates(record, DATES)
        (single,) = java("GET", f"{path}/{record['id']}").values()
        check_dates(single, DATES)


def test_images_are_found_by_tags_and_tagged(java):
    (image,) = java("GET", "/images", params={"tags": ["fake", "0.1"]})["images"]
    path = f"/images/{image['id']}"
    java("POST", path, {"username": "ubuntu", "description": "by openstack4j"})
    assert "new" in java("POST", f"{path}/tag", {"tags": ["new"]})["image"]["tags"]
    assert "new" not in java("POST", f"{path}/untag", {"tags": ["new"]})["image"]["tags"]


def test_a_job_runs_from_an_internal_binary_and_oozie_tells_of_it_in_dates_that_it_reads(java):
    data = {"data": b"lines = LOAD '$INPUT';", "headers": {"Content-Type": "application/octet-stream"}}
    internal = java("PUT", "/job-binary-internals/count.pig", **data)["job_binary_internal"]
    binary = java("POST", "/job-binaries", {"name": "count", "url": f"internal-db://{internal['id']}"})["job_binary"]
    job = java("POST", "/jobs", {"name": "count", "type": "Pig", "mains": [binary["id"]]})["job"]
    first, second = [
        java("POST", "/data-sources", {"name": name, "type": "hdfs", "url": f"hdfs://node/{name}"})["data_source"]["id"]
        for name in ("flour", "bread")
    ]
    body = {"cluster_id": CLUSTER, "input_id": first, "output_id": second, "job_configs": {"configs": {}, "args": []}}
    execution = java("POST", f"/jobs/{job['id']}/execute", body)["job_execution"]
    path = f"/job-executions/{execution['id']}"
    shown = java("GET", f"{path}/refresh-status")["job_execution"]
    check_dates(shown, DATES)
    assert shown["info"]["status"] == "SUCCEEDED"
    for told in (shown["info"], *shown["info"]["actions"]):
        check_dates(told, OOZIE_DATES)
    assert java("GET", f"{path}/cancel")["job_execution"]["info"]["status"] == "SUCCEEDED"
    assert java("DELETE", path) is None

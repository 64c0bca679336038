"""URLs and headers."""

import pytest

from jobsmock.api import v1_1
from jobsmock.http.app import create_app
from jobsmock.samples.sample import make_world


@pytest.mark.parametrize("prefix", ["/v1.1/project", "/v1.1"])
@pytest.mark.parametrize("suffix", ["", ".json"])
@pytest.mark.parametrize("row", v1_1.ROUTES, ids=lambda row: row.name)
def test_every_path_is_there_with_and_without_tenant_and_suffix(client, prefix, suffix, row):
    path = prefix + row.path.replace("<id>", "x").replace("<version>", "y") + suffix
    answer = client.open(path, method=row.method)
    assert answer.status_code != 405
    assert answer.mimetype == "application/json"
    assert "error" not in (answer.json or {}), answer.json


def test_without_a_tenant_in_the_url_a_header_may_name_the_project(client):
    body = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    client.post("/v1.1/data-sources", json=body, headers={"X-Project-Id": "mine"})
    assert len(client.get("/v1.1/mine/data-sources").json["data_sources"]) == 1
    assert client.get("/v1.1/data-sources").json["data_sources"] == []


def test_the_root_lists_versions_under_the_address_it_was_asked_at(client):
    answer = client.get("/", base_url="http://mock.example:8386")
    assert answer.status_code == 300
    assert [one["id"] for one in answer.json["versions"]] == ["v1.0", "v1.1", "v2"]
    assert answer.json["versions"][1]["links"][0]["href"] == "http://mock.example:8386/v1.1/"


def test_links_carry_the_prefix_that_the_app_is_mounted_under(client):
    answer = client.get("/", environ_overrides={"SCRIPT_NAME": "/w/one"})
    assert answer.json["versions"][1]["links"][0]["href"] == "http://localhost/w/one/v1.1/"


def test_every_answer_has_a_request_id_of_its_own(client):
    ids = {client.get("/v1.1/p/jobs").headers["X-Openstack-Request-Id"] for _ in range(3)}
    ids.add(client.get("/nothing").headers["X-Openstack-Request-Id"])
    assert len(ids) == 4
    assert all(id.startswith("req-") for id in ids)


def test_a_doubled_slash_leads_to_the_path_without(client):
    answer = client.get("/v1.1/p//jobs?name=a%20b", base_url="http://mock.example:8386")
    target = "http://mock.example:8386/v1.1/p/jobs?name=a%20b"
    assert (answer.status_code, answer.location, answer.mimetype) == (308, target, "text/html")
    assert (
        answer.text
        == f"""<!doctype html>
<html lang=en>
<title>Redirecting...</title>
<h1>Redirecting...</h1>
<p>You should be redirected automatically to the target URL: <a href="{target}">{target}</a>. If not, click the link.
"""
    )
    assert answer.headers["Content-Length"] == str(len(answer.data))


def test_head_and_options_are_answered_as_the_service_does(client):
    assert client.head("/v1.1/p/jobs").status_code == 200
    assert client.open("/v1.1/p/jobs", method="OPTIONS").status_code == 200


def test_a_fault_of_our_own_is_told_to_the_log_and_shows_no_traceback(caplog):
    world = make_world("empty")
    world.tables.clear()
    answer = create_app(world).test_client().get("/v1.1/p/jobs")
    assert answer.status_code == 500
    assert answer.json["error_name"] == "INTERNAL_SERVER_ERROR"
    assert b"Traceback" not in answer.data
    assert "jobsmock failed at GET /v1.1/p/jobs" in caplog.text

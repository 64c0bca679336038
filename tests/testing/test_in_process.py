"""Requests without a socket: a connection that is closed after the response."""

import json

import httpx
import pytest
import requests

from jobsmock import Cloud


def test_only_the_next_request_after_a_close_fails():
    cloud = Cloud(sample="empty")
    cloud.rules.break_wire("jobs.list", "close", times=1)
    with cloud.session() as session:
        assert json.loads(session.get(f"{cloud.endpoint()}/jobs").content) == {"jobs": []}
        with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
            session.get(f"{cloud.endpoint()}/clusters")
        assert session.get(f"{cloud.endpoint()}/clusters").status_code == 200
    cloud.verify("clusters.list", exactly=1)
    assert "closed after the response" in " ".join(cloud.journal.explain(cloud.journal.entries()[0]["id"]))


def test_a_client_with_retries_does_not_notice_a_close():
    cloud = Cloud(sample="empty")
    cloud.rules.break_wire("jobs.list", "close")
    with cloud.session(max_retries=1) as session:
        assert [session.get(f"{cloud.endpoint()}/jobs").status_code for _ in range(3)] == [200, 200, 200]


def test_the_next_request_of_httpx_after_a_close_fails():
    cloud = Cloud(sample="empty")
    with httpx.Client(transport=cloud.transport()) as client:
        assert client.get(f"{cloud.endpoint()}/jobs", headers={"Prefer": "wire=close"}).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{cloud.endpoint()}/jobs")
        assert client.get(f"{cloud.endpoint()}/jobs").status_code == 200


def test_an_exported_test_passes_after_a_close(passes):
    cloud = Cloud(sample="empty")
    with cloud.session(max_retries=1) as session:
        session.get(f"{cloud.endpoint()}/jobs", headers={"Prefer": "wire=close"})
        session.get(f"{cloud.endpoint()}/jobs")
    assert passes(cloud.journal.export("pytest"))

"""httpx without a socket."""

import httpx
import pytest


def test_httpx_needs_no_socket_either(jobsmock):
    with httpx.Client(transport=jobsmock.transport(), base_url=jobsmock.endpoint()) as client:
        assert client.get("/jobs").json()["jobs"]
        jobsmock.rules.break_wire("jobs.list", "empty")
        with pytest.raises(httpx.RemoteProtocolError):
            client.get("/jobs")


def test_the_transport_of_httpx_for_any_wsgi_application_will_do(jobsmock):
    with httpx.Client(transport=httpx.WSGITransport(app=jobsmock.app), base_url=jobsmock.endpoint()) as client:
        assert client.get("/jobs").json()["jobs"]

"""What jobsmock uses of urllib3 beyond its documentation. Each failure names what a new version has changed."""

import inspect

import pytest
from urllib3 import HTTPConnectionPool, HTTPResponse
from urllib3.connection import HTTPConnection

RESPONSE_SETTINGS = [
    "body", "headers", "status", "version", "reason", "request_method", "request_url", "preload_content",
    "decode_content",
]  # fmt: skip


class Connection(HTTPConnection):
    """Answers without a socket, and records which methods a pool calls."""

    is_closed = False
    is_connected = True
    calls: list[str] = []

    def request(self, method, url, body=None, headers=None, **settings):
        self.calls.append("request")
        self.settings = settings

    def getresponse(self):
        self.calls.append("getresponse")
        self.settings.pop("chunked", None)
        return HTTPResponse(b"body", status=200, version=11, request_method="GET", request_url="/", **self.settings)


@pytest.mark.parametrize("name", RESPONSE_SETTINGS)
def test_a_response_takes_the_setting(name):
    parameters = inspect.signature(HTTPResponse).parameters
    assert name in parameters, f"urllib3's HTTPResponse no longer takes {name}"


@pytest.mark.parametrize("name", ["is_closed", "is_connected", "request", "getresponse"])
def test_a_connection_has_the_attribute(name):
    assert hasattr(HTTPConnection, name), f"urllib3's HTTPConnection no longer has {name}"


def test_a_pool_makes_its_connections_from_connection_cls_and_sends_by_request_and_getresponse():
    pool = HTTPConnectionPool("mock")
    pool.ConnectionCls = Connection
    assert pool.urlopen("GET", "/", retries=False).data == b"body"
    assert Connection.calls == ["request", "getresponse"], "urllib3's pool sends requests in another way"


def test_a_connection_tells_the_timeout_of_its_request():
    assert HTTPConnection("mock", timeout=3.0).timeout == 3.0

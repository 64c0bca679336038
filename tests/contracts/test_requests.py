"""What jobsmock uses of requests beyond its documentation. Each failure names what a new version has changed."""

import inspect

import pytest
from requests.adapters import HTTPAdapter
from requests.models import PreparedRequest, Response
from urllib3 import HTTPResponse

PARAMETERS = {
    "send": ["self", "request", "stream", "timeout", "verify", "cert", "proxies"],
    "build_response": ["self", "req", "resp"],
    "cert_verify": ["self", "conn", "url", "verify", "cert"],
    "request_url": ["self", "request", "proxies"],
    "get_connection_with_tls_context": ["self", "request", "verify", "proxies", "cert"],
}


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_method_of_an_adapter_has_the_parameters_that_jobsmock_expects(name):
    method = getattr(HTTPAdapter, name, None)
    assert method, f"requests' HTTPAdapter no longer has the method {name}"
    parameters = list(inspect.signature(method).parameters)
    assert parameters == PARAMETERS[name], f"requests' HTTPAdapter.{name} takes other parameters"


@pytest.mark.parametrize("name", ["_content", "_content_consumed"])
def test_a_response_has_the_attribute(name):
    assert getattr(Response(), name, None) is False, f"requests' Response no longer has {name}, or begins otherwise"


def test_a_response_returns_the_content_that_was_set():
    response = Response()
    response._content, response._content_consumed = b"whole", True
    assert response.content == b"whole", "requests' Response no longer reads its content from _content"
    assert list(response.iter_content(3)) == [b"who", b"le"], "requests' Response streams something else than _content"


def test_an_adapter_needs_no_connection_to_build_a_response():
    request = PreparedRequest()
    request.prepare("GET", "http://mock/")
    response = HTTPAdapter().build_response(request, HTTPResponse(b"", status=404, reason="Not Found"))
    assert (response.status_code, response.reason, response.request) == (404, "Not Found", request)

"""What jobsmock uses of the internals of requests, in testing/requests_adapter.py."""

import inspect

from requests.adapters import HTTPAdapter
from requests.models import Response


def test_a_response_keeps_its_content_where_the_adapter_puts_it():
    response = Response()
    assert response._content is False
    response._content, response._content_consumed = b"whole", True
    assert response.content == b"whole"
    assert list(response.iter_content(3)) == [b"who", b"le"]


def test_an_adapter_asks_for_a_pool_with_the_request_first():
    parameters = list(inspect.signature(HTTPAdapter.get_connection_with_tls_context).parameters)
    assert parameters[:3] == ["self", "request", "verify"]

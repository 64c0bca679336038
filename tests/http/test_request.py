"""What a request reads of a WSGI environ, its body above all."""

from io import BytesIO

import pytest

from jobsmock.http.request import LARGEST_BODY

RULE = b'{"id": "calm", "then": {"delay": "0s"}}'


@pytest.fixture
def send_chunked(client):
    """Sends a body without a Content-Length, on a server that ends the stream itself."""

    def send(method, path, body):
        """The response, and how many bytes were read."""
        stream = BytesIO(body)
        environ = {"wsgi.input": stream, "wsgi.input_terminated": True, "CONTENT_TYPE": "application/json"}
        response = client.open(path, method=method, environ_overrides=environ)
        return response, stream.tell()

    return send


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1.1/p/job-binary-internals/x"),
        ("POST", "/v1.1/p/jobs"),
        ("POST", "/v3/auth/tokens"),
        ("POST", "/_jobsmock/rules"),
    ],
)
def test_a_body_without_a_length_is_refused_as_soon_as_it_is_too_large(send_chunked, method, path):
    response, read = send_chunked(method, path, RULE.ljust(LARGEST_BODY + 1000))
    assert response.status_code == 413
    assert read == LARGEST_BODY + 1


def test_a_body_without_a_length_may_be_as_large_as_the_limit(send_chunked, client):
    response, _ = send_chunked("POST", "/_jobsmock/rules", RULE.ljust(LARGEST_BODY))
    assert response.status_code == 201
    response, _ = send_chunked("PUT", "/v1.1/p/job-binary-internals/x", b"x" * LARGEST_BODY)
    assert "greater than the maximum (5120KB)" in response.json["error_message"]

"""A response has the length that its head announces, on every route and for every method."""

import re
import socket

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.server import HttpServer
from jobsmock.world.worlds import Worlds

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FROBNICATE"]
JOB = "10b00000-0000-4000-8000-000000000010"


def list_paths():
    """A path of each route, unknown paths, paths that redirect, and invalid names of worlds."""
    with create_app(Worlds(WorldFactory(Sample.load("empty")))).app_context() as context:
        rules = sorted({rule.rule for rule in context.app.url_map.iter_rules()})
    routes = [re.sub("<id>", JOB, rule) for rule in rules]
    routes = [re.sub("<tenant_id>", "demo", re.sub(r"<(?!tenant_id)\w+>", "x", route)) for route in routes]
    doubled = ["/w/one{}//{}".format(*route.rsplit("/", 1)) for route in routes if len(route) > 1]
    return [*routes, *doubled, "/v1.1/demo/jobs/", "/nothing", "/_jobsmock/nothing", "/w/%20/v1.1/demo/jobs", "/w/"]


class Connection:
    """A client that reads as many bytes as a response announces, and no more."""

    def __init__(self, host, port):
        self._address = (host, port)
        self.openings = 0
        self._socket = None

    def send(self, method, path, headers=()):
        """Send a request, and return status, headers and body of the response."""
        self._open()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        first, *lines = self._read_head().split("\r\n")
        assert re.match(r"HTTP/1\.1 \d\d\d ", first), f"{first} after {self._last}"
        response_headers = dict(line.split(": ", 1) for line in lines)
        status = int(first[9:12])
        has_body = method != "HEAD" and status not in (204, 304)
        assert not (status == 204 and "Content-Length" in response_headers)
        body = self._read(int(response_headers["Content-Length"])) if has_body else b""
        self._last = f"{method} {path}: {first}"
        if response_headers.get("Connection") == "close":
            self.close()
        return status, response_headers, body

    def close(self):
        """Close the connection, on which nothing may be left to read."""
        if self._socket:
            self._socket.shutdown(socket.SHUT_WR)
            self._unread += self._socket.recv(65536)
            assert self._unread == b"", self._last
            self._socket.close()
            self._socket = None

    def drop(self):
        """Close the socket, even if something is left to read."""
        if self._socket:
            self._socket.close()

    def _open(self):
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=10)
            self._unread, self._last = b"", None
            self.openings += 1

    def _read_head(self):
        while b"\r\n\r\n" not in self._unread:
            assert self._receive(), f"no whole head after {self._last}"
        head, _, self._unread = self._unread.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def _read(self, size):
        while len(self._unread) < size:
            assert self._receive(), f"a body of {len(self._unread)} bytes, not {size}"
        body, self._unread = self._unread[:size], self._unread[size:]
        return body

    def _receive(self):
        received = self._socket.recv(65536)
        self._unread += received
        return received


@pytest.fixture(params=[False, True], ids=["open", "strict"])
def connection(request):
    worlds = Worlds(WorldFactory(Sample.load("demo"), is_strict=request.param))
    server = HttpServer(worlds)
    server.start()
    client = Connection(server.host, server.port)
    yield client
    client.drop()
    server.stop()


@pytest.mark.parametrize("method", METHODS)
def test_each_route_sends_as_much_as_it_announces(connection, method, caplog):
    for path in list_paths():
        connection.send(method, path, ["Origin: http://127.0.0.1", "Content-Length: 0"])
    connection.close()
    assert connection.openings == 1
    assert not caplog.records, caplog.text


@pytest.mark.parametrize("preference", ["", "code=204", "code=205", "code=304", "code=308", "code=503"])
def test_each_status_is_sent_with_as_much_as_it_announces(connection, preference, caplog):
    for method in METHODS:
        for path in ("/v1.1/demo/jobs", f"/v1.1/demo/jobs/{JOB}", "/v2/demo/job-templates", "/v3/projects"):
            connection.send(method, path, [f"Prefer: {preference}", "Content-Length: 0"])
    connection.close()
    assert connection.openings == 1
    assert not caplog.records, caplog.text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/v1.1/demo/jobs", "/v1.1/demo//jobs", "/nothing", "/w/%20/", "/_jobsmock/health"])
def test_the_connection_is_closed_if_the_client_wants_so(connection, method, path):
    response_headers = connection.send(method, path, ["Connection: close", "Prefer: code=204"])[1]
    assert response_headers["Connection"] == "close"


@pytest.mark.parametrize("path", ["/v1.1/demo/jobs", "/v1.1/demo//jobs", "/none", "/w/%20/", "/_jobsmock/health", "/"])
def test_head_announces_the_length_of_get(connection, path):
    responses = [connection.send(method, path) for method in ("GET", "HEAD")]
    assert responses[0][0] == responses[1][0]
    assert len(responses[0][2]) == int(responses[1][1]["Content-Length"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("fault", ["Content-Length: ten", "Transfer-Encoding: gzip"])
def test_an_invalid_request_gets_an_error_that_a_page_may_read(connection, method, fault):
    status, response_headers, _ = connection.send(method, "/v1.1/demo/jobs", ["Origin: http://shop.example", fault])
    assert status in (400, 501)
    assert response_headers["Connection"] == "close"
    assert response_headers["Access-Control-Allow-Origin"] == "http://shop.example"

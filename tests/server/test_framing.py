"""What an answer announces is what follows, on every route and for every method, and the connection goes on."""

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


def paths():
    """One path of each route, of some that are none, of those that lead elsewhere, and of a world without a name."""
    with create_app(Worlds(WorldFactory(Sample.load("empty")))).app_context() as context:
        rules = sorted({rule.rule for rule in context.app.url_map.iter_rules()})
    routes = [re.sub("<id>", JOB, rule) for rule in rules]
    routes = [re.sub("<tenant_id>", "demo", re.sub(r"<(?!tenant_id)\w+>", "x", route)) for route in routes]
    doubled = ["/w/one{}//{}".format(*route.rsplit("/", 1)) for route in routes if len(route) > 1]
    return [*routes, *doubled, "/v1.1/demo/jobs/", "/nothing", "/_jobsmock/nothing", "/w/%20/v1.1/demo/jobs", "/w/"]


class Connection:
    """A client that takes an answer at its word: so many bytes as it says, and no more."""

    def __init__(self, host, port):
        self._address = (host, port)
        self.openings = 0
        self._socket = None

    def ask(self, method, path, headers=()):
        """Status, headers and body of the answer."""
        self._open()
        lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", *headers, "", ""]
        self._socket.sendall("\r\n".join(lines).encode())
        first, *lines = self._read_head().split("\r\n")
        assert re.match(r"HTTP/1\.1 \d\d\d ", first), f"{first} after {self._last}"
        told = dict(line.split(": ", 1) for line in lines)
        status = int(first[9:12])
        has_body = method != "HEAD" and status not in (204, 304)
        assert not (status == 204 and "Content-Length" in told)
        body = self._read(int(told["Content-Length"])) if has_body else b""
        self._last = f"{method} {path}: {first}"
        if told.get("Connection") == "close":
            self.close()
        return status, told, body

    def close(self):
        """Nothing may be left to read."""
        if self._socket:
            self._socket.shutdown(socket.SHUT_WR)
            self._rest += self._socket.recv(65536)
            assert self._rest == b"", self._last
            self._socket.close()
            self._socket = None

    def drop(self):
        """Close the socket, whatever is left to read."""
        if self._socket:
            self._socket.close()

    def _open(self):
        if self._socket is None:
            self._socket = socket.create_connection(self._address, timeout=10)
            self._rest, self._last = b"", None
            self.openings += 1

    def _read_head(self):
        while b"\r\n\r\n" not in self._rest:
            assert self._receive(), f"no whole head after {self._last}"
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        return head.decode("latin-1")

    def _read(self, size):
        while len(self._rest) < size:
            assert self._receive(), f"a body of {len(self._rest)} bytes, not {size}"
        body, self._rest = self._rest[:size], self._rest[size:]
        return body

    def _receive(self):
        received = self._socket.recv(65536)
        self._rest += received
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
def test_what_is_announced_follows_on_every_route(connection, method, caplog):
    for path in paths():
        connection.ask(method, path, ["Origin: http://127.0.0.1", "Content-Length: 0"])
    connection.close()
    assert connection.openings == 1
    assert not caplog.records, caplog.text


@pytest.mark.parametrize("preference", ["", "code=204", "code=205", "code=304", "code=308", "code=503"])
def test_what_is_announced_follows_whatever_status_is_wished(connection, preference, caplog):
    for method in METHODS:
        for path in ("/v1.1/demo/jobs", f"/v1.1/demo/jobs/{JOB}", "/v2/demo/job-templates", "/v3/projects"):
            connection.ask(method, path, [f"Prefer: {preference}", "Content-Length: 0"])
    connection.close()
    assert connection.openings == 1
    assert not caplog.records, caplog.text


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("path", ["/v1.1/demo/jobs", "/v1.1/demo//jobs", "/nothing", "/w/%20/", "/_jobsmock/health"])
def test_a_client_that_wants_the_connection_closed_gets_it_closed(connection, method, path):
    told = connection.ask(method, path, ["Connection: close", "Prefer: code=204"])[1]
    assert told["Connection"] == "close"


@pytest.mark.parametrize("path", ["/v1.1/demo/jobs", "/v1.1/demo//jobs", "/none", "/w/%20/", "/_jobsmock/health", "/"])
def test_head_announces_what_get_sends(connection, path):
    answers = [connection.ask(method, path) for method in ("GET", "HEAD")]
    assert answers[0][0] == answers[1][0]
    assert len(answers[0][2]) == int(answers[1][1]["Content-Length"])


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("fault", ["Content-Length: ten", "Transfer-Encoding: gzip"])
def test_what_is_no_request_is_refused_as_announced_and_a_page_may_read_why(connection, method, fault):
    status, told, _ = connection.ask(method, "/v1.1/demo/jobs", ["Origin: http://shop.example", fault])
    assert status in (400, 501)
    assert told["Connection"] == "close"
    assert told["Access-Control-Allow-Origin"] == "http://shop.example"

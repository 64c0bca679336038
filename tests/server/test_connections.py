"""The limit on connections, and those that have waited too long."""

from jobsmock.server import connections
from tests.server.sockets import ASK, HALF, receive_all, receive_some


def test_the_connection_that_has_been_idle_the_longest_makes_room(serve_with_limit, connect):
    server = serve_with_limit(max_connections=3)

    def send(sock):
        sock.sendall(ASK)
        return receive_some(sock)[:12]

    first, second, third = (connect(server) for _ in range(3))
    assert [send(sock) for sock in (first, third, second, first)] == [b"HTTP/1.1 200"] * 4
    assert send(connect(server)) == b"HTTP/1.1 200"
    assert receive_all(third) == b""
    assert [send(sock) for sock in (first, second)] == [b"HTTP/1.1 200"] * 2


def test_a_client_beyond_the_limit_gets_a_503_that_names_the_option(serve_with_limit, connect):
    server = serve_with_limit(max_connections=3)
    busy = [connect(server, HALF) for _ in range(3)]
    for _ in range(5):
        refused = receive_all(connect(server, ASK))
        assert refused.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
        assert b"--max-connections" in refused
    busy[0].close()
    busy[1].sendall(ASK[len(HALF) :])
    assert receive_some(busy[1]).startswith(b"HTTP/1.1 200")
    assert receive_some(connect(server, ASK)).startswith(b"HTTP/1.1 200")


def test_a_head_that_does_not_arrive_in_time_is_a_408(serve_with_limit, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    server = serve_with_limit()
    slow, idle = connect(server, HALF), connect(server)
    assert receive_all(slow).startswith(b"HTTP/1.0 408 Request Timeout")
    idle.sendall(ASK)
    assert receive_some(idle).startswith(b"HTTP/1.1 200")


def test_a_late_head_does_not_discard_the_response_in_progress(serve_with_limit, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.05)
    slow = ASK.replace(b"\r\n\r\n", b"\r\nPrefer: delay=300ms\r\n\r\n")
    sock = connect(serve_with_limit(), slow + HALF)
    assert receive_some(sock).startswith(b"HTTP/1.1 200")
    assert receive_all(sock).startswith(b"HTTP/1.0 408")


def test_a_connection_that_is_idle_too_long_is_closed(serve_with_limit, connect, monkeypatch, impatient):
    monkeypatch.setattr(connections, "IDLE_SECONDS", 0.05)
    assert receive_all(connect(serve_with_limit())) == b""

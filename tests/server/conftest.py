"""Fixtures: servers and raw connections."""

import socket
import threading
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from jobsmock.samples.sample import make_world
from jobsmock.server import HttpServer, waitress_loop
from jobsmock.server.channel import Channel


@pytest.fixture
def server():
    """A server with the sample `empty`."""
    server = HttpServer(make_world("empty", "instant", seed=1))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def serve_with_limit():
    """Starts a server with a limit on its connections."""
    with ExitStack() as stack:

        def start(max_connections=100):
            server = HttpServer(make_world("empty"), max_connections=max_connections)
            server.start()
            stack.callback(server.stop)
            return server

        yield start


@pytest.fixture
def connect():
    """Opens a raw connection to a server, and sends something on it."""
    with ExitStack() as stack:

        def open_one(server, sent=b""):
            port = server if isinstance(server, int) else server.port
            sock = stack.enter_context(socket.create_connection(("127.0.0.1", port), timeout=10))
            sock.sendall(sent)
            return sock

        yield open_one


@pytest.fixture
def impatient(monkeypatch):
    """Makes servers check for late connections all the time."""
    monkeypatch.setattr(waitress_loop, "_CHECK_SECONDS", 0.01)


@pytest.fixture
def hang(monkeypatch):
    """Events that tell when the server begins to leave a client hanging, and when it has closed the connection."""
    events = SimpleNamespace(began=threading.Event(), ended=threading.Event())

    class Watched(Channel):
        def keep_silent(self, seconds):
            super().keep_silent(seconds)
            events.began.set()

        def handle_close(self):
            super().handle_close()
            if events.began.is_set():
                events.ended.set()

    monkeypatch.setattr(waitress_loop, "Channel", Watched)
    return events

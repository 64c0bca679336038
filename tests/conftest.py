"""Fixtures for tests that need a live server, or the app without one."""

import pytest
from jobsmock.sahara.samples import made_world
from jobsmock.server import Server
from jobsmock.web.app import create_app


@pytest.fixture
def serve():
    """Starts a server on a free port with the world that is asked for; returns its address."""
    servers = []

    def start(sample="demo", plan=None, seed=None):
        servers.append(Server(made_world(sample, plan, seed)))
        servers[-1].start()
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def client():
    """A test client of the app on the empty sample: one Active cluster of the fake plugin."""
    return create_app(made_world("empty", "instant", seed=1)).test_client()

"""A server with a control token, on the sample `demo`, and a client of it."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds


@pytest.fixture
def app():
    demo = Sample.load("demo")
    worlds = Worlds(WorldFactory(demo, "PENDING 2s > RUNNING 8s > SUCCEEDED", seed=1))
    return create_app(worlds, control_token="open sesame")


@pytest.fixture
def client(app):
    return app.test_client()

"""The address of clouds on a server that starts and stops."""

import requests

from jobsmock import Server


def test_the_address_of_a_world_follows_its_server():
    server = Server(sample="empty")
    world = server.make_world("mine")
    assert world.url == "http://jobsmock.localhost/w/mine"
    with server:
        assert world.url == f"{server.url}/w/mine"
        assert requests.get(f"{world.endpoint()}/jobs", timeout=5).json() == {"jobs": []}

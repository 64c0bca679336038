"""The routes of requests, and which of them are remembered."""

import pytest
from flask import Flask

from jobsmock.api.operations import TABLES
from jobsmock.http.request import Request
from jobsmock.http.router import Router


@pytest.fixture
def match():
    """Finds the route of a method and a path, among two routes of API v1.1."""
    table = next(table for table in TABLES if any(prefix == "/v1.1/<tenant_id>" for prefix, _ in table.urls()))
    app, targets = Flask("routes"), {}
    for prefix, route in table.urls():
        if prefix == "/v1.1/<tenant_id>" and route.name in ("jobs.list", "jobs.show"):
            targets[route.name] = (table, prefix, route)
            app.add_url_rule(prefix + route.path, route.name, methods=[route.method])
    router = Router(app.url_map, targets)

    def find(method, path):
        environ = app.test_request_context(path, method=method).request.environ
        return router.match(Request(environ, "", path))

    return find


def test_a_match_names_the_route_the_prefix_the_project_and_the_rest_of_the_path(match):
    found = match("GET", "/v1.1/shop/jobs/42")
    assert (found.route.name, found.prefix, found.project) == ("jobs.show", "/v1.1/shop", "shop")
    assert list(found.names.values()) == ["42"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1.1/shop/jbs"), ("DELETE", "/v1.1/shop/jobs")])
def test_what_no_route_fits_is_left_to_flask_each_time(match, method, path):
    assert match(method, path) is None
    assert match(method, path) is None


def test_options_are_left_to_flask_even_after_the_path_was_found(match):
    assert match("GET", "/v1.1/shop/jobs")
    assert match("OPTIONS", "/v1.1/shop/jobs") is None


def test_a_route_is_remembered_but_not_for_another_method_or_project(match):
    found = match("GET", "/v1.1/shop/jobs")
    assert match("GET", "/v1.1/shop/jobs") is found
    assert match("HEAD", "/v1.1/shop/jobs") is not found
    assert match("GET", "/v1.1/other/jobs").project == "other"


def test_a_long_path_is_found_and_not_remembered(match):
    path = "/v1.1/shop/jobs/" + "x" * 500
    assert match("GET", path) == match("GET", path)
    assert match("GET", path) is not match("GET", path)

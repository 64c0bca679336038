"""The rings: imports point inward only, and each ring stays free of what belongs outside it."""

import ast
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "jobsmock"
RINGS = {
    "world": (),
    "neighbours": ("world",),
    "sahara": ("world", "neighbours"),
    "web": ("world", "neighbours", "sahara"),
}
NOT_IN = {
    "world": ("flask", "werkzeug", "waitress", "marshmallow"),
    "neighbours": ("flask", "werkzeug", "waitress", "marshmallow"),
    "sahara": ("flask", "werkzeug", "waitress"),
}


@cache
def imported(path):
    return list(names_imported(path))


def names_imported(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def modules(ring):
    return sorted((PACKAGE / ring).rglob("*.py"))


@pytest.mark.parametrize("ring", RINGS)
def test_a_ring_imports_only_itself_and_those_inside_it(ring):
    for path in modules(ring):
        for name in imported(path):
            if name.startswith("jobsmock."):
                assert name.split(".")[1] in (ring, *RINGS[ring], "data"), f"{path} imports {name}"


@pytest.mark.parametrize("ring", NOT_IN)
def test_an_inner_ring_knows_nothing_of_http(ring):
    for path in modules(ring):
        assert not {name.split(".")[0] for name in imported(path)} & set(NOT_IN[ring]), path


def test_what_only_tests_have_is_imported_by_what_is_for_tests_only():
    for path in PACKAGE.rglob("*.py"):
        if path.parent.name != "testing" and path.name != "pytest_plugin.py":
            found = {name.split(".")[0] for name in imported(path)}
            assert not found & {"pytest", "requests", "urllib3", "httpx", "keystoneauth1", "saharaclient"}, path


def test_only_the_clock_reads_a_clock():
    for ring in RINGS:
        for path in modules(ring):
            if path.name != "clock.py":
                assert "time" not in set(imported(path)), path


def test_no_module_is_past_three_hundred_lines():
    assert not [path for path in PACKAGE.rglob("*.py") if len(path.read_text().splitlines()) > 300]

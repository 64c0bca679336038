"""The layout of the package: imports point inward, form no cycle, and each part stays free of what belongs outside it.

Every import counts: those inside functions, and those for type checkers only.
"""

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# From the outside in: a part may import itself and those below it.
LAYERS = (
    "pytest_plugin", "__main__", "cli", "cli_greeting", "cli_options", "testing", "server", "persistence", "http",
    "samples", "api", "sahara", "openstack", "world", "version", "data",
)  # fmt: skip
HTTP_LIBRARIES = {"flask", "werkzeug", "waitress"}
TEST_LIBRARIES = {"pytest", "requests", "urllib3", "httpx", "keystoneauth1", "saharaclient"}


@cache
def modules() -> dict[str, Path]:
    """Every module of the package by its dotted name; a package stands for its `__init__.py`."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in (ROOT / "jobsmock").rglob("*.py")
    }


def imported_names(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: write the whole name of the module"
            for name in node.names:
                full = f"{node.module}.{name.name}"
                yield full if full in modules() else str(node.module)


@cache
def imports() -> dict[str, set[str]]:
    """What each module imports. The package itself, which only names what it offers, is left out."""
    return {name: set(imported_names(path)) - {name} for name, path in modules().items() if name != "jobsmock"}


def layer_of(name: str) -> str:
    return name.split(".")[1]


def libraries_of(name: str) -> set[str]:
    return {imported.split(".")[0] for imported in imports()[name]}


def in_layers(*layers: str) -> list[str]:
    return [name for name in imports() if layer_of(name) in layers]


def test_every_part_of_the_package_has_a_layer():
    assert {layer_of(name) for name in imports()} | {"data"} == set(LAYERS)


def test_imports_point_inward():
    outward = [
        f"{name} imports {other}"
        for name, others in imports().items()
        for other in others
        if other.startswith("jobsmock.") and LAYERS.index(layer_of(other)) < LAYERS.index(layer_of(name))
    ]
    assert not outward


def test_imports_form_no_cycle():
    graph = {name: {other for other in others if other in modules()} for name, others in imports().items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a cycle of imports: {' > '.join(error.args[1])}")


def test_nothing_within_the_package_imports_the_package_itself():
    assert not [name for name, others in imports().items() if "jobsmock" in others]


@pytest.mark.parametrize("name", in_layers("samples", "api", "sahara", "openstack", "world"))
def test_what_is_mocked_knows_nothing_of_http(name):
    assert not libraries_of(name) & HTTP_LIBRARIES


@pytest.mark.parametrize("name", in_layers("openstack", "world"))
def test_only_the_service_and_its_samples_have_schemas(name):
    assert "marshmallow" not in libraries_of(name)


@pytest.mark.parametrize("name", [name for name in imports() if layer_of(name) not in ("testing", "pytest_plugin")])
def test_libraries_for_tests_are_imported_by_what_is_for_tests_only(name):
    assert not libraries_of(name) & TEST_LIBRARIES


@pytest.mark.parametrize("name", in_layers("http", "samples", "api", "sahara", "openstack", "world"))
def test_only_the_clock_reads_a_clock(name):
    assert name == "jobsmock.world.clock" or "time" not in libraries_of(name)


@pytest.mark.parametrize("name", modules())
def test_no_module_is_longer_than_three_hundred_lines(name):
    assert len(modules()[name].read_text().splitlines()) <= 300


def test_the_wheel_has_every_package():
    listed = (ROOT / "setup.cfg").read_text().split("packages =")[1].split("package_dir")[0].split()
    assert set(listed) - {"jobsmock.data"} == {name for name, path in modules().items() if path.name == "__init__.py"}


@pytest.mark.parametrize(
    ("library", "module"),
    [("waitress", "jobsmock.server.waitress_internals")],
)
def test_a_library_whose_internals_are_used_is_imported_in_one_module(library, module):
    assert [name for name in imports() if library in libraries_of(name)] == [module]

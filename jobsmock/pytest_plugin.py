"""The pytest plugin: the fixture `jobsmock`, a cloud of its own for each test, on one server for all.

Every pytest that has jobsmock installed loads this module, so it imports nothing that costs until the fixture is used.
"""

import re
from collections.abc import Callable, Generator, Iterator
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from jobsmock.testing.cloud import Cloud
    from jobsmock.testing.server import Server

_SETTINGS = ("sample", "plan", "seed", "freeze", "filters")
_DEFAULT_SEED = 1  # where no marker says otherwise: a test is to come out the same each time
_CLOUD = pytest.StashKey["Cloud"]()
_UNUSED = pytest.StashKey[list[str]]()
_ON_REPORT = "jobsmock_unused"  # an attribute, which xdist carries over from its workers
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "jobsmock(sample, plan, seed, freeze, filters): what the cloud of a test begins with"
    )
    config.pluginmanager.register(_UnusedRules(), "jobsmock-unused-rules")


@pytest.fixture(scope="session")
def jobsmock_server() -> "Iterator[Server]":
    """The server of this process, on a free port of 127.0.0.1. It starts when a test asks for an address.

    Each test has a world of its own on it.
    """
    from jobsmock.testing.server import Server

    server = Server(sample="demo").start_on_demand()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def jobsmock_factory(jobsmock_server: "Server") -> "Callable[..., Cloud]":
    """Makes clouds for fixtures of any scope: `with jobsmock_factory(sample="empty") as cloud: yield cloud`."""

    def make(**settings: Any) -> "Cloud":
        return jobsmock_server.make_world(**{"seed": _DEFAULT_SEED, **settings})

    return make


@pytest.fixture
def jobsmock(request: pytest.FixtureRequest, jobsmock_server: "Server") -> "Iterator[Cloud]":
    """A mock of OpenStack's data processing service: a whole cloud, fresh for this test."""
    from jobsmock.http.control.base import ControlError

    stash = request.node.stash
    name = f"{re.sub(r'[^A-Za-z0-9]+', '-', request.node.name)[:50].strip('-')}-{next(_numbers)}"
    try:
        cloud = stash[_CLOUD] = jobsmock_server.make_world(name, **_read_markers(request.node))
    except ControlError as error:
        raise pytest.fail.Exception(f"jobsmock: {error}", pytrace=False) from None
    yield cloud
    stash[_UNUSED] = [_describe_rule(rule) for rule in cloud.rules.unused()]
    del stash[_CLOUD]
    jobsmock_server.remove_world(name)


def _read_markers(node: pytest.Item) -> dict[str, Any]:
    """What the markers of a test, its class and its module say; the nearest counts."""
    settings: dict[str, Any] = {"seed": _DEFAULT_SEED}
    for mark in reversed(list(node.iter_markers("jobsmock"))):
        unknown = [*map(repr, mark.args), *(key for key in mark.kwargs if key not in _SETTINGS)]
        if unknown:
            pytest.fail(f"the marker jobsmock takes {', '.join(_SETTINGS)}, not {', '.join(unknown)}", pytrace=False)
        settings.update(mark.kwargs)
    beside = node.path.parent / sample if isinstance(sample := settings.get("sample"), str) else None
    return {**settings, "sample": beside} if beside and beside.is_file() else settings


# --- reports --------------------------------------------------------------------------------------------------------


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Show the journal where a test fails, and note at its end which of its rules never acted."""
    report = (yield).get_result()
    if report.failed and _CLOUD in item.stash:
        report.sections.append(("jobsmock: journal", str(item.stash[_CLOUD].journal)))
    if report.when == "teardown" and _UNUSED in item.stash:
        setattr(report, _ON_REPORT, item.stash[_UNUSED])


class _UnusedRules:
    """Collects rules that never acted, and tells of them at the end of the session."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._lines += [f"{report.nodeid}: {rule}" for rule in getattr(report, _ON_REPORT, [])]

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        if self._lines:
            terminalreporter.section("jobsmock: rules that never acted")
            for line in self._lines:
                terminalreporter.line(line)


def _describe_rule(rule: dict[str, Any]) -> str:
    import json

    asked = rule["state"]["matched"] or "no"
    said = json.dumps({key: value for key, value in rule.items() if key not in ("id", "state")})
    return f"{rule['id']}, which {asked} requests were about: {said}"

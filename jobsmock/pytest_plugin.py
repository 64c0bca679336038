"""The pytest plugin: the fixture `jobsmock`, its marker, and its reports. All tests share one server.

Every pytest session loads this module if jobsmock is installed. So it imports nothing slow until the fixture is used.
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
_DEFAULT_SEED = 1  # so that a test without a marker behaves the same in each run
_CLOUD = pytest.StashKey["Cloud"]()
_UNUSED = pytest.StashKey[list[str]]()
_ON_REPORT = "jobsmock_unused"  # an attribute of reports; pytest-xdist sends these from its workers
_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "jobsmock(sample, plan, seed, freeze, filters): settings of the cloud of a test")
    config.pluginmanager.register(_UnusedRules(), "jobsmock-unused-rules")


@pytest.fixture(scope="session")
def jobsmock_server() -> "Iterator[Server]":
    """The server of this process, on a free port of 127.0.0.1. It starts when a test first reads an address.

    Each test has its own world on it.
    """
    from jobsmock.testing.server import Server

    server = Server(sample="demo").start_on_demand()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def jobsmock_factory(jobsmock_server: "Server") -> "Callable[..., Cloud]":
    """A function that creates clouds for fixtures of any scope: `with jobsmock_factory(sample="empty") as cloud:`."""

    def make(**settings: Any) -> "Cloud":
        return jobsmock_server.make_world(**{"seed": _DEFAULT_SEED, **settings})

    return make


@pytest.fixture
def jobsmock(request: pytest.FixtureRequest, jobsmock_server: "Server") -> "Iterator[Cloud]":
    """A mock of OpenStack's data processing service: a new cloud for each test."""
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
    """The settings in the markers of a test, its class and its module, of which the nearest wins."""
    settings: dict[str, Any] = {"seed": _DEFAULT_SEED}
    for mark in reversed(list(node.iter_markers("jobsmock"))):
        _check_marker(mark)
        settings.update(mark.kwargs)
    if isinstance(sample := settings.get("sample"), str) and (path := node.path.parent / sample).is_file():
        settings["sample"] = path
    return settings


def _check_marker(mark: pytest.Mark) -> None:
    expected = f"expected {', '.join(_SETTINGS)}"
    for value in mark.args:
        pytest.fail(f"marker jobsmock: {value!r} without a keyword: {expected}", pytrace=False)
    for name in mark.kwargs:
        if name not in _SETTINGS:
            pytest.fail(f"marker jobsmock: unknown setting {name!r}: {expected}", pytrace=False)


# --- reports --------------------------------------------------------------------------------------------------------


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add the journal to the report of a failed test, and the rules that never acted to that of its teardown."""
    report = (yield).get_result()
    if report.failed and _CLOUD in item.stash:
        report.sections.append(("jobsmock: journal", str(item.stash[_CLOUD].journal)))
    if report.when == "teardown" and _UNUSED in item.stash:
        setattr(report, _ON_REPORT, item.stash[_UNUSED])


class _UnusedRules:
    """Collects the rules that never acted, and lists them at the end of the session."""

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

    count = rule["state"]["matched"]
    requests = "1 request" if count == 1 else f"{count or 'no'} requests"
    document = json.dumps({key: value for key, value in rule.items() if key not in ("id", "state")})
    return f"{rule['id']} (matched {requests}): {document}"

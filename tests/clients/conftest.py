"""Fixtures of the tests that type lines after `openstack dataprocessing`, at an `endpoint` of their own."""

import json
import os

import pytest

from tests.clients.typist import Typist


@pytest.fixture(scope="session")
def typist():
    typist = Typist()
    yield typist
    typist.stop()


@pytest.fixture
def environment(tmp_path):
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}


@pytest.fixture
def run(endpoint, typist, environment, tmp_path):
    """Runs the command in an empty directory, where no settings of whoever runs the tests can reach it."""

    def start(line, option="--os-endpoint"):
        words = ["--os-auth-type", "none", option, endpoint, "dataprocessing", *line.split()]
        return typist(words, tmp_path, environment)

    return start


@pytest.fixture
def typed(run):
    """Types a line after `openstack dataprocessing`; returns what it prints, once it has succeeded."""

    def start(line, *option):
        ended = run(line, *option)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    return start


@pytest.fixture
def shown(typed):
    """The same, with what it prints read as JSON."""
    return lambda line, *option: json.loads(typed(f"{line} -f json", *option))


@pytest.fixture
def complaint(run):
    """Types a line that has to fail; returns what it complains of."""

    def start(line):
        ended = run(line)
        assert ended.returncode == 1
        return ended.stderr

    return start

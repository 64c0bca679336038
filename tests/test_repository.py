"""The files around the package, held against each other: metadata, CI, sessions of nox, CONTRIBUTING.md, the image."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
NOXFILE = ROOT / "noxfile.py"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"


@pytest.fixture(scope="module")
def setup():
    parser = ConfigParser()
    parser.read(ROOT / "setup.cfg")
    return parser


@pytest.fixture(scope="module")
def versions(setup):
    """The versions of Python among the classifiers, the oldest first."""
    return re.findall(r"Python :: (3\.\d+)$", setup["metadata"]["classifiers"], re.MULTILINE)


def sessions_named_in(path):
    """The sessions that commands in a file run: `nox -s lint`, `nox -s build wheel`."""
    commands = re.findall(r"nox -s((?: \w+)+)", path.read_text())
    return {name for command in commands for name in command.split()}


def test_ci_tests_every_version_of_python_that_the_classifiers_name(versions):
    [tested] = re.findall(r"^ +python: \[(.+)\]$", WORKFLOW.read_text(), re.MULTILINE)
    assert re.findall(r'"([\d.]+)"', tested) == versions


def test_the_oldest_version_of_python_is_the_same_wherever_it_is_named(setup, versions):
    oldest = versions[0]
    assert setup["options"]["python_requires"] == f">={oldest}"
    assert f'python_version = "{oldest}"' in (ROOT / "pyproject.toml").read_text()
    assert f'target-version = "py{oldest.replace(".", "")}"' in (ROOT / "pyproject.toml").read_text()
    assert f'@nox.session(python="{oldest}")\ndef lowest(' in NOXFILE.read_text()
    assert f"Python {oldest} or newer" in CONTRIBUTING.read_text()


def test_contributing_names_every_session_of_nox_and_ci_runs_no_other():
    sessions = set(re.findall(r"^@nox\.session.*\ndef (\w+)", NOXFILE.read_text(), re.MULTILINE))
    assert sessions_named_in(CONTRIBUTING) == sessions
    assert {"lint", "tests", "lowest", "build", "wheel"} <= sessions_named_in(WORKFLOW) <= sessions


def test_the_image_is_built_with_every_file_that_setup_cfg_names(setup):
    metadata = setup["metadata"]
    named = [metadata["long_description"].removeprefix("file: "), *metadata["license_files"].split()]
    [copied] = re.findall(r"^COPY (pyproject\.toml .*) \./$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    for name in named:
        assert (ROOT / name).is_file()
        assert name in copied.split()
        assert f"!{name}" in let_in


def test_the_license_is_the_one_that_the_metadata_name(setup):
    assert setup["metadata"]["license_expression"] == "Apache-2.0"
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License\n" in text
    assert "Version 2.0, January 2004" in text


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "SECURITY.md"])
def test_links_on_the_pages_of_the_repository_lead_somewhere(page):
    for target in re.findall(r"\]\((?!http)([^)#]+)", (ROOT / page).read_text()):
        assert (ROOT / target).exists(), target

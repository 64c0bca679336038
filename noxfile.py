"""What a contributor runs; `nox -l` lists it. Words after `--` go to the program: `nox -s tests -- tests/world`."""

from pathlib import Path
from tempfile import TemporaryDirectory

import nox

nox.needs_version = ">=2024.3.2"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "tests"]

# Used where the wheel is a stranger: what it has to bring with it is there, and the fixture works.
TRY_WHEEL = """
from importlib.metadata import files

import pytest

from jobsmock import Cloud


def test_the_license_is_in_the_wheel():
    assert [path for path in files("jobsmock") if path.name == "LICENSE"]


@pytest.mark.parametrize("sample", ["demo", "reference", "empty"])
def test_the_samples_are_in_the_wheel(sample):
    cloud = Cloud(sample=sample)
    assert cloud.session().get(f"{cloud.endpoint()}/clusters").json()["clusters"]


def test_the_fixture_is_found(jobsmock):
    assert jobsmock.session().get(f"{jobsmock.endpoint()}/jobs").json()["jobs"]
"""


@nox.session
def serve(session: nox.Session) -> None:
    """Start jobsmock from the source."""
    session.install("-e", ".")
    session.run("jobsmock", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; `-P 3.12` chooses another Python."""
    session.install("-e", ".[test]", "pytest-cov")
    session.run("python", "-m", "pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, format and types."""
    session.install("-e", ".[dev,test]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")


@nox.session
def format(session: nox.Session) -> None:
    """Format the code, and fix what ruff can fix."""
    session.install("ruff")
    session.run("ruff", "check", "--fix", ".")
    session.run("ruff", "format", ".")


@nox.session
def build(session: nox.Session) -> None:
    """Build the sdist and the wheel in dist/, and check what PyPI will show."""
    session.install("build", "twine")
    for old in Path("dist").glob("jobsmock-*"):
        old.unlink()
    session.run("python", "-m", "build")
    session.run("twine", "check", "--strict", *map(str, Path("dist").glob("jobsmock-*")))


@nox.session(requires=["build"])
def wheel(session: nox.Session) -> None:
    """Install the wheel in an environment that has nothing else, and try it."""
    (built,) = Path("dist").resolve().glob("jobsmock-*.whl")
    session.install(f"jobsmock[pytest] @ {built.as_uri()}")
    with TemporaryDirectory() as elsewhere, session.chdir(elsewhere):
        Path("test_wheel.py").write_text(TRY_WHEEL)
        session.run("jobsmock", "--version")
        session.run("pytest", "-q", "test_wheel.py")


@nox.session(python="3.10")
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest Python and the oldest dependencies that setup.cfg allows."""
    session.install("uv")
    constraints = Path(session.virtualenv.location, "lowest.txt")
    compile_lowest = ["uv", "pip", "compile", "--quiet", "--no-deps", "--resolution=lowest-direct"]
    session.run(*compile_lowest, "--extra=metrics", "--extra=pytest", f"--output-file={constraints}", "setup.cfg")
    session.install("-e", ".[test]", "-c", str(constraints))
    # Old versions give warnings that new ones do not.
    session.run("python", "-m", "pytest", "-W", "ignore", *session.posargs)

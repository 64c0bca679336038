"""Runs the service's own API tests, from PyPI and unmodified, against a strict jobsmock: of v1.1, then of v2.

    python -m tests.clients.tempest FOLDER

FOLDER keeps the environment. Fails unless every test passes, and as many do as there are.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients import stage

HERE = Path(__file__).parent
TESTS = {"1.1": 54, "2": 44}  # how many sahara-tests 0.18.0 has for each version of the API


def main(folder: str) -> None:
    programs = stage.environment(folder, HERE.parent / "sahara-tests.txt")
    with stage.jobsmock("--auth", "strict", "--plan", "instant") as address:
        passed = {version: _passed(programs, address, version) for version in TESTS}
    if passed != TESTS:
        raise SystemExit(f"Passed, by version of the API: {passed}: expected one of {TESTS}.")
    print(f"{sum(passed.values())} passed, 0 failed")


def _passed(programs: Path, address: str, version: str) -> int:
    """How many tests pass with a version of the API. Those that are for the other one are skipped."""
    with TemporaryDirectory() as folder:
        workspace = Path(folder)
        _prepare(programs, workspace, address, version)
        command = [programs / "tempest", "run", "--serial", "--regex", r"^sahara_tempest_plugin\.tests\.api"]
        run = subprocess.run(command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(f"== API {version}\n{run.stdout}", flush=True)
    found = re.search(r"^ - Passed: (\d+)$", run.stdout, re.MULTILINE)
    return int(found[1]) if found and run.returncode == 0 else 0


def _prepare(programs: Path, workspace: Path, address: str, version: str) -> None:
    """A workspace as tempest wants it, its register of workspaces kept inside."""
    command = [programs / "tempest", "init", "--workspace-path", workspace / "workspaces.yaml", workspace]
    subprocess.run(command, cwd=workspace, check=True, capture_output=True)
    accounts = workspace / "accounts.yaml"
    accounts.write_text((HERE / "accounts.yaml").read_text())
    settings = (HERE / "tempest.conf").read_text()
    given = {"ADDRESS": address, "ACCOUNTS": str(accounts), "USE_V2": str(version == "2"), "VERSION": version}
    for name, value in given.items():
        settings = settings.replace(name, value)
    (workspace / "etc" / "tempest.conf").write_text(settings)


if __name__ == "__main__":
    main(*sys.argv[1:])

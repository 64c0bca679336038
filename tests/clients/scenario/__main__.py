"""Runs the service's own scenario runner, from PyPI and unmodified: a fake cluster comes up, runs jobs, and grows.

    python -m tests.clients.scenario FOLDER

FOLDER keeps the environment. Takes two and a half minutes: the runner waits five seconds between its looks.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.clients import stage
from tests.clients.scenario.bucket import bucket

HERE = Path(__file__).parent


def main(folder: str) -> None:
    programs = stage.environment(folder, HERE.parent / "sahara-tests.txt")
    path = os.pathsep.join([str(programs), os.environ["PATH"]])  # the runner starts another program of its environment
    server = stage.jobsmock("--auth", "strict", "--plan", "instant")
    with server as address, bucket() as store, TemporaryDirectory() as workspace:
        credentials = Path(workspace) / "credentials.yaml"
        credentials.write_text(json.dumps({"credentials": _of_store(store)}))
        environment = {"PATH": path, "HOME": workspace, "TMPDIR": workspace, **_login(address)}
        command = [programs / "sahara-scenario", HERE / "fake.yaml", credentials]
        run = subprocess.run(command, cwd=workspace, env=environment)
    if run.returncode:
        raise SystemExit(f"sahara-scenario ended with {run.returncode}.")
    print("1 passed, 0 failed")


def _login(address: str) -> dict[str, str]:
    user = {"OS_USERNAME": "demo", "OS_PASSWORD": "secret", "OS_PROJECT_NAME": "demo"}
    return {**user, "OS_AUTH_URL": f"{address}/v3", "OS_IDENTITY_API_VERSION": "3"}


def _of_store(store: str) -> dict[str, object]:
    keys = {"s3_accesskey": "demo", "s3_secretkey": "secret"}
    return {**keys, "s3_endpoint": store, "s3_endpoint_ssl": False, "s3_bucket_path": True}


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Installs and starts Horizon, for `__main__.py`; `docs/horizon.md` has the same as commands."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from tests.clients import stage

HERE = Path(__file__).parent
SETTINGS = "openstack_dashboard.settings"
STARTS_WITHIN = 60  # seconds


@contextmanager
def dashboard(folder: str, auth_url: str) -> Iterator[str]:
    """A Horizon that logs in at an address; its own."""
    programs = stage.environment(folder, HERE.parent / "horizon.txt")
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": SETTINGS,
        "OS_AUTH_URL": auth_url,
        "PYTHONWARNINGS": "ignore",
    }
    admin = programs / "django-admin"
    _configure(programs.parent)
    for command in (["collectstatic", "--noinput", "-v", "0"], ["compress", "--force", "-v", "0"]):
        subprocess.run([admin, *command], env=environment, check=True, stderr=subprocess.DEVNULL)
    address = f"127.0.0.1:{_free_port()}"
    command = [admin, "runserver", "--noreload", "--insecure", address]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as server:
        try:
            _wait(server, f"http://{address}/auth/login/")
            yield f"http://{address}"
        finally:
            server.terminate()


def _configure(home: Path) -> None:
    (packages,) = home.glob("lib/python*/site-packages")
    local = packages / "openstack_dashboard" / "local"
    shutil.copy(HERE / "local_settings.py", local)
    for panel in (packages / "sahara_dashboard" / "enabled").glob("_18*.py"):
        shutil.copy(panel, local / "enabled")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], url: str) -> None:
    for _ in range(STARTS_WITHIN * 5):
        if server.poll() is not None:
            break
        try:
            requests.get(url, timeout=STARTS_WITHIN)
            return
        except requests.ConnectionError:
            time.sleep(0.2)
    raise SystemExit("Horizon did not start.")

"""What the scripts that run real clients need: an environment with the client in it, and a jobsmock to run it against.

Those scripts are heavy, so they are no tests that pytest finds: each is a package here, run as `python -m
tests.clients.NAME FOLDER`. FOLDER keeps the environments from one run to the next.
"""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PYTHON = (3, 11)  # Horizon 27 wants no older one, and the tests of sahara-tests 0.18.0 no newer one


def environment(folder: str, requirements: Path) -> Path:
    """The programs of an environment that has what a file lists; made anew when the file says something else."""
    home = Path(folder).resolve() / requirements.stem
    listed, kept = requirements.read_text(), home / "installed.txt"
    if not kept.exists() or kept.read_text() != listed:
        shutil.rmtree(home, ignore_errors=True)
        subprocess.run([_python(), "-m", "venv", home], check=True)
        subprocess.run([home / "bin" / "pip", "install", "-q", "-r", requirements], check=True)
        kept.write_text(listed)
    return home / "bin"


def _python() -> str:
    """A Python that the clients run with, whichever one jobsmock has."""
    name = "python{}.{}".format(*PYTHON)
    found = sys.executable if sys.version_info[:2] == PYTHON else shutil.which(name)
    if not found:
        raise SystemExit(f"The clients run with {name}, and there is none on the PATH.")
    return found


@contextmanager
def jobsmock(*options: str) -> Iterator[str]:
    """A server on a free port, as the command starts one; its address."""
    command = [sys.executable, "-m", "jobsmock", "serve", "--port", "0", "--quiet", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            greeting = server.stdout.readline()
            address = re.search(r"http://[\d.]+:\d+", greeting)
            if not address:
                raise SystemExit(f"jobsmock did not start: {greeting}")
            yield address[0]
        finally:
            server.terminate()

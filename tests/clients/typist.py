"""The `openstack` command, loaded once by a process of its own that runs each line in a fork of itself.

A start of the command takes the better part of a second, most of it to load what it consists of. Each line has its own
process, folder, environment and output all the same, as one that is typed in a shell.
"""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Ended(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


class Typist:
    """Types lines; `stop` when done."""

    def __init__(self):
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __call__(self, words, folder, environment):
        """Runs `openstack` with these words in a folder, in which `.out` and `.err` keep what it has printed."""
        print(json.dumps([words, str(folder), environment]), file=self._process.stdin, flush=True)
        returncode = int(self._process.stdout.readline())
        return Ended(returncode, *((Path(folder) / end).read_text() for end in (".out", ".err")))

    def stop(self):
        self._process.communicate()


def practise():
    """Load what the command consists of, by a line that asks for help."""
    from openstackclient.shell import main

    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere), contextlib.suppress(SystemExit):
        main(["dataprocessing", "cluster", "list", "--help"])


def run(words, folder, environment):
    from openstackclient.shell import main

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    for number, end in enumerate((".out", ".err"), 1):
        os.dup2(os.open(end, os.O_CREAT | os.O_WRONLY | os.O_TRUNC), number)
    code = main(words)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # at once: to take all apart that was loaded takes longer than the line did


def serve():
    practise()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            run(*json.loads(line))
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    serve()

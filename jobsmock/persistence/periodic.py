"""What happens beside a running server, again and again, and what it prints."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from jobsmock.world.clock import read_stopwatch

SECONDS = 1.0  # between two runs of a task, by default


class PeriodicTask:
    """Runs a function in a thread, at most once in so many seconds, and a last time at the end."""

    def __init__(
        self, do: Callable[[], None], seconds: float = SECONDS, at_end: Callable[[], None] | None = None
    ) -> None:
        self._do, self._seconds, self._at_end = do, seconds, at_end or do
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobsmock-task", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        spent = 0.0
        while not self._ended.wait(max(self._seconds, 10 * spent)):  # a slow task runs less often
            started = read_stopwatch()
            self._do()
            spent = read_stopwatch() - started

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._at_end()


def print_message(line: str) -> None:
    """Print a line on stderr, if it is still open."""
    with suppress(OSError):
        print(f"jobsmock: {line}", file=sys.stderr, flush=True)

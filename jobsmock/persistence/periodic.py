"""Tasks that run in the background of a server at intervals: `saving.py` and `reloading.py`."""

import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from jobsmock.world.clock import read_stopwatch

SECONDS = 1.0  # the default interval of a task


class PeriodicTask:
    """Runs a function in a thread at intervals of at least so many seconds, and `at_end` or the function at the end."""

    def __init__(
        self, do: Callable[[], None], seconds: float = SECONDS, at_end: Callable[[], None] | None = None
    ) -> None:
        self._do, self._seconds, self._at_end = do, seconds, at_end or do
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobsmock-task", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        duration = 0.0
        while not self._ended.wait(max(self._seconds, 10 * duration)):  # a slow task runs less often
            start = read_stopwatch()
            self._do()
            duration = read_stopwatch() - start

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._at_end()


def print_message(message: str) -> None:
    """Print a message on stderr, unless that is closed."""
    with suppress(OSError):
        print(f"jobsmock: {message}", file=sys.stderr, flush=True)

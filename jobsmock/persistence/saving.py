"""Saves the default world to a file. `--save` of the command uses it with a PeriodicTask."""

import errno
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from jobsmock.persistence.periodic import SECONDS, print_message
from jobsmock.samples import snapshots
from jobsmock.samples.file_format import SampleStorage
from jobsmock.world.clock import Clock, format_time, read_stopwatch
from jobsmock.world.worlds import Worlds

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class WorldSaver:
    """Saves the default world to a file, which is complete at any moment.

    It keeps `worlds.saving` up to date, which `/_jobsmock/health` shows. Several threads may call it at once.
    """

    def __init__(self, worlds: Worlds, path: Path) -> None:
        self._worlds, self._path = worlds, path.resolve()
        self._saved_version: object = None  # the world that is in the file, and its version
        self._problem: str | None = None
        self._failed_at = 0.0
        self._lock = threading.RLock()

    def save(self) -> None:
        """Save the world if it has changed since the last time. Raises OSError."""
        with self._lock:
            world = self._worlds.default
            with world.lock:
                version = world, world.version()
                if version == self._saved_version:
                    return
                document = snapshots.dump_world(world)
            SampleStorage(self._path).write(document)
            self._saved_version = version
            self._worlds.saving = {"file": str(self._path), "saved_at": format_time(Clock().now()), "problem": None}

    def try_save(self) -> None:
        """Save the world. If that fails, print why, but only once for the same problem."""
        with self._lock:
            try:
                self.save()
            except OSError as error:
                self._note_problem(explain_write_error(error, self._path))
            else:
                self._note_success()

    def save_finally(self) -> None:
        """Save the world at the end, even if nothing but its clock and its request ids have changed."""
        self._saved_version = None
        self.try_save()
        if self._problem is not None:
            print_message(f"{self._path}: changes since the last save are lost: {self._problem}")

    def save_before_responses(self, app: App) -> App:
        """Wrap an app so that each change is saved before its response is sent, unless saving fails."""

        def save_first(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            body = app(environ, start_response)
            world = self._worlds.default
            if (world, world.version()) != self._saved_version and not self._has_failed_recently():
                self.try_save()
            return body

        return save_first

    def _has_failed_recently(self) -> bool:
        """Whether the last attempt failed less than a second ago. This keeps requests fast while the disk is full."""
        return self._problem is not None and read_stopwatch() - self._failed_at < SECONDS

    def _note_problem(self, problem: str) -> None:
        self._failed_at = read_stopwatch()
        if problem != self._problem:
            print_message(f"{self._path}: cannot be saved: {problem}. The server keeps running and trying to save")
        self._problem = problem
        self._worlds.saving = {**(self._worlds.saving or {}), "file": str(self._path), "problem": problem}

    def _note_success(self) -> None:
        if self._problem is not None:
            print_message(f"{self._path}: can be saved again")
        self._problem = None


def explain_write_error(error: OSError, path: Path) -> str:
    """Say why a file cannot be written, and what to do about it."""
    return (error.strerror or str(error)) + {
        errno.ENOSPC: f"; make room in {path.parent}",
        errno.EDQUOT: f"; make room in {path.parent}",
        errno.EFBIG: "; raise the limit on the size of files (ulimit -f)",
        errno.EACCES: f"; let this user write to the folder {path.parent}",
        errno.EPERM: f"; let this user write to the folder {path.parent}",
        errno.EROFS: f"; mount {path.parent} writable, or use another file for --save",
        errno.EBUSY: f"; mount the folder {path.parent} instead of the file, which is replaced",
        errno.ENOENT: f"; create the folder {path.parent}",
        errno.ENOTDIR: f"; create the folder {path.parent}",
    }.get(error.errno or 0, "")

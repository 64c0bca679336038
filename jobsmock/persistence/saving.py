"""Files beside a running server: the default world is kept in one, and a changed sample is read from one."""

import errno
import os
import sys
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson

from jobsmock.samples import snapshots
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.clock import Clock, format_time, read_stopwatch
from jobsmock.world.plan import PlanError
from jobsmock.world.worlds import Worlds

SECONDS = 1.0  # at least, between two looks

App = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class PeriodicTask:
    """Does something again and again in a thread, at most once in so many seconds, and a last time at the end."""

    def __init__(
        self, do: Callable[[], None], seconds: float = SECONDS, at_end: Callable[[], None] | None = None
    ) -> None:
        self._do, self._seconds, self._at_end = do, seconds, at_end or do
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobsmock-chore", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        spent = 0.0
        while not self._ended.wait(max(self._seconds, 10 * spent)):  # what takes long is done less often
            started = read_stopwatch()
            self._do()
            spent = read_stopwatch() - started

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()
        self._at_end()


class WorldSaver:
    """Keeps the default world in a file, whole at any moment: what is written takes the old one's place at once.

    How that goes is in `worlds.saving`, for the control API's `health`. Threads may save at the same time.
    """

    def __init__(self, worlds: Worlds, path: Path) -> None:
        self._worlds, self._path = worlds, path.resolve()
        self._saved: object = None  # the mark of the world that the file holds
        self._problem: str | None = None
        self._failed_at = 0.0
        self._lock = threading.RLock()

    def save(self) -> None:
        """Write the world, if it has changed since it was last written. Or OSError."""
        with self._lock:
            world = self._worlds.default
            with world.lock:
                mark = world, world.version()
                if mark == self._saved:
                    return
                document = snapshots.dump_world(world)
            replace_file(self._path, orjson.dumps(document, option=orjson.OPT_INDENT_2))
            self._saved = mark
            self._worlds.saving = {"file": str(self._path), "saved_at": format_time(Clock().now()), "problem": None}

    def try_save(self) -> None:
        """Save the world; a failure is told on stderr once, and mended at a later time."""
        with self._lock:
            try:
                self.save()
            except OSError as error:
                self._note_problem(explain_write_error(error, self._path))
            else:
                self._note_success()

    def save_finally(self) -> None:
        """Save the world as it is left, ids of requests and the time on its clock included."""
        self._saved = None
        self.try_save()
        if self._problem is not None:
            print_message(f"{self._path}: what has changed since it was last saved is lost: {self._problem}")

    def save_before_responses(self, app: App) -> App:
        """An app whose answers wait until what they have changed is in the file, or cannot be saved for now."""

        def saved_first(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            answer = app(environ, start_response)
            world = self._worlds.default
            if (world, world.version()) != self._saved and not self._failed_lately():
                self.try_save()
            return answer

        return saved_first

    def _failed_lately(self) -> bool:
        """Whether to try again is left to the next second, so that requests stay quick while there is no room."""
        return self._problem is not None and read_stopwatch() - self._failed_at < SECONDS

    def _note_problem(self, problem: str) -> None:
        self._failed_at = read_stopwatch()
        if problem != self._problem:
            print_message(
                f"{self._path}: cannot be saved: {problem}. The server goes on, and tries again until it works"
            )
        self._problem = problem
        self._worlds.saving = {**(self._worlds.saving or {}), "file": str(self._path), "problem": problem}

    def _note_success(self) -> None:
        if self._problem is not None:
            print_message(f"{self._path}: is saved again")
        self._problem = None


def replace_file(path: Path, content: bytes) -> None:
    """Let a file have that content, on the disk, once this returns; or, with an OSError, what it had before."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    if os.name == "posix":  # elsewhere a folder cannot be opened
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Without this, the name may still mean the old content after a breakdown of the machine."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def explain_write_error(error: OSError, path: Path) -> str:
    """Why a file cannot be written, and what to do about that."""
    return (error.strerror or str(error)) + {
        errno.ENOSPC: f"; make room in {path.parent}",
        errno.EDQUOT: f"; make room in {path.parent}",
        errno.EFBIG: "; files may not become so large: raise the limit (ulimit -f)",
        errno.EACCES: f"; let this user write in the folder {path.parent}",
        errno.EPERM: f"; let this user write in the folder {path.parent}",
        errno.EROFS: f"; mount {path.parent} so that it can be written, or give --save a file elsewhere",
        errno.EBUSY: f"; mount the folder {path.parent}, not the file alone: another file takes its place",
        errno.ENOENT: f"; make the folder {path.parent}",
        errno.ENOTDIR: f"; make the folder {path.parent}",
    }.get(error.errno or 0, "")


def print_message(line: str) -> None:
    """Say something to whoever runs the server, if there is still somebody to read it."""
    with suppress(OSError):
        print(f"jobsmock: {line}", file=sys.stderr, flush=True)


class SampleWatcher:
    """Reads a sample's file anew when it has changed, all or nothing: one with a fault changes nothing."""

    def __init__(self, worlds: Worlds, maker: WorldFactory, path: Path) -> None:
        self._worlds, self._maker, self._path = worlds, maker, path
        self._seen = self._read_modification()

    def reload_if_changed(self) -> None:
        """Let the default world, and those that are made from now on, begin with the file as it is."""
        mark = self._read_modification()
        if mark == self._seen:
            return
        self._seen, old = mark, self._maker.sample
        try:
            self._maker.sample = Sample.load(str(self._path))
            fresh = self._worlds.make()
            fresh.snapshots, fresh.key = self._worlds.default.snapshots, self._worlds.default.key
            self._worlds.default = fresh
        except (SampleError, PlanError) as error:
            self._maker.sample = old
            print_message(f"{error}; the sample stays as it was")
        else:
            print_message(f"{self._path} has changed and is read anew")

    def _read_modification(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

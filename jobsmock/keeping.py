"""Files beside a running server: the default world is kept in one, and a changed sample is read from one."""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import orjson

from jobsmock.maker import Maker
from jobsmock.sahara import snapshots
from jobsmock.sahara.samples import Sample
from jobsmock.world.clock import ticks
from jobsmock.world.plan import PlanError
from jobsmock.world.sample import SampleError
from jobsmock.world.worlds import Worlds

SECONDS = 1.0  # at least, between two looks


class Chore:
    """Does something again and again in a thread, at most once a second, and a last time at the end."""

    def __init__(self, do: Callable[[], None]) -> None:
        self._do, self._ended = do, threading.Event()
        self._thread = threading.Thread(target=self._run, name="jobsmock-chore", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        spent = 0.0
        while not self._ended.wait(max(SECONDS, 10 * spent)):  # what takes long is done less often
            started = ticks()
            self._do()
            spent = ticks() - started

    def end(self) -> None:
        self._ended.set()
        self._thread.join()
        self._do()


class Keeper:
    """Keeps the default world in a file, whole at any moment: what is written takes the old one's place at once."""

    def __init__(self, worlds: Worlds, path: Path) -> None:
        self._worlds, self._path = worlds, path.resolve()
        self._kept: object = None

    def keep(self) -> None:
        """Save the world; a failure is told on stderr, and mended at the next time."""
        try:
            self.save()
        except OSError as error:
            print(f"jobsmock: {self._path}: cannot be saved: {error.strerror}", file=sys.stderr, flush=True)

    def save(self) -> None:
        """Write the world, if anything has been asked of it since it was last written. Or OSError."""
        world = self._worlds.default
        with world.lock:
            # Each request draws its id; the rest is what the control API changes.
            mark = (
                world, world.tables, world.clock.course(), world.request_ids.getstate(), world.rules.documents(),
            )  # fmt: skip
            if mark == self._kept:
                return
            document = snapshots.document(world)
        self._write(orjson.dumps(document, option=orjson.OPT_INDENT_2))
        self._kept = mark

    def _write(self, content: bytes) -> None:
        fresh = self._path.with_name(f"{self._path.name}.new")
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, self._path)


class Watcher:
    """Reads a sample's file anew when it has changed, all or nothing: one with a fault changes nothing."""

    def __init__(self, worlds: Worlds, maker: Maker, path: Path) -> None:
        self._worlds, self._maker, self._path = worlds, maker, path
        self._seen = self._mark()

    def look(self) -> None:
        """Let the default world, and those that are made from now on, begin with the file as it is."""
        mark = self._mark()
        if mark == self._seen:
            return
        self._seen, old = mark, self._maker.sample
        try:
            self._maker.sample = Sample.named(str(self._path))
            fresh = self._worlds.fresh()
            fresh.snapshots, fresh.key = self._worlds.default.snapshots, self._worlds.default.key
            self._worlds.default = fresh
        except (SampleError, PlanError) as error:
            self._maker.sample = old
            print(f"jobsmock: {error}; the sample stays as it was", file=sys.stderr, flush=True)
        else:
            print(f"jobsmock: {self._path} has changed and is read anew", file=sys.stderr, flush=True)

    def _mark(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

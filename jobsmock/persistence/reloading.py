"""Reloads the sample of a server when its file changes. `--watch` of the command uses it with a PeriodicTask."""

from pathlib import Path

from jobsmock.persistence.periodic import print_message
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.plan import PlanError
from jobsmock.world.worlds import Worlds


class SampleWatcher:
    """Reloads a sample file when it changes. An invalid file changes nothing."""

    def __init__(self, worlds: Worlds, factory: WorldFactory, path: Path) -> None:
        self._worlds, self._factory, self._path = worlds, factory, path
        self._version = self._read_version()

    def reload_if_changed(self) -> None:
        """Replace the default world by a new one from the changed file, which keeps its snapshots and tokens.

        Worlds that are created later are made from it, too. Other worlds stay as they are.
        """
        version = self._read_version()
        if version == self._version:
            return
        self._version, old_sample = version, self._factory.sample
        try:
            self._factory.sample = Sample.load(str(self._path))
            world = self._worlds.make()
            world.snapshots, world.key = self._worlds.default.snapshots, self._worlds.default.key
            self._worlds.default = world
        except (SampleError, PlanError) as error:
            self._factory.sample = old_sample
            print_message(f"{error}; continuing with the previous sample")
        else:
            print_message(f"{self._path}: reloaded, since it has changed")

    def _read_version(self) -> tuple[int, int] | None:
        """The time of the last change and the size of the file, or None if there is none."""
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

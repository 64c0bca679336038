"""Reloads the sample of a server when its file changes."""

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
        self._modified = self._read_modification()

    def reload_if_changed(self) -> None:
        """Let the default world start over with the file; worlds that are created later start with it, too."""
        modified = self._read_modification()
        if modified == self._modified:
            return
        self._modified, old = modified, self._factory.sample
        try:
            self._factory.sample = Sample.load(str(self._path))
            fresh = self._worlds.make()
            fresh.snapshots, fresh.key = self._worlds.default.snapshots, self._worlds.default.key
            self._worlds.default = fresh
        except (SampleError, PlanError) as error:
            self._factory.sample = old
            print_message(f"{error}; the sample stays as it is")
        else:
            print_message(f"{self._path} has changed and was reloaded")

    def _read_modification(self) -> tuple[int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size

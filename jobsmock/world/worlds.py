"""All worlds of a server: the default one, and those that are created when their name is first used."""

import re
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from typing import Any

from jobsmock.world.world import World

DEFAULT = ""
MOST = 1000
NAME = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}")


class Worlds:
    """Worlds by name. Beyond `most`, the least recently used one is discarded. `make` creates worlds."""

    def __init__(self, make: Callable[..., World], most: int = MOST) -> None:
        self._make, self._most = make, most
        self._named: OrderedDict[str, World] = OrderedDict()  # the idlest first
        self._lock = Lock()
        self.default = make()
        self.saving: dict[str, Any] | None = None  # where the default world is kept, and how that goes, if it is

    def get(self, name: str) -> World:
        """The world of a valid name. It is created if it does not exist."""
        if name == DEFAULT:
            return self.default
        with self._lock:
            if name not in self._named:
                self._insert(name, self._make())
            self._named.move_to_end(name)
            return self._named[name]

    def peek(self, name: str) -> World | None:
        """The world of a name if it exists."""
        return self.default if name == DEFAULT else self._named.get(name)

    def replace(self, name: str, world: World) -> None:
        """Let a name mean another world."""
        with self._lock:
            if name == DEFAULT:
                self.default = world
            else:
                self._insert(name, world)
                self._named.move_to_end(name)

    def _insert(self, name: str, world: World) -> None:
        self._named[name] = world
        while len(self._named) > self._most:
            self._named.popitem(last=False)

    def remove(self, name: str) -> bool:
        """Remove a world. False if it does not exist."""
        with self._lock:
            return self._named.pop(name, None) is not None

    def make(self, **wanted: Any) -> World:
        """A new world, with a plan, seed or sample of its own if wanted."""
        world = self._make(**wanted)
        world.origin = wanted
        return world

    def names(self) -> list[str]:
        with self._lock:
            return list(self._named)

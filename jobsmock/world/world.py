"""One whole pretended cloud. Worlds share nothing; a world is made from a sample, see `jobsmock.sahara.samples`."""

from collections.abc import Iterable
from random import Random
from threading import RLock
from typing import Any

from jobsmock.world.clock import Clock
from jobsmock.world.plan import Plan
from jobsmock.world.store import Table


class World:
    """Records, time and chance of one cloud. Whoever decides anything in it holds `lock` while deciding.

    `settings` are the plans as they were written, for whoever asks and for a snapshot.
    """

    def __init__(
        self,
        tables: Iterable[str],
        plan: Plan,
        cancel_plan: Plan,
        name_plans: Iterable[tuple[str, Plan]] = (),
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
    ) -> None:
        self.settings = settings or {}
        self.snapshots: dict[str, bytes] = {}  # JSON documents, by name
        self.lock = RLock()
        self.clock = Clock()
        self.random = Random(seed)
        self.request_ids = Random(None if seed is None else f"requests of {seed}")
        self.plan = plan
        self.cancel_plan = cancel_plan
        self.name_plans = list(name_plans)  # patterns of names, first match wins
        self.tables = {name: Table() for name in tables}
        self.replays: dict[tuple[str, str], str] = {}  # by table and name: ids that a creation is to get

    def new_id(self) -> str:
        """An id for a record: a random UUID (version 4) from the world's own source of chance."""
        return _uuid(self.random)

    def new_request_id(self) -> str:
        """An id for a request or an error. Its source is apart, so that reading changes no execution's course."""
        return _uuid(self.request_ids)


def _uuid(random: Random) -> str:
    bits = random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

"""One whole pretended cloud. Worlds share nothing; a world is made from a sample, see `jobsmock.samples.sample`."""

import secrets
from collections.abc import Collection, Iterable
from random import Random
from threading import RLock
from typing import Any, NamedTuple

from jobsmock.world.clock import Clock
from jobsmock.world.journal import Journal
from jobsmock.world.limits import LIMITS, Limits, Usage, limit_of_size
from jobsmock.world.plan import Plan
from jobsmock.world.rules.effect import CheckPlan
from jobsmock.world.rules.engine import Rules
from jobsmock.world.store import Table

_PER_REVOKED = 200  # bytes that a revoked token takes, about
PARTS = ("records", "rules", "journal", "clock")


class Start(NamedTuple):
    """How a world was made, for a test that is to begin as it did."""

    moment: float  # by its clock: what is relative in a sample is so to that
    seed: int
    sample: str | dict[str, Any] = "empty"  # a name, a file, or the document
    plan: str | None = None  # in place of the sample's
    rules: frozenset[str] = frozenset()  # ids of those that the sample brought
    after: int = 0  # the number of the last entry in the journal that is older


class World:
    """Records, time and chance of one cloud. Whoever decides anything in it holds `lock` while deciding.

    `settings` are the plans as they were written, for whoever asks and for a snapshot. `operations` are what rules may
    be about, `check_plan` raises PlanError for a plan that is none, or none for what its rule is about. `journal` is
    how many requests are remembered. A strict world lets in only those whom it knows.
    """

    def __init__(
        self,
        tables: Iterable[str],
        plan: Plan,
        cancel_plan: Plan,
        name_plans: Iterable[tuple[str, Plan]] = (),
        seed: int | None = None,
        settings: dict[str, Any] | None = None,
        operations: Collection[str] = (),
        check_plan: CheckPlan = lambda plan, operations: None,
        journal: int = 1000,
        is_strict: bool = False,
        limits: Limits = LIMITS,
    ) -> None:
        self.settings = settings or {}
        self.origin: dict[str, Any] = {}  # what it was wished to be when it was made, see Worlds.fresh
        self.snapshots: dict[str, bytes] = {}  # JSON documents, by name
        self.lock = RLock()
        self.clock = Clock()
        self.key = secrets.token_bytes(32) if seed is None else Random(f"key of {seed}").randbytes(32)
        seed = Random().getrandbits(53) if seed is None else seed
        self.beginning = Start(self.clock.now(), seed)
        self.random = Random(seed)
        self.rules_random = Random(f"rules of {seed}")
        self.journal = Journal(journal)
        self.rules = Rules(operations, self.rules_random, check_plan)
        self.request_ids = Random(f"requests of {seed}")
        self.is_strict = is_strict
        self.limits = limits
        self.revoked: dict[str, float] = {}  # ids of tokens that are none any more, and when they would have ended
        self.plan = plan
        self.cancel_plan = cancel_plan
        self.name_plans = list(name_plans)  # patterns of names, first match wins
        self.usage = Usage()
        self.tables = {name: Table(self.usage) for name in tables}
        self.replays: dict[tuple[str, str], str] = {}  # by table and name: ids that a creation is to get

    @property
    def size(self) -> int:
        """Bytes that records of projects, rules and revoked tokens take, about."""
        return self.usage.size + self.rules.size + _PER_REVOKED * len(self.revoked)

    def check_room(self) -> None:
        """LimitReached if nothing more may come into this world."""
        if self.size >= self.limits.size:
            raise limit_of_size("what a world holds", self.limits.size)

    def version(self) -> tuple[Any, ...]:
        """What is another once anything has changed that a snapshot tells, but for ids of requests. It costs little."""
        changes = sum(table.changes for table in self.tables.values())
        revoked = len(self.revoked), next(reversed(self.revoked), None)
        return self.tables, changes, self.clock.epoch(), self.rules, self.rules.version(), revoked

    def replace_parts(self, parts: Collection[str], fresh: "World") -> None:
        """Put those of a fresh world's PARTS in the place of this one's."""
        if "records" in parts:
            self.tables, self.replays, self.random = fresh.tables, fresh.replays, fresh.random
            self.revoked, self.usage = fresh.revoked, fresh.usage
            self.beginning = fresh.beginning._replace(after=self.journal.last_number)
        if "clock" in parts:
            self.clock = fresh.clock
        if "rules" in parts:
            self.rules, self.rules_random = fresh.rules, fresh.rules_random
        if "journal" in parts:
            self.journal.clear()

    def new_id(self) -> str:
        """An id for a record: a random UUID (version 4) from the world's own source of chance."""
        return _draw_uuid(self.random)

    def new_request_id(self) -> str:
        """An id for a request or an error. Its source is apart, so that reading changes no execution's course."""
        return _draw_uuid(self.request_ids)


def _draw_uuid(random: Random) -> str:
    bits = random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

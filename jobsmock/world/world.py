"""One mock cloud. Worlds share nothing; `samples/sample.py` makes them."""

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
    """How a world was made, for a test that starts in the same way."""

    moment: float  # by its clock: what is relative in a sample is so to that
    seed: int
    sample: str | dict[str, Any] = "empty"  # a name, a file, or the document
    plan: str | None = None  # in place of the sample's
    rules: frozenset[str] = frozenset()  # ids of those that the sample brought
    after: int = 0  # the number of the last entry in the journal that is older


class World:
    """The records, the clock and the random generators of one cloud. Hold `lock` while you decide or change anything.

    `settings` has the plans as texts, for readers and snapshots. `operations` are the names that rules can match, and
    `check_plan` raises PlanError if a plan does not fit the operations of its rule. `journal` is the number of requests
    that are kept. A strict world lets in only known users.
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
        """The approximate bytes of the projects' records, the rules and the revoked tokens."""
        return self.usage.size + self.rules.size + _PER_REVOKED * len(self.revoked)

    def check_room(self) -> None:
        """Raise LimitReached if the world is full."""
        if self.size >= self.limits.size:
            raise limit_of_size("what a world holds", self.limits.size)

    def version(self) -> tuple[Any, ...]:
        """A value that changes whenever a snapshot would, except for the ids of requests. It is cheap."""
        changes = sum(table.changes for table in self.tables.values())
        revoked = len(self.revoked), next(reversed(self.revoked), None)
        return self.tables, changes, self.clock.epoch(), self.rules, self.rules.version(), revoked

    def replace_parts(self, parts: Collection[str], fresh: "World") -> None:
        """Replace PARTS of this world by those of a fresh one."""
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
        """A random UUID (version 4) for a record, from the world's own generator."""
        return _draw_uuid(self.random)

    def new_request_id(self) -> str:
        """A random id for a request or an error. It has its own generator, so that reading changes no later choice."""
        return _draw_uuid(self.request_ids)


def _draw_uuid(random: Random) -> str:
    bits = random.getrandbits(128) & ~(0xF << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62
    digits = f"{bits:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

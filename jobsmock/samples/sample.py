"""Samples: the initial content of worlds, read from a file or a document, and validated.

The built-in samples are in the package jobsmock.data. loading.py fills a world with the records of a sample. The
schemas of records are with the resources, and in openstack_schemas.py; that of the settings is in schemas.py.
"""

import struct
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from jobsmock.api.operations import NAMES, check_plan
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.filters import REGEX
from jobsmock.sahara.validation import Body
from jobsmock.samples import file_format, openstack_tables
from jobsmock.samples.completion import TABLES
from jobsmock.samples.file_format import SampleError, Tables
from jobsmock.samples.loading import load_records, make_record_error
from jobsmock.samples.schemas import SIMULATION, find_first_fault
from jobsmock.samples.snapshots import restore_state
from jobsmock.world.clock import resolve_time
from jobsmock.world.limits import LIMITS, Limits
from jobsmock.world.store import copy_data
from jobsmock.world.validation import RuleError, suggest
from jobsmock.world.world import Start, World

BUILT_IN = ("demo", "reference", "empty")


def make_world(source: str, plan: str | None = None, seed: int | None = None) -> World:
    """Make a world from a built-in sample or a file. SampleError or PlanError if the sample or the plan is invalid."""
    return Sample.load(source).make_world(plan, seed)


class Sample:
    """The initial content of worlds, read and validated once for any number of worlds."""

    def __init__(self, label: str, tables: Tables, settings: dict[str, Any]) -> None:
        self.label, self._tables, self._settings = label, tables, settings
        self.name: str | None = label  # what `load` finds it by; None for a document
        self._check()

    @classmethod
    def load(cls, source: str) -> "Sample":
        """Load a built-in sample by its name, or a file. SampleError if it is neither or is invalid."""
        if source in BUILT_IN:
            return _load_built_in(source)
        path = Path(source)
        if len(source) > 4000:
            raise SampleError(f"{source[:50]}…: path too long")
        if not path.exists() and not path.suffix and path.name == source:
            raise SampleError(f"{source}: unknown sample: expected one of {', '.join(BUILT_IN)}, or a file")
        return cls._from_file(path)

    @classmethod
    def from_document(cls, document: dict[str, Any], label: str) -> "Sample":
        """Make a sample from a document. Messages have `label` instead of a path."""
        tables, singles = file_format.split_document(label, copy_data(document), singles=("simulation",))
        sample = cls(label, tables, singles.get("simulation", {}))
        sample.name = None
        return sample

    @classmethod
    def _from_file(cls, path: Path) -> "Sample":
        tables, singles = file_format.read_file(path, singles=("simulation",))
        return cls(str(path), tables, singles.get("simulation", {}))

    def make_world(
        self,
        plan: str | None = None,
        seed: int | None = None,
        journal: int = 1000,
        freeze: str | None = None,
        filters: str | None = None,
        is_strict: bool = False,
        limits: Limits = LIMITS,
    ) -> World:
        """Make a new world. `plan` and `filters` override those of the sample; `journal` is the length of its journal.

        `freeze` starts the world with its clock frozen at a time such as `2026-01-31T12:00:00`. ValueError if it is
        not a time.
        """
        settings = {
            "plan": "demo",
            "cancel_plan": execution_lifecycle.CANCEL,
            "job_plans": {},
            "filters": REGEX,
            **self._settings,
        }
        state, rules = settings.pop("state", None), settings.pop("rules", [])
        settings.update({key: value for key, value in (("plan", plan), ("filters", filters)) if value is not None})
        world = _make_empty_world(settings, seed=seed, journal=journal, is_strict=is_strict, limits=limits)
        if freeze is not None:
            world.clock.freeze()
            world.clock.set(resolve_time(freeze, world.clock.now()))
        rule_ids = self._add_rules(rules, world)
        world.beginning = Start(world.clock.now(), world.beginning.seed, self._describe_source(), plan, rule_ids)
        load_records(self.label, copy_data(self._tables), world)
        if state is not None:
            self._restore(world, state)
        return world

    def _add_rules(self, rules: list[Any], world: World) -> frozenset[str]:
        """Add the rules of the sample to a world and return their ids."""
        try:
            world.rules.restore(rules, world.clock.now())
        except RuleError as error:
            raise SampleError(f"{self.label}: simulation: rules: {error}") from None
        return frozenset(rule["id"] for rule in world.rules.dump())

    def _describe_source(self) -> str | dict[str, Any]:
        """The name or path of the sample, or its document if it has neither or is a snapshot, whose file may change."""
        if self.name is not None and not self.is_snapshot:
            return self.name
        return {"simulation": self._settings, **{name: list(table.values()) for name, table in self._tables.items()}}

    def _restore(self, world: World, state: dict[str, Any]) -> None:
        try:
            restore_state(world, state)
        except (AttributeError, KeyError, TypeError, ValueError, struct.error) as error:
            raise SampleError(
                f"{self.label}: simulation: state: invalid state: {error!r}: expected the state of a snapshot"
            ) from None
        world.beginning = world.beginning._replace(moment=world.clock.now())

    @property
    def is_snapshot(self) -> bool:
        """Whether the sample is a snapshot, which has the state of a world in addition to its records."""
        return "state" in self._settings

    def _check(self) -> None:
        for name in self._tables:
            if name not in SCHEMAS:
                raise SampleError(f"{self.label}: unknown table {name!r}: {suggest(name, (*SCHEMAS, 'simulation'))}")
        if fault := find_first_fault(SIMULATION, self._settings):
            raise SampleError(f"{self.label}: simulation: {fault}")
        for table, schema in SCHEMAS.items():
            for number, record in self._tables.get(table, {}).items():
                if fault := find_first_fault(schema, record):
                    raise make_record_error(self.label, table, number, record, fault)


SCHEMAS: dict[str, Body] = {name: table.schema for name, table in TABLES.items()} | {
    name: table.schema for name, table in openstack_tables.TABLES.items()
}


def _make_empty_world(settings: dict[str, Any], **options: Any) -> World:
    """Make a world with the settings of a sample and without records."""
    return World(
        tuple(SCHEMAS),
        plan=execution_lifecycle.parse_execution_plan(settings["plan"]),
        cancel_plan=execution_lifecycle.parse_execution_plan(settings["cancel_plan"]),
        name_plans=[
            (pattern, execution_lifecycle.parse_execution_plan(text)) for pattern, text in settings["job_plans"].items()
        ],
        settings=settings,
        operations=NAMES,
        check_plan=check_plan,
        **options,
    )


@cache
def _load_built_in(name: str) -> Sample:
    with as_file(files("jobsmock.data") / f"{name}.json") as path:
        sample = Sample._from_file(path)
    sample.name = name
    return sample

"""A world as one readable document, which is a sample, too: a world made of it goes on where this one stood."""

import base64
import struct
from random import Random
from typing import Any

from jobsmock.sahara.edp import job_binary_internals as internals
from jobsmock.samples import openstack_tables
from jobsmock.world.store import Record, Table, copy_data
from jobsmock.world.world import World

_WORDS = "<625I"  # where Python's source of chance stands


def dump_world(world: World) -> dict[str, Any]:
    """Settings, state and records. Records that belong to every project stand once, with a project's changes beside.

    An empty table is told where none would mean the standard one.
    """
    state = {
        "clock": world.clock.dump_state(),
        "random": _dump_random(world.random),
        "rules_random": _dump_random(world.rules_random),
        "request_ids": _dump_random(world.request_ids),
        "key": base64.b64encode(world.key).decode(),
        "revoked": dict(world.revoked),
        "deleted": {name: gone for name, table in world.tables.items() if (gone := table.list_deleted())},
    }
    records = {name: _dump_records(name, table) for name, table in world.tables.items()}
    settings = {**world.settings, "rules": world.rules.dump(), "state": state}
    return {
        "simulation": settings,
        **{name: some for name, some in records.items() if some or name in openstack_tables.TABLES},
    }


def restore_state(world: World, state: dict[str, Any]) -> None:
    """Let a world made of a snapshot's records stand where the snapshot's stood."""
    world.clock.restore_state(state["clock"])
    for name in ("random", "rules_random", "request_ids"):
        version, words, gauss = state[name]
        getattr(world, name).setstate((version, struct.unpack(_WORDS, base64.b64decode(words)), gauss))
    world.key = base64.b64decode(state["key"]) if "key" in state else world.key
    world.revoked = {str(id): float(expires) for id, expires in state.get("revoked", {}).items()}
    for name, projects in state["deleted"].items():
        for project, ids in projects.items():
            for id in ids:
                world.tables[name].delete(project, id)


def _dump_random(random: Random) -> list[Any]:
    version, words, gauss = random.getstate()
    return [version, base64.b64encode(struct.pack(_WORDS, *words)).decode(), gauss]


def _dump_records(name: str, table: Table) -> list[Record]:
    records: list[Record] = copy_data(list(table.iterate_distinct()))
    return [_dump_internal(record) for record in records] if name == internals.KIND.table else records


def _dump_internal(record: Record) -> Record:
    """An internal with its content as text, where it is any."""
    try:
        return {**record, "data": internals.unpack(record).decode()}
    except UnicodeDecodeError:
        packed = record.pop("data")
        return {**record, "data_base64": packed}

"""Snapshots: a world as one readable JSON document, which is also a sample.

A world that is made from a snapshot continues where the other one was. The control API takes and restores snapshots;
persistence/ saves worlds as such.
"""

import base64
import struct
from random import Random
from typing import Any

from jobsmock.sahara.edp import job_binary_internals as internals
from jobsmock.samples import openstack_tables
from jobsmock.world.store import Record, Table, copy_data
from jobsmock.world.world import World

_WORDS = "<625I"  # the state of a random.Random


def dump_world(world: World) -> dict[str, Any]:
    """Return the settings, state and records of a world.

    A record of every project is included once, in addition to the copies that projects have changed. An empty table is
    included if a sample without it would get standard records.
    """
    state = {
        "clock": world.clock.dump_state(),
        "random": _dump_random(world.random),
        "rules_random": _dump_random(world.rules_random),
        "request_ids": _dump_random(world.request_ids),
        "key": base64.b64encode(world.key).decode(),
        "revoked": dict(world.revoked),
        "deleted": {name: ids for name, table in world.tables.items() if (ids := table.list_deleted())},
    }
    records = {name: _dump_records(name, table) for name, table in world.tables.items()}
    settings = {**world.settings, "rules": world.rules.dump(), "state": state}
    return {
        "simulation": settings,
        **{name: table for name, table in records.items() if table or name in openstack_tables.TABLES},
    }


def restore_state(world: World, state: dict[str, Any]) -> None:
    """Give a world with the records of a snapshot the state of the snapshot."""
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
    """An internal with its content as text if it is UTF-8, and else in base64."""
    try:
        return {**record, "data": internals.unpack(record).decode()}
    except UnicodeDecodeError:
        encoded = record.pop("data")
        return {**record, "data_base64": encoded}

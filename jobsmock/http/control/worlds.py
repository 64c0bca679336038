"""Worlds as a whole: what one holds, making, removing and resetting them, and their snapshots."""

from typing import Any

import orjson
from flask import Response

from jobsmock.http.control.base import Context, ControlError, read_body, suggest_nearest
from jobsmock.http.control.clock import ControlTime, show_clock
from jobsmock.sahara.filters import CHOICES
from jobsmock.sahara.validation import AnyObject, Array, Body, CheckedField, Text
from jobsmock.samples import snapshots
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import Sample
from jobsmock.world.clock import format_time
from jobsmock.world.limits import LimitReached, limit_of_count, limit_of_size
from jobsmock.world.plan import PlanError
from jobsmock.world.world import PARTS, World
from jobsmock.world.worlds import NAME, Worlds


class Seed(CheckedField):
    types = ("integer",)

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, int) and not isinstance(value, bool) else self.not_of_type(value)


class Source(Text):
    """A sample: by its name, in a file, or as the document that it is."""

    types = ("string", "object")

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, dict) else super().wrong(value)


class WorldSettings(Body):
    sample = Source(shortest=1)
    plan = Text(shortest=1)
    seed = Seed()
    freeze = ControlTime()
    filters = Text(one_of=CHOICES)
    snapshot = AnyObject()


class WorldChange(Body):
    filters = Text(one_of=CHOICES, required=True)


class Nothing(Body):
    """A body in which nothing may be said."""


class Part(Text):
    def wrong(self, value: Any) -> list[str]:
        return [] if value in PARTS else [f"{value!r} is no part of a world{suggest_nearest(str(value), PARTS)}"]


class Reset(Body):
    parts = Array(Part())


_WORLD_SETTINGS, _WORLD_CHANGE, _RESET, _NOTHING = WorldSettings(), WorldChange(), Reset(), Nothing()


def show_health(context: Context) -> dict[str, Any]:
    """All is well, or degraded: what `--save` promises does not hold at the moment."""
    saving = context.worlds.saving
    if saving is None:
        return {"status": "ok"}
    return {"status": "degraded" if saving["problem"] else "ok", "save": saving}


def show_metrics(context: Context) -> Response:
    if context.metrics is None:
        raise ControlError(404, "metrics need prometheus_client: pip install jobsmock[metrics]")
    return Response(context.metrics.render(), content_type=context.metrics.content_type)


def show_world(context: Context) -> dict[str, Any]:
    with context.world.lock:
        counts = {name: sum(1 for _ in table.iterate_all()) for name, table in context.world.tables.items()}
    return {"name": context.name, "settings": context.world.settings, "records": counts, "clock": show_clock(context)}


def change_world(context: Context) -> dict[str, Any]:
    """Give a world another setting, from now on and after a reset."""
    changes = read_body(_WORLD_CHANGE, context)
    with context.world.lock:
        context.world.settings.update(changes)
        context.world.origin = {**context.world.origin, **changes}
    return show_world(context)


def list_worlds(context: Context) -> dict[str, Any]:
    return {"worlds": context.worlds.names()}


def make_world(context: Context, name: str) -> dict[str, Any]:
    """Make a world, or make it anew, as the server makes them but for what is told."""
    _check_name(name, "world")
    wanted = read_body(_WORLD_SETTINGS, context)
    try:
        world = _make_world(context.worlds, wanted)
    except (SampleError, PlanError) as error:
        raise ControlError(400, str(error)) from None
    context.worlds.replace(name, world)
    return {"name": name, "path": f"/w/{name}"}


def _check_name(name: str, what: str) -> None:
    if not NAME.fullmatch(name):
        raise ControlError(404, f"invalid name of a {what} {name!r}: expected 1 to 64 letters, digits, '-', '_' or '.'")


def _make_world(worlds: Worlds, wanted: dict[str, Any]) -> World:
    if {"sample", "snapshot"} <= wanted.keys():
        raise ControlError(400, "sample and snapshot: expected one of them, not both")
    if isinstance(wanted.get("sample"), dict):
        wanted["sample"] = Sample.from_document(wanted["sample"], "sample")
    elif "sample" in wanted:
        wanted["sample"] = Sample.load(wanted["sample"])
    if "snapshot" in wanted:
        wanted["sample"] = Sample.from_document(wanted.pop("snapshot"), "snapshot")
    return worlds.make(**wanted)


def remove_world(context: Context, name: str) -> None:
    if not context.worlds.remove(name):
        raise ControlError(404, f"unknown world {name!r}{suggest_nearest(name, context.worlds.names())}")


def reset_world(context: Context) -> dict[str, Any]:
    """Let this world begin again, as it was made first; or only some `parts` of it. Its snapshots stay."""
    parts = read_body(_RESET, context).get("parts")
    wanted = context.world.origin
    if parts is not None and "clock" not in parts:
        # What is relative in the sample is so to the clock that stays.
        wanted = {**wanted, "freeze": format_time(context.world.clock.now())}
    fresh = context.worlds.make(**wanted)
    if parts is None:
        fresh.snapshots, fresh.key = context.world.snapshots, context.world.key
        fresh.journal = context.world.journal  # its numbers go on
        fresh.journal.clear()
        context.worlds.replace(context.name, fresh)
        return {"reset": list(PARTS)}
    with context.world.lock:
        context.world.replace_parts(parts, fresh)
    return {"reset": parts}


def list_snapshots(context: Context) -> dict[str, Any]:
    with context.world.lock:
        return {"snapshots": list(context.world.snapshots)}


def take_snapshot(context: Context, name: str) -> dict[str, Any]:
    _check_name(name, "snapshot")
    read_body(_NOTHING, context)
    with context.world.lock:
        document = orjson.dumps(snapshots.dump_world(context.world))
        _check_room(context.world, name, len(document))
        context.world.snapshots[name] = document
    return {"name": name}


def _check_room(world: World, name: str, size: int) -> None:
    """Whether there is room for one more snapshot, which may take the place of one of its name."""
    others = [len(document) for other, document in world.snapshots.items() if other != name]
    try:
        if len(others) >= world.limits.snapshots:
            raise limit_of_count("snapshots in this world", world.limits.snapshots, "--max-snapshots")
        if sum(others) + size > world.limits.size:
            raise limit_of_size("the snapshots of a world", world.limits.size)
    except LimitReached as error:
        raise ControlError(409, str(error)) from None


def show_snapshot(context: Context, name: str) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(_get_snapshot(context, name))
    return document


def restore_snapshot(context: Context, name: str) -> dict[str, Any]:
    """Let this world go on where it stood when the snapshot was taken. Its snapshots stay."""
    read_body(_NOTHING, context)
    _restore(context, show_snapshot(context, name), f"snapshot {name}")
    return {"name": name}


def restore_from_body(context: Context) -> None:
    """The same with the snapshot at hand: it is the body."""
    try:
        _restore(context, context.body, "snapshot")
    except (SampleError, PlanError) as error:
        raise ControlError(400, str(error)) from None


def _restore(context: Context, document: dict[str, Any], label: str) -> None:
    world = context.worlds.make(sample=Sample.from_document(document, label))
    world.journal = context.world.journal
    world.beginning = world.beginning._replace(after=world.journal.last_number)
    world.snapshots, world.origin = context.world.snapshots, context.world.origin
    context.worlds.replace(context.name, world)


def remove_snapshot(context: Context, name: str) -> None:
    _get_snapshot(context, name)
    del context.world.snapshots[name]


def _get_snapshot(context: Context, name: str) -> bytes:
    if name not in context.world.snapshots:
        raise ControlError(404, f"unknown snapshot {name!r}{suggest_nearest(name, context.world.snapshots)}")
    return context.world.snapshots[name]

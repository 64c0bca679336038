"""`/_jobsmock/clock`: what time it is in a world, and changing that."""

from collections.abc import Callable
from typing import Any

from jobsmock.http.control.base import Context, ControlError, body_of, nearest
from jobsmock.sahara import forecast
from jobsmock.sahara.clusters import cluster_plans
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.validation import Body, Flag, Object, Text, Value
from jobsmock.world.clock import FASTEST, length_of, resolved, stamp
from jobsmock.world.world import World


class _Length(Text):
    def wrong(self, value: Any) -> list[str]:
        return _faults(length_of, value) if isinstance(value, str) else super().wrong(value)


class Moment(Text):
    def wrong(self, value: Any) -> list[str]:
        return _faults(lambda text: resolved(text, 0.0), value) if isinstance(value, str) else super().wrong(value)


class _Scale(Value):
    types = ("number",)

    def wrong(self, value: Any) -> list[str]:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if is_number and 0 < value <= FASTEST else [f"{value!r} is no number above 0, up to 1000000"]


def _faults(read: Callable[[str], object], text: str) -> list[str]:
    try:
        read(text)
    except (ValueError, OverflowError) as error:
        return [str(error)]
    return []


class Until(Body):
    execution = Text()
    cluster = Text()
    status = Text(required=True)


class ClockChange(Body):
    set = Moment()
    advance = _Length()
    scale = _Scale()
    freeze = Flag()
    resume = Flag()
    until = Object(Until)


_CLOCK_CHANGE = ClockChange()


def show_clock(context: Context) -> dict[str, Any]:
    state = context.world.clock.state()
    return {**state, "time": stamp(state["now"])}


def change_clock(context: Context) -> dict[str, Any]:
    """Do what the body asks, in this order: freeze or resume, scale, set, advance, until."""
    wanted, clock = body_of(_CLOCK_CHANGE, context), context.world.clock
    with context.world.lock:
        before = clock.state()
        try:
            _change(context.world, wanted)
        except (ValueError, OverflowError) as error:
            clock.restore(before)
            raise ControlError(400, str(error)) from None
    return show_clock(context)


def _change(world: World, wanted: dict[str, Any]) -> None:
    clock = world.clock
    aim = _moment_until(world, wanted["until"]) if "until" in wanted else None
    if wanted.get("freeze"):
        clock.freeze()
    if wanted.get("resume"):
        clock.resume()
    if "scale" in wanted:
        clock.run_at(float(wanted["scale"]))
    if "set" in wanted:
        clock.set(resolved(wanted["set"], clock.now()))
    if "advance" in wanted:
        clock.advance(length_of(wanted["advance"]))
    if aim is not None:
        clock.set(max(aim, clock.now()))


def _moment_until(world: World, until: dict[str, str]) -> float:
    if ("execution" in until) == ("cluster" in until):
        raise ControlError(400, 'until: name either an "execution" or a "cluster", by its id')
    kind = "cluster" if "cluster" in until else "execution"
    statuses, moment = _AIMS[kind]
    if until["status"] not in statuses:
        raise ControlError(400, f"until: there is no status {until['status']!r}{nearest(until['status'], statuses)}")
    try:
        return moment(world, until[kind], until["status"])
    except forecast.NoSuchThing as error:
        raise ControlError(404, str(error)) from None
    except forecast.NeverThere as error:
        raise ControlError(409, str(error)) from None


_AIMS: dict[str, tuple[tuple[str, ...], Callable[[World, str, str], float]]] = {
    "execution": (execution_lifecycle.STATUSES, forecast.moment),
    "cluster": ((*cluster_plans.STATUSES, cluster_plans.GONE), forecast.cluster_moment),
}

"""`/_jobsmock/clock`: what time it is in a world, and changing that."""

from collections.abc import Callable
from typing import Any

from jobsmock.http.control.base import Context, ControlError, read_body, suggest_nearest
from jobsmock.sahara import forecast
from jobsmock.sahara.clusters import cluster_plans
from jobsmock.sahara.edp import execution_lifecycle
from jobsmock.sahara.validation import Body, CheckedField, Flag, Object, Text
from jobsmock.world.clock import FASTEST, format_time, parse_duration, resolve_time
from jobsmock.world.world import World


class _Length(Text):
    def wrong(self, value: Any) -> list[str]:
        return _list_faults(parse_duration, value) if isinstance(value, str) else super().wrong(value)


class ControlTime(Text):
    def wrong(self, value: Any) -> list[str]:
        return (
            _list_faults(lambda text: resolve_time(text, 0.0), value)
            if isinstance(value, str)
            else super().wrong(value)
        )


class _Scale(CheckedField):
    types = ("number",)

    def wrong(self, value: Any) -> list[str]:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if is_number and 0 < value <= FASTEST else [f"{value!r} is no number above 0, up to 1000000"]


def _list_faults(read: Callable[[str], object], text: str) -> list[str]:
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
    set = ControlTime()
    advance = _Length()
    scale = _Scale()
    freeze = Flag()
    resume = Flag()
    until = Object(Until)


_CLOCK_CHANGE = ClockChange()


def show_clock(context: Context) -> dict[str, Any]:
    state = context.world.clock.dump_state()
    return {**state, "time": format_time(state["now"])}


def change_clock(context: Context) -> dict[str, Any]:
    """Do what the body asks, in this order: freeze or resume, scale, set, advance, until."""
    wanted, clock = read_body(_CLOCK_CHANGE, context), context.world.clock
    with context.world.lock:
        before = clock.dump_state()
        try:
            _apply_change(context.world, wanted)
        except (ValueError, OverflowError) as error:
            clock.restore_state(before)
            raise ControlError(400, str(error)) from None
    return show_clock(context)


def _apply_change(world: World, wanted: dict[str, Any]) -> None:
    clock = world.clock
    aim = _find_moment(world, wanted["until"]) if "until" in wanted else None
    if wanted.get("freeze"):
        clock.freeze()
    if wanted.get("resume"):
        clock.resume()
    if "scale" in wanted:
        clock.set_scale(float(wanted["scale"]))
    if "set" in wanted:
        clock.set(resolve_time(wanted["set"], clock.now()))
    if "advance" in wanted:
        clock.advance(parse_duration(wanted["advance"]))
    if aim is not None:
        clock.set(max(aim, clock.now()))


def _find_moment(world: World, until: dict[str, str]) -> float:
    if ("execution" in until) == ("cluster" in until):
        raise ControlError(400, 'until: expected either an "execution" or a "cluster", by its id')
    kind = "cluster" if "cluster" in until else "execution"
    statuses, moment = _AIMS[kind]
    if until["status"] not in statuses:
        raise ControlError(
            400, f"until: unknown status {until['status']!r}{suggest_nearest(until['status'], statuses)}"
        )
    try:
        return moment(world, until[kind], until["status"])
    except forecast.UnknownResource as error:
        raise ControlError(404, str(error)) from None
    except forecast.NeverReached as error:
        raise ControlError(409, str(error)) from None


_AIMS: dict[str, tuple[tuple[str, ...], Callable[[World, str, str], float]]] = {
    "execution": (execution_lifecycle.STATUSES, forecast.find_execution_moment),
    "cluster": ((*cluster_plans.STATUSES, cluster_plans.GONE), forecast.find_cluster_moment),
}

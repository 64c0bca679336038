"""`cloud.clock`: reads and changes the time of a world, as `/_jobsmock/clock` does."""

from collections.abc import Callable
from typing import Any

from jobsmock.http.control import clock as control

__tracebackhide__ = True  # see cloud.py


class ClockControl:
    """The clock of a world.

    Durations are written as `10s`, `1m30s` or `2h`, and moments as `2026-12-01T08:00:00`, `+10s` or `-2h`.
    """

    def __init__(self, call_control: Callable[..., Any]) -> None:
        self._call = call_control

    @property
    def time(self) -> str:
        """The current time, as `2026-12-01T08:00:00`."""
        return str(self._call(control.show_clock)["time"])

    @property
    def now(self) -> float:
        """The current time, in seconds since the epoch."""
        return float(self._call(control.show_clock)["now"])

    def freeze(self, at: str | None = None) -> None:
        """Stop the clock, now or at the given moment."""
        self._change(freeze=True, **({} if at is None else {"set": at}))

    def resume(self) -> None:
        self._change(resume=True)

    def set(self, moment: str) -> None:
        self._change(set=moment)

    def advance(self, length: str | float) -> None:
        """Jump forward by a duration, or by a number of seconds."""
        self._change(advance=f"{length:.9f}s" if isinstance(length, (int, float)) else length)

    def scale(self, factor: float) -> None:
        """Let the clock run faster or slower. With a factor of 60, a minute passes in each second."""
        self._change(scale=factor)

    def until(self, execution: Any, status: str) -> None:
        """Jump to the moment at which an execution enters a status. ControlError if it never will.

        `execution` is an id, the JSON of an execution, or any object with an `id`.
        """
        self._change(until={"execution": _get_execution_id(execution), "status": status})

    def _change(self, **changes: Any) -> None:
        self._call(control.change_clock, changes)


def _get_execution_id(execution: Any) -> str:
    if isinstance(execution, dict):
        execution = execution.get("job_execution", execution)
        return str(execution.get("id", execution))
    return str(getattr(execution, "id", execution))

"""The clock of a cloud at hand: what a POST to `/_jobsmock/clock` does, as methods."""

from collections.abc import Callable
from typing import Any

from jobsmock.http.control import clock as control

__tracebackhide__ = True  # as in cloud.py


class ClockControl:
    """A world's time. Lengths are written `10s`, `1m30s`, `2h`; moments `2026-12-01T08:00:00`, `+10s` or `-2h`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    @property
    def time(self) -> str:
        """What time it is, as `2026-12-01T08:00:00`."""
        return str(self._ask(control.show_clock)["time"])

    @property
    def now(self) -> float:
        """What time it is, in seconds since the epoch."""
        return float(self._ask(control.show_clock)["now"])

    def freeze(self, at: str | None = None) -> None:
        """Let time stand still: now, or at a moment."""
        self._change(freeze=True, **({} if at is None else {"set": at}))

    def resume(self) -> None:
        self._change(resume=True)

    def set(self, moment: str) -> None:
        self._change(set=moment)

    def advance(self, length: str | float) -> None:
        """Jump by a length, which may also be a number of seconds."""
        self._change(advance=f"{length:.9f}s" if isinstance(length, (int, float)) else length)

    def scale(self, factor: float) -> None:
        """60: from now on a minute passes in each second."""
        self._change(scale=factor)

    def until(self, execution: Any, status: str) -> None:
        """Jump to the moment at which an execution, or what has its `id`, enters a status. ControlError if never."""
        self._change(until={"execution": _get_execution_id(execution), "status": status})

    def _change(self, **wanted: Any) -> None:
        self._ask(control.change_clock, wanted)


def _get_execution_id(execution: Any) -> str:
    """Of an id, of the JSON of an execution, or of a library's object for one."""
    if isinstance(execution, dict):
        execution = execution.get("job_execution", execution)
        return str(execution.get("id", execution))
    return str(getattr(execution, "id", execution))

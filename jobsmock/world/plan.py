"""Plans: the life of an execution or a cluster as text, as data, and as a status at a given time.

    PENDING 2s > RUNNING 5s..20s > SUCCEEDED 90% | FAILED 10% (java heap space)

`parse_plan` reads the text. `draw_schedule` makes its random choices; the Schedule is plain data that is kept with the
record. `status_at` is a pure function of it, so a status is computed when somebody reads it, and costs nothing before.
"""

import difflib
import re
from collections.abc import Collection, Mapping, Sequence
from random import Random
from typing import NamedTuple, TypedDict

from jobsmock.world.clock import parse_duration


class PlanError(ValueError):
    """A plan is invalid. The message names the step and says what is expected."""


class RequestedPlan(NamedTuple):
    """The plans of a request as texts: that of its header, and that of a rule."""

    header: str | None = None
    rule: str | None = None


class DurationRange(NamedTuple):
    """Seconds. Each schedule draws a duration between `low` and `high`."""

    low: float
    high: float


class PollCount(NamedTuple):
    """A duration in reads: so many see the status, and the next one sees what follows."""

    reads: int


class Step(NamedTuple):
    status: str
    lasts: DurationRange | PollCount


class Ending(NamedTuple):
    status: str
    weight: float  # of 100
    reason: str | None


class Plan(NamedTuple):
    steps: tuple[Step, ...]
    endings: tuple[Ending, ...]


class ScheduledStep(TypedDict):
    """A step with its duration: `lasts` is in seconds, or in reads if `polls` is true."""

    status: str
    lasts: float
    polls: bool


class Schedule(TypedDict):
    """A plan whose random choices have been made. It is plain data, kept in a record and in snapshots."""

    legs: list[ScheduledStep]
    end: str
    reason: str | None


class Progress(NamedTuple):
    """Where a schedule is. `entered` has each status so far with its time; the last one is the present status."""

    status: str
    reason: str | None
    entered: list[tuple[str, float]]
    is_last: bool


# --- text to plan ---------------------------------------------------------------------------------------------------

LONGEST = 2000  # characters of a plan
_STEP = re.compile(r"(?P<status>[A-Za-z]+(?:: [A-Za-z]+)?)(?: (?P<lasts>[^()]+?))? ?(?:\((?P<reason>[^()]*)\))?")
_POLLS = re.compile(r"(\d{1,6}) ?polls?")
_PERCENT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) ?%")


def parse_plan(text: str, statuses: Collection[str], terminal: Collection[str]) -> Plan:
    """Parse a plan. `statuses` are the known ones; those in `terminal` can only be last. PlanError if it is invalid."""
    if len(text) > LONGEST:
        raise PlanError(f"plan too long: {len(text)} characters: expected at most {LONGEST}")
    *middle, last = _split_outside_brackets(" ".join(text.split()), ">")
    steps = tuple(_parse_step(part, f"step {i}", statuses, terminal) for i, part in enumerate(middle, 1))
    return Plan(steps, _parse_endings(last, f"step {len(steps) + 1}", statuses))


def parse_plan_or_profile(
    text: str, profiles: Mapping[str, str], statuses: Collection[str], terminal: Collection[str]
) -> Plan:
    """The same for a text that may be the name of a profile."""
    try:
        return parse_plan(profiles.get(text.strip(), text), statuses, terminal)
    except PlanError as error:
        if text.strip().isalpha() and text.strip().upper() not in {status.upper() for status in statuses}:
            raise PlanError(
                f"unknown profile {text!r}: expected one of {', '.join(profiles)}, or a plan: {error}"
            ) from None
        raise


def _split_outside_brackets(text: str, separator: str) -> list[str]:
    """The parts between separators. A separator in brackets does not count, as a reason may have any."""
    return [part.strip() for part in re.split(rf"{re.escape(separator)}(?![^()]*\))", text)]


def _match_choice(part: str, where: str, statuses: Collection[str]) -> re.Match[str]:
    found = _STEP.fullmatch(part)
    if not found:
        raise PlanError(
            f"{where}, {part!r}: invalid step: expected a status and its duration, as in RUNNING 5s > SUCCEEDED"
        )
    status = found["status"]
    if status not in statuses:
        by_capitals = {status.upper(): status for status in statuses}
        near = difflib.get_close_matches(status.upper(), by_capitals, 1)
        hint = f"did you mean {by_capitals[near[0]]}?" if near else f"expected one of {', '.join(statuses)}"
        raise PlanError(f"{where}, {part!r}: unknown status {status!r}: {hint}")
    return found


def _parse_step(part: str, where: str, statuses: Collection[str], terminal: Collection[str]) -> Step:
    words = _match_choice(part, where, statuses)
    if words["status"] in terminal:
        raise PlanError(f"{where}, {part!r}: {words['status']} is a final status: expected it as the last step")
    if words["reason"] is not None:
        raise PlanError(f"{where}, {part!r}: unexpected reason: only the last step can have one")
    if words["lasts"] is None:
        raise PlanError(
            f"{where}, {part!r}: missing duration: expected a value such as 500ms, 2s, 1m30s, 5s..20s or 3 polls"
        )
    return Step(words["status"], _parse_duration_or_polls(words["lasts"], f"{where}, {part!r}"))


def _parse_duration_or_polls(text: str, where: str) -> DurationRange | PollCount:
    if polls := _POLLS.fullmatch(text):
        return PollCount(int(polls[1]))
    try:
        low, dots, high = text.partition("..")
        span = DurationRange(parse_duration(low.strip()), parse_duration((high if dots else low).strip()))
    except ValueError:
        raise PlanError(
            f"{where}: invalid duration {text!r}: expected a value such as 500ms, 2s, 1m30s, 5s..20s or 3 polls"
        ) from None
    if span.low > span.high:
        raise PlanError(f"{where}: invalid range {text!r}: expected the shorter duration first")
    return span


def _parse_endings(part: str, where: str, statuses: Collection[str]) -> tuple[Ending, ...]:
    choices = [_match_choice(choice, where, statuses) for choice in _split_outside_brackets(part, "|")]
    weights = [_parse_weight(choice, where) for choice in choices]
    open_weights = weights.count(None)
    left = 100.0 - sum(w for w in weights if w is not None)
    if left < -1e-9 or (not open_weights and left > 1e-9):
        raise PlanError(f"{where}, {part!r}: the percentages add up to {100 - left:g}: expected 100")
    return tuple(
        Ending(choice["status"], max(left, 0.0) / open_weights if weight is None else weight, choice["reason"])
        for choice, weight in zip(choices, weights, strict=True)
    )


def _parse_weight(choice: re.Match[str], where: str) -> float | None:
    if choice["lasts"] is None:
        return None
    if percent := _PERCENT.fullmatch(choice["lasts"]):
        return float(percent[1])
    raise PlanError(
        f"{where}, {choice[0]!r}: the last step has no duration: "
        f"expected a percentage, as in SUCCEEDED 90% | FAILED 10%, or another step after it"
    )


# --- plan to course -------------------------------------------------------------------------------------------------


def draw_schedule(plan: Plan, random: Random) -> Schedule:
    """Choose durations and the ending at random."""
    legs = [_draw_step(step, random) for step in plan.steps]
    ending = plan.endings[0]
    if len(plan.endings) > 1:
        ending = random.choices(plan.endings, [e.weight for e in plan.endings])[0]
    return Schedule(legs=legs, end=ending.status, reason=ending.reason)


def _draw_step(step: Step, random: Random) -> ScheduledStep:
    if isinstance(step.lasts, PollCount):
        return ScheduledStep(status=step.status, lasts=float(step.lasts.reads), polls=True)
    low, high = step.lasts
    return ScheduledStep(status=step.status, lasts=low if low == high else random.uniform(low, high), polls=False)


# --- course to status -----------------------------------------------------------------------------------------------


def status_at(course: Schedule, started: float, now: float, polls: Sequence[float] = ()) -> Progress:
    """The progress at `now` of a schedule that began at `started`.

    `polls` are the times at which it was read, in order, the present read included. They count only for steps that are
    measured in polls. More time, or one more poll, never moves the progress backwards.
    """
    entered: list[tuple[str, float]] = []
    at, polled = started, 0  # polls before this index went to earlier legs
    for leg in course["legs"]:
        entered.append((leg["status"], at))
        if leg["polls"]:
            while polled < len(polls) and polls[polled] < at:
                polled += 1
            polled += int(leg["lasts"])
            if polled >= len(polls):
                return Progress(leg["status"], None, entered, False)
            at = max(at, polls[polled])
        else:
            at += leg["lasts"]
        if at > now:
            return Progress(leg["status"], None, entered, False)
    entered.append((course["end"], at))
    return Progress(course["end"], course["reason"], entered, True)


def count_polls_needed(course: Schedule) -> int:
    """How many polls can change the progress; later ones need not be stored."""
    return sum(int(leg["lasts"]) + 1 for leg in course["legs"] if leg["polls"])

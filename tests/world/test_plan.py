"""The plan language, and the pure function that says where a course stands."""

import contextlib
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.sahara.edp.execution_lifecycle import ENDS, STATUSES, parse_execution_plan
from jobsmock.world.plan import (
    DurationRange,
    Ending,
    PlanError,
    PollCount,
    Step,
    count_polls_needed,
    draw_schedule,
    parse_plan,
    status_at,
)

UNDER_WAY = [status for status in STATUSES if status not in ENDS]


def read(text):
    return parse_plan(text, STATUSES, ENDS)


def course(text, seed=1):
    return draw_schedule(read(text), Random(seed))


# --- the language


def test_a_plan_has_steps_and_endings():
    plan = read("PENDING 2s > RUNNING 5s..20s > SUCCEEDED 90% | FAILED 10% (java heap space)")
    assert plan.steps == (Step("PENDING", DurationRange(2, 2)), Step("RUNNING", DurationRange(5, 20)))
    assert plan.endings == (Ending("SUCCEEDED", 90, None), Ending("FAILED", 10, "java heap space"))


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("500ms", DurationRange(0.5, 0.5)),
        ("2s", DurationRange(2, 2)),
        ("1m30s", DurationRange(90, 90)),
        ("1.5s", DurationRange(1.5, 1.5)),
        ("2h", DurationRange(7200, 7200)),
        ("5s .. 1m", DurationRange(5, 60)),
        ("3 polls", PollCount(3)),
        ("1 poll", PollCount(1)),
    ],
)
def test_a_step_lasts_a_time_a_range_or_some_polls(text, lasts):
    assert read(f"RUNNING {text} > SUCCEEDED").steps == (Step("RUNNING", lasts),)


def test_what_has_no_percentage_shares_what_is_left():
    assert [ending.weight for ending in read("SUCCEEDED | FAILED 40% | KILLED").endings] == [30, 40, 30]


def test_a_reason_may_hold_what_separates_elsewhere():
    assert read("RUNNING 1s > FAILED (a > b | c 5% polls)").endings[0].reason == "a > b | c 5% polls"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        (
            "PENDING 2s > RUNING 5s > SUCCEEDED",
            "step 2, 'RUNING 5s': unknown status 'RUNING': did you mean RUNNING?",
        ),
        ("running 5s > SUCCEEDED", "did you mean RUNNING?"),
        ("XYZZY", "expected one of PENDING, "),
        ("RUNNING > SUCCEEDED", "step 1, 'RUNNING': missing duration"),
        ("RUNNING 5 > SUCCEEDED", "invalid duration '5': expected a value such as 500ms"),
        ("RUNNING 5s..2s > SUCCEEDED", "invalid range '5s..2s': expected the shorter duration first"),
        ("RUNNING 5s.. > SUCCEEDED", "invalid duration '5s..': expected a value such as 500ms"),
        ("SUCCEEDED 5s > RUNNING", "SUCCEEDED is a final status: expected it as the last step"),
        ("RUNNING 5s", "the last step has no duration"),
        ("SUCCEEDED 90% | FAILED 20%", "the percentages add up to 110: expected 100"),
        ("SUCCEEDED 90% | FAILED 5%", "the percentages add up to 95: expected 100"),
        ("RUNNING 5s (why) > SUCCEEDED", "unexpected reason: only the last step can have one"),
        ("", "expected a status and its duration"),
        ("RUNNING 5s >", "step 2, '': invalid step"),
        ("RUNNING 5s > FAILED (why", "expected a status and its duration"),
    ],
)
def test_a_plan_with_a_fault_says_where_and_what_would_be_right(text, hint):
    with pytest.raises(PlanError) as error:
        read(text)
    assert hint in str(error.value)


@given(st.text())
def test_any_text_is_a_plan_or_a_plan_error(text):
    with contextlib.suppress(PlanError):
        assert parse_execution_plan(text).endings


# --- where a course stands


@pytest.mark.parametrize(
    ("after", "status"),
    [
        (-5, "PENDING"),
        (0, "PENDING"),
        (1.99, "PENDING"),
        (2, "RUNNING"),
        (9.9, "RUNNING"),
        (10, "SUCCEEDED"),
        (1e9, "SUCCEEDED"),
    ],
)
def test_a_course_stands_where_its_lengths_say(after, status):
    assert status_at(course("PENDING 2s > RUNNING 8s > SUCCEEDED"), 1000, 1000 + after).status == status


def test_an_end_comes_with_its_reason_and_when_each_status_was_entered():
    standing = status_at(course("PENDING 2s > RUNNING 8s > FAILED (out of biscuits)"), 100, 500)
    assert standing.reason == "out of biscuits"
    assert standing.entered == [("PENDING", 100), ("RUNNING", 102), ("FAILED", 110)]
    assert standing.is_last


@pytest.mark.parametrize(
    ("reads", "status"),
    [(0, "PENDING"), (1, "RUNNING"), (3, "RUNNING"), (4, "TOBEKILLED"), (5, "TOBEKILLED"), (6, "KILLED")],
)
def test_a_step_of_n_polls_is_shown_to_n_reads_even_under_a_clock_that_stands_still(reads, status):
    polled = course("PENDING 0 polls > RUNNING 3 polls > TOBEKILLED 2 polls > KILLED")
    assert status_at(polled, 0, 0, [0.0] * reads).status == status


def test_polls_before_a_step_do_not_count_for_it():
    polled = course("PENDING 10s > RUNNING 1 poll > SUCCEEDED")
    assert status_at(polled, 0, 12, [1, 2, 3, 12]).status == "RUNNING"
    assert status_at(polled, 0, 13, [1, 2, 3, 12, 13]).status == "SUCCEEDED"


lengths = st.one_of(
    st.integers(0, 100_000).map(lambda ms: f"{ms}ms"),
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda pair: f"{min(pair)}s..{max(pair)}s"),
    st.integers(0, 4).map(lambda count: f"{count} polls"),
)
endings = st.lists(st.sampled_from(STATUSES), min_size=1, max_size=4).map(" | ".join)
plans = st.tuples(st.lists(st.tuples(st.sampled_from(UNDER_WAY), lengths).map(" ".join), max_size=5), endings).map(
    lambda parts: " > ".join([*parts[0], parts[1]])
)
moments = st.lists(st.floats(0, 1000), max_size=12).map(sorted)


def progress(standing):
    return len(standing.entered)


@given(plans, st.integers(), moments, moments)
def test_neither_time_nor_polls_move_a_status_backwards(text, seed, polls, times):
    drawn = course(text, seed)
    over_time = [progress(status_at(drawn, 0, now, [p for p in polls if p <= now])) for now in times]
    over_polls = [progress(status_at(drawn, 0, 1000, polls[:count])) for count in range(len(polls) + 1)]
    assert over_time == sorted(over_time)
    assert over_polls == sorted(over_polls)


@given(plans, st.integers(), st.floats(0, 1000), st.floats(0, 1000), moments)
def test_what_has_ended_stays_ended(text, seed, now, later, polls):
    drawn = course(text, seed)
    before = status_at(drawn, 0, now, polls)
    if before.is_last:
        assert status_at(drawn, 0, now + later, [*polls, now + later]) == before


@given(plans, st.integers())
def test_the_same_seed_gives_the_same_course(text, seed):
    assert course(text, seed) == course(text, seed)


@given(plans, st.integers())
def test_what_is_drawn_lies_in_its_range_and_among_the_endings(text, seed):
    plan, drawn = read(text), course(text, seed)
    assert drawn["end"] in [ending.status for ending in plan.endings]
    for step, leg in zip(plan.steps, drawn["legs"], strict=True):
        low, high = step.lasts if isinstance(step.lasts, DurationRange) else (step.lasts.reads, step.lasts.reads)
        assert low <= leg["lasts"] <= high


@given(plans, st.integers(), st.floats(0, 1000))
def test_polls_beyond_those_needed_change_nothing(text, seed, now):
    drawn = course(text, seed)
    needed = [0.0] * count_polls_needed(drawn)
    assert status_at(drawn, 0, now, [*needed, 0.0, 0.0]) == status_at(drawn, 0, now, needed)


def test_endings_come_as_often_as_their_weights_say():
    random, plan = Random(7), read("SUCCEEDED 90% | FAILED 10%")
    failed = sum(draw_schedule(plan, random)["end"] == "FAILED" for _ in range(5000))
    assert 400 < failed < 600


def test_a_range_spreads_evenly_from_one_end_to_the_other():
    plan = read("RUNNING 5s..20s > SUCCEEDED")
    drawn = sorted(draw_schedule(plan, Random(seed))["legs"][0]["lasts"] for seed in range(1000))
    assert 5 <= drawn[0] < 5.2
    assert 19.8 < drawn[-1] <= 20
    quarters = [sum(start <= seconds < start + 3.75 for seconds in drawn) for start in (5, 8.75, 12.5, 16.25)]
    assert all(200 < count < 300 for count in quarters), quarters


def test_an_ending_without_a_percentage_beside_100_percent_never_comes():
    plan = read("SUCCEEDED 100% | FAILED")
    assert {draw_schedule(plan, Random(seed))["end"] for seed in range(1000)} == {"SUCCEEDED"}

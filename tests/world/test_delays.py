"""Delays, as they are written and drawn. The rest of how a rule acts is told through the rules in test_rules.py."""

import contextlib
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.delays import LONGEST, Lognormal, draw_delay, parse_delay
from jobsmock.world.plan import DurationRange


@pytest.mark.parametrize(
    ("text", "delay"),
    [
        ("2s", DurationRange(2, 2)),
        ("0s", DurationRange(0, 0)),
        ("1m30s", DurationRange(90, 90)),
        ("200ms..2s", DurationRange(0.2, 2)),
        (" 1s .. 1m ", DurationRange(1, 60)),
        ("lognormal(100ms, 2s)", Lognormal(0.1, 2)),
        ("lognormal( 1s,1s )", Lognormal(1, 1)),
    ],
)
def test_a_delay_is_fixed_a_range_or_lognormal(text, delay):
    assert parse_delay(text) == delay


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (5, "invalid delay 5: expected a string such as 2s, 200ms..2s or lognormal"),
        ("5", "invalid delay '5': expected a value such as 2s, 200ms..2s or lognormal"),
        ("", "invalid delay ''"),
        ("2s..", "invalid delay '2s..'"),
        ("..2s", "invalid delay '..2s'"),
        ("-2s", "invalid delay '-2s'"),
        ("lognormal(1s)", "invalid delay 'lognormal(1s)'"),
        ("lognormal(1s, 2s, 3s)", "invalid delay"),
        ("2s..1s", "the range ends before it begins; write the shorter length first"),
        ("lognormal(2s, 1s)", "the 99th percentile is below the median"),
        ("lognormal(0s, 1s)", "expected a median above 0"),
        ("1s..2d", "invalid delay '1s..2d': expected at most 1d"),
    ],
)
def test_what_is_no_delay_is_told_with_what_would_be_right(text, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        parse_delay(text)


@given(st.text() | st.text("lognormal(12ms,s. )"))
def test_any_text_is_a_delay_or_a_value_error(text):
    with contextlib.suppress(ValueError):
        assert 0 <= draw_delay(parse_delay(text), Random(1)) <= LONGEST


@given(st.floats(0, LONGEST))
def test_a_fixed_delay_draws_nothing(seconds):
    random = Random(1)
    before = random.getstate()
    assert draw_delay(DurationRange(seconds, seconds), random) == seconds
    assert random.getstate() == before


@given(st.integers(), st.integers(0, 5000), st.integers(0, 5000))
def test_a_delay_drawn_from_a_range_lies_in_it(seed, low, more):
    span = parse_delay(f"{low}ms..{low + more}ms")
    assert span.low <= draw_delay(span, Random(seed)) <= span.high


def test_delays_from_a_range_spread_evenly_from_one_end_to_the_other():
    delay = parse_delay("200ms..2s")
    drawn = sorted(draw_delay(delay, Random(seed)) for seed in range(1000))
    assert 0.2 <= drawn[0] < 0.22
    assert 1.98 < drawn[-1] <= 2
    quarters = [sum(start <= seconds < start + 0.45 for seconds in drawn) for start in (0.2, 0.65, 1.1, 1.55)]
    assert all(200 < count < 300 for count in quarters), quarters


def test_a_lognormal_delay_has_the_median_and_the_99th_percentile_that_it_names():
    random, delay = Random(7), parse_delay("lognormal(100ms, 2s)")
    drawn = sorted(draw_delay(delay, random) for _ in range(10_000))
    assert 0.09 < drawn[5000] < 0.11
    assert 1.7 < drawn[9900] < 2.3


def test_a_lognormal_delay_never_passes_the_longest():
    random, delay = Random(7), parse_delay("lognormal(1ms, 1d)")
    assert max(draw_delay(delay, random) for _ in range(10_000)) == LONGEST

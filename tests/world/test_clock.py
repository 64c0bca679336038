"""Times as the wire writes them, and as samples give them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.clock import format_time, parse_duration, parse_time, resolve_time


@pytest.mark.parametrize(
    ("text", "seconds"), [("500ms", 0.5), ("2s", 2), ("1m30s", 90), ("2h", 7200), ("1d6h", 108000), ("0.5h", 1800)]
)
def test_a_length_is_read_in_seconds(text, seconds):
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "2", "s", "2 s", "-2s", "two", "2s3", "2w"])
def test_what_is_no_length_is_refused(text):
    with pytest.raises(ValueError, match="invalid duration"):
        parse_duration(text)


@given(st.integers(0, 4_000_000_000))
def test_a_stamp_is_read_back_as_the_moment_it_was_made_of(second):
    assert parse_time(format_time(second + 0.999)) == second


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("-2h", 2800),
        ("+1m", 10060),
        ("1970-01-01T00:00:07", 7),
        ("1970-01-01 00:00:07", 7),
        ("1970-01-01 00:00:07.123456", 7),
    ],
)
def test_a_sample_gives_times_absolute_or_relative_to_the_start(text, moment):
    assert resolve_time(text, 10_000) == moment


@pytest.mark.parametrize("text", ["yesterday", "-2", "2h", "2026-13-45T99:00:00", ""])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="invalid time"):
        resolve_time(text, 0)


@pytest.mark.parametrize("read", [parse_duration, lambda text: resolve_time(text, 0)])
@pytest.mark.parametrize("text", ["1s" * 100, "2026-01-31T12:00:00." + "0" * 1000])
def test_what_is_read_is_short_as_it_is_remembered(read, text):
    with pytest.raises(ValueError, match=r"invalid (duration|time)"):
        read(text)

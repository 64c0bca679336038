"""Tokens: nobody can make one up, they end with their time, and reading one is quick."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jobsmock.openstack.identity import tokens
from jobsmock.openstack.identity.tokens import LONGEST, Token
from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.snapshots import dump_world


@pytest.fixture
def world():
    world = make_world("empty")
    world.clock.freeze()
    return world


@pytest.fixture
def token(world):
    now = world.clock.now()
    return Token("ada", ["password"], now, now + 60, ["audit"], project="demo")


def test_what_is_read_is_what_was_written(world, token):
    assert tokens.read_token(world, tokens.sign(world, token)) == token


@pytest.mark.parametrize("text", [None, "", "x", "token", "ü", "gAAAAABn", "a" * LONGEST])
def test_any_other_text_is_no_token(world, text):
    assert tokens.read_token(world, text) is None


@given(place=st.integers(0, 10_000), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_token_with_a_single_bit_changed_is_none(world, token, place, bit):
    raw = bytearray(tokens.sign(world, token), "ascii")
    raw[place % len(raw)] ^= 1 << bit
    assert tokens.read_token(world, raw.decode("latin-1")) is None


@given(st.text() | st.text("-_.Aaz09=", max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_text_that_somebody_makes_up_is_a_token(world, text):
    assert tokens.read_token(world, text) is None


def test_a_token_has_one_spelling_only(world):
    """Its last letter says two bits or four, and base 64 passes over what is none of its letters."""
    for user in ("ada", "adam", "adams"):
        text = tokens.sign(world, Token(user, ["password"], 0, world.clock.now() + 60, ["audit"]))
        letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        others = [*(text[:-1] + letter for letter in letters), text + "=", text + "!", text[:9] + "." + text[9:]]
        assert [other for other in others if tokens.read_token(world, other)] == [text]


def test_another_world_does_not_know_it(world, token):
    assert tokens.read_token(make_world("empty"), tokens.sign(world, token)) is None


def test_worlds_of_a_seed_have_one_key_and_other_seeds_others():
    keys = [make_world("empty", seed=seed).key for seed in (1, 1, 2, None, None)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 4


def test_a_token_ends_when_its_time_is_over(world, token):
    text = tokens.sign(world, token)
    world.clock.advance(59.9)
    assert tokens.read_token(world, text)
    world.clock.advance(0.1)
    assert tokens.read_token(world, text) is None


def test_what_is_revoked_is_remembered_until_it_would_have_ended(world, token):
    other = token._replace(audit=["other"])
    tokens.revoke(world, token)
    assert tokens.read_token(world, tokens.sign(world, token)) is None
    assert tokens.read_token(world, tokens.sign(world, other)) == other
    world.clock.advance(60)
    tokens.revoke(world, other._replace(expires=world.clock.now() + 9))
    assert list(world.revoked) == ["other"]


def test_a_snapshot_keeps_which_tokens_are_good_and_which_are_revoked(world, token):
    other = token._replace(audit=["other"])
    tokens.revoke(world, token)
    again = Sample.from_document(dump_world(world), "snapshot").make_world()
    assert tokens.read_token(again, tokens.sign(world, other)) == other
    assert tokens.read_token(again, tokens.sign(world, token)) is None

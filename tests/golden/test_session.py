"""A seed is a promise: the same requests get the same bytes, in this version as in the one that wrote the file."""

import json

from tests.golden.session import FILE, play


def test_a_session_with_a_seed_gets_the_bytes_that_it_has_always_got():
    for step, (response, golden) in enumerate(zip(play(), json.loads(FILE.read_text()), strict=True), 1):
        assert response == golden, f"step {step}, {golden['request']}"


def test_the_session_shows_what_is_left_to_chance():
    assert {response["status"][:3] for response in play() if response["request"] == "GET /v1.1/shop/jobs"} == {
        "200",
        "503",
    }

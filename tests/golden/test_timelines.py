"""Each profile leads to what its file shows, second by second."""

import json

import pytest

from jobsmock.sahara.profiles import PROFILES
from tests.golden.timelines import CASES, FOLDER, SEED, Timeline, file_of


@pytest.mark.parametrize(("kind", "profile"), CASES)
def test_a_profile_is_seen_as_its_timeline_shows(kind, profile):
    golden = json.loads(file_of(kind, profile).read_text())
    assert (golden["plan"], golden["seed"]) == (PROFILES[kind][profile], SEED), "the plan has changed: write it anew"
    assert Timeline(kind, profile).play() == golden["seen"]


def test_every_timeline_is_of_a_profile():
    assert set(FOLDER.iterdir()) == {file_of(*case) for case in CASES}

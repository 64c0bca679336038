"""What the plan of each profile leads to, second by second."""

import json

import pytest

from tests.golden.timelines import CASES, FOLDER, find_file, make_document


@pytest.mark.parametrize(("subject", "profile"), CASES)
def test_a_client_sees_what_the_timeline_of_the_profile_shows(subject, profile):
    assert make_document(subject, profile) == json.loads(find_file(subject, profile).read_text())


def test_every_timeline_belongs_to_a_profile():
    assert set(FOLDER.iterdir()) == {find_file(*case) for case in CASES}

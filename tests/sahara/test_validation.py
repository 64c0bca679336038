"""Validation of bodies that no recording covers. Its messages are those of the real service."""

import pytest


def list_errors(response):
    """The lines of an error message; none if the request was accepted."""
    return [] if response.status_code == 202 else response.json["error_message"].split("\n")[:-1]


@pytest.mark.parametrize(
    ("mains", "are_unique"), [([1, True], True), ([0, False], True), ([1, 1.0], False), ([{"a": 1}, {"a": 1}], False)]
)
def test_items_are_compared_as_json_values(cloud, mains, are_unique):
    errors = list_errors(cloud.ask("POST", "/jobs", {"name": "j", "type": "Pig", "mains": mains}))
    assert any("non-unique" in error for error in errors) is not are_unique


@pytest.mark.parametrize(
    ("share", "error"),
    [
        ({}, "shares[0]: 'id' is a required property"),
        ({"id": "x"}, "shares[0][id]: 'x' is not a 'uuid'"),
        ({"id": "c1000000-0000-4000-8000-000000000001", "access_level": "zz"}, "'zz' is not one of ['rw', 'ro']"),
    ],
)
def test_a_share_of_a_cluster_is_validated(cloud, share, error):
    path = f"/clusters/{cloud.id_of('clusters', 'playground')}"
    assert error in list_errors(cloud.ask("PATCH", path, {"shares": [share]}))[0]

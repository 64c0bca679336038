"""Warnings about rules that never apply."""

import pytest

from tests.world.rules.rule_documents import FAIL, NOON, rules


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        ({"on": {"times": 0}}, "on.times is 0: this rule never applies"),
        ({"on": {"probability": 0}}, "on.probability is 0: this rule never applies"),
        ({"on": {"from": "+10s", "until": "+5s"}}, "on.until is not after on.from: this rule never applies"),
        ({"on": {"until": "2026-01-31T11:00:00"}}, "on.until is in the past: this rule never applies"),
    ],
)
def test_a_rule_that_can_never_act_is_warned_of(document, warning):
    assert rules().add({"then": FAIL, **document}, NOON)[1] == [warning]
    made = rules({"id": "r", "then": FAIL})
    assert made.replace("r", {"then": FAIL, **document}, NOON) == [warning]


@pytest.mark.parametrize(
    ("earlier", "shadows"),
    [
        ({"then": FAIL}, True),
        ({"then": {"wire": "hang"}}, True),
        ({"when": {"operation": "jobs.*"}, "then": FAIL}, True),
        ({"when": {"method": ["GET", "POST"]}, "then": FAIL}, True),
        ({"then": [FAIL, {"status": 500}], "after": "last"}, True),
        ({"on": {"skip": 0, "every": 1, "probability": 1}, "then": FAIL}, True),
        ({"then": [FAIL, {"status": 500}]}, False),
        ({"then": [FAIL, {"delay": "1s"}], "after": "repeat"}, False),
        ({"then": {"delay": "1s"}}, False),
        ({"on": {"times": 9}, "then": FAIL}, False),
        ({"on": {"skip": 1}, "then": FAIL}, False),
        ({"on": {"every": 2}, "then": FAIL}, False),
        ({"on": {"probability": 0.9}, "then": FAIL}, False),
        ({"on": {"from": "+0s"}, "then": FAIL}, False),
        ({"when": {"operation": "clusters.create"}, "then": FAIL}, False),
        ({"when": {"project": "p"}, "then": FAIL}, False),
    ],
)
def test_a_rule_that_an_earlier_one_shadows_is_warned_of_by_name(earlier, shadows):
    made = rules({"id": "first", **earlier})
    later = {"when": {"operation": "jobs.list", "method": "GET"}, "then": FAIL}
    warning = "the earlier rule 'first' answers every request that this one matches: this rule never applies"
    assert made.add(later, NOON)[1] == ([warning] if shadows else [])


def test_a_rule_that_is_replaced_is_shadowed_only_by_those_before_it():
    made = rules({"id": "a", "when": {"path": "/x"}, "then": FAIL}, {"id": "b", "then": FAIL})
    assert made.replace("a", {"when": {"path": "/y"}, "then": FAIL}, NOON) == []

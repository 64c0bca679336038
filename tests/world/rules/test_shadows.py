"""A rule that is hidden by an earlier one is found as if all were compared, and without comparing all."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.rules.engine import Rules
from jobsmock.world.rules.matcher import Matcher

OPERATIONS = ("jobs.list", "jobs.create", "clusters.create")
texts = st.sampled_from(["a", "b", "ab", "a*", "*", "ab*", "*b"])
values = st.dictionaries(st.sampled_from(["x", "y"]), texts | st.none(), max_size=2)
shapes = st.recursive(
    texts | st.sampled_from([1, 1.0, True, None, 0]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["x", "y"]), inner, max_size=2),
    max_leaves=4,
)
whens = st.fixed_dictionaries(
    {},
    optional={
        "operation": st.sampled_from([*OPERATIONS, "jobs.*", "*.create"]),
        "project": st.sampled_from(["p", "*", "p*"]),
        "method": st.sampled_from(["GET", ["GET", "POST"]]),
        "path": st.sampled_from(["/a", "/a*", "/ab", "*", "/*b", "/a*b"]),
        "query": values,
        "header": values,
        "body": st.dictionaries(st.sampled_from(["x", "y"]), shapes, max_size=2),
    },
)
documents = st.lists(st.tuples(whens, st.booleans()), max_size=8)


def rules():
    return Rules(OPERATIONS, Random(1), lambda *_: None)


def add(made, when, answers=True):
    return made.add({"when": when, "then": {"status": 503} if answers else {"delay": "1s"}}, 0.0)


@given(documents, st.sets(st.integers(0, 7)), whens)
def test_the_first_that_hides_a_rule_is_found_whatever_was_removed(before, removed, when):
    made = rules()
    there = [(add(made, when, answers)[0], Matcher.parse(when, OPERATIONS), answers) for when, answers in before]
    for place in sorted(removed & set(range(len(there))), reverse=True):
        made.remove(there.pop(place)[0])
    new = Matcher.parse(when, OPERATIONS)
    hidden_by = next((id for id, other, answers in there if answers and other.includes(new)), None)
    _, warnings = add(made, when)
    assert [line for line in warnings if "the earlier rule" in line] == (
        [f"the earlier rule {hidden_by!r} answers every request that this one matches: this rule never applies"]
        if hidden_by
        else []
    )


@pytest.mark.parametrize(
    "when",
    [
        lambda number: {"operation": "jobs.list"},
        lambda number: {"path": f"/jobs/{number}"},
        lambda number: {"path": f"/jobs/{number}-*"},
        lambda number: {"operation": "jobs.list", "query": {"name": f"n{number}"}},
        lambda number: {"operation": "jobs.*", "header": {"X-Test": f"n{number}-*"}},
        lambda number: {"operation": "jobs.create", "body": {"type": "Pig", "name": f"n{number}"}},
        lambda number: {"project": f"p{number}"},
        lambda number: {"project": "p", "path": "/jobs*", "query": {f"n{number}": "*"}},
    ],
)
def test_the_2000th_rule_is_compared_with_few(when, monkeypatch):
    made = rules()
    for number in range(1999):
        add(made, when(number))
    compared, includes = [], Matcher.includes
    monkeypatch.setattr(Matcher, "includes", lambda one, other: compared.append(other) or includes(one, other))
    add(made, when(1999))
    assert len(compared) <= 3

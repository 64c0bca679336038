"""Which requests rules apply to, what their effects add up to, and the set of rules."""

import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.api.operations import check_plan
from jobsmock.world.rules.engine import NoSuchRule, Rules
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.rules.outcome import Outcome
from jobsmock.world.validation import RuleError
from tests.world.rules.rule_documents import FAIL, LIST, NOON, OPERATIONS, documents, rules

CREATE = RequestSummary("jobs.create", "p1", "POST", "/jobs", {}, {}, {"type": "Pig"})


def acts(made, times, seen=LIST, now=NOON):
    """For each of so many requests, whether a rule acted."""
    return [bool(made.decide(seen, now).rules) for _ in range(times)]


def test_without_rules_nothing_is_done():
    assert rules().decide(LIST, NOON) == Outcome()


def test_a_rule_acts_on_what_its_when_matches():
    made = rules({"id": "r", "when": {"operation": "jobs.create"}, "then": FAIL})
    assert made.decide(LIST, NOON) == Outcome()
    acted = made.decide(CREATE, NOON)
    assert (acted.status, acted.rules) == (503, ("r",))
    assert acted.decisions == ["r: acted, number 1: status 503"]


def test_a_request_without_an_operation_meets_only_rules_without_one():
    made = rules({"id": "a", "when": {"operation": "*"}, "then": {"delay": "1s"}}, {"id": "b", "then": {"delay": "1s"}})
    assert made.decide(LIST._replace(operation=None), NOON).rules == ("b",)
    assert made.decide(LIST, NOON).rules == ("a", "b")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ({}, "11111111"),
        ({"skip": 2}, "00111111"),
        ({"times": 2}, "11000000"),
        ({"every": 3}, "00100100"),
        ({"skip": 1, "every": 2, "times": 2}, "00101000"),
        ({"times": 0}, "00000000"),
        ({"probability": 0}, "00000000"),
        ({"probability": 1}, "11111111"),
    ],
)
def test_counts_choose_among_the_requests(on, expected):
    made = rules({"on": on, "then": FAIL})
    assert acts(made, 8) == [letter == "1" for letter in expected]


@given(st.integers(0, 5), st.none() | st.integers(0, 5), st.integers(1, 4), st.lists(st.sampled_from([LIST, CREATE])))
def test_counts_are_exact_for_any_sequence(skip, times, every, requests):
    on = {"skip": skip, "every": every} | ({} if times is None else {"times": times})
    made = rules({"id": "r", "when": {"operation": "jobs.list"}, "on": on, "then": FAIL})
    acted = [bool(made.decide(seen, NOON).rules) for seen in requests]
    numbers = [number for number, seen in enumerate(requests) if seen is LIST]
    assert [number for number, did in enumerate(acted) if did] == numbers[skip:][every - 1 :: every][:times]
    assert made.show("r")["state"] == {"matched": len(numbers), "acted": sum(acted), "added": NOON}


@given(st.integers(), st.sampled_from([0, 0.0, 1, 1.0]))
def test_probability_0_and_1_are_exact_and_draw_nothing(seed, probability):
    random = Random(seed)
    before = random.getstate()
    made = Rules(OPERATIONS, random, check_plan)
    made.add({"on": {"probability": probability}, "then": FAIL}, NOON)
    assert acts(made, 50) == [bool(probability)] * 50
    assert random.getstate() == before


def test_a_probability_is_met_about_so_often_and_what_was_drawn_is_told():
    made = rules({"id": "r", "on": {"probability": 0.2}, "then": FAIL})
    told = [made.decide(LIST, NOON) for _ in range(2000)]
    assert 340 < sum(bool(act.rules) for act in told) < 460
    assert all((act.drawn["r"]["probability"] < 0.2) == bool(act.rules) for act in told)


@pytest.mark.parametrize(
    ("on", "open_at"),
    [
        ({"from": "+10s"}, [10, 11, 60, 100]),
        ({"until": "+1m"}, [0, 9, 10, 11]),
        ({"from": "+10s", "until": "+1m"}, [10, 11]),
        ({"from": "2026-01-31T12:00:11"}, [11, 60, 100]),
        ({"from": "-1h", "until": "2026-01-31T12:00:10"}, [0, 9]),
    ],
)
def test_a_window_is_open_from_its_first_moment_until_before_its_last(on, open_at):
    made = rules({"on": on, "then": FAIL})
    moments = [0, 9, 10, 11, 60, 100]
    assert [moment for moment in moments if made.decide(LIST, NOON + moment).rules] == open_at


def test_what_comes_outside_the_window_is_not_counted():
    made = rules({"id": "r", "on": {"from": "+10s", "skip": 1, "times": 1}, "then": FAIL})
    assert acts(made, 3) == [False] * 3
    assert acts(made, 3, now=NOON + 10) == [False, True, False]
    assert made.show("r")["state"]["matched"] == 3


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({}, [500, 501, None, None, None]),
        ({"after": "pass"}, [500, 501, None, None, None]),
        ({"after": "repeat"}, [500, 501, 500, 501, 500]),
        ({"after": "last"}, [500, 501, 501, 501, 501]),
    ],
)
def test_a_list_is_taken_one_by_one_and_after_says_what_follows(after, expected):
    made = rules({"then": [{"status": 500}, {"status": 501}], **after})
    assert [made.decide(LIST, NOON).status for _ in range(5)] == expected


def test_a_list_moves_on_only_where_the_rule_acts():
    made = rules({"on": {"every": 2}, "then": [{"status": 500}, {"status": 501}]})
    assert [made.decide(LIST, NOON).status for _ in range(4)] == [None, 500, None, 501]


def test_effects_add_up_until_a_rule_answers():
    made = rules(
        {"id": "a", "then": {"delay": "1s", "plan": "instant", "headers": {"x-a": "1", "X-B": "1"}}},
        {"id": "b", "then": {"delay": "500ms", "plan": "stuck", "headers": {"x-b": "2"}}},
        {"id": "c", "then": {"delay": "2s", "status": 503, "error": {"name": "N"}}, "commit": True},
        {"id": "d", "then": {"delay": "9s", "status": 500}},
    )
    act = made.decide(LIST, NOON)
    assert (act.delay, act.plan, act.headers) == (3.5, "instant", {"x-a": "1", "x-b": "2"})
    assert (act.status, act.error, act.commit, act.rules) == (503, {"name": "N"}, True, ("a", "b", "c"))
    assert act.drawn == {"a": {"delay": 1.0}, "b": {"delay": 0.5}, "c": {"delay": 2.0}}
    assert made.show("d")["state"]["matched"] == 0


@pytest.mark.parametrize("then", [FAIL, {"error": {"message": "m"}}, {"body": None}, {"wire": "reset"}])
def test_status_error_body_and_wire_end_the_looking(then):
    made = rules({"id": "a", "then": then}, {"id": "b", "then": FAIL})
    assert made.decide(LIST, NOON).rules == ("a",)


def test_a_body_that_is_null_is_told_from_none():
    assert rules({"then": {"body": None}}).decide(LIST, NOON).has_body
    assert not rules({"then": FAIL}).decide(LIST, NOON).has_body


@pytest.mark.parametrize(
    ("documents", "commit"),
    [
        ([{"then": FAIL}], False),
        ([{"then": FAIL, "commit": True}], True),
        ([{"then": {"delay": "1s"}, "commit": True}], True),
        ([{"then": {"delay": "1s"}, "commit": True}, {"then": FAIL}], False),
    ],
)
def test_the_rule_that_answers_says_whether_the_work_is_done(documents, commit):
    assert rules(*documents).decide(LIST, NOON).commit is commit


def test_what_an_act_holds_can_be_changed_without_harm():
    made = rules({"then": {"body": {"a": [1]}, "headers": {"x": "1"}, "error": {"name": "N"}}})
    act = made.decide(LIST, NOON)
    act.body["a"].append(2)
    act.headers.clear()
    act.error.clear()
    again = made.decide(LIST, NOON)
    assert (again.body, again.headers, again.error) == ({"a": [1]}, {"x": "1"}, {"name": "N"})


@pytest.mark.parametrize(
    ("document", "line"),
    [
        ({"when": {"path": "/x", "method": "PUT"}}, "r: method is GET, not PUT; path is '/jobs', not '/x'"),
        ({"on": {"from": "+10s"}}, "r: its window opens in 10s"),
        ({"on": {"from": "-10s", "until": "-5s"}}, "r: its window closed 5s ago"),
        ({"on": {"skip": 2}}, "r: the first 2 are skipped, and this is number 1"),
        ({"on": {"every": 3}}, "r: only one in 3 counts, and this is number 1"),
        ({"on": {"probability": 0}}, "r: by chance: 0.000 is not below its probability of 0"),
        ({"on": {"times": 0}}, "r: its 0 times are over"),
        ({"then": [FAIL], "state": {"acted": 1}}, "r: the 1 of its list are used up"),
    ],
)
def test_a_rule_that_was_looked_at_and_did_nothing_says_why(document, line):
    assert rules({"id": "r", "then": FAIL, **document}).decide(LIST, NOON).decisions == [line]


@pytest.mark.parametrize(
    ("document", "may_wait"),
    [
        ({"then": {"delay": "1s"}}, True),
        ({"then": [FAIL, {"wire": "hang"}]}, True),
        ({"then": {"wire": "reset"}}, False),
        ({"then": FAIL}, False),
    ],
)
def test_rules_may_wait_while_one_has_a_delay_or_hangs(document, may_wait):
    made = rules({"id": "r", **document})
    assert made.may_wait is may_wait
    made.remove("r")
    assert not made.may_wait


def test_a_rule_without_an_id_gets_the_next_number():
    made = rules({"then": FAIL}, {"id": "rule-7", "then": FAIL})
    assert made.add({"when": {"path": "/x"}, "then": FAIL}, NOON)[0] == "rule-8"
    assert [rule["id"] for rule in made.dump()] == ["rule-1", "rule-7", "rule-8"]


def test_a_document_comes_back_as_given_and_is_no_part_of_the_rule():
    given = {"when": {"body": {"type": "Pig"}}, "then": [FAIL], "after": "last"}
    made = rules(given)
    expected = {**given, "id": "rule-1", "state": {"matched": 0, "acted": 0, "added": NOON}}
    assert made.dump() == [expected]
    made.show("rule-1")["when"]["body"].clear()
    given["then"].clear()
    assert made.show("rule-1") == {**expected, "then": [FAIL]}


def test_a_replaced_rule_keeps_its_place_and_begins_anew():
    made = rules({"id": "a", "then": {"delay": "1s"}}, {"id": "b", "then": {"delay": "1s"}})
    made.decide(LIST, NOON)
    assert made.replace("a", {"on": {"from": "+5s"}, "then": FAIL}, NOON + 60) == []
    assert [rule["id"] for rule in made.dump()] == ["a", "b"]
    assert made.show("a")["state"] == {"matched": 0, "acted": 0, "added": NOON + 60}
    assert made.decide(LIST, NOON + 65).rules == ("a",)


def test_a_rule_can_be_replaced_by_its_own_document_and_goes_on():
    made = rules({"id": "a", "on": {"times": 2}, "then": FAIL})
    made.decide(LIST, NOON)
    made.replace("a", made.show("a"), NOON + 60)
    assert acts(made, 3) == [True, False, False]


def test_a_rule_is_not_replaced_by_one_of_another_id():
    made = rules({"id": "a", "then": FAIL})
    with pytest.raises(RuleError, match="id: invalid id 'b'"):
        made.replace("a", {"id": "b", "then": FAIL}, NOON)


def test_what_is_removed_or_cleared_acts_no_more():
    made = rules({"id": "a", "then": FAIL}, {"id": "b", "then": FAIL})
    made.remove("a")
    assert made.decide(LIST, NOON).rules == ("b",)
    made.clear()
    assert made.decide(LIST, NOON) == Outcome()
    assert made.dump() == []


@pytest.mark.parametrize(
    "ask", [lambda made: made.show("flky"), lambda made: made.remove("flky"), lambda made: made.replace("flky", {}, 0)]
)
def test_an_unknown_rule_is_told_with_the_nearest_name(ask):
    with pytest.raises(NoSuchRule, match=r"unknown rule 'flky': did you mean flaky\?"):
        ask(rules({"id": "flaky", "then": FAIL}))


def test_rules_of_other_operations_are_not_looked_at():
    made = rules(*({"when": {"operation": "jobs.create"}, "then": {"delay": "1s"}} for _ in range(50)))
    assert made.decide(LIST, NOON).decisions == []
    assert len(made.decide(CREATE, NOON).decisions) == 50


steps = st.lists(st.tuples(st.sampled_from([LIST, CREATE]), st.integers(0, 25)), max_size=12)


def course(made, requests):
    return [made.decide(seen, NOON + after) for seen, after in requests]


@given(st.lists(documents, max_size=4), steps, steps, st.integers())
def test_restored_rules_go_on_exactly_as_the_others_would(given_rules, before, after, seed):
    random = Random(seed)
    made = Rules(OPERATIONS, random, check_plan)
    made.restore(given_rules, NOON)
    course(made, before)
    again = Random()
    again.setstate(random.getstate())
    restored = Rules(OPERATIONS, again, check_plan)
    restored.restore(json.loads(json.dumps(made.dump())))
    assert restored.dump() == made.dump()
    assert restored.may_wait is made.may_wait
    assert course(restored, after) == course(made, after)
    assert restored.dump() == made.dump()


@given(st.lists(documents, max_size=4), steps, st.integers())
def test_the_same_seed_gives_the_same_acts(given_rules, requests, seed):
    assert course(rules(*given_rules, seed=seed), requests) == course(rules(*given_rules, seed=seed), requests)


def test_restoring_is_all_or_nothing_and_a_fault_says_which_rule():
    made = rules({"id": "a", "then": FAIL})
    with pytest.raises(RuleError, match=r"rule 2: then\.status: invalid status 1"):
        made.restore([{"id": "b", "then": FAIL}, {"then": {"status": 1}}], NOON)
    assert [rule["id"] for rule in made.dump()] == ["a"]


def test_restoring_rules_without_a_state_adds_them():
    made = rules({"id": "old", "then": FAIL})
    made.restore([{"then": FAIL}, {"then": FAIL}], NOON)
    assert made.list_warnings(NOON) == [
        "rule-2: the earlier rule 'rule-1' answers every request that this one matches: this rule never applies"
    ]
    assert [rule["state"]["added"] for rule in made.dump()] == [NOON, NOON]

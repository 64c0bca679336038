"""Rules: their grammar and its faults, which requests they act on, what that adds up to, and that it can be kept."""

import contextlib
import json
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.api.operations import check_plan
from jobsmock.world.clock import parse_time
from jobsmock.world.rules.effect import Outcome
from jobsmock.world.rules.engine import NoSuchRule, Rules
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.validation import RuleError

OPERATIONS = ("jobs.list", "jobs.create", "jobs.show", "clusters.create")
LIST = RequestSummary("jobs.list", "p1", "GET", "/jobs", {}, {}, None)
CREATE = RequestSummary("jobs.create", "p1", "POST", "/jobs", {}, {}, {"type": "Pig"})
NOON = parse_time("2026-01-31T12:00:00")
FAIL = {"status": 503}


def rules(*documents, seed=1, now=NOON):
    made = Rules(OPERATIONS, Random(seed), check_plan)
    for document in documents:
        made.add(document, now)
    return made


def acts(made, times, seen=LIST, now=NOON):
    """For each of so many requests, whether a rule acted."""
    return [bool(made.decide(seen, now).acted) for _ in range(times)]


# --- which requests


def test_without_rules_nothing_is_done():
    assert rules().decide(LIST, NOON) == Outcome()


def test_a_rule_acts_on_what_its_when_matches():
    made = rules({"id": "r", "when": {"operation": "jobs.create"}, "then": FAIL})
    assert made.decide(LIST, NOON) == Outcome()
    acted = made.decide(CREATE, NOON)
    assert (acted.status, acted.acted) == (503, ("r",))
    assert acted.looked_at == ["r: acted, number 1: status 503"]


def test_a_request_without_an_operation_meets_only_rules_without_one():
    made = rules({"id": "a", "when": {"operation": "*"}, "then": {"delay": "1s"}}, {"id": "b", "then": {"delay": "1s"}})
    assert made.decide(LIST._replace(operation=None), NOON).acted == ("b",)
    assert made.decide(LIST, NOON).acted == ("a", "b")


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
    acted = [bool(made.decide(seen, NOON).acted) for seen in requests]
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
    assert 340 < sum(bool(act.acted) for act in told) < 460
    assert all((act.drawn["r"]["probability"] < 0.2) == bool(act.acted) for act in told)


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
    assert [moment for moment in moments if made.decide(LIST, NOON + moment).acted] == open_at


def test_what_comes_outside_the_window_is_not_counted():
    made = rules({"id": "r", "on": {"from": "+10s", "skip": 1, "times": 1}, "then": FAIL})
    assert acts(made, 3) == [False] * 3
    assert acts(made, 3, now=NOON + 10) == [False, True, False]
    assert made.show("r")["state"]["matched"] == 3


# --- lists


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


# --- what it adds up to


def test_effects_add_up_until_a_rule_answers():
    made = rules(
        {"id": "a", "then": {"delay": "1s", "plan": "instant", "headers": {"x-a": "1", "X-B": "1"}}},
        {"id": "b", "then": {"delay": "500ms", "plan": "stuck", "headers": {"x-b": "2"}}},
        {"id": "c", "then": {"delay": "2s", "status": 503, "error": {"name": "N"}}, "commit": True},
        {"id": "d", "then": {"delay": "9s", "status": 500}},
    )
    act = made.decide(LIST, NOON)
    assert (act.delay, act.plan, act.headers) == (3.5, "instant", {"x-a": "1", "x-b": "2"})
    assert (act.status, act.error, act.commit, act.acted) == (503, {"name": "N"}, True, ("a", "b", "c"))
    assert act.drawn == {"a": {"delay": 1.0}, "b": {"delay": 0.5}, "c": {"delay": 2.0}}
    assert made.show("d")["state"]["matched"] == 0


@pytest.mark.parametrize("then", [FAIL, {"error": {"message": "m"}}, {"body": None}, {"wire": "reset"}])
def test_status_error_body_and_wire_end_the_looking(then):
    made = rules({"id": "a", "then": then}, {"id": "b", "then": FAIL})
    assert made.decide(LIST, NOON).acted == ("a",)


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
    assert rules({"id": "r", "then": FAIL, **document}).decide(LIST, NOON).looked_at == [line]


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


# --- grammar and faults


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (7, "rule: invalid value 7: expected an object"),
        ({}, "then: missing: expected an effect"),
        ({"thne": FAIL}, "thne: unknown key: did you mean then?"),
        ({"id": "a b", "then": FAIL}, "id: invalid id 'a b': expected at most 64 letters, digits"),
        ({"id": 7, "then": FAIL}, "id: invalid id 7"),
        ({"id": "taken", "then": FAIL}, "id: a rule 'taken' exists already"),
        ({"when": None, "then": FAIL}, "when: invalid value None: expected an object"),
        ({"when": {"operation": "jobs.lst"}, "then": FAIL}, "did you mean jobs.list?"),
        ({"on": {"time": 1}, "then": FAIL}, "on.time: unknown key: did you mean times?"),
        ({"on": {"times": -1}, "then": FAIL}, "on.times: invalid count -1: expected a whole number of at least 0"),
        ({"on": {"skip": True}, "then": FAIL}, "on.skip: invalid count True"),
        ({"on": {"every": 0}, "then": FAIL}, "on.every: invalid count 0: expected a whole number of at least 1"),
        (
            {"on": {"probability": 20}, "then": FAIL},
            "on.probability: invalid probability 20: expected a number from 0 to 1",
        ),
        ({"on": {"probability": "1"}, "then": FAIL}, "on.probability: invalid probability '1'"),
        ({"on": {"from": "10s"}, "then": FAIL}, "on.from: invalid time '10s': expected +10s or 2026-01-31T12:00:00"),
        ({"on": {"until": 5}, "then": FAIL}, "on.until: invalid value 5: expected a string"),
        ({"then": []}, "then: empty list"),
        ({"then": "503"}, "then: invalid value '503': expected an object"),
        ({"then": [FAIL, {"staus": 1}]}, "then[1].staus: unknown key: did you mean status?"),
        ({"then": {"status": 600}}, "then.status: invalid status 600: expected a whole number from 200 to 599"),
        ({"then": {"status": "503"}}, "then.status: invalid status '503'"),
        ({"then": {"error": {"nam": "x"}}}, "then.error.nam: unknown key: did you mean name?"),
        ({"then": {"error": {}}}, "then.error: empty error: expected a name, a message or both"),
        ({"then": {"headers": {"a b": "x"}}}, "then.headers: invalid header name 'a b'"),
        ({"then": {"headers": {"a": "x\r\ny: z"}}}, "then.headers.a: invalid header value 'x\\r\\ny: z'"),
        ({"then": {"headers": {"Location": "http://[::1"}}}, "then.headers.Location: invalid URL 'http://[::1'"),
        ({"then": {"headers": {"location": "http://h:p/"}}}, "then.headers.location: invalid URL 'http://h:p/'"),
        ({"then": {"headers": {"Retry-After": 5}}}, "then.headers.Retry-After: invalid header value 5"),
        ({"then": {"wire": "rest"}}, "then.wire: unknown value 'rest': did you mean reset?"),
        ({"then": {"wire": []}}, "then.wire: unknown value []"),
        ({"then": {"plan": "RUNING 1s > SUCCEEDED"}}, "then.plan: step 1, 'RUNING 1s': unknown status 'RUNING'"),
        ({"then": {"delay": 5}}, "then.delay: invalid delay 5: expected a string such as 2s"),
        (
            {"then": {"delay": "5"}},
            "then.delay: invalid delay '5': expected a value such as 2s, 200ms..2s or lognormal(100ms, 2s)",
        ),
        ({"then": {"delay": "2s.."}}, "then.delay: invalid delay '2s..'"),
        ({"then": {"delay": "2s..1s"}}, "then.delay: '2s..1s': the range ends before it begins"),
        ({"then": {"delay": "2d"}}, "then.delay: invalid delay '2d': expected at most 1d"),
        ({"then": {"delay": "lognormal(1s)"}}, "then.delay: invalid delay 'lognormal(1s)'"),
        ({"then": {"delay": "lognormal(2s, 1s)"}}, "the 99th percentile is below the median"),
        ({"then": {"delay": "lognormal(0s, 1s)"}}, "expected a median above 0"),
        ({"then": FAIL, "commit": "no"}, "commit: invalid value 'no': expected true or false"),
        ({"then": FAIL, "after": "last"}, "after: unexpected without a list"),
        ({"then": [FAIL], "after": "loop"}, "after: unknown value 'loop': expected one of pass, repeat, last"),
        ({"then": FAIL, "state": {"acted": 1.5}}, "state.acted: invalid count 1.5"),
        (
            {"then": FAIL, "state": {"added": "now"}},
            "state.added: invalid time 'now': expected seconds since the epoch",
        ),
    ],
)
def test_a_fault_names_the_key_and_what_would_be_right(document, message):
    made = rules({"id": "taken", "then": FAIL})
    with pytest.raises(RuleError) as error:
        made.add(document, NOON)
    assert message in str(error.value)
    assert [rule["id"] for rule in made.dump()] == ["taken"]


def test_a_document_nested_too_deep_is_refused():
    deep = []
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(RuleError, match="nested too deeply: expected at most 50"):
        rules({"then": {"body": deep}})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def objects_of(*keys):
    return st.dictionaries(st.sampled_from(keys), json_values) | json_values


@given(
    st.fixed_dictionaries(
        {"then": objects_of("delay", "status", "error", "headers", "body", "wire", "plan")},
        optional={
            "on": objects_of("skip", "times", "every", "probability", "from", "until"),
            "id": json_values,
            "when": json_values,
            "after": json_values,
            "commit": json_values,
            "state": objects_of("matched", "acted", "added"),
        },
    )
)
def test_any_document_is_a_rule_or_a_rule_error(document):
    with contextlib.suppress(RuleError):
        rules(document).decide(LIST, NOON)


# --- the set of rules


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
    assert made.decide(LIST, NOON + 65).acted == ("a",)


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
    assert made.decide(LIST, NOON).acted == ("b",)
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
    assert made.decide(LIST, NOON).looked_at == []
    assert len(made.decide(CREATE, NOON).looked_at) == 50


# --- warnings


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


# --- keeping and restoring

counts = st.fixed_dictionaries(
    {},
    optional={
        "skip": st.integers(0, 3),
        "times": st.integers(0, 4),
        "every": st.integers(1, 3),
        "probability": st.sampled_from([0, 0.5, 1]),
        "from": st.sampled_from(["-5s", "+3s"]),
        "until": st.sampled_from(["+8s", "+20s"]),
    },
)
effects = st.sampled_from([{}, FAIL, {"delay": "1s..2s"}, {"delay": "lognormal(1s, 2s)"}, {"plan": "stuck"}])
documents = st.fixed_dictionaries(
    {"then": effects | st.lists(effects, min_size=1, max_size=3)},
    optional={"when": st.sampled_from([{"operation": "jobs.*"}, {"method": "POST"}]), "on": counts},
)
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

"""What a rule may say, and how an invalid one is refused."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.validation import RuleError
from tests.world.rules.rule_documents import FAIL, LIST, NOON, rules


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

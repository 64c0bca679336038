"""Which requests a `when` means, what it says of those it does not, and when one includes another."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.rules.matcher import Matcher, Pattern, RequestSummary
from jobsmock.world.validation import RuleError

OPERATIONS = ("jobs.list", "jobs.create", "jobs.execute", "job-executions.list", "clusters.create")
CREATE = RequestSummary(
    operation="jobs.create",
    project="p1",
    method="POST",
    path="/jobs",
    headers={"x-client": "horizon/1"},
    query={"tag": ["a", "b"]},
    body={"type": "Pig", "mains": ["m1", "m2"], "interface": [{"name": "x", "required": True}], "n": 1, "of": None},
)


def when(**document):
    return Matcher.parse(document, OPERATIONS)


# --- what matches, and what differs


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"operation": "jobs.create"},
        {"operation": "jobs.*"},
        {"operation": "*.create"},
        {"project": "p1"},
        {"method": "post"},
        {"method": ["GET", "POST"]},
        {"path": "/jobs"},
        {"path": "/jobs*"},
        {"path": "*"},
        {"header": {"X-Client": "horizon/1"}},
        {"header": {"x-client": "horizon/*", "x-other": None}},
        {"query": {"tag": "b"}},
        {"query": {"tag": "*", "limit": None}},
        {"body": {}},
        {"body": {"type": "Pig"}},
        {"body": {"type": "P*", "mains": ["m1", "m*"]}},
        {"body": {"interface": [{"name": "x"}]}},
        {"body": {"n": 1.0, "of": None}},
    ],
)
def test_a_request_matches_what_it_holds(document):
    assert when(**document).matches(CREATE)
    assert when(**document).list_differences(CREATE) == []


@pytest.mark.parametrize(
    ("document", "difference"),
    [
        ({"operation": "jobs.list"}, "operation is jobs.create, not jobs.list"),
        ({"operation": "clusters.*"}, "operation is jobs.create, not clusters.*"),
        ({"project": "p*"}, "project is 'p1', not 'p*'"),
        ({"method": ["put", "GET"]}, "method is POST, not GET or PUT"),
        ({"path": "/jobs/*"}, "path is '/jobs', not '/jobs/*'"),
        ({"path": "/job"}, "path is '/jobs', not '/job'"),
        ({"header": {"X-Tenant": "t"}}, "header x-tenant is missing"),
        ({"header": {"X-Client": "cli*"}}, "header x-client is 'horizon/1', not 'cli*'"),
        ({"header": {"X-Client": None}}, "header x-client is 'horizon/1', not absent"),
        ({"query": {"tag": "c"}}, "query tag is 'a' and 'b', not 'c'"),
        ({"query": {"limit": "1"}}, "query limit is missing"),
        ({"query": {"tag": None}}, "query tag is 'a', not absent"),
        ({"body": {"type": "Hive"}}, "body.type is 'Pig', not 'Hive'"),
        ({"body": {"name": "x"}}, "body.name is missing"),
        ({"body": {"mains": ["m1", "x"]}}, "body.mains[1] is 'm2', not 'x'"),
        ({"body": {"mains": ["m1"]}}, "body.mains is ['m1', 'm2'], not a list of 1"),
        ({"body": {"type": {"a": 1}}}, "body.type is 'Pig', not an object"),
        ({"body": {"interface": [{"required": 1}]}}, "body.interface[0].required is True, not 1"),
        ({"body": {"n": True}}, "body.n is 1, not True"),
        ({"body": {"n": "1"}}, "body.n is 1, not '1'"),
        ({"body": {"of": "*"}}, "body.of is None, not '*'"),
    ],
)
def test_a_difference_is_told_in_one_line(document, difference):
    assert when(**document).list_differences(CREATE) == [difference]
    assert not when(**document).matches(CREATE)


def test_all_differences_are_told():
    wanted = when(operation="jobs.list", method="GET", body={"type": "Hive", "name": "x"})
    assert wanted.list_differences(CREATE) == [
        "operation is jobs.create, not jobs.list",
        "method is POST, not GET",
        "body.type is 'Pig', not 'Hive'",
        "body.name is missing",
    ]


def test_a_request_without_a_body_or_an_operation_is_told_of_too():
    bare = CREATE._replace(operation=None, body=None)
    assert when(operation="*", body={}).list_differences(bare) == [
        "operation is none, not *",
        "body is None, not an object",
    ]


def test_a_long_value_is_told_shortened():
    (line,) = when(body={"type": "x"}).list_differences(CREATE._replace(body={"type": "line\n" * 10_000}))
    assert len(line) < 200
    assert "\n" not in line


def test_only_the_star_stands_for_anything():
    assert Pattern("a?[b]*").matches("a?[b]c")
    assert not Pattern("a?[b]*").matches("axbc")
    assert Pattern("a*").matches("a\nb")


def test_a_pattern_of_many_stars_is_quick():
    assert not Pattern("*a" * 30 + "*b").matches("a" * 5000)


def test_a_when_keeps_its_document_as_given():
    document = {"operation": "jobs.*", "header": {"X-Client": "*"}}
    assert Matcher.parse(document, OPERATIONS).document == document


# --- faults


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([], "when: invalid value []: expected an object"),
        ({"operatoin": "x"}, "when.operatoin: unknown key: did you mean operation?"),
        ({"zzz": 1}, "when.zzz: unknown key: expected one of operation, project, "),
        ({"operation": "jobs.craete"}, "unknown operation 'jobs.craete': did you mean jobs.create?"),
        ({"operation": "job.*"}, "when.operation: unknown operation 'job.*': did you mean jobs.*?"),
        ({"operation": 7}, "when.operation: invalid value 7: expected a string"),
        ({"project": ""}, "when.project: invalid value '': expected a string"),
        ({"method": "PSOT"}, "when.method: unknown method 'PSOT': did you mean POST?"),
        ({"method": []}, "when.method: empty list: expected one of GET, "),
        ({"method": [None]}, "when.method: invalid value None: expected a string"),
        (
            {"path": "jobs"},
            "when.path: invalid path 'jobs': expected /jobs, /jobs* or the like",
        ),
        ({"path": "/jobs?limit=1"}, "when.path: unexpected query in '/jobs?limit=1'"),
        ({"header": ["x"]}, "when.header: invalid value ['x']: expected an object"),
        (
            {"header": {"x": 1}},
            "when.header.x: invalid value 1: expected a string, or null if it must be absent",
        ),
        ({"query": {"limit": 1}}, "when.query.limit: invalid value 1"),
        ({"body": "Pig"}, "when.body: invalid value 'Pig': expected an object"),
    ],
)
def test_a_fault_names_the_key_and_what_would_be_right(document, message):
    with pytest.raises(RuleError) as error:
        Matcher.parse(document, OPERATIONS)
    assert message in str(error.value)


def test_a_body_nested_too_deep_is_refused():
    deep = {}
    for _ in range(5000):
        deep = {"a": deep}
    with pytest.raises(RuleError, match="nested too deeply: expected at most 50"):
        when(body=deep)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
keys = st.sampled_from(["operation", "project", "method", "path", "header", "query", "body", "other"])


@given(st.dictionaries(keys, json_values) | json_values)
def test_any_document_is_a_when_or_a_rule_error(document):
    with contextlib.suppress(RuleError):
        Matcher.parse(document, OPERATIONS).list_differences(CREATE)


# --- properties

texts = st.text("ab", max_size=3)
patterns = st.text("ab*", max_size=4)
scalars = st.sampled_from([None, True, False, 0, 1, 1.0])


def bodies(strings):
    return st.dictionaries(
        st.sampled_from("xyz"),
        st.recursive(scalars | strings, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner)),
        max_size=3,
    )


whens = st.fixed_dictionaries(
    {},
    optional={
        "operation": st.sampled_from(["*", "jobs.*", "*.create", "*.list", *OPERATIONS]),
        "project": st.sampled_from("pq"),
        "method": st.sampled_from(["get", "POST", ["GET", "post"]]),
        "path": patterns.map("/{}".format) | st.just("*"),
        "header": st.dictionaries(st.sampled_from("XyZ"), st.none() | patterns, max_size=2),
        "query": st.dictionaries(st.sampled_from("xyz"), st.none() | patterns, max_size=2),
        "body": bodies(patterns),
    },
)
requests = st.builds(
    RequestSummary,
    operation=st.sampled_from([None, *OPERATIONS]),
    project=st.sampled_from("pq"),
    method=st.sampled_from(["GET", "POST"]),
    path=texts.map("/{}".format),
    headers=st.dictionaries(st.sampled_from("xyz"), texts, max_size=2),
    query=st.dictionaries(st.sampled_from("xyz"), st.lists(texts, max_size=2), max_size=2),
    body=st.none() | bodies(texts),
)


def filled(value, stars):
    """A value that a pattern matches: each `*` in it replaced."""
    if isinstance(value, dict):
        return {name: filled(inner, stars) for name, inner in value.items()}
    if isinstance(value, list):
        return [filled(inner, stars) for inner in value]
    return value.replace("*", stars) if isinstance(value, str) else value


def one_that_matches(document, stars):
    methods, header, query = (document.get(key, {}) for key in ("method", "header", "query"))
    meant = Matcher.parse(document, OPERATIONS).operations or {"jobs.list"}
    return RequestSummary(
        operation=min(meant),
        project=document.get("project", "p"),
        method=(methods[0] if isinstance(methods, list) else methods or "GET").upper(),
        path=filled(document.get("path", "/"), stars),
        headers={name.lower(): filled(value, stars) for name, value in header.items() if value is not None},
        query={name: ["other", filled(value, stars)] for name, value in query.items() if value is not None},
        body={**filled(document.get("body", {}), stars), "more": 1},
    )


@given(whens, requests)
def test_there_are_differences_unless_it_matches(document, seen):
    parsed = Matcher.parse(document, OPERATIONS)
    assert parsed.matches(seen) is (parsed.list_differences(seen) == [])
    assert not [line for line in parsed.list_differences(seen) if "\n" in line]


@given(whens, texts)
def test_a_request_made_to_measure_matches(document, stars):
    assert Matcher.parse(document, OPERATIONS).list_differences(one_that_matches(document, stars)) == []


@given(whens, whens, texts, st.booleans())
def test_what_includes_another_matches_whatever_that_matches(one, more, stars, related):
    wide, narrow = when(**one), when(**({**more, **one} if related else more))
    seen = one_that_matches(narrow.document, stars)
    if wide.includes(narrow):
        assert wide.matches(seen)


@given(patterns, patterns, st.lists(texts, min_size=4, max_size=4))
def test_what_a_pattern_includes_it_matches(one, other, fillings):
    text = other
    for filling in fillings:
        text = text.replace("*", filling, 1)
    assert Pattern(other).matches(text)
    if Pattern(one).includes(Pattern(other)):
        assert Pattern(one).matches(text)


@given(whens)
def test_a_when_includes_itself_and_an_empty_one_includes_all(document):
    assert when(**document).includes(when(**document))
    assert when().includes(when(**document))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ({"operation": "jobs.*"}, {"operation": "jobs.list", "project": "p"}),
        ({"method": ["GET", "POST"]}, {"method": "get"}),
        ({"path": "/jobs*"}, {"path": "/jobs/*/execute"}),
        ({"header": {"X": "a*"}}, {"header": {"x": "ab", "y": None}}),
        ({"header": {"X": None}}, {"header": {"x": None}}),
        ({"body": {"a": "*"}}, {"body": {"a": "b", "c": 1}}),
        ({"body": {"a": [{"b": 1}]}}, {"body": {"a": [{"b": 1, "c": 2}]}}),
    ],
)
def test_the_wider_includes_the_narrower_and_not_the_other_way(wide, narrow):
    assert when(**wide).includes(when(**narrow))
    assert wide == {"header": {"X": None}} or not when(**narrow).includes(when(**wide))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"path": "/jobs"}, {}),
        ({"body": {}}, {"method": "POST"}),
        ({"header": {"x": "a"}}, {"header": {"x": None}}),
        ({"header": {"x": None}}, {}),
        ({"body": {"a": True}}, {"body": {"a": 1}}),
        ({"body": {"a": ["*"]}}, {"body": {"a": []}}),
    ],
)
def test_what_differs_is_not_included(one, other):
    assert not when(**one).includes(when(**other))


def test_a_text_with_a_star_is_short_as_it_is_remembered():
    assert Matcher.parse({"body": {"name": "x" * 100_000}}, ("jobs.list",))
    with pytest.raises(RuleError, match="expected at most 1000 characters"):
        Matcher.parse({"query": {"name": "x*" * 1000}}, ("jobs.list",))

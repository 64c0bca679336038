"""The journal: how much it keeps, what it hides, how it counts, and when it refuses to say."""

import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.journal import (
    BODY_BOUND,
    Entry,
    Journal,
    explain_entry,
    render_entry,
    verify_requests,
)
from jobsmock.world.rules.matcher import Matcher, RequestSummary

OPERATIONS = ("jobs.create", "jobs.list", "jobs.show")


def entry(id="req-1", operation="jobs.list", method="GET", path="/jobs", headers=None, query=None, body=b"", **more):
    try:
        parsed = orjson.loads(body) if body else None
    except orjson.JSONDecodeError:
        parsed = None
    given = {
        "status": 200,
        "duration": 0.25,
        "response_body": b"{}",
        "moment": 1_800_000_000.5,
        **more,
    }
    path, _, query_string = given.pop("url", f"/v1.1/p{path}").partition("?")
    given |= {"path": path, "query": query_string}
    seen = RequestSummary(operation, "p", method, path.removeprefix("/v1.1/p"), headers or {}, query or {}, parsed)
    return Entry(id=id, request=seen, body=body, **given)


def journal(*entries, capacity=1000):
    made = Journal(capacity)
    for one in entries:
        made.add(one)
    return made


def when(**given):
    return Matcher.parse(given, OPERATIONS)


def numbers(entries):
    return [one.number for one in entries]


def created(**body):
    return entry(operation="jobs.create", method="POST", body=orjson.dumps(body))


# --- keeping


@pytest.mark.parametrize(
    "large",
    [
        {"response_body": b"x" * BODY_BOUND},
        {"body": orjson.dumps([[]] * 20_000)},  # which takes twenty times as much once it is parsed
        {"url": "/v1.1/p/jobs?" + "&".join(["a=b"] * 20_000)},
        {"decisions": ["rule: its window is over"] * 10_000},
        {"head_size": 250_000},
    ],
)
def test_entries_that_are_large_leave_room_for_fewer_but_the_newest_is_kept(large):
    held = journal(*(entry(f"req-{number}", **large) for number in range(200)), capacity=100)
    assert 1 <= len(held) < 100
    assert held.dropped == 200 - len(held)
    assert held.list_entries()[-1].number == 200
    assert sum(one.size for one in held.list_entries()) <= 100 * BODY_BOUND
    one = journal(entry("req-1", **{**large, "body": large.get("body", b"[]")}), capacity=1)
    assert len(one) == 1


def test_small_entries_are_kept_up_to_the_number_and_clearing_makes_room():
    large = {"response_body": b"x" * BODY_BOUND, "head_size": 10_000}
    held = journal(*(entry(f"req-{number}", **large) for number in range(20)), capacity=10)
    held.clear()
    for number in range(10):
        held.add(entry(f"req-{number}"))
    assert (len(held), held.dropped) == (10, 0)


@given(st.integers(0, 6), st.lists(st.one_of(st.none(), st.sampled_from(["a", "b", "c", "d"])), max_size=30))
def test_it_keeps_the_newest_and_counts_the_rest_whatever_happens(capacity, steps):
    held, added, since_clear = Journal(capacity), [], 0
    for id in steps:  # None clears
        if id is None:
            held.clear()
            since_clear = 0
        else:
            added.append(entry(id=id))
            held.add(added[-1])
            since_clear += 1
    kept = added[len(added) - min(since_clear, capacity) :]
    assert held.list_entries() == kept
    assert len(held) == len(kept)
    assert held.dropped == since_clear - len(kept)
    assert numbers(added) == list(range(1, len(added) + 1))
    for id in "abcd":
        assert held.find(id) is next((one for one in reversed(kept) if one.id == id), None)


def test_numbers_go_on_after_a_clear():
    held = journal(entry(), entry(), capacity=1)
    held.clear()
    held.add(entry())
    assert (numbers(held.list_entries()), held.dropped) == ([3], 0)


@given(st.integers(1, 8), st.integers(-2, 12), st.one_of(st.none(), st.integers(0, 9)))
def test_whoever_asks_after_a_number_gets_what_came_after_it(capacity, after, limit):
    held = journal(*(entry(id=str(number)) for number in range(1, 10)), capacity=capacity)
    wanted = [number for number in range(10 - capacity, 10) if number > after]
    assert numbers(held.list_entries(after=after, limit=limit)) == wanted[:limit]


def test_entries_are_filtered_by_looks_and_by_status():
    held = journal(entry(), entry(status=503), entry(operation="jobs.show", path="/jobs/17"))
    assert numbers(held.list_entries(status=503)) == [2]
    assert numbers(held.list_entries(when=when(path="/jobs/*"))) == [3]
    assert numbers(held.list_entries(when=when(path="/jobs"), limit=1)) == [1]


def test_what_is_too_long_is_cut_and_its_size_told():
    long = b'{"name": "' + b"x" * BODY_BOUND + b'"}'
    one = entry(body=long, response_body=long)
    journal(one)
    assert (len(one.body), len(one.response_body), one.request.body) == (BODY_BOUND, BODY_BOUND, None)
    document = render_entry(one)
    assert (document["body_size"], document["answer_size"]) == (len(long), len(long))
    assert document["body"] == long[:BODY_BOUND].decode()


def test_what_is_just_short_enough_is_kept_whole():
    whole = b'"' + b"x" * (BODY_BOUND - 2) + b'"'
    one = entry(body=whole)
    journal(one)
    assert (one.body, one.request.body) == (whole, whole[1:-1].decode())


# --- reading


def test_a_document_has_all_that_is_known():
    one = entry(
        query={"limit": ["2"]},
        headers={"accept": "*/*"},
        body=b'{"name": "pig"}',
        response_body=b"no JSON",
        rules=("slow",),
        drawn={"slow": {"delay": 0.2}},
        decisions=["rule flaky: method is GET, not POST"],
        notes=["the plan came from the header"],
        response_headers=[("Content-Type", "text/html")],
    )
    journal(one)
    assert render_entry(one) == {
        "id": "req-1",
        "number": 1,
        "time": "2027-01-15T08:00:00",
        "moment": 1_800_000_000.5,
        "method": "GET",
        "url": "/v1.1/p/jobs",
        "operation": "jobs.list",
        "project": "p",
        "headers": {"accept": "*/*"},
        "query": {"limit": ["2"]},
        "body": {"name": "pig"},
        "body_size": 15,
        "status": 200,
        "duration": 0.25,
        "answer_headers": {"content-type": "text/html"},
        "answer": "no JSON",
        "answer_size": 7,
        "acted": ["slow"],
        "drawn": {"slow": {"delay": 0.2}},
        "looked_at": ["rule flaky: method is GET, not POST"],
        "notes": ["the plan came from the header"],
    }


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_any_bytes_make_a_document_that_is_json(body, answer):
    one = entry(body=body, response_body=answer)
    journal(one)
    assert json.loads(orjson.dumps(render_entry(one)))


def test_an_explanation_tells_what_was_looked_at_what_acted_and_what_came_of_it():
    one = entry(
        status=503,
        rules=("flaky", "slow"),
        drawn={"slow": {"delay": 0.2}},
        decisions=["other: path is '/jobs', not '/clusters'"],
        notes=["The third of three times."],
    )
    assert explain_entry(one) == [
        "GET /v1.1/p/jobs is jobs.list, for project p.",
        "other: path is '/jobs', not '/clusters'.",
        "Drawn: slow: delay 0.2.",
        "The third of three times.",
        "The response was 503, after 0.250 s.",
    ]


def test_an_explanation_is_short_where_nothing_happened():
    assert explain_entry(entry(operation=None)) == [
        "GET /v1.1/p/jobs is no operation of the service.",
        "No rule was considered.",
        "The response was 200, after 0.250 s.",
    ]


# --- asking how often


@pytest.mark.parametrize(
    ("bounds", "ok"),
    [
        ({}, True),
        ({"exactly": 2}, True),
        ({"exactly": 1}, False),
        ({"exactly": 3}, False),
        ({"exactly": 0}, False),
        ({"at_least": 2}, True),
        ({"at_least": 3}, False),
        ({"at_most": 2}, True),
        ({"at_most": 1}, False),
        ({"at_least": 1, "at_most": 3}, True),
        ({"at_least": 0}, True),
    ],
)
def test_a_verdict_holds_the_count_against_its_bounds(bounds, ok):
    verdict = verify_requests(journal(entry(), entry(), entry(method="POST")), when(method="GET"), **bounds)
    assert (verdict.ok, verdict.count) == (ok, 2)


def test_one_is_wanted_if_nothing_is_said():
    verdict = verify_requests(journal(), when())
    assert not verdict.ok
    assert verdict.message == "Requests that match: wanted at least 1, found 0."


def test_never_is_true_of_an_empty_journal():
    assert verify_requests(journal(), when(), exactly=0).ok


def test_a_verdict_says_what_was_wanted_and_names_those_that_are_too_many():
    verdict = verify_requests(journal(*(entry() for _ in range(4))), when(operation="jobs.list"), exactly=1)
    one = "GET /v1.1/p/jobs"
    assert verdict.message == (
        f"Requests that match: wanted exactly 1, found 4. Found were number 1, {one}; number 2, {one}; "
        f"number 3, {one}; and more."
    )


def test_the_nearest_misses_are_those_with_the_fewest_differences():
    held = journal(
        created(name="other", type="Pig"),
        created(name="other", type="Hive"),
        entry(id="far", operation="jobs.show", path="/jobs/17"),
        created(name="wanted", type="Hive"),
    )
    verdict = verify_requests(held, when(method="POST", path="/jobs", body={"name": "wanted", "type": "Pig"}))
    assert [(miss["number"], len(miss["differences"])) for miss in verdict.nearest] == [(4, 1), (1, 1), (2, 2)]
    assert verdict.nearest[0] == {
        "id": "req-1",
        "number": 4,
        "method": "POST",
        "url": "/v1.1/p/jobs",
        "differences": ["body.type is 'Hive', not 'Pig'"],
    }


def test_a_verdict_that_is_well_has_no_misses():
    assert verify_requests(journal(entry(), entry(method="POST")), when(method="GET")).nearest == []


@pytest.mark.parametrize("bounds", [{"exactly": 0}, {"at_most": 5}, {"exactly": 1}, {"at_least": 0, "at_most": 1}])
def test_that_there_were_no_more_is_not_said_once_entries_were_dropped(bounds):
    wanted = when(method="POST" if bounds == {"exactly": 0} else "GET")
    held = journal(entry(), entry(), entry(), capacity=1)
    verdict = verify_requests(held, wanted, **bounds)
    assert not verdict.ok
    assert "2 older entries were dropped, so there may have been more" in verdict.message
    assert "give the journal room for more than 1, or clear it before the test" in verdict.message
    held.clear()
    held.add(entry())
    assert verify_requests(held, wanted, **bounds).ok


def test_that_there_were_enough_is_said_all_the_same():
    held = journal(entry(), entry(), capacity=1)
    assert verify_requests(held, when(), at_least=1).ok
    assert "1 older entry was dropped" in verify_requests(held, when(), at_least=2).message


def test_a_body_too_long_to_be_kept_forbids_saying_that_it_did_not_match():
    held = journal(created(name="wanted", description="x" * BODY_BOUND))
    verdict = verify_requests(held, when(body={"name": "wanted"}), exactly=0)
    assert not verdict.ok
    assert "In 1 more, all but the body matches" in verdict.message
    assert verify_requests(held, when(method="GET", body={"name": "wanted"}), exactly=0).ok
    assert verify_requests(held, when(method="POST"), exactly=1).ok

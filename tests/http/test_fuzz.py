"""Whatever a client sends is answered, and never with a 5xx: hypothesis makes up what to send."""

from urllib.parse import quote, quote_from_bytes, urlencode

import pytest
from hypothesis import strategies as st

from jobsmock.api import v1_1
from tests.http.refusals import (
    BODIES,
    READING,
    WRITING,
    check_all_or_nothing,
    check_readable,
    check_sound,
    each,
    each_body,
    fuzz,
    good_body,
    path_of,
    places,
    replaced,
    send,
)

HOSTILE = [
    "", "\0", "'", '"', "\ud800", "a\n", "a" * 51, "{}", "%s", "../..", "hdfs://[", "swift://[::1/a", "internal-db://[",
    "s3://\u2100/o", "manila://", "%RANDSTR(0)%", "/%RANDSTR(99999)%", f"/%RANDSTR({'9' * 5000})%", "PENDING 1s",
    f"PENDING {'9' * 400} polls > SUCCEEDED",
]  # fmt: skip
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**63, 2**64, -(2**63) - 1, 10**400])
TEXTS = st.text(max_size=20) | st.sampled_from(HOSTILE)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=6,
)
TYPES = st.sampled_from(["application/json", "text/plain", "multipart/form-data", "", "\xff", "application/json;a"])
SEGMENTS = TEXTS.map(lambda text: quote(text, safe="", errors="surrogatepass")) | st.binary(max_size=9).map(
    lambda raw: quote_from_bytes(raw, safe="")
)
PARAMETERS = st.sampled_from(["limit", "marker", "sort_by", "name", "type", "status", "is_public", "hints", "job.name"])
QUERIES = st.lists(st.tuples(PARAMETERS | TEXTS, TEXTS | NUMBERS.map(str)), max_size=4).map(
    lambda pairs: urlencode(pairs, errors="surrogatepass")
) | st.text("&=%+09afED", max_size=12)
PLANS = st.text(st.characters(min_codepoint=32, max_codepoint=255), max_size=40) | st.lists(
    st.sampled_from([
        "PENDING", "RUNNING", "SUCCEEDED", "FAILED", "TOBEKILLED", "> ", "|", " 2s", " 0s..5m", " 5s..1s", " 3 polls",
        " 40%", "100%", "(why)", "(", ")", "instant", f" {'9' * 400}s", f" {'9' * 400} polls", f" {'9' * 5000}%",
    ]),
    max_size=8,
).map("".join)  # fmt: skip


@each_body()
def test_the_bodies_that_other_tests_spoil_are_good(cloud, name):
    answer = send(cloud, name, good_body(cloud, name))
    assert answer.status_code == 202, answer.text


def test_there_is_a_good_body_for_every_row_that_reads_one():
    assert {row.name for row in WRITING if "body" in row.inputs} == set(BODIES)


@each(WRITING)
@fuzz(25, body=VALUES)
def test_any_json_may_be_a_body(cloud, row, body):
    check_all_or_nothing(cloud, row.name, body)


@each_body()
@fuzz(60, data=st.data(), part=VALUES)
def test_anything_may_be_in_place_of_a_part_of_a_good_body(cloud, name, data, part):
    good = good_body(cloud, name)
    place = data.draw(st.sampled_from(list(places(good))))
    answer = check_all_or_nothing(cloud, name, replaced(good, place, part))
    if answer.status_code < 400:  # what is refused changes nothing
        check_readable(cloud)


@each(WRITING)
@fuzz(25, body=st.binary(max_size=40), content_type=TYPES)
def test_any_bytes_may_be_a_body_of_any_type(cloud, row, body, content_type):
    check_all_or_nothing(cloud, row.name, body, content_type=content_type)


@each([row for row in v1_1.ROUTES if "<" in row.path])
@fuzz(20, id=SEGMENTS, version=SEGMENTS)
def test_any_text_may_be_in_a_path(cloud, row, id, version):
    check_sound(cloud.ask(row.method, path_of(cloud, row, id, version), data=b"{}"))


@each(READING)
@fuzz(25, query=QUERIES)
def test_any_query_may_follow(cloud, row, query):
    check_sound(cloud.ask("GET", path_of(cloud, row), query_string=query))


def plan_in_header(plan):
    return {}, {"X-Jobsmock-Plan": plan}


def plan_in_configs(plan):
    return {"job_configs": {"configs": {"jobsmock.plan": plan}}}, {}


@pytest.mark.parametrize("given_in", [plan_in_header, plan_in_configs])
@fuzz(100, plan=PLANS)
def test_any_text_may_be_a_plan_and_what_it_starts_can_be_read(cloud, given_in, plan):
    more, headers = given_in(plan)
    answer = check_all_or_nothing(cloud, "jobs.execute", {"cluster_id": cloud.ids["clusters"], **more}, headers=headers)
    if answer.status_code == 202:
        path = f"/job-executions/{answer.json['job_execution']['id']}"
        assert all(cloud.ask("GET", path + way).status_code == 200 for way in ("", "/refresh-status", "/cancel", ""))

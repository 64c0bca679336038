"""What is secret in a request: found in bodies, headers, URLs and texts, however it is written, and nothing else."""

import json

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobsmock.world.journal import BODY_BOUND, explain_entry, render_entry, verify_requests
from jobsmock.world.secrets import MASK, mask_body, mask_text
from jobsmock.world.validation import DEEPEST_BODY
from tests.world.test_journal import entry, journal, when

SECRET = "tr0ub4dor"
secret_names = st.sampled_from(
    [
        *("password", "secret", "secretkey", "accesskey", "token", "private_key", "Password", "secretKey"),
        *("secret_key", "X-Auth-Token", "fs.swift.service.sahara.password", "client_secret", "access-key"),
    ]
)
names = st.one_of(st.text(max_size=8), st.sampled_from(["user", "credentials", "tokens", "secrets of mine"]))
plain = st.one_of(st.none(), st.booleans(), st.integers(-(2**53), 2**53), st.text(max_size=8))
hiding = st.one_of(
    st.just(SECRET),
    st.text(max_size=4).map(lambda around: f"{around}{SECRET}{around}"),
    st.lists(st.just(SECRET), min_size=1, max_size=2),
    st.dictionaries(names, st.just(SECRET), min_size=1, max_size=2),
)
bodies = st.recursive(
    plain,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(names, inner, max_size=3),
        st.builds(
            lambda before, name, secret, after: {**before, name: secret, **after},
            st.dictionaries(names, inner, max_size=2),
            secret_names,
            hiding,
            st.dictionaries(names, inner, max_size=2),
        ),
    ),
    max_leaves=20,
)


@given(bodies, bodies)
def test_no_secret_of_a_body_is_in_its_document(body, answer):
    one = entry(body=json.dumps(body).encode(), response_body=json.dumps(answer, ensure_ascii=False).encode())
    journal(one)
    assert SECRET not in json.dumps(render_entry(one), ensure_ascii=False)
    assert SECRET not in (mask_body(one.body) + mask_body(one.response_body)).decode()


@settings(max_examples=40)
@given(bodies, st.integers(0, 80))
def test_no_secret_is_in_what_is_left_of_a_body_cut_anywhere(body, short_by):
    text = json.dumps(body, ensure_ascii=False)
    padding = " " * (BODY_BOUND - len(text.encode()) + short_by)
    one = entry(body=f"[{padding}{text}]".encode())
    journal(one)
    assert SECRET not in render_entry(one)["body"]
    assert SECRET not in mask_body(one.body).decode("utf-8", "replace")


@given(bodies)
def test_masking_leaves_what_is_no_secret(body):
    shown = render_entry(entry(body=orjson.dumps({"body": body})))["body"]
    assert shown == hidden_by_hand({"body": body})


def hidden_by_hand(value):
    ends = ("password", "secret", "secretkey", "accesskey", "privatekey", "token", "authorization", "cookie")
    if isinstance(value, list):
        return [hidden_by_hand(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    short = {name: name.lower().translate({ord(mark): None for mark in "-_."}) for name in value}
    return {name: MASK if short[name].endswith(ends) else hidden_by_hand(inner) for name, inner in value.items()}


@pytest.mark.parametrize(
    "body",
    [b'{"p\\u0061ssword": "%s"}', b'{"password": "%s", "password": ""}', b'{"a": {"token": "%s"}, "a": 1}'],
)
def test_a_secret_is_found_however_its_key_is_written(body):
    one = entry(body=body % SECRET.encode())
    assert SECRET not in str(render_entry(one))
    assert SECRET.encode() not in mask_body(one.body)


def test_a_body_without_secrets_stays_as_it_was_sent():
    body = b'{ "name":"pig" ,\n "big": 12345678901234567890123 }'
    assert mask_body(body) == body


def test_headers_and_parameters_with_secrets_are_masked_and_no_others():
    names = ("x-auth-token", "x-subject-token", "authorization", "cookie")
    headers = {**dict.fromkeys(names, SECRET), "accept": "*/*"}
    one = entry(headers=headers, query={"token": [SECRET], "limit": ["1"]}, url=f"/v1.1/p/jobs?token={SECRET}&limit=1")
    document = render_entry(one)
    assert document["headers"] == {**dict.fromkeys(names, MASK), "accept": "*/*"}
    assert document["query"] == {"token": [MASK], "limit": ["1"]}
    assert document["url"] == "/v1.1/p/jobs?token=***&limit=1"
    assert SECRET not in str(explain_entry(one))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("user=me password = 'it is' x", "user=me password = *** x"),
        ('{"secret": {"a": "b"', '{"secret": ***'),
        ('"token": "half a t', '"token": ***'),
        ("the token of a password", "the token of a password"),
        ("from ftp://me:secret@host/a and swift://c.sahara/o", "from ftp://me:***@host/a and swift://c.sahara/o"),
    ],
)
def test_text_is_masked_where_a_secret_is_given_a_value(text, shown):
    assert mask_text(text) == shown


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"header": {"X-Auth-Token": "other"}}, "header x-auth-token is ***, not as wanted"),
        ({"body": {"credentials": {"password": "other"}}}, "body.credentials.password is ***, not as wanted"),
        ({"body": {"credentials": "other"}}, "body.credentials is {'password': ***, 'user': 'me'}, not 'other'"),
        ({"body": {"token": "other"}}, "body.token is missing"),
        ({"body": {"user": "other"}}, "body.user is missing"),
    ],
)
def test_a_miss_tells_no_secret(wanted, line):
    body = {"credentials": {"user": "me", "password": SECRET}}
    one = entry(headers={"x-auth-token": SECRET * 20}, body=orjson.dumps(body))
    one.decisions = when(**wanted).list_differences(one.request)
    assert verify_requests(journal(one), when(**wanted)).nearest[0]["differences"] == [line]
    assert render_entry(one)["looked_at"] == [line]


def test_a_body_deeper_than_any_json_writer_likes_is_text():
    deep = b"[" * (DEEPEST_BODY + 1) + b"]" * (DEEPEST_BODY + 1)
    assert render_entry(entry(response_body=deep))["answer"] == deep.decode()
    assert isinstance(render_entry(entry(response_body=deep[1:-1]))["answer"], list)
    assert render_entry(entry(response_body=b"[" * BODY_BOUND))["answer"] == "[" * BODY_BOUND


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ({"args": ["--password=tr0ub4dor", "-v"]}, {"args": ["--password=***", "-v"]}),
        ({"args": ["--token", "tr0ub4dor", "in", "out"]}, {"args": ["--token", "***", "in", "out"]}),
        ({"url": "hdfs://me:tr0ub4dor@host/in"}, {"url": "hdfs://me:***@host/in"}),
        ({"description": "log in with password: tr0ub4dor"}, {"description": "log in with password: ***"}),
    ],
)
def test_a_secret_in_the_midst_of_a_text_is_masked(body, shown):
    one = entry(body=orjson.dumps(body), response_body=json.dumps(body).replace("/", "\\/").encode())
    assert render_entry(one)["body"] == render_entry(one)["answer"] == shown
    assert SECRET.encode() not in mask_body(one.body) + mask_body(one.response_body)


def test_a_body_with_a_harmless_address_stays_as_it_was_sent():
    body = b'{ "url": "swift://container/object@2" }'
    assert mask_body(body) == body

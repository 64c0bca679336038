"""Bad input is answered with a clear 4xx in the service's shape, never with a traceback, and nothing is half done."""

import contextlib
import socket
from urllib.parse import quote, unquote

import pytest
import requests

from jobsmock.api import v1_1
from tests.http.refusals import (
    BODIES,
    LISTS,
    NAMELESS,
    STRICT_LISTS,
    SWIFT,
    WRITING,
    check_all_or_nothing,
    check_nothing,
    check_readable,
    check_refused,
    each,
    each_body,
    good_body,
    kept,
    path_of,
    replaced,
    send,
)


def plan_in_header(plan):
    return {}, {"X-Jobsmock-Plan": plan}


def plan_in_configs(plan):
    return {"job_configs": {"configs": {"jobsmock.plan": plan}}}, {}


# --- what has a name: bodies


@each_body()
def test_what_is_no_json_is_a_malformed_body(cloud, name):
    for body in (b"{", b"[1,", b"nope", b"{'name': 'x'}", b'{"name": "x"} x', b'{"name": NaN}', b"\xff\xfe", b" ",
                 b'{"name": "\xff"}', b'{"name": "\x01"}', "{}".encode("utf-16")):  # fmt: skip
        answer = check_nothing(cloud, name, body, "Malformed message body")
        assert answer.json["error_name"] == "MALFORMED_REQUEST_BODY"


@each_body()
def test_a_body_of_another_type_is_not_looked_at(cloud, name):
    for type in ("text/plain", "application/xml", "application/x-www-form-urlencoded", "text/json"):
        check_nothing(cloud, name, good_body(cloud, name), f"Content type '{type}' isn't supported", content_type=type)


@each_body()
def test_only_an_object_is_a_body(cloud, name):
    for body in ([], [{}], "x", 5, 1.5, True, None):
        check_nothing(cloud, name, body, f"{body!r} is not of type 'object'")


WRONG_TYPES = [
    ("jobs.create", ("name",), 5, "name: 5 is not of type 'string'"),
    ("jobs.create", ("type",), ["Pig"], "type: ['Pig'] is not of type 'string'"),
    ("jobs.create", ("mains",), {}, "mains: {} is not of type 'array'"),
    ("jobs.create", ("mains", 0), None, "mains[0]: None is not of type 'string'"),
    ("jobs.create", ("interface",), {}, "interface: {} is not of type 'array'"),
    ("jobs.create", ("interface", 0), [], "interface[0]: [] is not of type 'object'"),
    ("jobs.create", ("interface", 0, "required"), "yes", "interface[0][required]: 'yes' is not of type 'boolean'"),
    ("jobs.update", ("is_public",), 1, "is_public: 1 is not of type 'boolean'"),
    ("jobs.execute", ("job_configs",), [], "job_configs: [] is not of type 'object'"),
    ("jobs.execute", ("job_configs", "args"), "c", "job_configs[args]: 'c' is not of type 'array'"),
    ("jobs.execute", ("job_configs", "args", 0), {}, "job_configs[args][0]: {} is not of type 'string'"),
    ("jobs.execute", ("job_configs", "configs", "a"), 1.5, "is not of type 'simple_config'"),
    ("jobs.execute", ("job_configs", "params", "b"), [[]], "is not of type 'simple_config'"),
    ("job-executions.update", ("info",), "cancel", "info: 'cancel' is not of type 'simple_config'"),
    ("job-binaries.create", ("extra", "user"), None, "is not of type 'simple_config'"),
    ("data-sources.create", ("credentials",), [], "credentials: [] is not of type 'object'"),
    ("clusters.update", ("shares", 0), "x", "shares[0]: 'x' is not of type 'object'"),
]


@pytest.mark.parametrize(("name", "place", "part", "words"), WRONG_TYPES)
def test_a_wrong_type_is_named_with_its_place(cloud, name, place, part, words):
    check_nothing(cloud, name, replaced(good_body(cloud, name), place, part), words)


@each_body()
def test_an_unknown_key_is_named(cloud, name):
    for key in ("nothing", "Name", "", "\0", "'", '"', "a" * 1000, "\u00e9", "is_admin"):
        body = good_body(cloud, name) | {key: 1}
        check_nothing(cloud, name, body, f"Additional properties are not allowed ({key!r} was unexpected)")


@pytest.mark.parametrize(
    ("name", "place", "where"),
    [
        ("jobs.create", ("interface", 0), "interface[0]"),
        ("jobs.execute", ("job_configs",), "job_configs"),
        ("job-executions.update", ("info",), "info"),
    ],
)
def test_an_unknown_key_within_is_named_with_its_place(cloud, name, place, where):
    body = replaced(good_body(cloud, name), (*place, "nothing"), 1)
    check_nothing(cloud, name, body, f"{where}: Additional properties are not allowed ('nothing' was unexpected)")


@pytest.mark.parametrize("name", [name for name in BODIES if "execut" not in name and name not in NAMELESS])
def test_a_name_is_fifty_plain_characters_at_most(cloud, name):
    for text in ("a" * 51, "a" * 10_000, "", "a\0b", "it's", 'say "a"', "a b", "a/b", "\u00e9", "-a", " a"):
        check_nothing(cloud, name, good_body(cloud, name) | {"name": text}, f"name: {text!r} is ")


def test_a_name_in_a_path_is_of_plain_characters_too(cloud):
    before = kept(cloud)
    for text in ("it's", 'say "a"', "a\0b", "a b", "\u00e9", "-a"):
        answer = cloud.ask("PUT", f"/job-binary-internals/{quote(text)}", data=b"data")
        check_refused(answer, 400, f"{text} is not a valid name")
    assert kept(cloud) == before


@each(WRITING)
def test_a_body_of_50_mb_is_refused_whatever_it_is_for(cloud, row):
    before = kept(cloud)
    check_refused(send(cloud, row.name, b"[" * 50_000_000), 413, "larger than")
    assert kept(cloud) == before


def test_a_file_of_more_than_5_mib_is_refused(cloud):
    check_nothing(cloud, "job-binary-internals.create", b"x" * (5120 * 1024 + 1), "greater than the maximum (5120KB)")


DEEP = [
    ("jobs.create", '{"name": %s, "type": "Pig"}'),
    ("jobs.create", '{"name": "x", "type": "Pig", "mains": [%s]}'),
    ("jobs.create", '{"name": "x", "type": "Pig", "interface": [%s]}'),
    ("jobs.create", '{"nothing": %s}'),
    ("jobs.update", "%s"),
    ("jobs.execute", '{"job_configs": {"configs": {"a": %s}}}'),
    ("job-executions.update", '{"info": {"status": %s}}'),
    ("job-binaries.create", '{"name": "x", "url": "swift://c/o", "extra": {"user": %s}}'),
    ("data-sources.create", '{"name": "x", "type": "hdfs", "url": "hdfs://h/o", "credentials": {"a": %s}}'),
    ("clusters.update", '{"shares": [{"a": %s}]}'),
]


@pytest.mark.parametrize(("name", "body"), DEEP)
@pytest.mark.parametrize("depth", [100, 300, 600, 1000, 100_000])
def test_deep_nesting_breaks_nothing(cloud, depth, name, body):
    for opening, closing in (('{"a":', "}"), ("[", "]")):
        answer = check_all_or_nothing(cloud, name, (body % (opening * depth + "1" + closing * depth)).encode())
        if answer.status_code < 400:
            check_readable(cloud)


def test_a_url_that_cannot_be_taken_apart_is_refused(cloud):
    for scheme in ("hdfs", "swift", "manila", "s3"):
        for rest in ("[", "[::1/a", "\u2100/a"):
            source = {"name": "x", "type": scheme, "url": f"{scheme}://{rest}", "credentials": SWIFT}
            check_nothing(cloud, "data-sources.create", source)
            check_nothing(cloud, "job-binaries.create", {"name": "x", "url": f"{scheme}://{rest}", "extra": SWIFT})


@pytest.mark.parametrize("length", ["0", "-1", "1025", "9" * 400, "9" * 5000])
def test_a_placeholder_of_a_length_that_cannot_be_is_refused(cloud, length):
    body = {"name": "x", "type": "hdfs", "url": f"hdfs://h/%RANDSTR({length})%"}
    check_nothing(cloud, "data-sources.create", body, "Requested RANDSTR length")


# --- what has a name: plans


@pytest.mark.parametrize("given_in", [plan_in_header, plan_in_configs])
@pytest.mark.parametrize("plan", [
    "", "nothing", "PENDING 1s", "SUCCEEDED > FAILED", "PENDING 5s..1s > SUCCEEDED", "SUCCEEDED 110% | FAILED",
    f"PENDING {'9' * 1900} polls > SUCCEEDED", "PENDING 1s " + ">(" * 900, "A" * 1900, f"PENDING{' ' * 1900}(",
], ids=lambda plan: plan[:20])  # fmt: skip
def test_a_plan_that_cannot_be_read_is_refused(cloud, given_in, plan):
    more, headers = given_in(plan)
    body = {"cluster_id": cloud.ids["clusters"], **more}
    check_nothing(cloud, "jobs.execute", body, "step ", headers=headers)


@pytest.mark.parametrize("plan", [f"PENDING{' ' * 3000}(", "PENDING 1s " + ">(" * 3000, "A" * 20_000, "1" * 5000])
def test_a_plan_that_is_too_long_is_not_read_at_all(cloud, plan):
    body = {"cluster_id": cloud.ids["clusters"]}
    check_nothing(cloud, "jobs.execute", body, "expected at most 2000", headers={"X-Jobsmock-Plan": plan})


@pytest.mark.parametrize("lasts", ["999999999999d", f"{'9' * 400}s", f"0s..{'9' * 400}s", f"{'9' * 400} polls"])
def test_a_plan_of_an_absurd_length_is_refused_or_followed(cloud, lasts):
    body = {"cluster_id": cloud.ids["clusters"]}
    check_all_or_nothing(cloud, "jobs.execute", body, headers={"X-Jobsmock-Plan": f"PENDING {lasts} > SUCCEEDED"})
    check_readable(cloud)


# --- what has a name: ids, paths and queries


@each([row for row in v1_1.ROUTES if row.path.endswith("<id>") and row.method in ("GET", "DELETE")])
def test_nothing_is_there_by_a_strange_id(cloud, row):
    before = kept(cloud)
    for id in ("%00", "'", "%22", "%27%20OR%201=1", "%FF", "%C3%28", "%ED%A0%80", "a" * 5000, "%0A", "%7B%7D"):
        check_refused(cloud.ask(row.method, path_of(cloud, row, id)), 404, "Object with {", "not found")
    assert kept(cloud) == before


@pytest.mark.parametrize("path", ["/nothing", "/jobs/", "/jobs/x/y/z", "/%00", "/%FF", "/jobs%20", "/JOBS"])
def test_an_unknown_url_is_said_not_to_be_there(cloud, path):
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        answer = cloud.ask(method, path)
        check_refused(answer, 404, "not found on the server")
        assert answer.json["error"] == 404


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "NOTHING"])
def test_an_unknown_method_is_not_allowed(cloud, method):
    answer = cloud.ask(method, "/jobs")
    check_refused(answer, 405, "not allowed")
    assert answer.json["error"] == 405


@each(STRICT_LISTS)
def test_a_limit_is_a_positive_whole_number_that_a_database_can_count_to(cloud, row):
    beyond = () if row.name == "job-executions.list" else ("9" * 30, str(2**63))  # the service counts those itself
    for limit in ("0", "-1", "1.5", "x", "", "%00", "%FF", "0x1", "1e3", "9" * 5000, *beyond):
        check_refused(cloud.ask("GET", f"{row.path}?limit={limit}"), 400, "'limit' must be positive integer")


@each(LISTS)
def test_a_huge_limit_is_as_good_as_none(cloud, row):
    for limit in (10**6, 2**31, 2**32, 2**63 - 1):
        answer = cloud.ask("GET", f"{row.path}?limit={limit}")
        assert answer.status_code == 200, answer.text
        assert answer.json == cloud.ask("GET", row.path).json


@each(STRICT_LISTS)
def test_an_unknown_query_parameter_of_a_list_is_named(cloud, row):
    for key in ("nothing", "page", "offset", "", "%00", "'", "Name", "data"):
        check_refused(cloud.ask("GET", f"{row.path}?{key}=1"), 400, f"Unknown field for filtering {unquote(key)}")


@each(STRICT_LISTS)
def test_an_unknown_field_to_sort_by_is_named(cloud, row):
    for field in ("nothing", "", "-", "--id", "%00", "%FF", "id,name", "data"):
        check_refused(cloud.ask("GET", f"{row.path}?sort_by={field}"), 400, "Unknown field for sorting")


# --- what only a socket shows


@pytest.mark.parametrize("sent", [
    b"nothing\r\n\r\n", b"\0\0\0\0\r\n\r\n", b"GET /v1.1/p/jobs HTTP/9.9\r\n\r\n",
    b"POST /v1.1/p/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: nothing\r\n\r\n{}",
    b"POST /v1.1/p/jobs HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n{}",
    b"POST /v1.1/p/jobs HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnothing\r\n",
    b"GET /v1.1/p/jobs HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 300_000 + b"\r\n\r\n",
    b"GET /v1.1/p/jobs/\xff\x00 HTTP/1.1\r\nHost: x\r\nX-Project-Id: \xff\r\n\r\n",
], ids=["a-word", "zeros", "version", "length", "negative-length", "chunks", "headers", "bytes"])  # fmt: skip
def test_over_a_socket_what_is_hardly_http_breaks_nothing(serve, sent):
    url, got = serve("empty"), b""
    address = ("127.0.0.1", int(url.rpartition(":")[2]))
    hanging_up = contextlib.suppress(ConnectionError)  # as a server may, on what it need not read to the end
    with socket.create_connection(address, timeout=5) as connection, hanging_up:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        while part := connection.recv(65536):
            got += part
    assert b"Traceback" not in got
    assert not got.startswith((b"HTTP/1.0 5", b"HTTP/1.1 5")), got
    assert requests.get(f"{url}/v1.1/p/jobs", timeout=5).json() == {"jobs": []}


def test_over_a_socket_50_mb_are_refused_and_nothing_is_kept(serve):
    url = f"{serve('empty')}/v1.1/p/job-binary-internals"
    for body in (b"x" * 50_000_000, iter([b"x" * 1_000_000] * 50)):
        answer = requests.put(f"{url}/big", data=body, timeout=30)
        assert answer.status_code == 413
        assert answer.json().keys() == {"error_code", "error_message", "error_name"}
    assert requests.get(url, timeout=5).json() == {"binaries": []}

"""The journal as curl lines and as a HAR document: what they say is what was sent, and no secret is in them."""

import base64
import json
import re
import shlex
import shutil
import subprocess
from datetime import datetime
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.http.export.formats import export_curl, export_har
from jobsmock.world.journal import BODY_BOUND, Entry, Journal
from jobsmock.world.rules.matcher import RequestSummary

BASE = "http://127.0.0.1:8386/"


def entry(method="GET", url="/v1.1/p/jobs", headers=None, query=None, body=b"", **more):
    given = {"status": 200, "duration": 0.25, "response_body": b'{"jobs": []}', "moment": 1_800_000_000.25, **more}
    seen = RequestSummary("jobs.list", "p", method, "/jobs", headers or {}, query or {}, None)
    given["path"], _, given["query"] = url.partition("?")
    made = Entry(id="req-1", request=seen, body=body, **given)
    Journal().add(made)
    return made


def curl(**given):
    """The arguments of the line for one entry."""
    (line,) = export_curl([entry(**given)], BASE).splitlines()
    return shlex.split(line)


def har(*entries):
    log = export_har(entries, BASE, "jobsmock", "1.0")["log"]
    json.dumps(log)
    return log


# --- curl


def test_a_line_asks_again_what_was_asked():
    headers = {"content-type": "application/json", "accept": "*/*", "x-jobsmock-plan": "instant", "prefer": "code=503"}
    line = export_curl([entry("POST", headers=headers, body=b'{"name": "it\'s"}')], BASE)
    assert line == (
        "curl -X POST -H 'content-type: application/json' -H 'x-jobsmock-plan: instant' -H 'prefer: code=503' "
        """--data-binary '{"name": "it'"'"'s"}' http://127.0.0.1:8386/v1.1/p/jobs\n"""
    )


def test_the_token_is_the_shells_and_other_secrets_are_masked():
    headers = {"x-auth-token": "abc", "x-subject-token": "def", "authorization": "ghi", "cookie": "jkl"}
    line = export_curl([entry(headers=headers)], BASE)
    assert "-H \"X-Auth-Token: $OS_TOKEN\" -H 'x-subject-token: ***' http" in line
    assert not re.search("abc|def|ghi|jkl", line)


def test_a_secret_in_a_body_or_an_address_is_masked():
    arguments = curl(method="POST", url="/v1.1/p/jobs?token=abc", body=b'{"password": "abc", "user": "me"}')
    assert json.loads(arguments[arguments.index("--data-binary") + 1]) == {"password": "***", "user": "me"}
    assert arguments[-1] == "http://127.0.0.1:8386/v1.1/p/jobs?token=***"


def test_curl_must_not_take_a_body_for_a_form_or_brackets_for_a_pattern():
    assert curl(method="PUT", url="/v1.1/p/jobs?a[]=1", body=b"x")[3:] == [
        *("-H", "content-type:", "--data-binary", "x", "--globoff", "http://127.0.0.1:8386/v1.1/p/jobs?a[]=1")
    ]


def test_a_head_is_asked_for_as_curl_does_it():
    assert curl(method="HEAD") == ["curl", "--head", "http://127.0.0.1:8386/v1.1/p/jobs"]


def test_the_version_that_a_request_to_v2_asks_for_is_sent_again():
    asked = "data-processing 2.0"
    assert curl(headers={"openstack-api-version": asked})[3:5] == ["-H", f"openstack-api-version: {asked}"]


def test_a_header_without_a_value_is_sent_without_one():
    assert curl(headers={"x-empty": ""})[3:5] == ["-H", "x-empty;"]


def test_a_body_that_was_cut_is_called_so():
    line = export_curl([entry("PUT", body=b"x" * (BODY_BOUND + 1))], BASE)
    assert line.endswith("  # only the first 65536 of the body's 65537 bytes are known\n")
    assert shlex.split(line, comments=True)[-1] == "http://127.0.0.1:8386/v1.1/p/jobs"


printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20)
no_secrets = printable.filter(lambda text: "=" not in text and ":" not in text)


@given(printable, no_secrets, no_secrets.filter(lambda text: not text.startswith("@")))
def test_a_shell_reads_the_arguments_that_were_meant(value, path, body):
    arguments = curl(method="POST", url=f"/{path}", headers={"x-any": value}, body=body.encode())
    header = f"x-any: {value}" if value else "x-any;"
    assert arguments[:5] == ["curl", "-X", "POST", "-H", header]
    (wanted, _, query), (told, _, sent) = path.partition("?"), arguments[-1].partition("?")
    assert (unquote(told), sent) == (f"http://127.0.0.1:8386/{wanted}", query)
    assert not body or arguments[arguments.index("--data-binary") + 1] == body


@given(st.binary(max_size=60), st.text(max_size=20))
def test_every_entry_is_one_line_whatever_its_body(body, text):
    lines = export_curl([entry("PUT", body=body), entry("PUT", body=text.encode())], BASE)
    assert lines.count("\n") == 2
    assert len(lines.splitlines()) == 2


@pytest.mark.skipif(not shutil.which("sh"), reason="needs a shell")
@pytest.mark.parametrize(
    "body", [b"@file", b"-n\n", b"a\nb\t%s\\n'\"$HOME`", bytes(range(256)), "düne\u2028".encode(), b"\x00", b"%\r"]
)
def test_a_body_that_no_argument_can_hold_is_piped_to_curl(body):
    line = export_curl([entry("PUT", body=body)], BASE)
    source, target = line.split(" | curl ")
    assert shlex.split(target)[-3:-1] == ["--data-binary", "@-"]
    told = subprocess.run(["sh", "-c", source + " | base64"], capture_output=True, check=True).stdout
    assert base64.b64decode(told) == body


@pytest.mark.parametrize("path", ["/v1.1/p/../jobs", "/v1.1/p/jobs/."])
def test_a_path_with_steps_is_sent_as_it_was(path):
    assert f" --path-as-is http://127.0.0.1:8386{path}\n" in export_curl([entry(url=path)], BASE)


# --- HAR


def test_bytes_that_are_no_text_are_told_in_base64():
    (one,) = har(entry("PUT", body=b"\xff\x00", response_body=b"\x80"))["entries"]
    assert one["request"]["postData"] == {"mimeType": "", "text": "/wA=", "_encoding": "base64"}
    assert one["response"]["content"] == {"size": 1, "mimeType": "", "text": "gA==", "encoding": "base64"}


def test_a_har_has_what_the_format_demands():
    log = har(
        entry(
            "POST",
            url="/v1.1/p/jobs?limit=2&limit=3",
            headers={"content-type": "application/json", "x-auth-token": "abc"},
            query={"limit": ["2", "3"]},
            body=b'{"name": "pig"}',
            status=202,
            response_headers=[("Content-Type", "application/json"), ("X-Subject-Token", "abc")],
        )
    )
    assert (log["version"], log["creator"]) == ("1.2", {"name": "jobsmock", "version": "1.0"})
    (one,) = log["entries"]
    assert one["request"] == {
        "method": "POST",
        "url": "http://127.0.0.1:8386/v1.1/p/jobs?limit=2&limit=3",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": "content-type", "value": "application/json"},
            {"name": "x-auth-token", "value": "***"},
        ],
        "queryString": [{"name": "limit", "value": "2"}, {"name": "limit", "value": "3"}],
        "postData": {"mimeType": "application/json", "text": '{"name": "pig"}'},
        "headersSize": -1,
        "bodySize": 15,
    }
    assert one["response"] == {
        "status": 202,
        "statusText": "Accepted",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [
            {"name": "content-type", "value": "application/json"},
            {"name": "x-subject-token", "value": "***"},
        ],
        "content": {"size": 12, "mimeType": "application/json", "text": '{"jobs": []}'},
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": 12,
    }
    assert one["cache"] == {}
    assert one["comment"].endswith("The response was 202, after 0.250 s.")


@given(st.floats(0, 4e9), st.floats(0, 1e4))
def test_times_are_in_utc_and_parts_add_up(moment, duration):
    (one,) = har(entry(moment=moment, duration=duration))["entries"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["startedDateTime"])
    started = datetime.fromisoformat(one["startedDateTime"].replace("Z", "+00:00"))
    assert started.timestamp() == pytest.approx(moment, abs=0.0011)
    assert one["time"] == sum(one["timings"].values()) == pytest.approx(duration * 1000, abs=0.001)


def test_a_request_without_a_body_has_no_post_data():
    assert "postData" not in har(entry())["entries"][0]["request"]


def test_an_answer_that_never_came_has_an_empty_reason():
    response = har(entry(status=0, response_body=b""))["entries"][0]["response"]
    assert (response["status"], response["statusText"], response["bodySize"]) == (0, "", 0)


def test_a_har_holds_no_secret():
    kept = entry(
        "POST",
        url="/v1.1/p/jobs?token=tr0ub4dor",
        headers={"cookie": "tr0ub4dor", "authorization": "tr0ub4dor"},
        query={"token": ["tr0ub4dor"], "limit": ["1"]},
        body=b'{"a": [{"password": "tr0ub4dor"}]}',
        response_body=b'{"private_key": "tr0ub4dor"}',
    )
    assert "tr0ub4dor" not in json.dumps(har(kept)) + export_curl([kept], BASE)
    assert har(kept)["entries"][0]["request"]["queryString"] == [
        {"name": "token", "value": "***"},
        {"name": "limit", "value": "1"},
    ]

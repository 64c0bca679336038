"""Bodies that are read piece by piece, without a socket as with one."""

import asyncio
import json

import httpx
import pytest
import requests

from jobsmock import Cloud, Server

SIZES = [None, 1, 7, 64, 100_000]
READERS = {
    **{f"iter_content({size})": lambda answer, size=size: list(answer.iter_content(size)) for size in SIZES},
    "iter_content(decode)": lambda answer: list(answer.iter_content(None, decode_unicode=True)),
    "iter_lines": lambda answer: list(answer.iter_lines()),
    "iter": lambda answer: list(answer),
    "content": lambda answer: answer.content,
    "json": lambda answer: answer.json(),
    "text, then again": lambda answer: (answer.text, answer.content, answer.text),
    "raw.read": lambda answer: [answer.raw.read(), answer.raw.read()],
    "raw.read(5)": lambda answer: list(iter(lambda: answer.raw.read(5), b"")),
    "raw.read1": lambda answer: list(iter(lambda: answer.raw.read1(5), b"")),
    "raw.readinto": lambda answer: (answer.raw.readinto(buffer := bytearray(9)), bytes(buffer)),
    "raw.stream": lambda answer: b"".join(answer.raw.stream()),
    "raw.stream(11)": lambda answer: list(answer.raw.stream(11)),
    "raw, lines": lambda answer: list(answer.raw),
    "raw.isclosed": lambda answer: (answer.raw.closed, answer.raw.read(), answer.raw.closed),
    "in part": lambda answer: (next(answer.iter_content(3)), answer.close()),
}
PATHS = {"list": "clusters", "missing": "jobs/nope"}


@pytest.fixture(scope="module")
def mocks():
    """A cloud in process, and a server, that hold the same."""
    with Server(sample="empty", seed=1, freeze="2026-12-01T08:00:00") as server:
        yield Cloud(sample="empty", seed=1, freeze="2026-12-01T08:00:00"), server


def same(content):
    """What was read, less what differs from answer to answer."""
    text = repr(content)
    return text if "Error ID" not in text else len(text)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_stream_of_requests_is_read_as_over_a_socket(mocks, read, path):
    cloud, server = mocks
    with cloud.session() as here, requests.Session() as there:
        with here.get(f"{cloud.endpoint()}/{path}", stream=True) as answer:
            ours = read(answer)
        with there.get(f"{server.endpoint()}/{path}", stream=True, timeout=5) as answer:
            theirs = read(answer)
    if not isinstance(ours, list) or b"Error ID" not in b"".join(p for p in ours if isinstance(p, bytes)):
        assert same(ours) == same(theirs)
    assert type(ours) is type(theirs)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_stream_without_a_body_ends(mocks, method):
    cloud, _ = mocks
    answer = cloud.session().request(method, f"{cloud.endpoint()}/data-sources", stream=True)
    assert b"".join(answer.iter_content(None)) == b""


def test_a_stream_that_is_cut_off_raises_what_it_raises_over_a_socket(mocks):
    errors = []
    for mock, session in zip(mocks, (mocks[0].session(), requests.Session()), strict=True):
        answer = session.get(f"{mock.endpoint()}/clusters", stream=True, headers={"Prefer": "wire=truncate"}, timeout=5)
        with pytest.raises(requests.exceptions.RequestException) as caught:
            list(answer.iter_content(16))
        errors.append(type(caught.value))
    assert errors[0] is errors[1]


HTTPX = {
    "iter_bytes": lambda answer: list(answer.iter_bytes()),
    "iter_bytes(7)": lambda answer: list(answer.iter_bytes(7)),
    "iter_raw": lambda answer: b"".join(answer.iter_raw()),
    "iter_raw(9)": lambda answer: list(answer.iter_raw(9)),
    "iter_text": lambda answer: "".join(answer.iter_text()),
    "iter_lines": lambda answer: list(answer.iter_lines()),
    "read": lambda answer: answer.read(),
}


@pytest.mark.parametrize("read", HTTPX.values(), ids=HTTPX)
def test_a_stream_of_httpx_is_read_as_over_a_socket(mocks, read):
    cloud, server = mocks
    with httpx.Client(transport=cloud.transport()) as here, httpx.Client() as there:
        with here.stream("GET", f"{cloud.endpoint()}/clusters") as answer:
            ours = read(answer)
        with there.stream("GET", f"{server.endpoint()}/clusters") as answer:
            assert read(answer) == ours


ASYNC = {
    "aiter_bytes": lambda answer: answer.aiter_bytes(),
    "aiter_bytes(7)": lambda answer: answer.aiter_bytes(7),
    "aiter_raw": lambda answer: answer.aiter_raw(),
    "aiter_raw(9)": lambda answer: answer.aiter_raw(9),
    "aiter_text": lambda answer: answer.aiter_text(),
    "aiter_lines": lambda answer: answer.aiter_lines(),
}


@pytest.mark.parametrize("read", ASYNC.values(), ids=ASYNC)
def test_a_stream_of_the_asynchronous_client_is_read_as_over_a_socket(mocks, read):
    cloud, server = mocks

    async def pieces(url, **settings):
        async with httpx.AsyncClient(**settings) as client, client.stream("GET", f"{url}/clusters") as answer:
            return [piece async for piece in read(answer)]

    ours = asyncio.run(pieces(cloud.endpoint(), transport=cloud.transport()))
    theirs = asyncio.run(pieces(server.endpoint()))
    assert ours == theirs


def test_asynchronous_requests_that_wait_do_not_wait_for_each_other():
    cloud = Cloud(sample="empty")
    cloud.rules.delay("jobs.list", "300ms")
    done = []

    async def ask(client, path):
        await client.get(f"{cloud.endpoint()}/{path}")
        done.append(path)

    async def both():
        async with httpx.AsyncClient(transport=cloud.transport()) as client:
            await asyncio.gather(ask(client, "jobs"), ask(client, "jobs"), ask(client, "clusters"))

    asyncio.run(both())
    assert done[0] == "clusters"


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
def test_the_asynchronous_client_raises_what_the_other_does(wire):
    cloud, errors = Cloud(sample="empty"), []
    cloud.rules.break_wire("clusters.list", wire)

    async def ask():
        async with httpx.AsyncClient(transport=cloud.transport(), timeout=0.05) as client:
            await client.get(f"{cloud.endpoint()}/clusters")

    with httpx.Client(transport=cloud.transport(), timeout=0.05) as client:
        for get in (lambda: client.get(f"{cloud.endpoint()}/clusters"), lambda: asyncio.run(ask())):
            with pytest.raises(httpx.HTTPError) as caught:
                get()
            errors.append(caught.type)
    assert errors[0] is errors[1]


# --- a connection that is closed after the response


def test_the_next_request_after_a_close_comes_too_late_and_the_one_after_that_does_not():
    cloud = Cloud(sample="empty")
    cloud.rules.break_wire("jobs.list", "close", times=1)
    with cloud.session() as session:
        assert json.loads(session.get(f"{cloud.endpoint()}/jobs").content) == {"jobs": []}
        with pytest.raises(requests.ConnectionError, match="Remote end closed connection without response"):
            session.get(f"{cloud.endpoint()}/clusters")
        assert session.get(f"{cloud.endpoint()}/clusters").status_code == 200
    cloud.verify("clusters.list", exactly=1)
    assert "closed after the response" in " ".join(cloud.journal.explain(cloud.journal.entries()[0]["id"]))


def test_a_client_that_tries_again_survives_a_close():
    cloud = Cloud(sample="empty")
    cloud.rules.break_wire("jobs.list", "close")
    with cloud.session(max_retries=1) as session:
        assert [session.get(f"{cloud.endpoint()}/jobs").status_code for _ in range(3)] == [200, 200, 200]


def test_httpx_is_told_of_a_close_at_its_next_request():
    cloud = Cloud(sample="empty")
    with httpx.Client(transport=cloud.transport()) as client:
        assert client.get(f"{cloud.endpoint()}/jobs", headers={"Prefer": "wire=close"}).status_code == 200
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(f"{cloud.endpoint()}/jobs")
        assert client.get(f"{cloud.endpoint()}/jobs").status_code == 200


def test_a_close_is_no_error_in_an_exported_test(passes):
    cloud = Cloud(sample="empty")
    with cloud.session(max_retries=1) as session:
        session.get(f"{cloud.endpoint()}/jobs", headers={"Prefer": "wire=close"})
        session.get(f"{cloud.endpoint()}/jobs")
    assert passes(cloud.journal.export("pytest"))

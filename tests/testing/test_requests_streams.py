"""Streams of `requests`: bodies are read piece by piece as over a socket."""

import pytest
import requests

from jobsmock import Cloud, Server

SIZES = [None, 1, 7, 64, 100_000]
READERS = {
    **{f"iter_content({size})": lambda response, size=size: list(response.iter_content(size)) for size in SIZES},
    "iter_content(decode)": lambda response: list(response.iter_content(None, decode_unicode=True)),
    "iter_lines": lambda response: list(response.iter_lines()),
    "iter": lambda response: list(response),
    "content": lambda response: response.content,
    "json": lambda response: response.json(),
    "text, then again": lambda response: (response.text, response.content, response.text),
    "raw.read": lambda response: [response.raw.read(), response.raw.read()],
    "raw.read(5)": lambda response: list(iter(lambda: response.raw.read(5), b"")),
    "raw.read1": lambda response: list(iter(lambda: response.raw.read1(5), b"")),
    "raw.readinto": lambda response: (response.raw.readinto(buffer := bytearray(9)), bytes(buffer)),
    "raw.stream": lambda response: b"".join(response.raw.stream()),
    "raw.stream(11)": lambda response: list(response.raw.stream(11)),
    "raw, lines": lambda response: list(response.raw),
    "raw.isclosed": lambda response: (response.raw.closed, response.raw.read(), response.raw.closed),
    "in part": lambda response: (next(response.iter_content(3)), response.close()),
}
PATHS = {"list": "clusters", "missing": "jobs/nope"}


@pytest.fixture(scope="module")
def mocks():
    """A cloud in this process and a server, with the same contents."""
    with Server(sample="empty", seed=1, freeze="2026-12-01T08:00:00") as server:
        yield Cloud(sample="empty", seed=1, freeze="2026-12-01T08:00:00"), server


def remove_differences(content):
    """The data without what differs between two responses."""
    text = repr(content)
    return text if "Error ID" not in text else len(text)


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_stream_is_read_as_over_a_socket(mocks, read, path):
    cloud, server = mocks
    with cloud.session() as here, requests.Session() as there:
        with here.get(f"{cloud.endpoint()}/{path}", stream=True) as response:
            in_process = read(response)
        with there.get(f"{server.endpoint()}/{path}", stream=True, timeout=5) as response:
            over_socket = read(response)
    if not isinstance(in_process, list) or b"Error ID" not in b"".join(p for p in in_process if isinstance(p, bytes)):
        assert remove_differences(in_process) == remove_differences(over_socket)
    assert type(in_process) is type(over_socket)


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_a_stream_without_a_body_ends(mocks, method):
    cloud, _ = mocks
    response = cloud.session().request(method, f"{cloud.endpoint()}/data-sources", stream=True)
    assert b"".join(response.iter_content(None)) == b""


def test_a_truncated_stream_raises_the_error_of_a_real_socket(mocks):
    errors = []
    for mock, session in zip(mocks, (mocks[0].session(), requests.Session()), strict=True):
        response = session.get(
            f"{mock.endpoint()}/clusters", stream=True, headers={"Prefer": "wire=truncate"}, timeout=5
        )
        with pytest.raises(requests.exceptions.RequestException) as caught:
            list(response.iter_content(16))
        errors.append(type(caught.value))
    assert errors[0] is errors[1]

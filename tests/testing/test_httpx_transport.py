"""`httpx` without a socket, synchronous and asynchronous, behaves as over a socket."""

import asyncio

import httpx
import pytest

from jobsmock import Cloud, Server

SOURCE = {"name": "mine", "description": "düne", "type": "hdfs", "url": "hdfs://node/mine"}
LONG = 30.0  # seconds; no test waits for so long


@pytest.fixture
def cloud():
    return Cloud(sample="empty", seed=1)


@pytest.fixture(scope="module")
def mocks():
    """A cloud in this process and a server, with the same contents."""
    with Server(sample="empty", seed=1, freeze="2026-12-01T08:00:00") as server:
        yield Cloud(sample="empty", seed=1, freeze="2026-12-01T08:00:00"), server


READERS = {
    "iter_bytes": lambda response: list(response.iter_bytes()),
    "iter_bytes(7)": lambda response: list(response.iter_bytes(7)),
    "iter_raw": lambda response: b"".join(response.iter_raw()),
    "iter_raw(9)": lambda response: list(response.iter_raw(9)),
    "iter_text": lambda response: "".join(response.iter_text()),
    "iter_lines": lambda response: list(response.iter_lines()),
    "read": lambda response: response.read(),
}


def catch(base, get):
    with pytest.raises(base) as caught:
        get()
    return caught.value


@pytest.fixture(scope="module")
def server():
    with Server(sample="empty") as server:
        yield server


def test_requests_and_responses_are_complete(cloud):
    with httpx.Client(transport=cloud.transport(), base_url=cloud.endpoint()) as client:
        assert client.post("/data-sources", json=SOURCE).status_code == 202
        [source] = client.get("/data-sources", params={"description": "düne"}).json()["data_sources"]
        assert source["description"] == "düne"
        cloud.rules.delay("jobs.list", f"{LONG:.0f}s")
        with pytest.raises(httpx.ReadTimeout):
            client.get("/jobs", timeout=1)


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
def test_a_broken_connection_raises_the_error_of_a_real_socket(cloud, server, wire):
    errors = []
    for mock, transport in ((cloud, cloud.transport()), (server, None)):
        mock.reset()
        mock.rules.break_wire("clusters.list", wire)
        with httpx.Client(transport=transport, timeout=0.05) as client:
            errors.append(catch(httpx.HTTPError, lambda: client.get(f"{mock.endpoint()}/clusters")))  # noqa: B023
    assert type(errors[0]) is type(errors[1])


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_stream_is_read_as_over_a_socket(mocks, read):
    cloud, server = mocks
    with httpx.Client(transport=cloud.transport()) as client, httpx.Client() as other:
        with client.stream("GET", f"{cloud.endpoint()}/clusters") as response:
            in_process = read(response)
        with other.stream("GET", f"{server.endpoint()}/clusters") as response:
            assert read(response) == in_process


ASYNC_READERS = {
    "aiter_bytes": lambda response: response.aiter_bytes(),
    "aiter_bytes(7)": lambda response: response.aiter_bytes(7),
    "aiter_raw": lambda response: response.aiter_raw(),
    "aiter_raw(9)": lambda response: response.aiter_raw(9),
    "aiter_text": lambda response: response.aiter_text(),
    "aiter_lines": lambda response: response.aiter_lines(),
}


@pytest.mark.parametrize("read", ASYNC_READERS.values(), ids=ASYNC_READERS)
def test_a_stream_of_the_asynchronous_client_is_read_as_over_a_socket(mocks, read):
    cloud, server = mocks

    async def read_pieces(url, **settings):
        async with httpx.AsyncClient(**settings) as client, client.stream("GET", f"{url}/clusters") as response:
            return [piece async for piece in read(response)]

    in_process = asyncio.run(read_pieces(cloud.endpoint(), transport=cloud.transport()))
    over_socket = asyncio.run(read_pieces(server.endpoint()))
    assert in_process == over_socket


def test_delayed_asynchronous_requests_do_not_block_each_other():
    cloud = Cloud(sample="empty")
    cloud.rules.delay("jobs.list", "300ms")
    done = []

    async def send(client, path):
        await client.get(f"{cloud.endpoint()}/{path}")
        done.append(path)

    async def send_all():
        async with httpx.AsyncClient(transport=cloud.transport()) as client:
            await asyncio.gather(send(client, "jobs"), send(client, "jobs"), send(client, "clusters"))

    asyncio.run(send_all())
    assert done[0] == "clusters"


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
def test_the_asynchronous_client_raises_the_errors_of_the_other(wire):
    cloud, errors = Cloud(sample="empty"), []
    cloud.rules.break_wire("clusters.list", wire)

    async def send():
        async with httpx.AsyncClient(transport=cloud.transport(), timeout=0.05) as client:
            await client.get(f"{cloud.endpoint()}/clusters")

    with httpx.Client(transport=cloud.transport(), timeout=0.05) as client:
        for get in (lambda: client.get(f"{cloud.endpoint()}/clusters"), lambda: asyncio.run(send())):
            with pytest.raises(httpx.HTTPError) as caught:
                get()
            errors.append(caught.type)
    assert errors[0] is errors[1]

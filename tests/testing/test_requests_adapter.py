"""`requests` without a socket behaves as over a socket."""

import io
import time

import httpx
import pytest
import requests
from urllib3.util.retry import Retry

from jobsmock import Cloud, Server

SOURCE = {"name": "mine", "description": "düne", "type": "hdfs", "url": "hdfs://node/mine"}
LONG = 30.0  # seconds; no test waits for so long


@pytest.fixture
def cloud():
    return Cloud(sample="empty", seed=1)


@pytest.fixture(scope="module")
def server():
    with Server(sample="empty") as server:
        yield server


@pytest.fixture
def session(cloud):
    return cloud.session()


def list_error_types(error):
    """The classes of an exception and of the exceptions in its arguments."""
    yield type(error)
    for inner in getattr(error, "args", ()):
        if isinstance(inner, BaseException):
            yield from list_error_types(inner)


def catch(base, get):
    with pytest.raises(base) as caught:
        get()
    return caught.value


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_broken_connection_raises_the_error_of_a_real_socket(cloud, server, wire, stream):
    errors = []
    for mock, session in ((cloud, cloud.session()), (server, requests.Session())):
        mock.reset()
        mock.rules.break_wire("clusters.list", wire)
        url = f"{mock.endpoint()}/clusters"
        with session:
            errors.append(
                catch(requests.RequestException, lambda: session.get(url, timeout=0.05, stream=stream).content)  # noqa: B023
            )
    in_process, over_socket = errors
    assert [error.__name__ for error in list_error_types(in_process)] == [
        error.__name__ for error in list_error_types(over_socket)
    ]


@pytest.mark.parametrize("timeout", [1, (1, 1), (None, 0.5)])
def test_a_delay_beyond_the_timeout_fails_at_once_but_the_operation_is_done(cloud, session, timeout):
    cloud.rules.delay("data-sources.create", f"{LONG:.0f}s")
    start = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.post(f"{cloud.endpoint()}/data-sources", json=SOURCE, timeout=timeout)
    assert time.monotonic() - start < LONG
    assert session.get(f"{cloud.endpoint()}/data-sources").json()["data_sources"][0]["description"] == "düne"


def test_a_delay_is_in_the_time_of_the_world(cloud, session):
    cloud.clock.scale(1000)
    cloud.rules.delay("jobs.list", "10s")
    response = session.get(f"{cloud.endpoint()}/jobs", timeout=1)
    assert 0.01 <= response.elapsed.total_seconds() < 1


def test_retries_of_urllib3_work(cloud):
    session = cloud.session(max_retries=Retry(3, status_forcelist=[503], backoff_factor=0))
    cloud.rules.fail("jobs.list", status=503, times=1)
    cloud.rules.break_wire("jobs.list", "reset", times=2)
    assert session.get(f"{cloud.endpoint()}/jobs").status_code == 200
    cloud.verify("jobs.list", exactly=4)


@pytest.mark.parametrize(
    "data",
    [b"ab", "ab", io.BytesIO(b"ab"), [b"a", b"b"], iter([b"a", b"b"])],
    ids=["bytes", "text", "file", "list", "pieces"],
)
def test_a_body_may_come_in_any_form(cloud, session, data):
    if isinstance(data, list):
        data = (piece for piece in data)
    created = session.put(f"{cloud.endpoint()}/job-binary-internals/ab", data=data).json()["job_binary_internal"]
    response = session.get(f"{cloud.endpoint()}/job-binary-internals/{created['id']}/data", stream=True)
    assert (created["datasize"], list(response.iter_content(1))) == (2, [b"a", b"b"])


def test_a_redirect_is_followed(cloud, session):
    target = f"{cloud.endpoint()}/clusters"
    cloud.rules.add({"when": {"operation": "jobs.list"}, "then": {"status": 302, "headers": {"Location": target}}})
    response = session.get(f"{cloud.endpoint()}/jobs")
    assert (response.url, len(response.history), len(response.json()["clusters"])) == (target, 1, 1)


def test_head_has_a_length_and_no_body(cloud, session):
    response = session.head(f"{cloud.endpoint()}/clusters")
    assert (response.content, int(response.headers["Content-Length"]) > 100) == (b"", True)
    with httpx.Client(transport=cloud.transport()) as client:
        assert client.head(f"{cloud.endpoint()}/clusters").content == b""


def test_headers_arrive_as_over_a_socket(cloud, session):
    session.get(f"{cloud.endpoint()}/jobs", headers={"X-One": "é", "X-Two": b"two"})
    (entry,) = cloud.journal
    assert (entry["headers"]["x-two"], entry["headers"]["host"]) == ("two", "jobsmock.localhost")
    with pytest.raises(UnicodeEncodeError):
        session.get(f"{cloud.endpoint()}/jobs", headers={"X-One": "→"})


def test_links_have_the_address_that_the_client_uses(cloud):
    session, base = requests.Session(), "https://sahara.example.com:8386"
    session.mount(base, cloud.make_world("mine").adapter())
    href = session.get(base).json()["versions"][1]["links"][0]["href"]
    assert href == f"{base}/w/mine/v1.1/"
    assert session.get(f"{href}demo/clusters").json()["clusters"]


def test_a_proxy_of_the_environment_is_not_used(cloud, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    session = requests.Session()
    session.mount(cloud.url, cloud.adapter())
    assert session.get(f"{cloud.endpoint()}/clusters").json()["clusters"]

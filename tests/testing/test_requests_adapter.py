"""`requests` and `httpx` without a socket: whoever uses them must not notice."""

import io
import time

import httpx
import pytest
import requests
from urllib3.util.retry import Retry

from jobsmock import Cloud, Server

SOURCE = {"name": "mine", "description": "düne", "type": "hdfs", "url": "hdfs://node/mine"}
LATE = 30.0  # seconds that nobody waits


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


def kinds(error):
    """The class of an exception, and of those within it."""
    yield type(error)
    for inner in getattr(error, "args", ()):
        if isinstance(inner, BaseException):
            yield from kinds(inner)


def raised(base, get):
    with pytest.raises(base) as caught:
        get()
    return caught.value


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_broken_wire_raises_what_it_raises_over_a_socket(cloud, server, wire, stream):
    errors = []
    for mock, session in ((cloud, cloud.session()), (server, requests.Session())):
        mock.reset()
        mock.rules.break_wire("clusters.list", wire)
        url = f"{mock.endpoint()}/clusters"
        with session:
            errors.append(
                raised(requests.RequestException, lambda: session.get(url, timeout=0.05, stream=stream).content)  # noqa: B023
            )
    here, there = errors
    assert [kind.__name__ for kind in kinds(here)] == [kind.__name__ for kind in kinds(there)]


@pytest.mark.parametrize("wire", ["reset", "empty", "garbage", "truncate", "hang"])
def test_httpx_raises_what_it_raises_over_a_socket(cloud, server, wire):
    errors = []
    for mock, transport in ((cloud, cloud.transport()), (server, None)):
        mock.reset()
        mock.rules.break_wire("clusters.list", wire)
        with httpx.Client(transport=transport, timeout=0.05) as client:
            errors.append(raised(httpx.HTTPError, lambda: client.get(f"{mock.endpoint()}/clusters")))  # noqa: B023
    assert type(errors[0]) is type(errors[1])


@pytest.mark.parametrize("timeout", [1, (1, 1), (None, 0.5)])
def test_an_answer_after_the_timeout_is_missed_at_once_but_the_work_is_done(cloud, session, timeout):
    cloud.rules.delay("data-sources.create", f"{LATE:.0f}s")
    began = time.monotonic()
    with pytest.raises(requests.ReadTimeout):
        session.post(f"{cloud.endpoint()}/data-sources", json=SOURCE, timeout=timeout)
    assert time.monotonic() - began < LATE
    assert session.get(f"{cloud.endpoint()}/data-sources").json()["data_sources"][0]["description"] == "düne"


def test_a_delay_passes_in_the_time_of_the_world(cloud, session):
    cloud.clock.scale(1000)
    cloud.rules.delay("jobs.list", "10s")
    answer = session.get(f"{cloud.endpoint()}/jobs", timeout=1)
    assert 0.01 <= answer.elapsed.total_seconds() < 1


def test_who_may_try_again_does(cloud):
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
    made = session.put(f"{cloud.endpoint()}/job-binary-internals/ab", data=data).json()["job_binary_internal"]
    got = session.get(f"{cloud.endpoint()}/job-binary-internals/{made['id']}/data", stream=True)
    assert (made["datasize"], list(got.iter_content(1))) == (2, [b"a", b"b"])


def test_a_redirect_is_followed(cloud, session):
    there = f"{cloud.endpoint()}/clusters"
    cloud.rules.add({"when": {"operation": "jobs.list"}, "then": {"status": 302, "headers": {"Location": there}}})
    answer = session.get(f"{cloud.endpoint()}/jobs")
    assert (answer.url, len(answer.history), len(answer.json()["clusters"])) == (there, 1, 1)


def test_head_has_a_length_and_no_body(cloud, session):
    answer = session.head(f"{cloud.endpoint()}/clusters")
    assert (answer.content, int(answer.headers["Content-Length"]) > 100) == (b"", True)
    with httpx.Client(transport=cloud.transport()) as client:
        assert client.head(f"{cloud.endpoint()}/clusters").content == b""


def test_headers_arrive_as_over_a_socket(cloud, session):
    session.get(f"{cloud.endpoint()}/jobs", headers={"X-One": "é", "X-Two": b"two"})
    (entry,) = cloud.journal
    assert (entry["headers"]["x-two"], entry["headers"]["host"]) == ("two", "jobsmock.localhost")
    with pytest.raises(UnicodeEncodeError):
        session.get(f"{cloud.endpoint()}/jobs", headers={"X-One": "→"})


def test_links_lead_back_to_the_address_that_was_asked(cloud):
    session, base = requests.Session(), "https://sahara.example.com:8386"
    session.mount(base, cloud.make_world("mine").adapter())
    href = session.get(base).json()["versions"][1]["links"][0]["href"]
    assert href == f"{base}/w/mine/v1.1/"
    assert session.get(f"{href}demo/clusters").json()["clusters"]


def test_no_proxy_of_the_environment_comes_between(cloud, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    session = requests.Session()
    session.mount(cloud.url, cloud.adapter())
    assert session.get(f"{cloud.endpoint()}/clusters").json()["clusters"]


def test_httpx_sends_and_gets_what_it_should(cloud):
    with httpx.Client(transport=cloud.transport(), base_url=cloud.endpoint()) as client:
        assert client.post("/data-sources", json=SOURCE).status_code == 202
        assert (
            client.get("/data-sources", params={"description": "düne"}).json()["data_sources"][0]["description"]
            == "düne"
        )
        cloud.rules.delay("jobs.list", f"{LATE:.0f}s")
        with pytest.raises(httpx.ReadTimeout):
            client.get("/jobs", timeout=1)

"""What the real service answered, held against jobsmock: in process, and once over a socket."""

import json
from pathlib import Path

import pytest
import requests
from flask.testing import FlaskClient

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample, make_world
from jobsmock.world.worlds import Worlds
from tests.conformance.replayer import Answer, Send, differences

HERE = Path(__file__).parent
CLOUD = str(HERE / "cloud.json")
RECORDINGS = sorted((HERE / "recordings").glob("*.json"))


def cloud_of(path: Path) -> str:
    """The sample that a recording wants."""
    return str(HERE / json.loads(path.read_text()).get("cloud", "cloud.json"))


def by_test_client(cloud: str = CLOUD, client: FlaskClient | None = None, prefix: str = "") -> Send:
    client = client or create_app(make_world(cloud)).test_client()

    def send(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        got = client.open(prefix + path, method=method, data=body, headers=headers)
        return Answer(got.status_code, got.mimetype, got.data)

    return send


def by_socket(url: str) -> Send:
    session = requests.Session()

    def send(method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        got = session.request(method, url + path, data=body, headers=headers, allow_redirects=False)
        return Answer(got.status_code, got.headers["Content-Type"].split(";")[0], got.content)

    return send


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_step_answers_as_recorded(path):
    assert differences(json.loads(path.read_text()), by_test_client(cloud_of(path)), "http://localhost") == []


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.stem)
def test_every_step_answers_as_recorded_over_a_socket(path, serve):
    url = serve(sample=cloud_of(path))
    assert differences(json.loads(path.read_text()), by_socket(url), url) == []


def test_every_recording_is_answered_alike_in_a_world_of_its_own_of_one_server():
    client = create_app(Worlds(Sample.load(CLOUD).make_world)).test_client()
    for path in (path for path in RECORDINGS if cloud_of(path) == CLOUD):
        prefix = f"/w/{path.stem}"
        send = by_test_client(client=client, prefix=prefix)
        assert differences(json.loads(path.read_text()), send, f"http://localhost{prefix}") == []


def test_there_are_869_steps():
    assert sum(len(json.loads(path.read_text())["steps"]) for path in RECORDINGS) == 869


def test_the_replayer_sees_what_differs():
    recording = json.loads((HERE / "recordings" / "jobs-crud.json").read_text())
    recording["steps"][3]["response"]["json"]["job"]["name"] = "another"
    recording["steps"][10]["response"]["status"] = 200
    assert len(differences(recording, by_test_client(), "http://localhost")) == 2

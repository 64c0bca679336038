"""Single requests that jobsmock once answered otherwise than the real service, each in a world of its own.

A case of differences.json has a `kind`, a `setup` (method, path, body, captures and headers of each step), a `request`,
and what the `real` service answered. `{name}` is an id that the setup has captured.
"""

import json
import re
from pathlib import Path

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.sample import make_world
from tests.conformance.replayer import KNOWN_IDS
from tests.conformance.test_recordings import CLOUD

CASES = json.loads((Path(__file__).parent / "differences.json").read_text())
_CHANGING = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d|<[\w: -]+>")
_ERROR_ID = re.compile(r"\nError ID: [0-9a-f-]{36}")
_NOT_COMPARED = ("management_public_key", "tenant_id", "info", "description", "end_time")


class Asked:
    """A world that is asked, and the ids that are known of it."""

    def __init__(self):
        self.client = create_app(make_world(CLOUD, seed=1)).test_client()
        self.names = dict(KNOWN_IDS)

    def filled(self, text):
        return re.sub(r"\{(\w+)\}", lambda found: self.names.get(found[1], found[0]), text)

    def send(self, method, path, headers, body):
        data = None if body is None else self.filled(body if isinstance(body, str) else json.dumps(body)).encode()
        sent = {"X-Project-Id": KNOWN_IDS["tenant"], **(headers or {})}
        if data is not None:
            sent.setdefault("Content-Type", "application/json")
        return self.client.open(self.filled(path), method=method, data=data, headers=sent)

    def set_up(self, steps):
        for step in steps:
            method, path, body, captures, headers = [*step, None, None, None][:5]
            content = self.send(method, path, headers, body).get_json(silent=True)
            for name, (kind, key) in ((name, where.split(".")) for name, where in (captures or {}).items()):
                self.names[name] = content[kind][key]


def compared(value):
    """A body without what is never the same; lists in any order, as both sides hold them in that of random ids."""
    if isinstance(value, dict):
        return {key: compared(one) for key, one in value.items() if key not in _NOT_COMPARED}
    if isinstance(value, list):
        return sorted((compared(one) for one in value), key=lambda one: json.dumps(one, sort_keys=True))
    return _CHANGING.sub("(…)", _ERROR_ID.sub("", value)) if isinstance(value, str) else value


def content_of(answer):
    return answer.get_json(silent=True) if answer.mimetype == "application/json" else answer.text


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["kind"])
def test_what_differed_once_is_answered_as_the_real_service_does(case):
    world, real = Asked(), case["real"]
    world.set_up(case["setup"])
    answer = world.send(*case["request"])
    assert answer.status_code == real["status"], answer.text
    if real.get("body"):
        assert compared(content_of(answer)) == compared(real["body"])
    if "error_id_line" in real:
        assert bool(_ERROR_ID.search(answer.json["error_message"])) == real["error_id_line"]
    for name, value in real.get("headers", {}).items():
        assert sorted(answer.headers[name].lower().split(", ")) == sorted(value.lower().split(", "))

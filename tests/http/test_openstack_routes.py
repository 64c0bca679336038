"""Bad input to identity, compute, image and network."""

import json

import pytest
from hypothesis import strategies as st

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from tests.http.refusals import fuzz, places, replaced
from tests.http.test_fuzz import VALUES
from tests.openstack.logins import DEFAULT, body, login


def check_sound(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json["error"]["code"] == answer.status_code
        assert answer.json["error"]["message"]


@pytest.fixture(params=[False, True], ids=["open", "strict"])
def door(request):
    return create_app(Sample.from_document({}, "empty").make_world(seed=1, is_strict=request.param)).test_client()


@fuzz(100, content=VALUES)
def test_any_json_may_ask_for_a_token(door, content):
    check_sound(door.post("/v3/auth/tokens", data=json.dumps(content), content_type="application/json"))


METHODS = ["password", "token", "application_credential"]


GOOD = body("demo", "demo", "secret")
GOOD["auth"]["identity"]["methods"] = METHODS
GOOD["auth"]["identity"] |= {"token": {"id": "x"}, "application_credential": {"id": "x", "secret": "x"}}
GOOD["auth"]["scope"] |= {"domain": DEFAULT, "system": {"all": True}}


@fuzz(
    80, data=st.data(), part=VALUES, methods=st.lists(st.sampled_from(["password", "token", "application_credential"]))
)
def test_anything_may_be_in_place_of_a_part_of_what_asks_for_a_token(door, data, part, methods):
    good = replaced(GOOD, ("auth", "identity", "methods"), methods) if methods else GOOD
    spoiled = replaced(good, data.draw(st.sampled_from(list(places(good)))), part)
    check_sound(door.post("/v3/auth/tokens", data=json.dumps(spoiled), content_type="application/json"))


@fuzz(80, content=st.binary(max_size=30))
def test_any_bytes_may_ask_for_a_token(door, content):
    check_sound(door.post("/v3/auth/tokens", data=content))


@fuzz(80, content=VALUES)
def test_any_json_may_ask_for_an_application_credential(client, content):
    token, _ = login(client, "demo", "demo")
    path, headers = "/v3/users/demo/application_credentials", {"X-Auth-Token": token}
    check_sound(client.post(path, data=json.dumps({"application_credential": content}), headers=headers))
    assert client.get(path, headers=headers).status_code == 200


def test_a_body_too_deep_or_too_large_is_refused(client):
    assert client.post("/v3/auth/tokens", data=b"[" * 400 + b"]" * 400).status_code == 400
    assert client.post("/v3/auth/tokens", data=b" " * (17 * 1024 * 1024)).status_code == 413

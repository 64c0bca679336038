"""Logins that tests of identity share."""

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample

DEFAULT = {"id": "default"}


def body(project="demo", user="ada", password="x"):
    who = {"name": user, "domain": DEFAULT, "password": password}
    scope = project if isinstance(project, dict) else {"name": project, "domain": DEFAULT}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": who}}, "scope": {"project": scope}}}


def login(client, *who):
    """A token, and what was said of it."""
    answer = client.post("/v3/auth/tokens", json=body(*who))
    assert answer.status_code == 201, answer.text
    return answer.headers["X-Subject-Token"], answer.json["token"]


def strict(**tables):
    world = Sample.from_document(tables, "test").make_world(seed=1, is_strict=True)
    return world, create_app(world).test_client()


def names(client, path):
    (records,) = [value for value in client.get(path).json.values() if isinstance(value, list)]
    return [record["name"] for record in records]

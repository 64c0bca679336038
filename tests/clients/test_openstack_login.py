"""The `openstack` command that has logged in: an address, a name and a password are all that it is told."""

import json

import pytest

WHO = {"OS_USERNAME": "ada", "OS_PASSWORD": "any", "OS_PROJECT_NAME": "bakery"}
DOMAINS = {"OS_USER_DOMAIN_NAME": "Default", "OS_PROJECT_DOMAIN_NAME": "Default"}
SAMPLE = {
    "images": [{"id": "1a000000-0000-4000-8000-000000000001", "name": "cirros"}],
    "clusters": [{"name": "cluster", "plugin_name": "fake", "hadoop_version": "0.1"}],
    "job_binaries": [{"name": "count.jar", "url": "swift://code/count.jar"}],
    "jobs": [{"name": "count", "type": "Java", "libs": ["count.jar"]}],
}
LINES = [
    "token issue", "project list", "catalog list", "flavor show m1.small", "image list", "network list --external",
    "dataprocessing cluster list", "dataprocessing job template list", "project show bakery",
]  # fmt: skip


@pytest.fixture
def answers(serve, typist, environment, tmp_path):
    """Types lines after `openstack`; returns what they print, read as JSON."""
    sample = tmp_path / "sample.json"
    sample.write_text(json.dumps(SAMPLE))
    url = serve(str(sample))

    def run(path, **more):
        who = {**environment, "OS_AUTH_URL": url + path, **WHO, **more}
        ended = [typist([*line.split(), "-f", "json"], tmp_path, who) for line in LINES]
        assert not any(one.returncode for one in ended), ended
        return [json.loads(one.stdout) for one in ended]

    return run


@pytest.mark.parametrize(
    ("path", "domains"), [("/v3", {}), ("/w/one/identity", DOMAINS)], ids=["no domain told", "in a world of its own"]
)
def test_with_an_address_a_name_and_a_password_the_command_finds_all_services(answers, path, domains):
    token, projects, catalogue, flavor, images, networks, clusters, templates, project = answers(path, **domains)
    assert (token["project_id"], token["user_id"]) == ("bakery", "ada")
    assert {one["Name"] for one in projects} == {"demo", "admin", "bakery"}
    assert {one["Type"]: one["Name"] for one in catalogue} == {
        "identity": "keystone", "data-processing": "sahara", "compute": "nova", "image": "glance",
        "network": "neutron",
    }  # fmt: skip
    assert (flavor["id"], flavor["ram"]) == ("2", 2048)
    assert [one["Name"] for one in images] == ["cirros"]
    assert [one["Name"] for one in networks] == ["public"]
    assert [one["Name"] for one in clusters] == ["cluster"]
    assert [one["Name"] for one in templates] == ["count"]
    assert project["id"] == "bakery"

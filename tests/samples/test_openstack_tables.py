"""The tables of a sample that belong to the other OpenStack services."""

import pytest


@pytest.mark.parametrize(
    ("sample", "error"),
    [
        (
            {"users": [{"name": "ada", "pasword": "x"}]},
            "users, record 1 (ada): Additional properties are not allowed ('pasword' was unexpected): "
            "did you mean 'password'?",
        ),
        (
            {"users": [{"name": "ada", "roles": {"demo": "admin"}}]},
            "users, record 1 (ada): roles[demo]: 'admin' is not of type 'array'",
        ),
        (
            {"users": [{"name": "ada"}, {"name": "ada"}]},
            "users, record 2 (ada): name: duplicate value 'ada': an earlier record has it",
        ),
        (
            {"projects": [{"name": "demo"}, {"name": "other", "id": "demo"}]},
            "projects, record 2 (other): id: duplicate value 'demo': an earlier record has it",
        ),
        (
            {"application_credentials": [{"name": "r", "secret": "s", "user": "nobody", "project": "demo"}]},
            "application_credentials, record 1 (r): user: unknown reference 'nobody': "
            "expected the id or the name of a record in users",
        ),
        (
            {"flavors": [{"name": "big", "ram": "lots"}]},
            "flavors, record 1 (big): ram: 'lots' is not of type 'integer'",
        ),
    ],
)
def test_an_invalid_record_is_refused(error_of, sample, error):
    assert error_of(sample) == f"sample: {error}"


def test_a_table_of_the_sample_replaces_the_standard_records(client_of):
    client = client_of({"flavors": [{"name": "big"}], "networks": [{"name": "lab"}]})
    assert [flavor["name"] for flavor in client.get("/compute/v2.1/flavors").json["flavors"]] == ["big"]
    assert [network["name"] for network in client.get("/network/v2.0/networks").json["networks"]] == ["lab"]


def test_a_project_that_only_a_user_names_is_created(client_of):
    client = client_of({"users": [{"name": "ada", "roles": {"mill": ["admin"]}}], "projects": [{"name": "demo"}]})
    projects = client.get("/v3/projects").json["projects"]
    assert [project["name"] for project in projects] == ["demo", "mill"]

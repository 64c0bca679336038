"""The interfaces of jobs: what a job can declare, and what an execution passes."""

import pytest

from tests.sahara.edp.execution_steps import list_errors

POSITIONS = "Locations of positional arguments must be an unbroken integer sequence ascending from 0."
DEFAULTS = "Positional arguments must be given default values if they are not required."


def make_argument(**values):
    return {"name": "a", "mapping_type": "configs", "location": "l", "required": True, **values}


def create_job(cloud, *arguments):
    body = {"name": "j", "type": "Shell", "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    return cloud.ask("POST", "/jobs", {**body, "interface": list(arguments)})


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"mapping_type": "args", "location": "00"}, []),
        ({"mapping_type": "args", "location": " 0"}, [POSITIONS]),
        ({"mapping_type": "args", "location": "9" * 5000}, [POSITIONS]),
        ({"mapping_type": "args", "location": "0", "required": False, "default": ""}, [DEFAULTS]),
        ({"value_type": "number", "default": "1.5"}, ["Value '1.5' is not a valid number."]),
        (
            {"value_type": "data_source", "default": "//["},
            ["Data source value '//[' is neither a valid data source ID nor a valid URL."],
        ),
        ({"name": ""}, ["interface[0][name]: '' is too short"]),
    ],
)
def test_an_argument_is_validated(cloud, values, errors):
    assert list_errors(create_job(cloud, make_argument(**values))) == errors


def test_arguments_must_differ_in_their_names(cloud):
    assert "has non-unique elements" in list_errors(create_job(cloud, make_argument(), make_argument()))[0]
    errors = list_errors(create_job(cloud, make_argument(), make_argument(location="m")))
    assert errors == ["Name must be unique within the interface for any job."]


def test_a_required_argument_must_be_passed_even_if_it_has_a_default(cloud):
    job = create_job(cloud, make_argument(default="x")).json["job"]["id"]
    body = {"cluster_id": cloud.id_of("clusters", "playground"), "interface": {}}
    errors = list_errors(cloud.ask("POST", f"/jobs/{job}/execute", body))
    assert errors == ["Argument names: ['a'] are required for this job."]

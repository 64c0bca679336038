"""Checks of bodies that no recording has, in the words of the real service."""

import pytest

URLS = {"maprfs": "maprfs:///a", "hdfs": "hdfs://h/p", "swift": "swift://c/o", "s3": "s3a://b/o"}


def said(answer):
    """The lines of a refusal; what is not refused says nothing."""
    return [] if answer.status_code == 202 else answer.json["error_message"].split("\n")[:-1]


def argument(**more):
    return {"name": "a", "mapping_type": "configs", "location": "l", "required": True, **more}


def with_interface(cloud, *arguments, name="j"):
    body = {"name": name, "type": "Shell", "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    return cloud.ask("POST", "/jobs", {**body, "interface": list(arguments)})


POSITIONS = "Locations of positional arguments must be an unbroken integer sequence ascending from 0."
DEFAULTS = "Positional arguments must be given default values if they are not required."


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"mapping_type": "args", "location": "00"}, []),
        ({"mapping_type": "args", "location": " 0"}, [POSITIONS]),
        ({"mapping_type": "args", "location": "9" * 5000}, [POSITIONS]),
        ({"mapping_type": "args", "location": "0", "required": False, "default": ""}, [DEFAULTS]),
        ({"value_type": "number", "default": "1.5"}, ["Value '1.5' is not a valid number."]),
        ({"value_type": "data_source", "default": "//["}, None),
        ({"name": ""}, ["interface[0][name]: '' is too short"]),
    ],
)
def test_an_argument_of_an_interface_is_checked(cloud, changes, lines):
    answer = with_interface(cloud, argument(**changes))
    assert said(answer) == lines or (lines is None and "neither a valid data source ID" in said(answer)[0])


def test_arguments_of_an_interface_have_to_differ(cloud):
    assert "has non-unique elements" in said(with_interface(cloud, argument(), argument()))[0]
    assert said(with_interface(cloud, argument(), argument(location="m"))) == [
        "Name must be unique within the interface for any job."
    ]


def test_an_argument_that_is_required_has_to_be_passed_even_if_it_has_a_default(cloud):
    id = with_interface(cloud, argument(default="x")).json["job"]["id"]
    run = {"cluster_id": cloud.id_of("clusters", "playground"), "interface": {}}
    assert said(cloud.ask("POST", f"/jobs/{id}/execute", run)) == ["Argument names: ['a'] are required for this job."]


@pytest.mark.parametrize(
    ("mains", "is_unique"), [([1, True], True), ([0, False], True), ([1, 1.0], False), ([{"a": 1}, {"a": 1}], False)]
)
def test_items_are_compared_as_json_compares(cloud, mains, is_unique):
    lines = said(cloud.ask("POST", "/jobs", {"name": "j", "type": "Pig", "mains": mains}))
    assert any("non-unique" in line for line in lines) is not is_unique


@pytest.mark.parametrize("job_type", ["Java", "MapReduce"])
def test_missing_libs_are_told_before_needless_mains(cloud, job_type):
    body = {"name": "j", "type": job_type, "mains": [cloud.id_of("job_binaries", "restock.sh")]}
    assert said(cloud.ask("POST", "/jobs", body)) == [f"{job_type} flow requires libs"]


@pytest.mark.parametrize(
    ("info", "lines"),
    [
        ({"status": 1}, ["info[status]: 1 is not one of ['suspend', 'cancel']"]),
        ({"status": "cancel", "x": 1}, ["info: Additional properties are not allowed ('x' was unexpected)"]),
        (
            {"a": None},
            [
                "info: Additional properties are not allowed ('a' was unexpected)",
                "info: {'a': None} is not of type 'simple_config'",
            ],
        ),
        ([], ["info: [] is not of type 'simple_config'"]),
        ({}, ["Invalid status parameter"]),
    ],
)
def test_what_an_update_of_an_execution_asks_for_is_checked(cloud, info, lines):
    execution = cloud.execute("stuck-restock")
    assert sorted(said(cloud.ask("PATCH", f"/job-executions/{execution}", {"info": info}))) == lines


@pytest.mark.parametrize(
    ("share", "line"),
    [
        ({}, "shares[0]: 'id' is a required property"),
        ({"id": "x"}, "shares[0][id]: 'x' is not a 'uuid'"),
        ({"id": "c1000000-0000-4000-8000-000000000001", "access_level": "zz"}, "'zz' is not one of ['rw', 'ro']"),
    ],
)
def test_a_share_of_a_cluster_is_checked(cloud, share, line):
    path = f"/clusters/{cloud.id_of('clusters', 'playground')}"
    assert line in said(cloud.ask("PATCH", path, {"shares": [share]}))[0]


@pytest.mark.parametrize("change", [{"url": "s3://b"}, {"url": "swift://c/p", "extra": {}}, {"extra": {"user": "u"}}])
def test_an_update_of_a_binary_does_not_ask_for_credentials_again(cloud, change):
    path = f"/job-binaries/{cloud.id_of('job_binaries', 'pairs-udf.jar')}"
    assert cloud.ask("PUT", path, change).status_code == 202


@pytest.mark.parametrize(
    ("type", "url"), [("hdfs", "hdfs://["), ("maprfs", "maprfs://["), ("swift", "swift://["), ("s3", "s3://[")]
)
def test_a_url_that_cannot_be_taken_apart_is_refused(cloud, type, url):
    answer = cloud.ask("POST", "/data-sources", {"name": "d", "type": type, "url": url})
    assert said(answer) == [f"The url {url!r} cannot be understood"]


def test_streaming_jobs_look_at_their_data_before_their_mapper(cloud):
    source = cloud.id_of("data_sources", "reviews")
    run = {"cluster_id": cloud.id_of("clusters", "playground"), "input_id": source, "output_id": source}
    path = f"/jobs/{cloud.id_of('jobs', 'sort-complaints')}/execute"
    assert "reference the same location" in said(cloud.ask("POST", path, run))[0]
    run["output_id"] = cloud.id_of("data_sources", "complaints")
    assert "must specify streaming mapper and reducer" in said(cloud.ask("POST", path, run))[0]

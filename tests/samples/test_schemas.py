"""The validation of records and of the `simulation` settings."""

import pytest

from tests.samples.sample_records import BINARY, CLUSTER, EXECUTION, JOB


@pytest.mark.parametrize(
    ("sample", "error"),
    [
        ({"jobs": [{"type": "Pig"}]}, "jobs, record 1: 'name' is a required property"),
        (
            {"jobs": [JOB | {"mian": 1}]},
            "jobs, record 1 (j): Additional properties are not allowed ('mian' was unexpected): did you mean 'mains'?",
        ),
        ({"jobs": {"7": {"name": "x", "type": "Pgi"}}}, "jobs, record 7 (x): type: 'Pgi' is not one of ["),
        (
            {"jobs": [JOB | {"plan": "RUNNING"}, JOB | {"name": "k", "plan": "RUN 5s"}]},
            "jobs, record 2 (k): plan: step 1, 'RUN 5s': unknown status 'RUN'",
        ),
        (
            {"job_binaries": [BINARY | {"created_at": "yesterday"}]},
            "job_binaries, record 1 (main): created_at: invalid time 'yesterday': expected 2026-01-31",
        ),
        (
            {"job_binaries": [BINARY | {"created_at": "-9999999d"}]},
            "job_binaries, record 1 (main): created_at: invalid time '-9999999d': "
            "expected a time in the years 1 to 9999",
        ),
        (
            {"job_binaries": [BINARY | {"name": "a b"}]},
            "job_binaries, record 1 (a b): name: 'a b' is not a 'valid_name': "
            "expected letters, digits and '-_.', starting with a letter or digit",
        ),
        ({"job_binaries": [BINARY | {"id": "a/b"}]}, "job_binaries, record 1 (main): id: invalid id 'a/b': expected"),
        (
            {"job_binary_internals": [{"name": "i", "datasize": 5 * 1024 * 1024 + 1}]},
            "job_binary_internals, record 1 (i): datasize: invalid size 5242881: expected at most 5 MiB, in bytes",
        ),
        (
            {"clusters": [CLUSTER | {"name": "a_b"}]},
            "clusters, record 1 (a_b): name: 'a_b' is not a 'valid_name_hostname': "
            "expected letters, digits and '-', starting with a letter",
        ),
        (
            {"clusters": [CLUSTER | {"node_groups": [{"name": "m", "count": -1}]}]},
            "clusters, record 1 (c): node_groups[0][count]: -1 is less than the minimum of 0",
        ),
        (
            {"clusters": [CLUSTER | {"status": "Active", "plan": "demo"}]},
            "clusters, record 1 (c): plan: given together with a status, which a cluster would keep: "
            "expected only one of them",
        ),
        (
            {"job_executions": [EXECUTION | {"info": {}}]},
            "job_executions, record 1: info: 'status' is a required property",
        ),
        (
            {"job_executions": [EXECUTION | {"info": {"status": "KILLED"}, "plan": "demo"}]},
            "job_executions, record 1: plan: given together with an info, which an execution would keep: "
            "expected only one of them",
        ),
        ({"images": [{"name": "i", "tags": ["a b"]}]}, "images, record 1 (i): tags[0]: 'a b' is not a 'valid_tag'"),
    ],
)
def test_an_invalid_record_is_refused(error_of, sample, error):
    assert error_of(sample).startswith(f"sample: {error}")


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ([], "simulation: invalid value: a list: expected an object"),
        ("fast", "simulation: invalid value: a string: expected an object"),
        ({"plan": "soon"}, "simulation: plan: unknown profile 'soon'"),
        (
            {"plans": {}},
            "simulation: Additional properties are not allowed ('plans' was unexpected): did you mean 'plan'?",
        ),
        (
            {"cluster_plan": "Validatng 1s > Active"},
            "simulation: cluster_plan: step 1, 'Validatng 1s': unknown status 'Validatng': did you mean Validating?",
        ),
        ({"job_plans": {"x*": "nope"}}, "simulation: job_plans[x*]: unknown profile 'nope'"),
        ({"job_plans": {"x*": 5}}, "simulation: job_plans[x*]: 5 is not of type 'string'"),
    ],
)
def test_invalid_settings_are_refused(error_of, settings, error):
    assert error_of({"simulation": settings}).startswith(f"sample: {error}")

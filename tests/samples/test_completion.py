"""Completing the records of a sample: what they may leave out, and what is invalid in their context."""

import pytest

from tests.samples.sample_records import BINARY, CLUSTER, EXECUTION, JOB, find_only

FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}


def test_a_plugin_of_the_sample_runs_the_job_types_that_it_lists(client_of):
    client = client_of({
        "plugins": [{"name": "cdh", "versions": ["5.13"], "job_types": ["Pig"]}],
        "clusters": [CLUSTER | {"plugin_name": "cdh", "hadoop_version": "5.13"}],
        "job_binaries": [BINARY],
        "jobs": [{"name": "s", "type": "Shell", "mains": ["main"]}],
    })  # fmt: skip
    assert [job_type["name"] for job_type in client.get("/v1.1/p/job-types").json["job_types"]] == ["Pig"]
    body = {"cluster_id": find_only(client, "/clusters")["id"]}
    refused = client.post(f"/v1.1/p/jobs/{find_only(client, '/jobs')['id']}/execute", json=body).json
    assert "doesn't support job type 'Shell'" in refused["error_message"]


def test_an_execution_follows_its_own_plan_or_that_of_its_job(client_of):
    executions = client_of({
        "clusters": [CLUSTER | {"node_groups": [{"name": "bare"}]}],
        "job_binaries": [BINARY],
        "jobs": [JOB | {"plan": "stuck"}],
        "job_executions": [EXECUTION | {"created_at": "-2h"}, EXECUTION | {"created_at": "-2h", "plan": "FAILED"}],
    }).get("/v1.1/p/job-executions").json["job_executions"]  # fmt: skip
    assert sorted(execution["info"]["status"] for execution in executions) == ["FAILED", "RUNNING"]


def test_templates_refer_by_name_and_get_the_defaults_of_the_service(client_of):
    group = {"name": "g", "node_group_template_id": "n", "count": 2, "image_id": "i"}
    template = {"name": "t", **FAKE, "default_image_id": "i", "created_at": "2026-01-31T12:00:00"}
    client = client_of({
        "images": [{"name": "i", "username": "u", "tags": ["fake"]}],
        "node_group_templates": [{"name": "n", **FAKE, "node_processes": ["datanode"], "volumes_size": 7}],
        "cluster_templates": [template | {"node_groups": [group]}],
        "clusters": [{"name": "c", **FAKE, "cluster_template_id": "t"}],
    })  # fmt: skip
    paths = ("/images", "/node-group-templates", "/cluster-templates", "/clusters")
    image, group_template, cluster_template, cluster = (find_only(client, path) for path in paths)
    assert (group_template["flavor_id"], group_template["volumes_size"]) == ("2", 7)
    assert group_template["is_default"] is False
    assert (cluster_template["default_image_id"], cluster["cluster_template_id"]) == (
        image["id"], cluster_template["id"]
    )  # fmt: skip
    [template_group], [cluster_group] = cluster_template["node_groups"], cluster["node_groups"]
    assert (template_group["node_group_template_id"], template_group["image_id"]) == (group_template["id"], image["id"])
    assert (template_group["volumes_size"], template_group["count"]) == (7, 2)
    assert template_group["created_at"] == "2026-01-31T12:00:00"
    assert [instance["instance_name"] for instance in cluster_group["instances"]] == ["c-g-0", "c-g-1"]
    own = {key: cluster_group[key] for key in ("id", "instances")}
    assert cluster_group == {**template_group, **own}


@pytest.mark.parametrize(
    ("sample", "error"),
    [
        ({"jobs": [JOB | {"mains": []}]}, "jobs, record 1 (j): Pig flow requires main script"),
        (
            {"job_binaries": [BINARY | {"url": "swift://["}]},
            "job_binaries, record 1 (main): url: invalid URL 'swift://[': "
            "expected swift://container/object or internal-db://NAME",
        ),
        (
            {"data_sources": [{"name": "d", "type": "hdfs", "url": "swift://x"}]},
            "data_sources, record 1 (d): URL scheme must be 'hdfs'",
        ),
        (
            {
                "clusters": [CLUSTER | {"plugin_name": "spark", "hadoop_version": "2.3"}],
                "job_binaries": [BINARY],
                "jobs": [JOB],
                "job_executions": [EXECUTION],
            },
            "job_executions, record 1: cluster_id: cluster 'c' doesn't support job type 'Pig'",
        ),
        (
            {"node_group_templates": [{"name": "n", **FAKE, "node_processes": ["oozie"]}]},
            "node_group_templates, record 1 (n): Plugin doesn't support the following node processes: ['oozie']",
        ),
        (
            {"cluster_templates": [{"name": "t", **FAKE, "hadoop_version": "0.2"}]},
            "cluster_templates, record 1 (t): hadoop_version: unknown version '0.2' of fake: expected one of 0.1",
        ),
        (
            {
                "cluster_templates": [
                    {"name": "t", **FAKE, "node_groups": [{"name": "g", "node_group_template_id": "x"}]}
                ]
            },
            "cluster_templates, record 1 (t): node_group_template_id: unknown reference 'x': "
            "expected the id or the name of a record in node_group_templates",
        ),
    ],
)
def test_a_record_that_does_not_fit_is_refused(error_of, sample, error):
    assert error_of(sample) == f"sample: {error}"

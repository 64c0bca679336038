"""python-saharaclient, unmodified, against a live server: code that uses it must not notice that the service is a mock.

The library has no calls for refresh-status and cancel; its users reach both over its adapter, and so do these tests.
"""

from contextlib import contextmanager

import pytest
from keystoneauth1.noauth import NoAuth
from keystoneauth1.session import Session
from saharaclient.api.base import APIException
from saharaclient.client import Client

PROJECT = "9cd1314a0a31493282b6712b76a8fcda"
ANOTHER_PROJECT = "00000000000000000000000000000001"
NOWHERE = "00000000-0000-4000-8000-000000000000"
LOGIN = {"user": "me", "password": "secret"}

MAKE = {
    "job_binaries": lambda sahara, name: sahara.job_binaries.create(name, f"swift://scripts/{name}", extra=LOGIN),
    "job_binary_internals": lambda sahara, name: sahara.job_binary_internals.create(name, "echo hello\n"),
    "data_sources": lambda sahara, name: sahara.data_sources.create(name, "", "hdfs", f"/{name}"),
    "jobs": lambda sahara, name: sahara.jobs.create(name, "MapReduce.Streaming"),
    "node_group_templates": lambda sahara, name: sahara.node_group_templates.create(
        name, "fake", "0.1", "2", node_processes=["datanode"]
    ),
    "cluster_templates": lambda sahara, name: sahara.cluster_templates.create(name, "fake", "0.1"),
}
CHECKED_BEFORE = ("data_sources", "node_group_templates", "cluster_templates")  # that their name is free
of_each_named_kind = pytest.mark.parametrize("kind", MAKE)
of_each_kind = pytest.mark.parametrize("kind", [*MAKE, "job_executions"])


def client_of(url, project=PROJECT):
    return Client("1.1", session=Session(auth=NoAuth()), sahara_url=f"{url}/v1.1/{project}")


@pytest.fixture
def sahara(serve):
    return client_of(serve("empty", "instant"))


@contextmanager
def refused(code, name):
    with pytest.raises(APIException) as caught:
        yield
    assert (caught.value.error_code, caught.value.error_name) == (code, name)


def names(resources):
    return [resource.name for resource in resources]


def pages(manager, **order):
    """Every page of two, each reached by the marker that the one before it gives."""
    found = [manager.list(limit=2, **order)]
    while found[-1].next:
        found.append(manager.list(limit=2, marker=found[-1].next, **order))
    return found


def shell_job(sahara, **more):
    script = MAKE["job_binaries"](sahara, "script.sh")
    return sahara.jobs.create("shell", "Shell", mains=[script.id], **more)


def executed(sahara, job=None, **more):
    job, cluster = job or shell_job(sahara), sahara.clusters.find_unique(name="cluster")
    return sahara.job_executions.create(job.id, cluster.id, **more)


def asked_for(sahara, execution, what):
    return sahara.job_executions.api.get(f"/job-executions/{execution.id}/{what}").json()["job_execution"]


# --- every kind of resource -----------------------------------------------------------------------------------------


@of_each_named_kind
def test_what_is_created_can_be_read_and_found(sahara, kind):
    made = MAKE[kind](sahara, "one")
    read = getattr(sahara, kind).get(made.id)
    assert (read.name, read.tenant_id) == ("one", PROJECT)
    assert read.to_dict().items() >= made.to_dict().items()
    assert getattr(sahara, kind).find_unique(name="one").id == made.id


@of_each_named_kind
def test_a_name_that_is_taken_is_refused(sahara, kind):
    MAKE[kind](sahara, "one")
    with refused(400, "NAME_ALREADY_EXISTS" if kind in CHECKED_BEFORE else "DB_DUPLICATE_ENTRY"):
        MAKE[kind](sahara, "one")


@of_each_named_kind
def test_a_name_with_a_space_is_refused(sahara, kind):
    with refused(400, "BAD_JOB_BINARY" if kind == "job_binary_internals" else "VALIDATION_ERROR"):
        MAKE[kind](sahara, "two words")


@of_each_named_kind
def test_what_is_deleted_is_gone(sahara, kind):
    made = MAKE[kind](sahara, "one")
    getattr(sahara, kind).delete(made.id)
    assert getattr(sahara, kind).list() == []
    with refused(404, "NOT_FOUND"):
        getattr(sahara, kind).get(made.id)


@of_each_kind
def test_what_never_was_cannot_be_read_or_deleted(sahara, kind):
    with refused(404, "NOT_FOUND"):
        getattr(sahara, kind).get(NOWHERE)
    with refused(404, "NOT_FOUND"):
        getattr(sahara, kind).delete(NOWHERE)


@of_each_named_kind
def test_pages_follow_each_other_in_the_order_asked_for(sahara, kind):
    for name in ("c", "e", "a", "d", "b"):
        MAKE[kind](sahara, name)
    up = pages(getattr(sahara, kind), sort_by="name")
    down = pages(getattr(sahara, kind), sort_by="name", reverse=True)
    assert [names(page) for page in up] == [["a", "b"], ["c", "d"], ["e"]]
    assert [names(page) for page in down] == [["e", "d"], ["c", "b"], ["a"]]


@of_each_named_kind
def test_a_page_names_the_marker_of_the_page_before_it(sahara, kind):
    for name in ("a", "b", "c", "d", "e"):
        MAKE[kind](sahara, name)
    first, second, third = pages(getattr(sahara, kind), sort_by="name")
    assert (first.prev, second.prev, third.prev) == (None, None, first.next)
    assert (first.limit, third.next) == (2, None)


@of_each_named_kind
def test_a_list_can_be_narrowed_to_a_name(sahara, kind):
    MAKE[kind](sahara, "one"), MAKE[kind](sahara, "two")
    assert names(getattr(sahara, kind).list(search_opts={"name": "two"})) == ["two"]


@of_each_kind
def test_a_list_refuses_an_order_and_a_limit_that_cannot_be(sahara, kind):
    with refused(400, 400):
        getattr(sahara, kind).list(sort_by="colour")
    with refused(400, 400):
        getattr(sahara, kind).list(limit=0)


@pytest.mark.parametrize("kind", ["jobs", "job_executions", "job_binary_internals", "data_sources"])
def test_a_list_refuses_a_marker_that_never_was(sahara, kind):
    with refused(404, "NOT_FOUND"):
        getattr(sahara, kind).list(limit=1, marker=NOWHERE)


@of_each_named_kind
def test_another_project_does_not_see_what_is_private(serve, kind):
    url = serve("empty")
    made = MAKE[kind](client_of(url), "one")
    another = getattr(client_of(url, ANOTHER_PROJECT), kind)
    assert another.list() == []
    with refused(404, "NOT_FOUND"):
        another.get(made.id)


# --- jobs -----------------------------------------------------------------------------------------------------------


def test_a_job_shows_its_binaries_and_its_interface(sahara):
    script, library = (MAKE["job_binaries"](sahara, name) for name in ("script.sh", "library.sh"))
    argument = {"name": "size", "mapping_type": "args", "location": "0", "value_type": "number", "required": True}
    made = sahara.jobs.create("job", "Shell", [script.id], [library.id], "Says hello", [argument], True, True)
    job = sahara.jobs.get(made.id)
    assert [job.mains, job.libs] == [[sahara.job_binaries.get(binary.id).to_dict()] for binary in (script, library)]
    assert (job.description, job.is_public, job.is_protected) == ("Says hello", True, True)
    assert job.interface[0].items() >= argument.items()


def test_an_update_changes_what_it_names_and_nothing_else(sahara):
    job = shell_job(sahara, description="Says hello")
    sahara.jobs.update(job.id, name="renamed", is_public=True)
    read = sahara.jobs.get(job.id)
    assert (read.name, read.is_public, read.description) == ("renamed", True, "Says hello")


def test_an_update_answers_with_the_job_as_it_is_now(sahara):
    assert sahara.jobs.update(shell_job(sahara).id, description=None).job["description"] is None


def test_a_job_without_what_its_type_needs_is_refused(sahara):
    with refused(400, "INVALID_DATA"):
        sahara.jobs.create("job", "Shell")
    with refused(400, "VALIDATION_ERROR"):
        sahara.jobs.create("job", "Fortran")
    with refused(400, "NOT_FOUND"):
        sahara.jobs.create("job", "Shell", mains=[NOWHERE])


def test_a_public_job_of_another_project_can_be_read_only(serve):
    url = serve("empty")
    job, another = shell_job(client_of(url), is_public=True), client_of(url, ANOTHER_PROJECT)
    assert another.jobs.get(job.id).name == "shell"
    with refused(400, "UPDATE_FAILED"):
        another.jobs.update(job.id, name="mine")
    with refused(400, "DELETION_FAILED"):
        another.jobs.delete(job.id)


def test_a_job_stays_while_it_has_executions(sahara):
    job = shell_job(sahara)
    execution = executed(sahara, job)
    with refused(400, "DELETION_FAILED"):
        sahara.jobs.delete(job.id)
    sahara.job_executions.delete(execution.id)
    sahara.jobs.delete(job.id)


def test_each_job_type_has_config_hints(sahara):
    for job_type in sahara.job_types.list():
        assert "configs" in sahara.jobs.get_configs(job_type.name).job_config


def test_an_unknown_job_type_has_no_config_hints(sahara):
    with refused(404, "NOT_FOUND"):
        sahara.jobs.get_configs("Fortran")


# --- job executions -------------------------------------------------------------------------------------------------


def test_an_execution_is_pending_first_and_then_follows_its_plan(sahara):
    execution = executed(sahara)
    assert execution.info == {"status": "PENDING"}
    ended = sahara.job_executions.get(execution.id)
    assert ended.info["status"] == "SUCCEEDED"
    assert ended.end_time >= ended.start_time >= execution.created_at


def test_an_execution_keeps_its_settings(sahara):
    configs = {"configs": {"a": "b"}, "params": {"c": "d"}, "args": ["e", "f"]}
    read = sahara.job_executions.get(executed(sahara, configs=configs).id)
    assert read.job_configs.items() >= configs.items()


def test_an_execution_begins_private_and_unprotected_whatever_is_asked_for(sahara):
    execution = executed(sahara, is_public=True, is_protected=True)
    assert (execution.is_public, execution.is_protected) == (False, False)


def test_an_execution_reads_and_writes_its_data_sources(sahara):
    source, sink = (MAKE["data_sources"](sahara, name) for name in ("source", "sink"))
    script = MAKE["job_binaries"](sahara, "script.pig")
    job = sahara.jobs.create("pig", "Pig", mains=[script.id])
    execution = executed(sahara, job, input_id=source.id, output_id=sink.id)
    assert (execution.input_id, execution.output_id) == (source.id, sink.id)
    with refused(400, "DELETION_FAILED"):
        sahara.data_sources.delete(source.id)
    with refused(400, "INVALID_DATA"):
        executed(sahara, job)


def test_values_passed_through_an_interface_become_settings(sahara):
    argument = {"name": "who", "mapping_type": "args", "location": "0", "required": True}
    job = shell_job(sahara, interface=[argument])
    assert executed(sahara, job, interface={"who": "me"}).job_configs["args"] == ["me"]
    with refused(400, "INVALID_DATA"):
        executed(sahara, job, interface={})


def test_an_execution_that_cannot_be_is_refused(sahara):
    job, cluster = shell_job(sahara), sahara.clusters.find_unique(name="cluster")
    with refused(404, "NOT_FOUND"):
        sahara.job_executions.create(NOWHERE, cluster.id)
    with refused(400, "INVALID_REFERENCE"):
        sahara.job_executions.create(job.id, NOWHERE)
    with refused(400, "VALIDATION_ERROR"):
        sahara.job_executions.create(job.id, "not-an-id")
    with refused(400, "VALIDATION_ERROR"):
        sahara.job_executions.create(job.id, cluster.id, configs={"colour": "red"})


@pytest.mark.parametrize(
    ("key", "value"), [("status", "succeeded"), ("job.name", "shell"), ("cluster.name", "cluster")]
)
def test_executions_can_be_listed_by_status_job_and_cluster(sahara, key, value):
    execution = executed(sahara)
    assert [found.id for found in sahara.job_executions.list(search_opts={key: value})] == [execution.id]
    assert sahara.job_executions.list(search_opts={key: "another"}) == []


def test_pages_hold_every_execution_once(sahara):
    job = shell_job(sahara)
    made = sorted(executed(sahara, job).id for _ in range(5))
    up, down = pages(sahara.job_executions), pages(sahara.job_executions, sort_by="id", reverse=True)
    assert [execution.id for page in up for execution in page] == made
    assert [execution.id for page in down for execution in page] == made[::-1]


def test_a_protected_execution_cannot_be_deleted_until_it_is_unprotected(sahara):
    execution = executed(sahara)
    answer = sahara.job_executions.update(execution.id, is_public=True, is_protected=True)
    assert answer.job_execution["is_protected"]
    with refused(400, "DELETION_FAILED"):
        sahara.job_executions.delete(execution.id)
    sahara.job_executions.update(execution.id, is_protected=False)
    sahara.job_executions.delete(execution.id)
    assert sahara.job_executions.list() == []


def test_a_refreshed_execution_is_as_it_would_be_read(serve):
    sahara = client_of(serve("empty", "RUNNING"))
    execution = executed(sahara)
    refreshed = asked_for(sahara, execution, "refresh-status")
    assert refreshed["info"]["status"] == "RUNNING"
    assert refreshed == sahara.job_executions.get(execution.id).to_dict()


def test_a_cancelled_execution_is_killed(serve):
    sahara = client_of(serve("empty", "stuck"))
    execution = executed(sahara)
    assert asked_for(sahara, execution, "cancel")["info"]["status"] == "TOBEKILLED"
    assert sahara.job_executions.get(execution.id).info["status"] == "KILLED"


# --- job binaries and their internals -------------------------------------------------------------------------------


def test_a_binary_of_the_internal_database_gives_back_its_bytes(sahara):
    content = bytes(range(256))
    internal = sahara.job_binary_internals.create("script.sh", content)
    binary = sahara.job_binaries.create("script.sh", f"internal-db://{internal.id}", "Any bytes")
    assert internal.datasize == 256
    assert sahara.job_binaries.get_file(binary.id) == content


def test_a_binary_that_lies_elsewhere_has_a_file_too(sahara):
    assert sahara.job_binaries.get_file(MAKE["job_binaries"](sahara, "script.sh").id)
    with refused(404, "NOT_FOUND"):
        sahara.job_binaries.get_file(NOWHERE)


def test_a_binary_can_move(sahara):
    binary = MAKE["job_binaries"](sahara, "script.sh")
    moved = sahara.job_binaries.update(binary.id, {"url": "swift://elsewhere/script.sh", "description": "Moved"})
    assert (moved.url, moved.description, moved.name) == ("swift://elsewhere/script.sh", "Moved", "script.sh")
    assert sahara.job_binaries.get(binary.id).to_dict() == moved.to_dict()


def test_the_credentials_of_a_binary_are_wanted_but_never_shown(sahara):
    assert "secret" not in str(sahara.job_binaries.get(MAKE["job_binaries"](sahara, "script.sh").id))
    with refused(400, "BAD_JOB_BINARY"):
        sahara.job_binaries.create("another.sh", "swift://scripts/another.sh")


def test_a_binary_update_that_cannot_be_is_refused(sahara):
    binary = MAKE["job_binaries"](sahara, "script.sh")
    with refused(400, "NOT_FOUND"):
        sahara.job_binaries.update(NOWHERE, {"name": "renamed"})
    with refused(400, "VALIDATION_ERROR"):
        sahara.job_binaries.update(binary.id, {"colour": "red"})
    with refused(400, "INVALID_DATA"):
        sahara.job_binaries.update(binary.id, {"url": "http://elsewhere/script.sh"})


def test_a_binary_stays_while_a_job_uses_it(sahara):
    job = shell_job(sahara)
    with refused(400, "DELETION_FAILED"):
        sahara.job_binaries.delete(job.mains[0]["id"])


def test_an_internal_can_be_renamed_and_published(sahara):
    internal = MAKE["job_binary_internals"](sahara, "script.sh")
    sahara.job_binary_internals.update(internal.id, name="renamed.sh", is_public=True)
    read = sahara.job_binary_internals.get(internal.id)
    assert (read.name, read.is_public, read.datasize) == ("renamed.sh", True, internal.datasize)
    with refused(404, "NOT_FOUND"):
        sahara.job_binary_internals.update(NOWHERE, name="renamed.sh")


def test_an_internal_that_is_empty_or_too_big_is_refused(sahara):
    with refused(400, "BAD_JOB_BINARY"):
        sahara.job_binary_internals.create("empty", b"")
    with refused(400, "DATA_TOO_BIG"):
        sahara.job_binary_internals.create("big", b"x" * (5120 * 1024 + 1))


# --- data sources ---------------------------------------------------------------------------------------------------


def test_a_data_source_with_credentials_does_not_show_them(sahara):
    swift = sahara.data_sources.create("swift", "In Swift", "swift", "swift://data/in", "me", "secret", True, True)
    s3 = sahara.data_sources.create("s3", "", "s3", "s3://data/in", s3_credentials={"secretkey": "secret", "ssl": True})
    assert (swift.description, swift.is_public, swift.is_protected) == ("In Swift", True, True)
    assert "secret" not in f"{swift} {s3} {sahara.data_sources.get(swift.id)}"


def test_a_data_source_can_be_changed(sahara):
    source = MAKE["data_sources"](sahara, "source")
    changed = sahara.data_sources.update(source.id, {"url": "/elsewhere", "description": "Moved"}).data_source
    assert (changed["url"], changed["description"], changed["name"]) == ("/elsewhere", "Moved", "source")
    assert sahara.data_sources.get(source.id).to_dict() == changed
    with refused(404, "NOT_FOUND"):
        sahara.data_sources.update(NOWHERE, {"name": "renamed"})


def test_data_sources_can_be_listed_by_type(sahara):
    MAKE["data_sources"](sahara, "one")
    sahara.data_sources.create("two", "", "maprfs", "/two")
    assert names(sahara.data_sources.list(search_opts={"type": "maprfs"})) == ["two"]


def test_a_data_source_that_cannot_be_is_refused(sahara):
    with refused(400, "INVALID_CREDENTIALS"):
        sahara.data_sources.create("source", "", "swift", "swift://data/in")
    with refused(400, "VALIDATION_ERROR"):
        sahara.data_sources.create("source", "", "ftp", "ftp://data/in")
    with refused(400, "VALIDATION_ERROR"):
        sahara.data_sources.create("source", None, "hdfs", "/in")


# --- what the cloud is made of --------------------------------------------------------------------------------------


def test_job_types_tell_which_plugins_run_them(sahara):
    plugins_of = {found.name: sorted(plugin["name"] for plugin in found.plugins) for found in sahara.job_types.list()}
    assert plugins_of["Shell"] == ["fake", "spark", "vanilla"]
    assert plugins_of["Storm"] == ["fake"]


def test_job_types_can_be_narrowed_to_several_types_on_one_version(sahara):
    found = sahara.job_types.list(search_opts={"type": ["Shell", "Pig"], "version": "2.7.1"})
    assert names(found) == ["Shell", "Pig"]
    assert [plugin["versions"] for job_type in found for plugin in job_type.plugins] == [{"2.7.1": {}}] * 2


def test_plugins_can_be_listed_and_read(sahara):
    assert sorted(names(sahara.plugins.list())) == ["fake", "spark", "vanilla"]
    assert sahara.plugins.get("vanilla").versions == ["2.7.1", "2.7.5", "2.8.2"]
    assert sahara.plugins.get_version_details("vanilla", "2.7.1").required_image_tags == ["vanilla", "2.7.1"]


def test_an_unknown_plugin_or_version_is_not_found(sahara):
    with refused(404, "NOT_FOUND"):
        sahara.plugins.get("abacus")
    with refused(404, "NOT_FOUND"):
        sahara.plugins.get_version_details("vanilla", "0.0")


def test_clusters_can_be_listed_and_read(sahara):
    (listed,) = sahara.clusters.list(search_opts={"plugin_name": "fake"}, limit=1, sort_by="name", reverse=True)
    read = sahara.clusters.get(listed.id, show_progress=True)
    assert (read.name, read.status, read.hadoop_version) == ("cluster", "Active", "0.1")
    with refused(404, "NOT_FOUND"):
        sahara.clusters.get(NOWHERE)


def test_a_cluster_can_be_described_and_published(sahara):
    cluster = sahara.clusters.find_unique(name="cluster")
    changed = sahara.clusters.update(cluster.id, description="For tests", is_public=True).cluster
    assert (changed["description"], changed["is_public"], changed["name"]) == ("For tests", True, "cluster")
    assert sahara.clusters.get(cluster.id).to_dict() == changed


# --- clusters that come up ------------------------------------------------------------------------------------------

NETWORK = "d9a3bebc-f788-4b81-9a93-aa048022c1ca"


def template_of(sahara):
    master = sahara.node_group_templates.create("master", "fake", "0.1", "2", node_processes=["namenode"])
    worker = sahara.node_group_templates.create("worker", "fake", "0.1", "2", node_processes=["datanode"])
    groups = [
        {"name": "master", "count": 1, "node_group_template_id": master.id},
        {"name": "worker", "count": 2, "node_group_template_id": worker.id},
    ]
    return sahara.cluster_templates.create("small", "fake", "0.1", node_groups=groups)


def created(sahara, name="new", **more):
    [image] = sahara.images.list()
    template = more.pop("template", None) or template_of(sahara)
    return sahara.clusters.create(
        name, "fake", "0.1", cluster_template_id=template.id, default_image_id=image.id, net_id=NETWORK, **more
    )


def test_a_cluster_is_made_from_a_template_and_comes_up(sahara):
    made = created(sahara, description="For tests")
    assert (made.status, made.description) == ("Validating", "For tests")
    cluster = sahara.clusters.get(made.id, show_progress=True)
    assert cluster.status == "Active"
    names = [one["instance_name"] for group in cluster.node_groups for one in group["instances"]]
    assert names == ["new-master-0", "new-worker-0", "new-worker-1"]
    assert {step["successful"] for step in cluster.provision_progress} == {True}
    assert all(len(step["events"]) == step["total"] for step in cluster.provision_progress)


def test_several_clusters_are_made_at_once(sahara):
    ids = created(sahara, "many", count=2).clusters
    assert sorted(sahara.clusters.get(id).name for id in ids) == ["many-1", "many-2"]


def test_a_cluster_is_scaled_and_its_template_stays_while_it_is_there(sahara):
    template = template_of(sahara)
    cluster = created(sahara, template=template)
    sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "worker", "count": 4}]})
    assert [group["count"] for group in sahara.clusters.get(cluster.id).node_groups] == [1, 4]
    with refused(400, "INVALID_REFERENCE"):
        sahara.cluster_templates.delete(template.id)
    sahara.clusters.delete(cluster.id)
    with refused(404, "NOT_FOUND"):
        sahara.clusters.get(cluster.id)
    sahara.cluster_templates.delete(template.id)


def test_the_health_of_a_cluster_is_looked_into(sahara):
    cluster = created(sahara)
    sahara.clusters.verification_update(cluster.id, "START")
    assert sahara.clusters.get(cluster.id).verification["status"] == "GREEN"


def test_a_cluster_that_cannot_be_is_refused(sahara):
    with refused(400, "NOT_FOUND"):
        sahara.clusters.create("new", "fake", "0.1")
    cluster = created(sahara)
    with refused(400, "INVALID_REFERENCE"):
        sahara.clusters.scale(cluster.id, {"resize_node_groups": [{"name": "none", "count": 4}]})


# --- images and templates -------------------------------------------------------------------------------------------


def test_an_image_is_registered_tagged_found_and_forgotten(sahara):
    id = sahara.images.find_unique(name="cirros").id
    sahara.images.update_tags(id, ["fake", "0.1", "small"])
    sahara.images.update_image(id, "root", "tiny")
    image = sahara.images.get(id)
    assert (image.username, image.description, sorted(image.tags)) == ("root", "tiny", ["0.1", "fake", "small"])
    assert names(sahara.images.list({"tags": ["small", "fake"]})) == ["cirros"]
    sahara.images.update_tags(id, ["other"])
    assert sahara.images.list({"tags": ["small"]}) == []
    sahara.images.unregister_image(id)
    with refused(400, "IMAGE_NOT_REGISTERED"):
        sahara.images.get(id)


def test_a_cluster_template_is_made_of_node_group_templates_and_follows_them(sahara):
    worker = MAKE["node_group_templates"](sahara, "worker")
    groups = [{"name": "few", "count": 1, "node_group_template_id": worker.id}]
    made = sahara.cluster_templates.create("small", "fake", "0.1", node_groups=groups)
    sahara.node_group_templates.update(worker.id, flavor_id="4", description="strong")
    [group] = sahara.cluster_templates.get(made.id).node_groups
    assert (group["flavor_id"], group["node_processes"], group["count"]) == ("4", ["datanode"], 1)
    with refused(400, "INVALID_REFERENCE"):
        sahara.node_group_templates.delete(worker.id)


def test_templates_can_be_exported(sahara):
    exported = sahara.node_group_templates.export(MAKE["node_group_templates"](sahara, "worker").id)
    assert exported.node_group_template["flavor_id"] == "{flavor_id}"
    exported = sahara.cluster_templates.export(MAKE["cluster_templates"](sahara, "small").id)
    assert exported.cluster_template["node_groups"] == "{node_groups}"


def test_a_plugin_tells_processes_tags_and_settings_of_a_version(sahara):
    details = sahara.plugins.get_version_details("vanilla", "2.8.2")
    assert details.required_image_tags == ["vanilla", "2.8.2"]
    targets = {config["applicable_target"] for config in details.configs if config["scope"] == "node"}
    assert targets <= details.node_processes.keys()
    assert {"HDFS", "YARN", "Hive", "JobFlow"} <= targets


def test_only_an_administrator_switches_labels(serve):
    url, change = serve("empty"), {"plugin_labels": {"hidden": {"status": False}}}
    with refused(403, "FORBIDDEN"):
        client_of(url).plugins.update("fake", change)
    admin = Session(auth=NoAuth(), additional_headers={"X-Roles": "admin"})
    plugins = Client("1.1", session=admin, sahara_url=f"{url}/v1.1/{PROJECT}").plugins
    plugins.update("fake", change)
    assert plugins.get("fake").plugin_labels["hidden"]["status"] is False


def test_no_plugin_converts_settings_into_a_template(sahara):
    with pytest.raises(RuntimeError, match="Failed to upload template file"):
        sahara.plugins.convert_to_cluster_template("vanilla", "2.8.2", "mine", b"settings")

"""The URLs of API v1.1: a row for each operation. Every one is there with and without the tenant, and with `.json`."""

from collections.abc import Callable
from typing import Any

from jobsmock.http.routes import Row
from jobsmock.http.sahara_views import view_of
from jobsmock.sahara.clusters import cluster_templates, clusters, images, node_group_templates, plugins
from jobsmock.sahara.edp import data_sources, job_binaries, job_binary_internals, job_executions, job_types, jobs

__all__ = ["PREFIX", "ROWS", "view_of"]

PREFIX = "/v1.1"

_UNUSED_BODY = ("unused_body",)


def _list(noun: str, operation: Callable[..., Any]) -> Row:
    return Row(f"{noun}.list", "GET", f"/{noun}", operation, ("query", "unused_body"), finds=operation)


def _delete(noun: str, operation: Callable[..., Any], show: Callable[..., Any], takes: tuple[str, ...] = ()) -> Row:
    """A deletion that looks at a body, though it has no use for one; not all do."""
    return Row(f"{noun}.delete", "DELETE", f"/{noun}/<id>", operation, (*takes, "unused_body"), 204, finds=show)


def _export(noun: str, operation: Callable[..., Any]) -> Row:
    filename = f"{noun[:-1].replace('-', '_')}.json"
    return Row(f"{noun}.export", "GET", f"/{noun}/<id>/export", operation, filename=filename)


ROWS = (
    _list("jobs", jobs.index),
    Row("jobs.create", "POST", "/jobs", jobs.create, ("body",), 202),
    Row("jobs.show", "GET", "/jobs/<id>", jobs.show),
    Row("jobs.update", "PATCH", "/jobs/<id>", jobs.update, ("body",), 202),
    Row("jobs.delete", "DELETE", "/jobs/<id>", jobs.delete, (), 204),
    Row("jobs.execute", "POST", "/jobs/<id>/execute", job_executions.execute, ("body", "wished"), 202),
    Row("jobs.config-hints", "GET", "/jobs/config-hints/<job_type>", job_types.show_hints),
    _list("job-executions", job_executions.index),
    Row("job-executions.show", "GET", "/job-executions/<id>", job_executions.show),
    Row("job-executions.refresh", "GET", "/job-executions/<id>/refresh-status", job_executions.show),
    Row(
        "job-executions.cancel",
        "GET",
        "/job-executions/<id>/cancel",
        job_executions.cancel,
        _UNUSED_BODY,
        finds=job_executions.show,
    ),
    Row("job-executions.update", "PATCH", "/job-executions/<id>", job_executions.update, ("body",), 202),
    _delete("job-executions", job_executions.delete, job_executions.show),
    _list("job-binaries", job_binaries.index),
    Row("job-binaries.create", "POST", "/job-binaries", job_binaries.create, ("body",), 202),
    Row("job-binaries.show", "GET", "/job-binaries/<id>", job_binaries.show),
    Row("job-binaries.data", "GET", "/job-binaries/<id>/data", job_binaries.show_data),
    Row("job-binaries.update", "PUT", "/job-binaries/<id>", job_binaries.update, ("body",), 202),
    Row("job-binaries.delete", "DELETE", "/job-binaries/<id>", job_binaries.delete, (), 204),
    _list("job-binary-internals", job_binary_internals.index),
    Row(
        "job-binary-internals.create",
        "PUT",
        "/job-binary-internals/<name>",
        job_binary_internals.create,
        ("data",),
        202,
    ),
    Row("job-binary-internals.show", "GET", "/job-binary-internals/<id>", job_binary_internals.show),
    Row("job-binary-internals.data", "GET", "/job-binary-internals/<id>/data", job_binary_internals.show_data),
    Row(
        "job-binary-internals.update",
        "PATCH",
        "/job-binary-internals/<id>",
        job_binary_internals.update,
        ("body",),
        202,
    ),
    Row("job-binary-internals.delete", "DELETE", "/job-binary-internals/<id>", job_binary_internals.delete, (), 204),
    _list("data-sources", data_sources.index),
    Row("data-sources.create", "POST", "/data-sources", data_sources.create, ("body",), 202),
    Row("data-sources.show", "GET", "/data-sources/<id>", data_sources.show),
    Row("data-sources.update", "PUT", "/data-sources/<id>", data_sources.update, ("body",), 202),
    Row("data-sources.delete", "DELETE", "/data-sources/<id>", data_sources.delete, (), 204),
    Row("job-types.list", "GET", "/job-types", job_types.index, ("query",)),
    _list("clusters", clusters.index),
    Row("clusters.create", "POST", "/clusters", clusters.create, ("body", "wished"), 202),
    Row("clusters.create-multiple", "POST", "/clusters/multiple", clusters.create_multiple, ("body", "wished"), 202),
    Row("clusters.show", "GET", "/clusters/<id>", clusters.show, ("query",)),
    Row("clusters.scale", "PUT", "/clusters/<id>", clusters.scale, ("body", "wished"), 202),
    Row("clusters.update", "PATCH", "/clusters/<id>", clusters.update, ("body", "wished"), 202),
    _delete("clusters", clusters.delete, clusters.show, ("wished",)),
    Row("images.list", "GET", "/images", images.index, ("query",)),
    Row("images.show", "GET", "/images/<id>", images.show),
    Row("images.register", "POST", "/images/<id>", images.register, ("body",), 202),
    Row("images.tag", "POST", "/images/<id>/tag", images.tag, ("body",), 202),
    Row("images.untag", "POST", "/images/<id>/untag", images.untag, ("body",), 202),
    Row("images.unregister", "DELETE", "/images/<id>", images.unregister, (), 204),
    Row("plugins.list", "GET", "/plugins", plugins.index),
    Row("plugins.show", "GET", "/plugins/<name>", plugins.show),
    Row("plugins.update", "PATCH", "/plugins/<name>", plugins.update, ("roles", "body"), 202),
    Row("plugins.version", "GET", "/plugins/<name>/<version>", plugins.show_version),
    Row(
        "plugins.convert-config",
        "POST",
        "/plugins/<name>/<version>/convert-config/<template>",
        plugins.convert_config,
        ("data",),
        202,
    ),
    _list("node-group-templates", node_group_templates.index),
    Row("node-group-templates.create", "POST", "/node-group-templates", node_group_templates.create, ("body",), 202),
    Row("node-group-templates.show", "GET", "/node-group-templates/<id>", node_group_templates.show),
    _export("node-group-templates", node_group_templates.export),
    Row(
        "node-group-templates.update", "PUT", "/node-group-templates/<id>", node_group_templates.update, ("body",), 202
    ),
    _delete("node-group-templates", node_group_templates.delete, node_group_templates.show),
    _list("cluster-templates", cluster_templates.index),
    Row("cluster-templates.create", "POST", "/cluster-templates", cluster_templates.create, ("body",), 202),
    Row("cluster-templates.show", "GET", "/cluster-templates/<id>", cluster_templates.show),
    _export("cluster-templates", cluster_templates.export),
    Row("cluster-templates.update", "PUT", "/cluster-templates/<id>", cluster_templates.update, ("body",), 202),
    _delete("cluster-templates", cluster_templates.delete, cluster_templates.show),
)

"""The URLs of API v1.1: a row for each operation. Every one is there with and without the tenant, and with `.json`."""

from collections.abc import Callable
from typing import Any, NamedTuple

from jobsmock.sahara import (
    cluster_templates,
    clusters,
    data_sources,
    images,
    job_binaries,
    job_binary_internals,
    job_executions,
    job_types,
    jobs,
    node_group_templates,
    plugins,
)


class Row(NamedTuple):
    """An operation at its URL. `takes` names what the operation wants of the request beside what the URL says."""

    name: str
    method: str
    path: str
    operation: Callable[..., Any]
    takes: tuple[str, ...] = ()
    status: int = 200


ROWS = (
    Row("jobs.list", "GET", "/jobs", jobs.index, ("query",)),
    Row("jobs.create", "POST", "/jobs", jobs.create, ("body",), 202),
    Row("jobs.show", "GET", "/jobs/<id>", jobs.show),
    Row("jobs.update", "PATCH", "/jobs/<id>", jobs.update, ("body",), 202),
    Row("jobs.delete", "DELETE", "/jobs/<id>", jobs.delete, (), 204),
    Row("jobs.execute", "POST", "/jobs/<id>/execute", job_executions.execute, ("body", "plan"), 202),
    Row("jobs.config-hints", "GET", "/jobs/config-hints/<id>", job_types.show_hints),
    Row("job-executions.list", "GET", "/job-executions", job_executions.index, ("query",)),
    Row("job-executions.show", "GET", "/job-executions/<id>", job_executions.show),
    Row("job-executions.refresh", "GET", "/job-executions/<id>/refresh-status", job_executions.show),
    Row("job-executions.cancel", "GET", "/job-executions/<id>/cancel", job_executions.cancel),
    Row("job-executions.update", "PATCH", "/job-executions/<id>", job_executions.update, ("body",), 202),
    Row("job-executions.delete", "DELETE", "/job-executions/<id>", job_executions.delete, (), 204),
    Row("job-binaries.list", "GET", "/job-binaries", job_binaries.index, ("query",)),
    Row("job-binaries.create", "POST", "/job-binaries", job_binaries.create, ("body",), 202),
    Row("job-binaries.show", "GET", "/job-binaries/<id>", job_binaries.show),
    Row("job-binaries.data", "GET", "/job-binaries/<id>/data", job_binaries.show_data),
    Row("job-binaries.update", "PUT", "/job-binaries/<id>", job_binaries.update, ("body",), 202),
    Row("job-binaries.delete", "DELETE", "/job-binaries/<id>", job_binaries.delete, (), 204),
    Row("job-binary-internals.list", "GET", "/job-binary-internals", job_binary_internals.index, ("query",)),
    Row(
        "job-binary-internals.create", "PUT", "/job-binary-internals/<id>", job_binary_internals.create, ("bytes",), 202
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
    Row("data-sources.list", "GET", "/data-sources", data_sources.index, ("query",)),
    Row("data-sources.create", "POST", "/data-sources", data_sources.create, ("body",), 202),
    Row("data-sources.show", "GET", "/data-sources/<id>", data_sources.show),
    Row("data-sources.update", "PUT", "/data-sources/<id>", data_sources.update, ("body",), 202),
    Row("data-sources.delete", "DELETE", "/data-sources/<id>", data_sources.delete, (), 204),
    Row("job-types.list", "GET", "/job-types", job_types.index, ("query",)),
    Row("clusters.list", "GET", "/clusters", clusters.index, ("query",)),
    Row("clusters.create", "POST", "/clusters", clusters.create, ("body", "plan"), 202),
    Row("clusters.create-multiple", "POST", "/clusters/multiple", clusters.create_multiple, ("body", "plan"), 202),
    Row("clusters.show", "GET", "/clusters/<id>", clusters.show, ("parameters",)),
    Row("clusters.scale", "PUT", "/clusters/<id>", clusters.scale, ("body", "plan"), 202),
    Row("clusters.update", "PATCH", "/clusters/<id>", clusters.update, ("body", "plan"), 202),
    Row("clusters.delete", "DELETE", "/clusters/<id>", clusters.delete, ("plan",), 204),
    Row("images.list", "GET", "/images", images.index, ("query",)),
    Row("images.show", "GET", "/images/<id>", images.show),
    Row("images.register", "POST", "/images/<id>", images.register, ("body",), 202),
    Row("images.tag", "POST", "/images/<id>/tag", images.tag, ("body",), 202),
    Row("images.untag", "POST", "/images/<id>/untag", images.untag, ("body",), 202),
    Row("images.unregister", "DELETE", "/images/<id>", images.unregister, (), 204),
    Row("plugins.list", "GET", "/plugins", plugins.index),
    Row("plugins.show", "GET", "/plugins/<id>", plugins.show),
    Row("plugins.update", "PATCH", "/plugins/<id>", plugins.update, ("roles", "body"), 202),
    Row("plugins.version", "GET", "/plugins/<id>/<version>", plugins.show_version),
    Row(
        "plugins.convert-config",
        "POST",
        "/plugins/<id>/<version>/convert-config/<template>",
        plugins.convert_config,
        ("bytes",),
        202,
    ),
    Row("node-group-templates.list", "GET", "/node-group-templates", node_group_templates.index, ("query",)),
    Row("node-group-templates.create", "POST", "/node-group-templates", node_group_templates.create, ("body",), 202),
    Row("node-group-templates.show", "GET", "/node-group-templates/<id>", node_group_templates.show),
    Row("node-group-templates.export", "GET", "/node-group-templates/<id>/export", node_group_templates.export),
    Row(
        "node-group-templates.update", "PUT", "/node-group-templates/<id>", node_group_templates.update, ("body",), 202
    ),
    Row("node-group-templates.delete", "DELETE", "/node-group-templates/<id>", node_group_templates.delete, (), 204),
    Row("cluster-templates.list", "GET", "/cluster-templates", cluster_templates.index, ("query",)),
    Row("cluster-templates.create", "POST", "/cluster-templates", cluster_templates.create, ("body",), 202),
    Row("cluster-templates.show", "GET", "/cluster-templates/<id>", cluster_templates.show),
    Row("cluster-templates.export", "GET", "/cluster-templates/<id>/export", cluster_templates.export),
    Row("cluster-templates.update", "PUT", "/cluster-templates/<id>", cluster_templates.update, ("body",), 202),
    Row("cluster-templates.delete", "DELETE", "/cluster-templates/<id>", cluster_templates.delete, (), 204),
)

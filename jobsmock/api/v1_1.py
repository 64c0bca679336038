"""The routes of API v1.1. Each is there with the project in its path, and without."""

from collections.abc import Callable
from functools import partial
from typing import Any

from jobsmock.api.routes import DATA_PROCESSING, Route, RouteTable
from jobsmock.sahara.clusters import cluster_templates, clusters, images, node_group_templates, plugins
from jobsmock.sahara.clusters.cluster_plans import parse_cluster_plan
from jobsmock.sahara.edp import (
    data_sources,
    execution_lifecycle,
    job_binaries,
    job_binary_internals,
    job_executions,
    job_types,
    jobs,
)

_UNUSED_BODY = ("unused_body",)
_parse_create_plan = partial(parse_cluster_plan, "create")


def _list_route(noun: str, operation: Callable[..., Any]) -> Route:
    return Route(f"{noun}.list", "GET", f"/{noun}", operation, ("query", "unused_body"), find=operation)


def _delete_route(
    noun: str, operation: Callable[..., Any], show: Callable[..., Any], inputs: tuple[str, ...] = ()
) -> Route:
    """A deletion that checks a body which it has no use for. Not all do."""
    return Route(f"{noun}.delete", "DELETE", f"/{noun}/<id>", operation, (*inputs, "unused_body"), 204, find=show)


def _export_route(noun: str, operation: Callable[..., Any]) -> Route:
    filename = f"{noun[:-1].replace('-', '_')}.json"
    return Route(f"{noun}.export", "GET", f"/{noun}/<id>/export", operation, filename=filename)


ROUTES = (
    _list_route("jobs", jobs.list_all),
    Route("jobs.create", "POST", "/jobs", jobs.create, ("body",), 202),
    Route("jobs.show", "GET", "/jobs/<id>", jobs.show),
    Route("jobs.update", "PATCH", "/jobs/<id>", jobs.update, ("body",), 202),
    Route("jobs.delete", "DELETE", "/jobs/<id>", jobs.delete, (), 204),
    Route(
        "jobs.execute",
        "POST",
        "/jobs/<id>/execute",
        job_executions.execute,
        ("body", "requested_plan"),
        202,
        parse_plan=execution_lifecycle.parse_execution_plan,
    ),
    Route("jobs.config-hints", "GET", "/jobs/config-hints/<job_type>", job_types.show_hints),
    _list_route("job-executions", job_executions.list_all),
    Route("job-executions.show", "GET", "/job-executions/<id>", job_executions.show),
    Route("job-executions.refresh", "GET", "/job-executions/<id>/refresh-status", job_executions.show),
    Route(
        "job-executions.cancel",
        "GET",
        "/job-executions/<id>/cancel",
        job_executions.cancel,
        _UNUSED_BODY,
        find=job_executions.show,
    ),
    Route("job-executions.update", "PATCH", "/job-executions/<id>", job_executions.update, ("body",), 202),
    _delete_route("job-executions", job_executions.delete, job_executions.show),
    _list_route("job-binaries", job_binaries.list_all),
    Route("job-binaries.create", "POST", "/job-binaries", job_binaries.create, ("body",), 202),
    Route("job-binaries.show", "GET", "/job-binaries/<id>", job_binaries.show),
    Route("job-binaries.data", "GET", "/job-binaries/<id>/data", job_binaries.show_data),
    Route("job-binaries.update", "PUT", "/job-binaries/<id>", job_binaries.update, ("body",), 202),
    Route("job-binaries.delete", "DELETE", "/job-binaries/<id>", job_binaries.delete, (), 204),
    _list_route("job-binary-internals", job_binary_internals.list_all),
    Route(
        "job-binary-internals.create",
        "PUT",
        "/job-binary-internals/<name>",
        job_binary_internals.create,
        ("data",),
        202,
    ),
    Route("job-binary-internals.show", "GET", "/job-binary-internals/<id>", job_binary_internals.show),
    Route("job-binary-internals.data", "GET", "/job-binary-internals/<id>/data", job_binary_internals.show_data),
    Route(
        "job-binary-internals.update",
        "PATCH",
        "/job-binary-internals/<id>",
        job_binary_internals.update,
        ("body",),
        202,
    ),
    Route("job-binary-internals.delete", "DELETE", "/job-binary-internals/<id>", job_binary_internals.delete, (), 204),
    _list_route("data-sources", data_sources.list_all),
    Route("data-sources.create", "POST", "/data-sources", data_sources.create, ("body",), 202),
    Route("data-sources.show", "GET", "/data-sources/<id>", data_sources.show),
    Route("data-sources.update", "PUT", "/data-sources/<id>", data_sources.update, ("body",), 202),
    Route("data-sources.delete", "DELETE", "/data-sources/<id>", data_sources.delete, (), 204),
    Route("job-types.list", "GET", "/job-types", job_types.list_all, ("query",)),
    _list_route("clusters", clusters.list_all),
    Route(
        "clusters.create",
        "POST",
        "/clusters",
        clusters.create,
        ("body", "requested_plan"),
        202,
        parse_plan=_parse_create_plan,
    ),
    Route(
        "clusters.create-multiple",
        "POST",
        "/clusters/multiple",
        clusters.create_multiple,
        ("body", "requested_plan"),
        202,
        parse_plan=_parse_create_plan,
    ),
    Route("clusters.show", "GET", "/clusters/<id>", clusters.show, ("query",)),
    Route(
        "clusters.scale",
        "PUT",
        "/clusters/<id>",
        clusters.scale,
        ("body", "requested_plan"),
        202,
        parse_plan=partial(parse_cluster_plan, "scale"),
    ),
    Route(
        "clusters.update",
        "PATCH",
        "/clusters/<id>",
        clusters.update,
        ("body", "requested_plan"),
        202,
        parse_plan=partial(parse_cluster_plan, "verify"),
    ),
    _delete_route("clusters", clusters.delete, clusters.show, ("requested_plan",))._replace(
        parse_plan=partial(parse_cluster_plan, "delete")
    ),
    Route("images.list", "GET", "/images", images.list_all, ("query",)),
    Route("images.show", "GET", "/images/<id>", images.show),
    Route("images.register", "POST", "/images/<id>", images.register, ("body",), 202),
    Route("images.tag", "POST", "/images/<id>/tag", images.tag, ("body",), 202),
    Route("images.untag", "POST", "/images/<id>/untag", images.untag, ("body",), 202),
    Route("images.unregister", "DELETE", "/images/<id>", images.unregister, (), 204),
    Route("plugins.list", "GET", "/plugins", plugins.list_all),
    Route("plugins.show", "GET", "/plugins/<name>", plugins.show),
    Route("plugins.update", "PATCH", "/plugins/<name>", plugins.update, ("roles", "body"), 202),
    Route("plugins.version", "GET", "/plugins/<name>/<version>", plugins.show_version),
    Route(
        "plugins.convert-config",
        "POST",
        "/plugins/<name>/<version>/convert-config/<template>",
        plugins.convert_config,
        ("data",),
        202,
    ),
    _list_route("node-group-templates", node_group_templates.list_all),
    Route("node-group-templates.create", "POST", "/node-group-templates", node_group_templates.create, ("body",), 202),
    Route("node-group-templates.show", "GET", "/node-group-templates/<id>", node_group_templates.show),
    _export_route("node-group-templates", node_group_templates.export),
    Route(
        "node-group-templates.update", "PUT", "/node-group-templates/<id>", node_group_templates.update, ("body",), 202
    ),
    _delete_route("node-group-templates", node_group_templates.delete, node_group_templates.show),
    _list_route("cluster-templates", cluster_templates.list_all),
    Route("cluster-templates.create", "POST", "/cluster-templates", cluster_templates.create, ("body",), 202),
    Route("cluster-templates.show", "GET", "/cluster-templates/<id>", cluster_templates.show),
    _export_route("cluster-templates", cluster_templates.export),
    Route("cluster-templates.update", "PUT", "/cluster-templates/<id>", cluster_templates.update, ("body",), 202),
    _delete_route("cluster-templates", cluster_templates.delete, cluster_templates.show),
)

TABLE = RouteTable(DATA_PROCESSING, "v1.1", ("/v1.1/<tenant_id>", "/v1.1"), ROUTES)

"""The routes of API v2: the operations of v1.1 in other words.

What v1.1 calls a job is a job template here, and what it calls a job execution is a job.
"""

from collections.abc import Callable
from typing import Any

from jobsmock.api import v1_1
from jobsmock.api.routes import DATA_PROCESSING, Route, RouteTable
from jobsmock.api.translation import Translation, Words
from jobsmock.sahara.clusters import (
    cluster_templates,
    clusters,
    clusters_v2,
    images,
    node_group_templates,
    plugins,
)
from jobsmock.sahara.edp import data_sources, job_binaries, job_executions, job_executions_v2, job_types, jobs

_OWNED = (("tenant_id", "project_id"),)
_VERSIONED = (("hadoop_version", "plugin_version"),)

_JOB_TEMPLATE = Words({"job": "job_template", "jobs": "job_templates"}, _OWNED, parts=("mains", "libs"))
_JOB = Words(
    {"job_execution": "job", "job_executions": "jobs"},
    (*_OWNED, ("job_id", "job_template_id"), ("oozie_job_id", "engine_job_id")),
    more={"extra": {}},
    inputs=(("job_id", "job_template_id"),),
)
_DATA_SOURCE = Words({"data_source": "data_source", "data_sources": "data_sources"}, _OWNED)
_JOB_BINARY = Words({"job_binary": "job_binary", "binaries": "binaries"}, _OWNED)
_AS_IT_IS = Words()
_CLUSTER = Words(
    {"cluster": "cluster", "clusters": "clusters"},
    _OWNED + _VERSIONED,
    parts=("cluster", "provision_progress"),
    inputs=_VERSIONED,
)
_CLUSTER_AS_ASKED = _CLUSTER._replace(inputs=())  # a body that says neither
_NODE_GROUP_TEMPLATE = _CLUSTER._replace(
    nouns={"node_group_template": "node_group_template", "node_group_templates": "node_group_templates"}
)
_CLUSTER_TEMPLATE = _CLUSTER._replace(
    nouns={"cluster_template": "cluster_template", "cluster_templates": "cluster_templates"}
)


def _route(
    name: str,
    request_line: str,
    operation: Callable[..., Any],
    words: Words,
    function: str,
    inputs: tuple[str, ...] = (),
    status: int = 200,
    find: Callable[..., Any] | None = None,
    filename: str | None = None,
    params: tuple[str, ...] = (),
    unlisted: tuple[str, ...] = (),
) -> Route:
    """A route whose operation v2 calls `function`."""
    method, path = request_line.split()
    return Route(
        name,
        method,
        path,
        operation,
        inputs,
        status,
        find=operation if inputs == _LIST else find,
        filename=filename,
        parse_plan=_PLAN_PARSERS.get(name) if "requested_plan" in inputs else None,
        translation=Translation(words, function, params, unlisted),
    )


_QUERY, _LIST, _BODY, _PLANNED = ("query",), ("query", "unused_body"), ("body",), ("body", "requested_plan")
_UNUSED_BODY = ("unused_body",)
_PLUGIN = ("plugin_name", "plugin_version", "name")
_PLAN_PARSERS = {route.name: route.parse_plan for route in v1_1.ROUTES}

# fmt: off
ROUTES = (
    _route("jobs.list", "GET /job-templates", jobs.list_all,
         _JOB_TEMPLATE, "job_templates_list", _LIST, params=("type", "name")),
    _route("jobs.create", "POST /job-templates", jobs.create, _JOB_TEMPLATE, "job_templates_create", _BODY, 202),
    _route("jobs.show", "GET /job-templates/<id>", jobs.show, _JOB_TEMPLATE, "job_templates_get"),
    _route("jobs.update", "PATCH /job-templates/<id>", jobs.update, _JOB_TEMPLATE, "job_templates_update", _BODY, 202),
    _route("jobs.delete", "DELETE /job-templates/<id>", jobs.delete, _JOB_TEMPLATE, "job_templates_delete", (), 204),
    _route("jobs.config-hints", "GET /job-templates/config-hints/<job_type>", job_types.show_hints,
         _AS_IT_IS, "job_config_hints_get"),
    _route("job-executions.list", "GET /jobs", job_executions.list_all, _JOB, "jobs_list", _LIST, params=("status",)),
    _route("jobs.execute", "POST /jobs", job_executions_v2.execute, _JOB, "jobs_execute", _PLANNED, 202),
    _route("job-executions.show", "GET /jobs/<id>", job_executions.show,
         _JOB, "jobs_get", unlisted=("refresh_status",)),
    _route("job-executions.update", "PATCH /jobs/<id>", job_executions_v2.update, _JOB, "jobs_update", _BODY, 202),
    _route("job-executions.delete", "DELETE /jobs/<id>", job_executions.delete,
         _JOB, "jobs_delete", _UNUSED_BODY, 204, job_executions.show),
    _route("job-binaries.list", "GET /job-binaries", job_binaries.list_from_markers,
         _JOB_BINARY, "job_binary_list", _LIST, params=("name",)),
    _route("job-binaries.create", "POST /job-binaries", job_binaries.create,
         _JOB_BINARY, "job_binary_create", _BODY, 202),
    _route("job-binaries.show", "GET /job-binaries/<id>", job_binaries.show, _JOB_BINARY, "job_binary_get"),
    _route("job-binaries.data", "GET /job-binaries/<id>/data", job_binaries.show_data, _AS_IT_IS, "job_binary_data"),
    _route("job-binaries.update", "PATCH /job-binaries/<id>", job_binaries.update,
         _JOB_BINARY, "job_binary_update", _BODY, 202),
    _route("job-binaries.delete", "DELETE /job-binaries/<id>", job_binaries.delete,
         _JOB_BINARY, "job_binary_delete", (), 204),
    _route("data-sources.list", "GET /data-sources", data_sources.list_all,
         _DATA_SOURCE, "data_sources_list", _LIST, params=("type",)),
    _route("data-sources.create", "POST /data-sources", data_sources.create,
         _DATA_SOURCE, "data_source_register", _BODY, 202),
    _route("data-sources.show", "GET /data-sources/<id>", data_sources.show, _DATA_SOURCE, "data_source_get"),
    _route("data-sources.update", "PATCH /data-sources/<id>", data_sources.update_unchecked,
         _DATA_SOURCE, "data_source_update", _BODY, 202),
    _route("data-sources.delete", "DELETE /data-sources/<id>", data_sources.delete,
         _DATA_SOURCE, "data_source_delete", (), 204),
    _route("job-types.list", "GET /job-types", job_types.list_all,
         _AS_IT_IS, "job_types_get", _QUERY, params=("type", "plugin_name", "plugin_version")),
    _route("clusters.list", "GET /clusters", clusters_v2.list_all,
         _CLUSTER, "clusters_list", _LIST, params=_PLUGIN),
    _route("clusters.create", "POST /clusters", clusters_v2.create, _CLUSTER, "clusters_create", _PLANNED, 202),
    _route("clusters.show", "GET /clusters/<id>", clusters.show,
         _CLUSTER, "clusters_get", ("query",), params=("show_progress",)),
    _route("clusters.scale", "PUT /clusters/<id>", clusters_v2.scale,
         _CLUSTER_AS_ASKED, "clusters_scale", _PLANNED, 202),
    _route("clusters.update", "PATCH /clusters/<id>", clusters_v2.update,
         _CLUSTER_AS_ASKED, "clusters_update", _PLANNED, 202),
    _route("clusters.delete", "DELETE /clusters/<id>", clusters_v2.delete,
         _AS_IT_IS, "clusters_delete", _PLANNED, 204, clusters.show)._replace(status_with_content=200),
    _route("plugins.list", "GET /plugins", plugins.list_all, _AS_IT_IS, "plugins_list"),
    _route("plugins.show", "GET /plugins/<name>", plugins.show, _AS_IT_IS, "plugins_get"),
    _route("plugins.version", "GET /plugins/<name>/<version>", plugins.show_version, _AS_IT_IS, "plugins_get_version"),
    _route("plugins.update", "PATCH /plugins/<name>", plugins.update,
         _AS_IT_IS, "plugins_update", ("roles", "body"), 202),
    _route("images.list", "GET /images", images.list_all,
         _AS_IT_IS, "images_list", _QUERY, params=("name", "tags", "username")),
    _route("images.show", "GET /images/<id>", images.show, _AS_IT_IS, "images_get"),
    _route("images.register", "POST /images/<id>", images.register, _AS_IT_IS, "images_set", _BODY, 202),
    _route("images.unregister", "DELETE /images/<id>", images.unregister, _AS_IT_IS, "images_unset", (), 204),
    _route("images.tags", "GET /images/<id>/tags", images.list_tags, _AS_IT_IS, "image_tags_get"),
    _route("images.tag", "PUT /images/<id>/tags", images.replace_tags, _AS_IT_IS, "image_tags_update", _BODY),
    _route("images.untag", "DELETE /images/<id>/tags", images.clear_tags, _AS_IT_IS, "image_tags_delete", (), 204),
    _route("node-group-templates.list", "GET /node-group-templates", node_group_templates.list_all,
         _NODE_GROUP_TEMPLATE, "node_group_templates_list", _LIST, params=_PLUGIN),
    _route("node-group-templates.create", "POST /node-group-templates", node_group_templates.create_v2,
         _NODE_GROUP_TEMPLATE, "node_group_templates_create", _BODY, 202),
    _route("node-group-templates.show", "GET /node-group-templates/<id>", node_group_templates.show,
         _NODE_GROUP_TEMPLATE, "node_group_templates_get"),
    _route("node-group-templates.export", "GET /node-group-templates/<id>/export", node_group_templates.export,
         _NODE_GROUP_TEMPLATE, "node_group_template_export", filename="node_group_template.json"),
    _route("node-group-templates.update", "PATCH /node-group-templates/<id>", node_group_templates.update_v2,
         _NODE_GROUP_TEMPLATE, "node_group_templates_update", _BODY, 202),
    _route("node-group-templates.delete", "DELETE /node-group-templates/<id>", node_group_templates.delete,
         _NODE_GROUP_TEMPLATE, "node_group_templates_delete", _UNUSED_BODY, 204, node_group_templates.show),
    _route("cluster-templates.list", "GET /cluster-templates", cluster_templates.list_all,
         _CLUSTER_TEMPLATE, "cluster_templates_list", _LIST, params=_PLUGIN),
    _route("cluster-templates.create", "POST /cluster-templates", cluster_templates.create,
         _CLUSTER_TEMPLATE, "cluster_templates_create", _BODY, 202),
    _route("cluster-templates.show", "GET /cluster-templates/<id>", cluster_templates.show,
         _CLUSTER_TEMPLATE, "cluster_templates_get"),
    _route("cluster-templates.export", "GET /cluster-templates/<id>/export", cluster_templates.export,
         _CLUSTER_TEMPLATE, "cluster_template_export", filename="cluster_template.json"),
    _route("cluster-templates.update", "PATCH /cluster-templates/<id>", cluster_templates.update,
         _CLUSTER_TEMPLATE, "cluster_templates_update", _BODY, 202),
    _route("cluster-templates.delete", "DELETE /cluster-templates/<id>", cluster_templates.delete,
         _CLUSTER_TEMPLATE, "cluster_templates_delete", _UNUSED_BODY, 204, cluster_templates.show),
)
# fmt: on

TABLE = RouteTable(DATA_PROCESSING, "v2", ("/v2/<tenant_id>", "/v2"), ROUTES)

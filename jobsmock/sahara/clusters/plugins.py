"""Plugins: the kinds of cluster, their versions, and the job types that each runs.

standard_plugins.py has those of the service. A sample can list them by name, and add others.
"""

from collections.abc import Collection, Mapping
from typing import Any

from jobsmock.openstack.identity.roles import ADMIN
from jobsmock.sahara.clusters import plugin_configs, topologies
from jobsmock.sahara.clusters.standard_plugins import list_engines, list_node_processes
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.sahara.errors import Forbidden, InvalidData, InvalidReference, NotFound, ServiceError
from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import AnyObject, Array, Body, Flag, Object, Text, validate
from jobsmock.world.store import Record
from jobsmock.world.world import World

TABLE = "plugins"


class SamplePlugin(SampleRecord):
    class Meta:
        unknown = "include"  # the service's own have more to them

    title = Text()
    versions = Array(Text(shortest=1))
    job_types = Array(Text(one_of=JOB_TYPES))
    node_processes = AnyObject()


SAMPLE = SamplePlugin()


class PluginLabel(Body):
    status = Flag()


class PluginLabels(Body):
    hidden = Object(PluginLabel)
    stable = Object(PluginLabel)
    enabled = Object(PluginLabel)
    deprecated = Object(PluginLabel)


# --- operations -----------------------------------------------------------------------------------------------------

_COLUMNS = ("name", "title", "description", "versions", "plugin_labels", "version_labels")


def iterate_all(world: World, project: str) -> list[Record]:
    return world.tables[TABLE].list_page(project, field="name").records


def list_all(world: World, project: str) -> dict[str, Any]:
    return {"plugins": [_render(plugin) for plugin in iterate_all(world, project)]}


def show(world: World, project: str, name: str) -> dict[str, Any]:
    plugin = get_or_404(world, project, name)
    if plugin is None:
        raise NotFound(plugin_name=name)
    return {"plugin": _render(plugin)}


def show_version(world: World, project: str, name: str, version: str) -> dict[str, Any]:
    plugin = get_or_404(world, project, name)
    if plugin is None or version not in plugin["versions"]:
        raise NotFound(plugin_name=name, version=version)
    details = {
        "configs": plugin_configs.list_configs(select_version(plugin, version)),
        "node_processes": list_node_processes(plugin),
        "required_image_tags": [name, version],
    }
    return {"plugin": {**_render(plugin), **details}}


def update(world: World, project: str, name: str, roles: Collection[str], body: Any) -> dict[str, Any]:
    """Switch labels of a plugin or its versions on and off for a project. This needs an administrator."""
    if ADMIN not in roles:
        raise Forbidden
    plugin = get_or_404(world, project, name)
    if plugin is None:
        raise NotFound(plugin_name=name)
    values = validate(_make_schema(world, project), body)
    _switch_labels(plugin["plugin_labels"], values.get("plugin_labels", {}))
    for version, labels in values.get("version_labels", {}).items():
        if version not in plugin["version_labels"]:
            raise InvalidData(f"Unknown plugin version '{version}' of {name}")
        _switch_labels(plugin["version_labels"][version], labels)
    plugin["is_own"] = True
    world.tables[TABLE].save(plugin)
    return {"plugin": _render(plugin)}


def convert_config(world: World, project: str, name: str, version: str, template: str, data: bytes) -> dict[str, Any]:
    """The service no longer ships plugins that could turn a file of settings into a cluster template."""
    plugin = get_or_404(world, project, name)
    if plugin is None or version not in plugin["versions"]:
        raise NotFound(plugin_name=name, version=version)
    raise InvalidReference(f"Requested plugin '{name}' doesn't support converting config files to cluster templates")


def _make_schema(world: World, project: str) -> Body:
    """The schema of a change of labels, which knows the versions of all plugins."""
    versions = {
        version: Object(PluginLabels) for plugin in iterate_all(world, project) for version in plugin["versions"]
    }
    fields = {"version_labels": Object(_make_body("Versions", versions)), "plugin_labels": Object(PluginLabels)}
    return _make_body("Update", fields)()


def _make_body(name: str, fields: dict[str, Object]) -> type[Body]:
    return type(name, (Body,), {"unknown_first": True, **fields})


def _switch_labels(labels: dict[str, dict[str, Any]], wanted: Mapping[str, Mapping[str, bool]]) -> None:
    for name, change in wanted.items():
        if name not in labels:
            raise InvalidData(f"Label '{name}' can't be updated because it's not available for plugin or its version")
        if not labels[name]["mutable"]:
            raise InvalidData(f"Label '{name}' can't be updated because it's not mutable")
        labels[name] = {**labels[name], **change}


def get_or_404(world: World, project: str, name: str) -> Record | None:
    return world.tables[TABLE].find(project, "name", name)


def get_named(world: World, project: str, name: str, version: str) -> Record:
    """The plugin of a template or a cluster, in its version. InvalidReference if there is none."""
    plugin = get_or_404(world, project, name)
    if plugin is None:
        raise InvalidReference(f"Sahara doesn't contain plugin with name '{name}'")
    if version not in plugin["versions"]:
        raise InvalidReference(f"Requested plugin '{name}' doesn't support version '{version}'")
    return select_version(plugin, version)


def select_version(plugin: Record, version: str) -> Record:
    """The plugin with `version` set; its settings depend on it."""
    return {**plugin, "version": version}


def check_is_enabled(world: World, project: str, name: str, version: str) -> None:
    """Refuse a plugin or version that an administrator has switched off for the project."""
    plugin = get_or_404(world, project, name)
    if plugin is None:
        return
    if not _is_enabled(plugin["plugin_labels"]):
        raise InvalidReference(f"Plugin {name} is not enabled")
    if not _is_enabled(plugin["version_labels"].get(version, {})):
        raise InvalidReference(f"Version {version} of plugin {name} is not enabled")


def _is_enabled(labels: Mapping[str, Mapping[str, Any]]) -> bool:
    return bool(labels.get("enabled", {}).get("status"))


def get_renamed(world: World, project: str, record: Record, values: Mapping[str, Any]) -> Record:
    """The plugin of a template that gets new values, in the version of these or of the template.

    Name or version may have been emptied. Then the plugin has no processes, or its newest settings, which is no error
    if the values need none.
    """
    name, version = values.get("plugin_name"), values.get("hadoop_version")
    if name and not version:
        raise InvalidReference("You must specify a hadoop_version value for your plugin_name")
    name = name or record["plugin_name"]
    if version:
        return get_named(world, project, name, version)
    kept = get_or_404(world, project, name) or {"name": name, "node_processes": {}}
    return select_version(kept, record["hadoop_version"])


def _render(plugin: Record) -> dict[str, Any]:
    """A plugin. If a project has changed its labels, it has the project's id."""
    columns = (*_COLUMNS, "tenant_id") if plugin.get("is_own") else _COLUMNS
    return {key: plugin[key] for key in columns}


# --- which engine runs a job ----------------------------------------------------------------------------------------


def find_engine(world: World, project: str, cluster: Record, job_type: str) -> str | None:
    """What runs a job type on a cluster: `oozie`, `spark`, `storm` or `fake`; None if nothing does."""
    plugin = get_or_404(world, project, cluster["plugin_name"])
    if plugin is None or cluster["hadoop_version"] not in plugin["versions"]:
        return None
    return list_engines(plugin).get(job_type)


def check_components(cluster: Record, engine: str, job_type: str) -> None:
    """A Hadoop cluster needs one Oozie to run jobs, and a Spark history server to run those of Spark."""
    if engine == "oozie" and (oozies := topologies.count_instances("oozie", cluster["node_groups"])) != 1:
        raise ServiceError(
            f"Hadoop cluster should contain 1 oozie component(s). Actual oozie count is {oozies}",
            "INVALID_COMPONENT_COUNT",
        )
    has_spark = topologies.count_instances("spark history server", cluster["node_groups"]) > 0
    if engine == "spark" and cluster["plugin_name"] == "vanilla" and not has_spark:
        raise InvalidData(f"Spark {cluster['hadoop_version']} or higher required to run {job_type} jobs")

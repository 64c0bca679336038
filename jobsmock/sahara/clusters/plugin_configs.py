"""The settings that each plugin has for clusters and nodes, from which clients build their forms.

There are about two thousand for a version of vanilla. They are in data/settings.json, which is read when a setting is
first needed. In that file, a block has what its settings have in common. A setting is its name and default and, if they
differ, other attributes and the versions that have it.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from jobsmock.sahara.clusters import standard_plugins
from jobsmock.world.store import Record

GENERAL = "general"
_EVERY = "every"  # the key of what all plugins have

Config = dict[str, Any]


def list_configs(plugin: Record) -> list[Config]:
    """The settings as the service describes them. A plugin of a sample has the general ones, and heap sizes."""
    own = _make_heap_sizes(plugin) if _is_own(plugin) else _find_settings(plugin["name"], plugin["version"])
    return [*_find_settings(_EVERY, plugin["version"]), *own]


def is_known(plugin: Record, target: str, name: str) -> bool:
    """Whether a target has a setting. A plugin of a sample accepts any name of a property, with dots."""
    if _is_own(plugin) and target != GENERAL and "." in name and " " not in name:
        return True
    return name in _get_defaults(plugin).get(target, {})


def has_target(plugin: Record, target: str) -> bool:
    return target in _get_defaults(plugin)


def get_default(plugin: Record, target: str, name: str) -> Any:
    """The default of a setting; None if there is no such setting."""
    return _get_defaults(plugin).get(target, {}).get(name)


def _is_own(plugin: Record) -> bool:
    return plugin["name"] not in standard_plugins.STANDARD


def _get_defaults(plugin: Record) -> Mapping[str, Mapping[str, Any]]:
    if _is_own(plugin):
        return _group_by_target(list_configs(plugin))
    return _load_defaults(plugin["name"], plugin["version"])


@cache
def _load_defaults(name: str, version: str) -> Mapping[str, Mapping[str, Any]]:
    return _group_by_target([*_find_settings(_EVERY, version), *_find_settings(name, version)])


def _group_by_target(settings: list[Config]) -> dict[str, dict[str, Any]]:
    """Defaults by target. Hadoop lists some properties twice; the first one counts."""
    found: dict[str, dict[str, Any]] = {}
    for config in settings:
        found.setdefault(config["applicable_target"], {}).setdefault(config["name"], config["default_value"])
    return found


# --- where they come from -------------------------------------------------------------------------------------------


@cache
def _load_document() -> dict[str, list[dict[str, Any]]]:
    document: dict[str, list[dict[str, Any]]] = orjson.loads((files("jobsmock.data") / "settings.json").read_bytes())
    return document


def _find_settings(name: str, version: str) -> Iterator[Config]:
    """The settings under a key of the file. A version that only a sample has uses those of the newest."""
    known = standard_plugins.STANDARD[name].versions if name != _EVERY else (version,)
    wanted = version if version in known else max(known)
    for block in _load_document()[name]:
        in_common = {key: value for key, value in block.items() if key != "settings"}
        for setting, value, *more in block["settings"]:
            special = more[0] if more else {}
            if wanted in special.get("versions", (wanted,)):
                yield _render_config(setting, value, {**in_common, **special})


def _make_heap_sizes(plugin: Record) -> Iterator[Config]:
    for service, processes in standard_plugins.list_node_processes(plugin).items():
        common = {"applicable_target": service, "scope": "node", "is_optional": False, "priority": 1}
        for process in processes:
            description = "Memory of its Java machine, in MB"
            yield _render_config(f"{process} Heap Size", 1024, {**common, "description": description})


def _render_config(name: str, value: Any, facts: Mapping[str, Any]) -> Config:
    return {
        "name": name,
        "description": facts.get("description"),
        "config_type": facts.get("config_type") or _name_type(value),
        "config_values": None,
        "default_value": value,
        "applicable_target": facts["applicable_target"],
        "scope": facts["scope"],
        "is_optional": facts["is_optional"],
        "priority": facts["priority"],
    }


def _name_type(value: Any) -> str:
    if isinstance(value, bool):
        return "bool"
    return "int" if isinstance(value, int) else "string"

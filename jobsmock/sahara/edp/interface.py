"""Job interfaces: the arguments that a job declares, and how an execution merges their values into its job_configs.

jobs.py declares and renders interfaces, job_executions.py merges values.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from jobsmock.sahara import resources
from jobsmock.sahara.edp import data_sources
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.sahara.errors import InvalidData, InvalidReference
from jobsmock.sahara.validation import Body, Flag, Text, is_uuid
from jobsmock.world.store import Record
from jobsmock.world.world import World

_LONGEST_POSITION = 19  # digits; more than any list has items
_COLUMNS = (
    "created_at", "updated_at", "id", "job_id", "tenant_id", "name", "description", "mapping_type", "location",
    "value_type", "required", "order", "default",
)  # fmt: skip


class Argument(Body):
    name = Text(shortest=1, required=True)
    description = Text(null=True)
    mapping_type = Text(one_of=("args", "configs", "params"), required=True)
    location = Text(shortest=1, required=True)
    value_type = Text(one_of=("string", "number", "data_source"))
    required = Flag(required=True)
    default = Text(null=True)


# --- declaring an interface -----------------------------------------------------------------------------------------


def parse_interface(world: World, project: str, job_type: str, arguments: list[dict[str, Any]]) -> list[Record]:
    """Check the interface of a new job and return the records of its arguments."""
    _check_names(arguments)
    _check_mappings(job_type, arguments)
    _check_positions([argument for argument in arguments if argument["mapping_type"] == "args"])
    _check_locations(arguments)
    for argument in arguments:
        if argument.get("default") is not None:
            _check_value(world, project, argument.get("value_type", "string"), argument["default"])
    return [
        {"value_type": "string", "id": world.new_id(), **argument, "order": order}
        for order, argument in enumerate(arguments)
    ]


def _check_names(arguments: list[dict[str, Any]]) -> None:
    if len({argument["name"] for argument in arguments}) < len(arguments):
        raise InvalidData("Name must be unique within the interface for any job.")


def _check_mappings(job_type: str, arguments: list[dict[str, Any]]) -> None:
    mappings = JOB_TYPES[job_type].mappings
    if any(argument["mapping_type"] not in mappings for argument in arguments):
        raise InvalidData(f"Only mapping types {mappings} are allowed for job type {job_type}.")


def _check_positions(arguments: list[dict[str, Any]]) -> None:
    """Two arguments can have the same position, written as `0` and `00`: then the later one is used."""
    locations = [argument["location"] for argument in arguments]
    is_valid = all(map(str.isdecimal, locations))
    if not is_valid or not _are_unbroken({_parse_position(location) for location in locations}):
        raise InvalidData("Locations of positional arguments must be an unbroken integer sequence ascending from 0.")
    if any(not argument["required"] and not argument.get("default") for argument in arguments):
        raise InvalidData("Positional arguments must be given default values if they are not required.")


def _are_unbroken(positions: set[int]) -> bool:
    return positions == set(range(len(positions)))


def _parse_position(location: str) -> int:
    # Python refuses to parse more than a few thousand digits.
    return int(location.lstrip("0")[:_LONGEST_POSITION] or 0)


def _check_locations(arguments: list[dict[str, Any]]) -> None:
    locations = {(argument["mapping_type"], argument["location"]) for argument in arguments}
    if len(locations) < len(arguments):
        raise InvalidData(
            "The combination of mapping type and location must be unique within the interface for any job."
        )


def render(job: Record) -> list[dict[str, Any]]:
    return [{key: values.get(key) for key in _COLUMNS} for values in _list_arguments(job)]


def render_created(job: Record) -> list[dict[str, Any]]:
    """Like `render`, but without the keys that have no value yet, as in every response to a creation."""
    return [{key: values[key] for key in _COLUMNS if key in values} for values in _list_arguments(job)]


def _list_arguments(job: Record) -> list[Record]:
    """The arguments with what they have in common with their job."""
    shared = {"created_at": job["created_at"], "job_id": job["id"], "tenant_id": job["tenant_id"]}
    return [{**argument, **shared} for argument in job["interface"]]


# --- passing values -------------------------------------------------------------------------------------------------


def merge_arguments(
    world: World, project: str, job: Record, values: Mapping[str, Any] | None, configs: dict[str, Any]
) -> dict[str, Any]:
    """Return the job_configs of an execution together with the values for the interface of its job."""
    arguments = job["interface"]
    if not arguments and not values:
        return configs
    if values is None:
        raise InvalidData(
            "An interface was specified with the template for this job. "
            "Please pass an interface map with this job (even if empty)."
        )
    _check_values(world, project, arguments, values, configs)
    return _merge_values(arguments, values, configs)


def _check_values(
    world: World, project: str, arguments: list[Record], values: Mapping[str, Any], configs: dict[str, Any]
) -> None:
    by_name = {argument["name"]: argument for argument in arguments}
    if unknown := [name for name in values if name not in by_name]:
        raise InvalidData(f"Argument names: {unknown} were not found in the interface for this job.")
    missing = [name for name, argument in by_name.items() if argument["required"] and name not in values]
    if missing:
        raise InvalidData(f"Argument names: {missing} are required for this job.")
    for name, value in values.items():
        _check_value(world, project, by_name[name]["value_type"], value)
        mapping, location = by_name[name]["mapping_type"], by_name[name]["location"]
        if mapping != "args" and configs.get(mapping, {}).get(location, value) != value:
            raise InvalidData(
                f"Argument '{name}' was passed both through the interface and in location '{mapping}'.'{location}'. "
                "Please pass this through either the interface or the configuration maps, not both."
            )


def _merge_values(arguments: list[Record], values: Mapping[str, Any], configs: dict[str, Any]) -> dict[str, Any]:
    merged = {**configs}
    args: dict[int, Any] = {}  # by position
    for argument in arguments:
        mapping, location = argument["mapping_type"], argument["location"]
        value = values.get(argument["name"], argument.get("default"))
        if mapping == "args":
            args[_parse_position(location)] = value
        else:
            merged[mapping] = {**merged.get(mapping, {})}
            if value is not None:
                merged[mapping].setdefault(location, value)
    if args:
        merged["args"] = [args[position] for position in sorted(args)] + configs.get("args", [])
    return merged


def _check_value(world: World, project: str, value_type: str, value: Any) -> None:
    if value_type == "data_source":
        _check_data_source(world, project, str(value))
    elif value_type == "number" and not str(value).isnumeric():
        raise InvalidData(f"Value '{value}' is not a valid number.")
    elif value_type == "string" and not isinstance(value, str):
        raise InvalidData(f"Value '{value}' is not a valid string.")


def _check_data_source(world: World, project: str, value: str) -> None:
    if is_uuid(value):
        if resources.table_of(world, data_sources.KIND).get(project, value) is None:
            raise InvalidReference(f"DataSource with id '{value}' doesn't exist")
    elif not _is_url(value):
        raise InvalidData(f"Data source value '{value}' is neither a valid data source ID nor a valid URL.")


def _is_url(value: str) -> bool:
    try:
        return bool(urlsplit(value).scheme)
    except ValueError:
        return False

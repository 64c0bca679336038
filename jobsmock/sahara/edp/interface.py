"""Job interfaces: the arguments that a job declares, and how the values of an execution become its job_configs."""

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

_DIGITS = 19  # of a position; who writes more is beyond any list
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


# --- declaring ------------------------------------------------------------------------------------------------------


def parse_interface(world: World, project: str, job_type: str, arguments: list[dict[str, Any]]) -> list[Record]:
    """Check the interface of a new job, and return its records."""
    _check_names(arguments)
    _check_mappings(job_type, arguments)
    _check_positions([argument for argument in arguments if argument["mapping_type"] == "args"])
    _check_places(arguments)
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
    """Two arguments may have one position if it is written in two ways; then the later one is passed on."""
    written = [argument["location"] for argument in arguments]
    if not all(map(str.isdecimal, written)) or not _are_unbroken({_parse_position(place) for place in written}):
        raise InvalidData("Locations of positional arguments must be an unbroken integer sequence ascending from 0.")
    if any(not argument["required"] and not argument.get("default") for argument in arguments):
        raise InvalidData("Positional arguments must be given default values if they are not required.")


def _are_unbroken(positions: set[int]) -> bool:
    return positions == set(range(len(positions)))


def _parse_position(place: str) -> int:
    """The position as a number. Python does not parse more than some thousand digits."""
    return int(place.lstrip("0")[:_DIGITS] or 0)


def _check_places(arguments: list[dict[str, Any]]) -> None:
    places = {(argument["mapping_type"], argument["location"]) for argument in arguments}
    if len(places) < len(arguments):
        raise InvalidData(
            "The combination of mapping type and location must be unique within the interface for any job."
        )


def render(job: Record) -> list[dict[str, Any]]:
    return [_fill_in(job, argument) for argument in job["interface"]]


def render_created(job: Record) -> list[dict[str, Any]]:
    """As `render`, but without the keys that have no value yet, as in all responses to a creation."""
    filled = ({**argument, **_get_interface(job)} for argument in job["interface"])
    return [{key: argument[key] for key in _COLUMNS if key in argument} for argument in filled]


def _fill_in(job: Record, argument: Record) -> dict[str, Any]:
    values = {**argument, **_get_interface(job)}
    return {key: values.get(key) for key in _COLUMNS}


def _get_interface(job: Record) -> dict[str, Any]:
    return {"created_at": job["created_at"], "job_id": job["id"], "tenant_id": job["tenant_id"]}


# --- passing values -------------------------------------------------------------------------------------------------


def merge_arguments(
    world: World, project: str, job: Record, values: Mapping[str, Any] | None, configs: dict[str, Any]
) -> dict[str, Any]:
    """The job_configs of an execution, with the values for the interface of its job."""
    arguments = job["interface"]
    if not arguments and not values:
        return configs
    if values is None:
        raise InvalidData(
            "An interface was specified with the template for this job. "
            "Please pass an interface map with this job (even if empty)."
        )
    _check_passed(world, project, arguments, values, configs)
    return _place_arguments(arguments, values, configs)


def _check_passed(
    world: World, project: str, arguments: list[Record], values: Mapping[str, Any], configs: dict[str, Any]
) -> None:
    known = {argument["name"]: argument for argument in arguments}
    if unknown := [name for name in values if name not in known]:
        raise InvalidData(f"Argument names: {unknown} were not found in the interface for this job.")
    missing = [name for name, argument in known.items() if argument["required"] and name not in values]
    if missing:
        raise InvalidData(f"Argument names: {missing} are required for this job.")
    for name, value in values.items():
        _check_value(world, project, known[name]["value_type"], value)
        kind, place = known[name]["mapping_type"], known[name]["location"]
        if kind != "args" and configs.get(kind, {}).get(place, value) != value:
            raise InvalidData(
                f"Argument '{name}' was passed both through the interface and in location '{kind}'.'{place}'. "
                "Please pass this through either the interface or the configuration maps, not both."
            )


def _place_arguments(arguments: list[Record], values: Mapping[str, Any], configs: dict[str, Any]) -> dict[str, Any]:
    placed = {**configs}
    positional: dict[int, Any] = {}
    for argument in arguments:
        kind, place = argument["mapping_type"], argument["location"]
        value = values.get(argument["name"], argument.get("default"))
        if kind == "args":
            positional[_parse_position(place)] = value
        else:
            placed[kind] = {**placed.get(kind, {})}
            if value is not None:
                placed[kind].setdefault(place, value)
    if positional:
        placed["args"] = [positional[place] for place in sorted(positional)] + configs.get("args", [])
    return placed


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

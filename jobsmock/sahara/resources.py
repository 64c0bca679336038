"""What all resources have in common: to be found, listed, made, changed and removed by the projects that may.

A sample's record may be marked `replay`: it waits for the request that would create it, by its name (an execution by
its job), and lends that its id and time. So a recorded conversation can be had again, ids included. It does so once in
each project, and not after it has been changed.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from jobsmock.sahara.errors import (
    DeletionFailed,
    DuplicateEntry,
    InvalidQuery,
    NotFound,
    ServiceError,
    UnanswerableQuery,
    UpdateFailed,
)
from jobsmock.sahara.filters import REGEX, ValueFinder, make_filter
from jobsmock.sahara.validation import Body
from jobsmock.world.clock import format_time
from jobsmock.world.store import Record, Table
from jobsmock.world.world import World

Query = Mapping[str, list[str]]  # query parameters, each with all its values
View = Callable[[Record], dict[str, Any]]

_ALWAYS_SORTABLE = ("id", "name", "created_at", "updated_at")
_NEVER_EQUAL = ("id", "created_at", "updated_at")  # times have microseconds in the service, so no two are equal
_LARGEST_LIMIT = 2**63 - 1  # what the service's database can count to
_BAD_LIMIT = "'limit' must be positive integer"


class ResourceType(NamedTuple):
    """A resource: its table, its name in messages, its keys on the wire in order, and what lists are sorted by."""

    table: str
    label: str
    columns: tuple[str, ...]
    sample: Body  # the schema of a record in a sample file
    sortable: tuple[str, ...] = _ALWAYS_SORTABLE
    filterable: tuple[str, ...] = ()
    searchable: tuple[str, ...] = ()  # whose filters are patterns where the service's database knows such
    has_name: bool = True
    replayed_by: str = "name"
    forgives_markers: bool = False  # an unknown marker is a 404, but not everywhere
    checks_sorting: bool = True  # where the service does not, its database breaks down
    takes_any_limit: bool = False  # the service counts these itself; its database knows no limit beyond 2^63


def table_of(world: World, kind: ResourceType) -> Table:
    return world.tables[kind.table]


def render(kind: ResourceType, record: Record) -> dict[str, Any]:
    """A record with all its keys, as every answer but the first gives it."""
    return {key: record.get(key) for key in kind.columns}


def render_created(kind: ResourceType, record: Record) -> dict[str, Any]:
    """A record as the answer to its creation gives it: without the keys that have no value yet."""
    return {key: record[key] for key in kind.columns if key in record}


def render_export(kind: ResourceType, record: Record, left_out: Iterable[str], places: Iterable[str]) -> dict[str, Any]:
    """A record to be made elsewhere: without what is its own only, and with `{key}` for what is to be filled in."""
    return {key: f"{{{key}}}" if key in places else record.get(key) for key in kind.columns if key not in left_out}


# --- reading --------------------------------------------------------------------------------------------------------


def get_or_404(world: World, kind: ResourceType, project: str, id: str) -> Record:
    record = table_of(world, kind).get(project, id)
    if record is None:
        raise NotFound(id=id)
    return record


def list_page(
    world: World,
    kind: ResourceType,
    project: str,
    query: Query,
    key: str,
    view: View | None = None,
    fact: ValueFinder | None = None,
) -> dict[str, Any]:
    """The answer to a list: records under `key`, and the markers of the pages around where it is a page.

    `view` makes of a record what the wire shows; `fact` finds what the filter of a key looks at.
    """
    view = view or (lambda record: render(kind, record))
    marker = _parse_marker(world, kind, project, query)
    limit = _parse_limit(query)
    field, descending = _parse_sorting(kind, query)
    if limit is not None and limit > _LARGEST_LIMIT and not kind.takes_any_limit:
        raise UnanswerableQuery(_BAD_LIMIT)
    page = table_of(world, kind).list_page(
        project,
        keep=_make_filter(world, kind, project, query, fact),
        field=field,
        descending=descending,
        limit=None if limit is None else min(limit, sys.maxsize),
        marker=marker,
        values_differ=field in _NEVER_EQUAL,
    )
    answer: dict[str, Any] = {key: [view(record) for record in page.records]}
    if page.next or "marker" in query:
        answer["markers"] = {"prev": page.prev, "next": page.next}
    return answer


def _parse_marker(world: World, kind: ResourceType, project: str, query: Query) -> str | None:
    marker = _first_value(query, "marker")
    if marker is None or table_of(world, kind).get(project, marker):
        return marker
    if kind.forgives_markers:
        return None
    raise NotFound(id=marker)


def _parse_sorting(kind: ResourceType, query: Query) -> tuple[str, bool]:
    """The field to sort by, and whether downwards."""
    asked = _first_value(query, "sort_by")
    if asked is None:
        return "id", False
    field = asked[1:] if asked.startswith("-") else asked
    if field not in kind.sortable:
        refusal = InvalidQuery if kind.checks_sorting else UnanswerableQuery
        raise refusal(f"Unknown field for sorting {field}")
    return field, asked.startswith("-")


def _parse_limit(query: Query) -> int | None:
    asked = _first_value(query, "limit")
    if asked is None:
        return None
    try:
        number = int(asked)
    except ValueError:
        number = 0
    if number <= 0:
        raise InvalidQuery(_BAD_LIMIT)
    return number


def _make_filter(
    world: World, kind: ResourceType, project: str, query: Query, fact: ValueFinder | None
) -> Callable[[Record], bool] | None:
    searchable = kind.searchable if world.settings.get("filters", REGEX) == REGEX else ()
    return make_filter(query, project, {*kind.columns, *kind.filterable}, searchable, fact or Record.get)


def _first_value(query: Query, key: str) -> str | None:
    return query[key][0] if key in query else None


# --- writing --------------------------------------------------------------------------------------------------------


def new_record(world: World, kind: ResourceType, project: str, **values: Any) -> Record:
    """The beginning of a record that its project owns."""
    replay = find_replay(world, kind, project, values)
    return {
        "created_at": replay["created_at"] if replay else format_time(world.clock.now()),
        "id": replay["id"] if replay else world.new_id(),
        "tenant_id": project,
        "is_public": False,
        "is_protected": False,
        **values,
    }


def find_replay(world: World, kind: ResourceType, project: str, values: Mapping[str, Any]) -> Record | None:
    """The sample's record, if any, that is waiting for just this creation, to lend it its id and time."""
    name = values[kind.replayed_by]
    id = world.replays.get((kind.table, name))
    record = table_of(world, kind).get(project, id) if id else None
    return record if record and record.get("replay") and record[kind.replayed_by] == name else None


def check_name_is_free(world: World, kind: ResourceType, project: str, name: str, called: str) -> None:
    """Some kinds refuse a name that anything a project sees has; `called` is what the message calls the kind."""
    if not find_replay(world, kind, project, {"name": name}) and table_of(world, kind).find(project, "name", name):
        raise ServiceError(f"{called} with name '{name}' already exists", "NAME_ALREADY_EXISTS")


def save_record(world: World, kind: ResourceType, record: Record) -> Record:
    """Keep a new record, or one whose name may have changed. DuplicateEntry if another has the name; a replay may."""
    others = table_of(world, kind)
    if kind.has_name:
        namesake = others.find_own(record["tenant_id"], "name", record["name"])
        replay = find_replay(world, kind, record["tenant_id"], record)
        if namesake and record["id"] not in (namesake["id"], replay and replay["id"]):
            raise DuplicateEntry(kind.label)
    others.save(record)
    return record


def iterate_referring(world: World, kind: ResourceType, record: Record, table_name: str) -> Iterator[Record]:
    """The records of a table among which those are that refer to this one.

    They are its project's, and those of others, who may use what is public; but what a sample gives to every project,
    each has for itself.
    """
    others_too = not table_of(world, kind).is_shared(record["id"])
    return world.tables[table_name].iterate_owned(record["tenant_id"], others_too)


def check_may_update(kind: ResourceType, record: Record, project: str, values: Mapping[str, Any]) -> None:
    """Only the owner may change a record; a protected one only to unprotect it, or in whether it is public alone."""
    if record["tenant_id"] != project:
        raise UpdateFailed(f"{kind.label} with id '{record['id']}' could not be updated because {_NOT_YOURS}")
    if not record["is_protected"] or not values.get("is_protected", True):
        return
    if "is_public" not in values or any(record.get(key) != values[key] for key in values if key != "is_public"):
        raise UpdateFailed(f"{kind.label} with id '{record['id']}' could not be updated because {_PROTECTED}")


def update_record(world: World, kind: ResourceType, record: Record, values: Mapping[str, Any]) -> Record:
    """Keep a record with new values. Its `updated_at` moves only if one of them differs."""
    if all(record.get(key) == value for key, value in values.items()):
        return record
    return save_record(world, kind, {**record, **values, "updated_at": format_time(world.clock.now()), "replay": False})


def check_may_delete(kind: ResourceType, record: Record, project: str) -> None:
    for reason in (_NOT_YOURS if record["tenant_id"] != project else "", _PROTECTED if record["is_protected"] else ""):
        if reason:
            raise DeletionFailed(f"{kind.label} with id '{record['id']}' could not be deleted because {reason}")


def delete_record(world: World, kind: ResourceType, record: Record) -> None:
    table_of(world, kind).delete(record["tenant_id"], record["id"])


_NOT_YOURS = "it wasn't created in this tenant"
_PROTECTED = "it's marked as protected"

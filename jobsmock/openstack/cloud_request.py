"""What an operation of a neighbour is given of a request, and how the answers that they all give are made.

The URL tables of the web ring name the operations; every one is called with its world, an `Asked`, and the names in
the URL.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from jobsmock.openstack.errors import MalformedRequest, OpenStackNotFound
from jobsmock.openstack.identity.tokens import Token
from jobsmock.world.store import Record
from jobsmock.world.world import World


class CloudRequest(NamedTuple):
    """A request. `caller` is what its X-Auth-Token says, or None if that is no token of this world."""

    base: str  # the address of the world, without a slash at its end, under which every URL in an answer stands
    path: str  # of the request, in that world, as links have it
    query: Mapping[str, list[str]]
    body: Any
    token: str | None
    subject: str | None  # X-Subject-Token
    caller: Token | None


class CloudResponse(NamedTuple):
    """An answer with headers of its own."""

    content: Any
    headers: dict[str, str]


def first_value(query: Mapping[str, list[str]], key: str) -> str | None:
    return query[key][0] if query.get(key) else None


def filter_by_query(shown: Iterable[Record], query: Mapping[str, list[str]]) -> list[Record]:
    """Those that have what the query asks for; keys that no record has are no filters here, as with the real ones."""
    wanted = {key: values[0] for key, values in query.items()}
    return [one for one in shown if all(_has_value(one[key], text) for key, text in wanted.items() if key in one)]


def _has_value(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text.lower() in (("true", "1") if value else ("false", "0"))
    return value is None or str(value) == text


def paginate(records: list[Record], query: Mapping[str, list[str]]) -> list[Record]:
    """`limit` records after the one that `marker` names."""
    marker, limit = first_value(query, "marker"), first_value(query, "limit")
    if marker is not None:
        place = next((number for number, record in enumerate(records, 1) if str(record["id"]) == marker), None)
        if place is None:
            raise MalformedRequest(f"marker [{marker}] not found")
        records = records[place:]
    if limit is None:
        return records
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 10):
        raise MalformedRequest(f"limit: {limit!r} is no number; write how many are wanted")
    return records[: int(limit)]


def render_list(request: CloudRequest, key: str, shown: Iterable[Record]) -> dict[str, Any]:
    """A list as the identity service gives it."""
    links = {"self": request.base + request.path, "previous": None, "next": None}
    return {key: paginate(filter_by_query(shown, request.query), request.query), "links": links}


def make_empty_list(key: str) -> Callable[[World, CloudRequest], dict[str, Any]]:
    """The operation that lists none of something."""

    def index(world: World, request: CloudRequest) -> dict[str, Any]:
        return {key: []}

    return index


def get_or_404(record: Record | None, what: str, id: str) -> Record:
    if record is None:
        raise OpenStackNotFound(f"Could not find {what}: {id}.")
    return record

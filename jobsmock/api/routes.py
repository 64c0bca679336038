"""What a route is: a method and a path, and the operation that answers there."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from jobsmock.api.translation import Translation


class Route(NamedTuple):
    """An operation at its URL.

    The operation is called with the parts of the path in brackets, and with its `inputs`, as keyword arguments;
    `http/inputs.py` reads these. `open_to` says whom a strict world lets in: `all`, anybody with a `token`, the `user`
    of the URL, or an `admin`.
    """

    name: str  # resource and verb, for rules and the journal
    method: str
    path: str  # below the prefix of its table
    operation: Callable[..., Any]
    inputs: tuple[str, ...] = ()
    status: int = 200
    status_with_content: int | None = None  # for an operation that returns content only sometimes
    open_to: str = "token"
    find: Callable[..., Any] | None = None  # raises NotFound; the service calls it before it looks at an unused body
    filename: str | None = None  # under which a browser saves the response
    parse_plan: Callable[[str], object] | None = None  # of an operation that follows a plan; PlanError if it is not one
    translation: Translation | None = None  # of a route of API v2


class RouteTable(NamedTuple):
    """The routes of one version of a service, and where they are."""

    service: str
    version: str
    prefixes: tuple[str, ...]
    routes: tuple[Route, ...]

    def urls(self) -> Iterator[tuple[str, Route]]:
        """Each prefix with each route below it."""
        return ((prefix, route) for prefix in self.prefixes for route in self.routes)


DATA_PROCESSING, IDENTITY, COMPUTE, IMAGE, NETWORK = "data-processing", "identity", "compute", "image", "network"

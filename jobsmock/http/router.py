"""Finds the route of a request in the URL map of the Flask app."""

from functools import lru_cache
from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from jobsmock.api.routes import Route, RouteTable
from jobsmock.http.request import Request

_MOST_REMEMBERED = 4096  # paths with their methods
_LONGEST_REMEMBERED = 200  # characters of both; hardly any request of the service has more


class Match(NamedTuple):
    """A route, where it was found, and the parts of the path that its URL names, by name."""

    table: RouteTable
    prefix: str  # as it was requested, with the project if the URL has one
    route: Route
    names: dict[str, str]
    project: str | None = None


class Router:
    """The URL map belongs to Flask, which answers what no route fits: 404, 405, OPTIONS, and redirects.

    The map never changes, so what was found for a path is remembered: clients ask for the same few paths again and
    again, and werkzeug takes longer to match one than the operation does.
    """

    def __init__(self, url_map: Map, targets: dict[str, tuple[RouteTable, str, Route]]) -> None:
        self._adapter, self._targets = url_map.bind("localhost"), targets
        self._find_again = lru_cache(_MOST_REMEMBERED)(self._find)

    def match(self, request: Request) -> Match | None:
        """The route of a request; None if Flask has to answer it."""
        find = self._find_again if len(request.path) + len(request.method) <= _LONGEST_REMEMBERED else self._find
        return find(request.text_path, request.method)

    def _find(self, path: str, method: str) -> Match | None:
        if method == "OPTIONS":
            return None
        try:
            endpoint, parts = self._adapter.match(path, method)
        except HTTPException:
            return None
        if endpoint not in self._targets:
            return None
        table, prefix, route = self._targets[endpoint]
        names = dict(parts)
        project = names.pop("tenant_id", None)
        return Match(table, prefix.replace("<tenant_id>", project) if project else prefix, route, names, project)

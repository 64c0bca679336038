"""Finds the route of a request in the URL map of the Flask app."""

from typing import NamedTuple

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map

from jobsmock.api.routes import Route, RouteTable
from jobsmock.http.request import Request


class Match(NamedTuple):
    """A route, where it was found, and the parts of the path that its URL names, by name."""

    table: RouteTable
    prefix: str  # as it was requested, with the project if the URL has one
    route: Route
    names: dict[str, str]
    project: str | None = None


class Router:
    """The URL map belongs to Flask, which answers what no route fits: 404, 405, OPTIONS, and redirects."""

    def __init__(self, url_map: Map, targets: dict[str, tuple[RouteTable, str, Route]]) -> None:
        self._adapter, self._targets = url_map.bind("localhost"), targets

    def match(self, request: Request) -> Match | None:
        """The route of a request; None if Flask has to answer it."""
        if request.method == "OPTIONS":
            return None
        try:
            endpoint, found = self._adapter.match(request.text_path, request.method)
        except HTTPException:
            return None
        if endpoint not in self._targets:
            return None
        table, prefix, route = self._targets[endpoint]
        names = dict(found)
        project = names.pop("tenant_id", None)
        return Match(table, prefix.replace("<tenant_id>", project) if project else prefix, route, names, project)

"""Answers requests to the data processing service, in all versions of its API."""

from typing import Any, NoReturn

from jobsmock.api.routes import Route
from jobsmock.http import auth
from jobsmock.http.auth import Caller
from jobsmock.http.errors import make_error_response
from jobsmock.http.fault_injection import make_injected_response
from jobsmock.http.inputs import Inputs, read_inputs
from jobsmock.http.microversions import HEADER, SERVICE, read_microversion
from jobsmock.http.request import Request
from jobsmock.http.response import Response, make_response
from jobsmock.http.router import Match
from jobsmock.sahara.errors import QuotaExceeded, ServiceError, UnanswerableQuery, UnknownParameters
from jobsmock.world.limits import LimitReached
from jobsmock.world.rules.outcome import NO_OUTCOME, Outcome
from jobsmock.world.world import World

_GROWING = ("POST", "PUT", "PATCH")  # the methods of operations after which a world may hold more


class DataProcessing:
    def identify(self, world: World, request: Request, match: Match) -> Caller:
        return auth.identify(world, request, match.project)

    def read_inputs(self, world: World, request: Request, match: Match, caller: Caller) -> Inputs:
        inputs = read_inputs(match.route, request, lambda: auth.list_roles(world, request, caller.token))
        return Inputs(inputs.values, caller.error) if caller.error else inputs

    def operate(
        self, world: World, request: Request, match: Match, caller: Caller, inputs: Inputs, outcome: Outcome
    ) -> Response:
        """Call the operation. Its content, or the error that it raises, becomes the response."""
        route, values = match.route, inputs.values
        if "requested_plan" in values:
            values = {**values, "requested_plan": values["requested_plan"]._replace(rule=outcome.plan)}
        try:
            if inputs.error:
                _raise_error(world, match, caller.project, inputs)
            if route.method in _GROWING:
                _check_room(world)
            content = _call(world, request, match, caller.project, values)
        except ServiceError as error:
            response = make_error_response(error, error.error_id or world.new_request_id(), request.base_url)
            if error is caller.error and caller.note:
                response.notes.append(caller.note)
            return response
        response = make_response(content, (content is not None and route.status_with_content) or route.status)
        if route.filename:
            response.headers["Content-Disposition"] = f"attachment; filename={route.filename}"
        return response

    def inject(self, world: World, request: Request, match: Match, outcome: Outcome) -> Response:
        """The response of a rule."""
        return make_injected_response(outcome, world.new_request_id())

    def finish(self, request: Request, match: Match, outcome: Outcome, response: Response) -> None:
        """Mark a response of API v2 with the version that was requested. What a rule has set stays."""
        if match.route.translation:
            set_header = response.headers.add if outcome is NO_OUTCOME else response.headers.setdefault
            set_header("Vary", HEADER)
            set_header(HEADER, f"{SERVICE} {read_microversion(request.headers)}")


def _call(world: World, request: Request, match: Match, project: str, values: dict[str, Any]) -> Any:
    route = match.route
    if route.translation is None:
        return route.operation(world, project, **match.names, **values)
    return _call_translated(world, request, match, project, values)


def _call_translated(world: World, request: Request, match: Match, project: str, values: dict[str, Any]) -> Any:
    """Call an operation in the words of API v2.

    The service finds unknown parameters last. For an operation that writes they come first here, so that nothing is
    done.
    """
    route, translation = match.route, match.route.translation
    assert translation
    error = None if translation.knows(request.query) else UnknownParameters(translation.function, translation.params)
    if error and route.method != "GET":
        raise error
    if "query" in values:
        values = {**values, "query": translation.translate_query(request.query)}
    if "body" in values:
        values = {**values, "body": translation.translate_body(values["body"])}
    try:
        content = translation.translate(route.operation(world, project, **match.names, **values))
    except UnanswerableQuery as unanswerable:
        raise error or unanswerable from None
    if error:
        raise error
    return content


def _raise_error(world: World, match: Match, project: str, inputs: Inputs) -> NoReturn:
    """Raise the error of the inputs; but before one of the body, that the record is not there."""
    assert inputs.error
    if inputs.is_error_of_body and match.route.find:
        _find(match.route, world, project, match.names, inputs)
    raise inputs.error


def _find(route: Route, world: World, project: str, names: dict[str, str], inputs: Inputs) -> None:
    assert route.find
    query = inputs.values.get("query", {})
    if "marker" in query:
        route.find(world, project, query={"marker": query["marker"]})
    elif names:
        route.find(world, project, **names)


def _check_room(world: World) -> None:
    try:
        world.check_room()
    except LimitReached as error:
        raise QuotaExceeded(str(error)) from None

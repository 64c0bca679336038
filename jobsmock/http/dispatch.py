"""The way of a mocked request, from the route to the journal. It is the same for all services."""

from typing import Protocol

from jobsmock.api.openstack import TABLES
from jobsmock.api.routes import DATA_PROCESSING
from jobsmock.http.auth import Caller
from jobsmock.http.data_processing import DataProcessing
from jobsmock.http.errors import make_error_response
from jobsmock.http.fault_injection import add_headers, carry_out, decide
from jobsmock.http.inputs import Inputs
from jobsmock.http.openstack_services import OpenStackService
from jobsmock.http.recording import Recorder, summarize
from jobsmock.http.request import Request
from jobsmock.http.response import Response
from jobsmock.http.router import Match, Router
from jobsmock.sahara.errors import ServiceError
from jobsmock.world.rules.outcome import NO_OUTCOME, Outcome
from jobsmock.world.world import World


class Service(Protocol):
    """What differs from service to service on the way of a request."""

    def identify(self, world: World, request: Request, match: Match) -> Caller: ...

    def read_inputs(self, world: World, request: Request, match: Match, caller: Caller) -> Inputs: ...

    def operate(
        self, world: World, request: Request, match: Match, caller: Caller, inputs: Inputs, outcome: Outcome
    ) -> Response: ...

    def inject(self, world: World, request: Request, match: Match, outcome: Outcome) -> Response: ...

    def finish(self, request: Request, match: Match, outcome: Outcome, response: Response) -> None: ...


SERVICES: dict[str, Service] = {DATA_PROCESSING: DataProcessing()} | {
    table.service: OpenStackService(table.service) for table in TABLES
}


def dispatch(router: Router, recorder: Recorder, world: World, request: Request) -> Response | None:
    """Answer a request, and record it in the world's journal. None if no route fits, so that Flask has to answer.

    Rules decide, and the operation is done, under one lock: what a rule counts and what a request changes belong
    together. Nothing waits while it is held.
    """
    match = router.match(request)
    if match is None:
        return None
    service = SERVICES[match.table.service]
    caller = service.identify(world, request, match)
    inputs = service.read_inputs(world, request, match, caller)
    summary = summarize(request, match.route.name, caller.project, match.prefix, inputs.values.get("body"))
    with world.lock:
        try:
            outcome = decide(world, request, summary)
        except ServiceError as error:
            outcome = NO_OUTCOME
            response = make_error_response(error, world.new_request_id(), request.base_url)
        else:
            response = _respond(service, world, request, match, caller, inputs, outcome)
    add_headers(outcome, response)
    service.finish(request, match, outcome, response)
    carry_out(outcome, world, request)
    recorder.record(world, request, summary, outcome, response)
    return response


def _respond(
    service: Service, world: World, request: Request, match: Match, caller: Caller, inputs: Inputs, outcome: Outcome
) -> Response:
    """The response of the operation, unless a rule prevents that or has another in its place."""
    if not outcome.prevents_operation:
        response = service.operate(world, request, match, caller, inputs, outcome)
        if not outcome.replaces_response:
            return response
    return service.inject(world, request, match, outcome)

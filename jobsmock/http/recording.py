"""What is kept of each request to a world and its response: the journal's entry, and the count of the metrics."""

from typing import Any

from jobsmock.http.cors import add_cors_headers
from jobsmock.http.metrics import Metrics
from jobsmock.http.request import Request
from jobsmock.http.response import Response
from jobsmock.world.clock import read_stopwatch
from jobsmock.world.journal import Entry
from jobsmock.world.rules.matcher import RequestSummary
from jobsmock.world.rules.outcome import Outcome
from jobsmock.world.world import World


def summarize(
    request: Request, operation: str | None = None, project: str = "", prefix: str = "", body: Any = None
) -> RequestSummary:
    """What rules look at, and the journal keeps, of a request. `body` is what the operation has read of it."""
    path = request.text_path.removeprefix(prefix)
    return RequestSummary(operation, project, request.method, path, request.headers, request.query, body)


class Recorder:
    """Gives each response an id, and adds it to the journal and to the metrics, if there are any."""

    def __init__(self, metrics: Metrics | None) -> None:
        self.metrics = metrics

    def record(
        self, world: World, request: Request, summary: RequestSummary, outcome: Outcome, response: Response
    ) -> None:
        id = response.headers["X-Openstack-Request-Id"] = f"req-{world.new_request_id()}"
        if "origin" in request.headers:
            add_cors_headers(request, response.headers)
        status, body = (0, b"") if outcome.is_silent else (response.status, response.body)
        duration = read_stopwatch() - request.received_at
        entry = Entry(
            id, world.clock.now(), request.root + request.path, request.query_string, summary, status, duration,
            request.body, body, response.headers, outcome.rules, outcome.drawn, outcome.decisions,
            _write_notes(outcome, response), head_size=request.headers.size,
        )  # fmt: skip
        world.journal.add(entry)
        if self.metrics:
            self.metrics.count(summary.operation, status, duration)


def _write_notes(outcome: Outcome, response: Response) -> list[str]:
    if not (response.notes or outcome.wire):
        return outcome.notes
    broken = [_describe_wire(outcome.wire)] if outcome.wire else []
    return [*outcome.notes, *response.notes, *broken]


def _describe_wire(wire: str) -> str:
    if wire == "close":
        return "The connection was closed after the response, and the client was not told"
    return f"The wire was broken: {wire}"

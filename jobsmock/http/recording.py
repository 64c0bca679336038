"""What is kept of each mocked request and its answer: what rules look at, the journal's entry, the metrics' count."""

from typing import Any

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from jobsmock.http.headers import RequestHeaders, decode_header
from jobsmock.http.metrics import Metrics
from jobsmock.http.middleware import ACT, CONTENT, NOTES, SEEN, STARTED, WORLD_NAME, make_world_prefix
from jobsmock.world.clock import read_stopwatch
from jobsmock.world.journal import Entry
from jobsmock.world.rules.effect import NO_OUTCOME, Outcome
from jobsmock.world.rules.matcher import RequestSummary


def seen_in(environ: dict[str, Any], operation: str | None, project: str, prefix: str, body: Any) -> RequestSummary:
    """What rules may look at, and the journal keeps, of a request. Its path is told as it is below `prefix`."""
    headers = RequestHeaders(
        {key: value for key, value in environ.items() if key[:5] == "HTTP_" or key == "CONTENT_TYPE"}
    )
    path = decode_header(environ["PATH_INFO"]).removeprefix(prefix)
    query = request.args.to_dict(flat=False) if environ["QUERY_STRING"] else {}
    seen = environ[SEEN] = RequestSummary(operation, project, environ["REQUEST_METHOD"], path, headers, query, body)
    return seen


def entry_of(id: str, now: float, environ: dict[str, Any], response: Response) -> Entry:
    seen, act = environ.get(SEEN) or seen_in(environ, None, "", "", None), environ.get(ACT, NO_OUTCOME)
    body = environ[CONTENT] if CONTENT in environ else _unread(environ)
    answer = b"" if act.is_silent else response.get_data()  # keeps it, if it was there to be read once only
    return Entry(
        id, now, make_world_prefix(environ[WORLD_NAME]) + environ["PATH_INFO"], environ["QUERY_STRING"],
        seen, 0 if act.is_silent else response.status_code, read_stopwatch() - environ[STARTED],
        body, answer, response.headers, act.acted, act.drawn, act.looked_at, _notes(act, environ),
        head_size=getattr(seen.headers, "size", 0),
    )  # fmt: skip


def _notes(act: Outcome, environ: dict[str, Any]) -> list[str]:
    if act is NO_OUTCOME and NOTES not in environ:
        return act.notes
    broken = [_broken(act.wire)] if act.wire else []
    return [*act.notes, *environ.get(NOTES, ()), *broken]


def _broken(wire: str) -> str:
    if wire == "close":
        return "The connection was closed after the answer, and the client was not told"
    return f"The wire was broken: {wire}"


def count(metrics: Metrics, environ: dict[str, Any], response: Response) -> None:
    operation = environ[SEEN].operation if SEEN in environ else None
    status = 0 if environ.get(ACT, NO_OUTCOME).is_silent else response.status_code
    metrics.count(operation, status, read_stopwatch() - environ[STARTED])


def _unread(environ: dict[str, Any]) -> bytes:
    """The body of a request that no operation has read."""
    if not environ.get("CONTENT_LENGTH"):
        return b""
    try:
        return request.get_data()
    except RequestEntityTooLarge:
        return b""

"""`/_jobsmock/journal` and `verify`: what a world was asked, why it answered so, and whether that was as wanted."""

from typing import Any

import orjson
from flask import Response

from jobsmock.api.operations import NAMES
from jobsmock.http.control.base import Context, ControlError, read_body, suggest_nearest
from jobsmock.http.export.formats import export_curl, export_har
from jobsmock.http.export.pytest_file import export_pytest
from jobsmock.sahara import forecast
from jobsmock.sahara.validation import AnyObject, Body, CheckedField
from jobsmock.version import VERSION
from jobsmock.world.journal import Entry, Verdict, explain_entry, render_entry, verify_requests
from jobsmock.world.rules.matcher import Matcher
from jobsmock.world.validation import RuleError

_FILTERS = ("operation", "project", "method", "path")
PARAMETERS = (*_FILTERS, "status", "after", "limit", "format")


def list_entries(context: Context) -> Any:
    """Entries, oldest first: `after` a number, by `operation`, `project`, `method`, `path`, `status`; or exported."""
    query, journal = context.query, context.world.journal
    when = _parse_when({key: query[key] for key in _FILTERS if key in query})
    limit, status = _parse_number(query, "limit"), _parse_number(query, "status")
    entries = journal.list_entries(_parse_number(query, "after") or 0, when, status, limit)
    return _export_entries(context, entries, query.get("format", "json"))


def _export_entries(context: Context, entries: list[Entry], form: str) -> Any:
    base = context.url.removesuffix(f"/w/{context.name}")
    if form == "json":
        return {"entries": [render_entry(entry) for entry in entries], "dropped": context.world.journal.dropped}
    if form == "curl":
        return Response(export_curl(entries, base), mimetype="text/plain")
    if form == "har":
        har = export_har(entries, base, "jobsmock", VERSION)
        return Response(orjson.dumps(har), mimetype="application/json")
    if form == "pytest":
        prefix = f"/w/{context.name}" if context.name else ""
        return Response(export_pytest(entries, context.world, prefix), mimetype="text/x-python")
    raise ControlError(400, f"format: unknown value {form!r}{suggest_nearest(form, ('json', 'curl', 'har', 'pytest'))}")


def measure_journal(context: Context) -> tuple[int, int]:
    """How many entries are kept, and the number of the newest. For tests; it has no URL."""
    journal = context.world.journal
    return len(journal), journal.last_number


def clear_journal(context: Context) -> None:
    context.world.journal.clear()


def show_entry(context: Context, id: str) -> dict[str, Any]:
    """One entry, and in a few sentences why the answer was what it was, and how the execution in it stands."""
    entry = context.world.journal.find(id)
    if entry is None:
        raise ControlError(404, f"unknown request {id!r}: the journal has the newest {len(context.world.journal)}")
    return {
        **render_entry(entry),
        "explained": [*explain_entry(entry), *_read_error_message(entry), *_describe_status(context, entry)],
    }


def _read_error_message(entry: Entry) -> list[str]:
    """What an error says, without its id."""
    if entry.status < 400:
        return []
    try:
        message = orjson.loads(entry.response_body)["error_message"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    return [f"It says: {str(message).partition(chr(10))[0]}"]


def _describe_status(context: Context, entry: Entry) -> list[str]:
    """API v2 calls an execution a job; what v1.1 calls one is no execution, so nothing is told of it."""
    try:
        answer = orjson.loads(entry.response_body)
        key = next(key for key in _TELLERS if key in answer)
        id = answer[key]["id"]
    except (orjson.JSONDecodeError, KeyError, StopIteration, TypeError):
        return []
    with context.world.lock:
        return _TELLERS[key](context.world, id)


_TELLERS = {
    "cluster": forecast.describe_cluster,
    "job_execution": forecast.describe_execution,
    "job": forecast.describe_execution,
}


class Count(CheckedField):
    types = ("integer",)

    def wrong(self, value: Any) -> list[str]:
        is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return [] if is_count else [f"{value!r} is no number of requests"]


class Expectation(Body):
    when = AnyObject()
    exactly = Count()
    at_least = Count()
    at_most = Count()


_EXPECTATION = Expectation()


def verify(context: Context) -> Any:
    """200 if as many requests as wanted match, else 409 with the nearest misses."""
    found = compute_verdict(context)
    told = {"ok": found.ok, "count": found.count, "message": found.message, "nearest": found.nearest}
    return Response(orjson.dumps(told), 200 if found.ok else 409, mimetype="application/json")


def compute_verdict(context: Context) -> Verdict:
    wanted = read_body(_EXPECTATION, context)
    when = _parse_when(wanted.pop("when", {}))
    try:
        return verify_requests(context.world.journal, when, **wanted)
    except ValueError as error:
        raise ControlError(400, str(error)) from None


def _parse_when(document: dict[str, Any]) -> Matcher:
    try:
        return Matcher.parse(document, NAMES)
    except RuleError as error:
        raise ControlError(400, str(error)) from None


def _parse_number(query: dict[str, str], key: str) -> int | None:
    if key not in query:
        return None
    if not (query[key].isascii() and query[key].isdecimal() and len(query[key]) < 10):
        raise ControlError(400, f"{key}: invalid value {query[key]!r}: expected a whole number")
    return int(query[key])

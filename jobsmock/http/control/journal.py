"""`/_jobsmock/journal` and `verify`: what a world was asked, why it answered so, and whether that was as wanted."""

from typing import Any

import orjson
from flask import Response

from jobsmock.http.control.base import Context, ControlError, body_of, nearest
from jobsmock.http.export.formats import as_curl, as_har
from jobsmock.http.export.pytest_file import as_pytest
from jobsmock.sahara import forecast
from jobsmock.sahara.operations import NAMES
from jobsmock.sahara.validation import AnyObject, Body, Value
from jobsmock.version import VERSION
from jobsmock.world.journal import Entry, Verdict, as_document, explain, verify
from jobsmock.world.rules.matcher import When
from jobsmock.world.validation import RuleError

_FILTERS = ("operation", "project", "method", "path")
PARAMETERS = (*_FILTERS, "status", "after", "limit", "format")


def index(context: Context) -> Any:
    """Entries, oldest first: `after` a number, by `operation`, `project`, `method`, `path`, `status`; or exported."""
    query, journal = context.query, context.world.journal
    when = _when({key: query[key] for key in _FILTERS if key in query})
    limit, status = _number(query, "limit"), _number(query, "status")
    entries = journal.entries(_number(query, "after") or 0, when, status, limit)
    return _written(context, entries, query.get("format", "json"))


def _written(context: Context, entries: list[Entry], form: str) -> Any:
    base = context.url.removesuffix(f"/w/{context.name}")
    if form == "json":
        return {"entries": [as_document(entry) for entry in entries], "dropped": context.world.journal.dropped}
    if form == "curl":
        return Response(as_curl(entries, base), mimetype="text/plain")
    if form == "har":
        har = as_har(entries, base, "jobsmock", VERSION)
        return Response(orjson.dumps(har), mimetype="application/json")
    if form == "pytest":
        prefix = f"/w/{context.name}" if context.name else ""
        return Response(as_pytest(entries, context.world, prefix), mimetype="text/x-python")
    raise ControlError(400, f"format: {form!r} is none{nearest(form, ('json', 'curl', 'har', 'pytest'))}")


def extent(context: Context) -> tuple[int, int]:
    """How many entries are kept, and the number of the newest. For tests; it has no URL."""
    journal = context.world.journal
    return len(journal), journal.last_number


def clear(context: Context) -> None:
    context.world.journal.clear()


def show(context: Context, id: str) -> dict[str, Any]:
    """One entry, and in a few sentences why the answer was what it was, and how the execution in it stands."""
    entry = context.world.journal.find(id)
    if entry is None:
        raise ControlError(
            404, f"the journal holds no request {id!r}; its {len(context.world.journal)} newest are kept"
        )
    return {**as_document(entry), "explained": [*explain(entry), *_refused(entry), *_stands(context, entry)]}


def _refused(entry: Entry) -> list[str]:
    """What an error says, without its id."""
    if entry.status < 400:
        return []
    try:
        message = orjson.loads(entry.answer)["error_message"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return []
    return [f"It says: {str(message).partition(chr(10))[0]}"]


def _stands(context: Context, entry: Entry) -> list[str]:
    """API v2 calls an execution a job; what v1.1 calls one is no execution, so nothing is told of it."""
    try:
        answer = orjson.loads(entry.answer)
        key = next(key for key in _TELLERS if key in answer)
        id = answer[key]["id"]
    except (orjson.JSONDecodeError, KeyError, StopIteration, TypeError):
        return []
    with context.world.lock:
        return _TELLERS[key](context.world, id)


_TELLERS = {"cluster": forecast.cluster_told, "job_execution": forecast.told, "job": forecast.told}


class Count(Value):
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


def check(context: Context) -> Any:
    """200 if as many requests as wanted match, else 409 with the nearest misses."""
    found = verdict(context)
    told = {"ok": found.ok, "count": found.count, "message": found.message, "nearest": found.nearest}
    return Response(orjson.dumps(told), 200 if found.ok else 409, mimetype="application/json")


def verdict(context: Context) -> Verdict:
    wanted = body_of(_EXPECTATION, context)
    when = _when(wanted.pop("when", {}))
    try:
        return verify(context.world.journal, when, **wanted)
    except ValueError as error:
        raise ControlError(400, str(error)) from None


def _when(document: dict[str, Any]) -> When:
    try:
        return When.parse(document, NAMES)
    except RuleError as error:
        raise ControlError(400, str(error)) from None


def _number(query: dict[str, str], key: str) -> int | None:
    if key not in query:
        return None
    if not (query[key].isascii() and query[key].isdecimal() and len(query[key]) < 10):
        raise ControlError(400, f"{key}: {query[key]!r} is no whole number")
    return int(query[key])

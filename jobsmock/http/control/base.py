"""What all of the control API shares: what an operation gets, how it refuses, how a body is checked."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from jobsmock.http.metrics import Metrics
from jobsmock.sahara.errors import InvalidBody
from jobsmock.sahara.validation import Body, Object, validate
from jobsmock.world.validation import suggest
from jobsmock.world.world import World
from jobsmock.world.worlds import Worlds

_UNKNOWN = re.compile(r"\('([^']*)'.* w(?:as|ere) unexpected\)")


SITE = "jobsmock"  # the key of an app's extensions under which its Site is


class Site(NamedTuple):
    """What an app serves, who may control it from elsewhere, and its metrics, if the library for them is installed."""

    worlds: Worlds
    control_token: str | None
    metrics: Metrics | None


class ControlError(Exception):
    """An answer of the control API that is an error."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Context(NamedTuple):
    """What an operation may touch: all worlds, the one it was asked in, the body and the query."""

    worlds: Worlds
    name: str
    world: World
    body: Any
    query: dict[str, str]
    url: str  # of this world, without a slash at its end
    metrics: Metrics | None


def read_body(schema: Body, context: Context) -> dict[str, Any]:
    """The body, which obeys the schema; else a 400 that names the nearest key for one that is unknown."""
    try:
        return validate(schema, context.body)
    except InvalidBody as error:
        line = error.message.split("\n")[0]
        raise ControlError(400, line + _suggest_instead(schema, line)) from None


def _suggest_instead(schema: Body, line: str) -> str:
    """What may stand in the place of a key that the line says is unknown, there or in an object within."""
    unknown = _UNKNOWN.search(line)
    if not unknown:
        return ""
    within = schema.fields.get(line.partition(": ")[0])
    return suggest_nearest(unknown[1], within.schema.fields if isinstance(within, Object) else schema.fields)


def suggest_nearest(name: str, known: Iterable[str]) -> str:
    """The end of a sentence that says what there is instead."""
    known = list(known)
    return f": {suggest(name, known)}" if known else ": there is none"

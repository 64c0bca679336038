"""The `then` of a rule: its effect on one request."""

import re
from collections.abc import Callable, Collection
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from jobsmock.world.delays import Delay, parse_delay
from jobsmock.world.plan import PlanError
from jobsmock.world.store import copy_data
from jobsmock.world.validation import RuleError, parse_keys, parse_object, parse_text, quote_value, suggest

THEN_KEYS = ("delay", "status", "error", "headers", "body", "wire", "plan")
WIRES = ("reset", "empty", "garbage", "truncate", "hang", "close")

# Takes a plan and operations, or None for all; raises PlanError if the plan fits none of them.
CheckPlan = Callable[[str, Collection[str] | None], object]
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OF_THE_SERVER = {
    "connection", "content-length", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer",
    "trailers", "transfer-encoding", "upgrade",
}  # fmt: skip
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e\xa0-\xff]{0,8000}")  # the longest that clients read


class Effect(NamedTuple):
    """`has_body` tells a body that is null from no body."""

    delay: Delay | None
    status: int | None
    error: dict[str, str] | None
    headers: dict[str, str]
    body: Any
    has_body: bool
    wire: str | None
    plan: str | None

    @property
    def gives_response(self) -> bool:
        return self.has_body or any(part is not None for part in (self.status, self.error, self.wire))

    @property
    def may_wait(self) -> bool:
        return self.delay is not None or self.wire == "hang"


NO_EFFECT = Effect(None, None, None, {}, None, False, None, None)


def parse_effect(document: Any, where: str, check_plan: Callable[[str], object]) -> Effect:
    given = parse_keys(document, THEN_KEYS, where)

    def read(key: str, reader: Callable[[Any, str], Any]) -> Any:
        return reader(given[key], f"{where}.{key}") if key in given else None

    effect = Effect(
        delay=read("delay", _parse_delay),
        status=read("status", _parse_status),
        error=read("error", _parse_error),
        headers=read("headers", _parse_headers) or {},
        body=copy_data(given.get("body")),
        has_body="body" in given,
        wire=read("wire", lambda value, path: _parse_word(value, path, WIRES)),
        plan=read("plan", parse_text),
    )
    if effect.plan is not None:
        _check_plan(effect.plan, f"{where}.plan", check_plan)
    return effect


def _parse_delay(value: Any, where: str) -> Delay:
    try:
        return parse_delay(value)
    except ValueError as error:
        raise RuleError(f"{where}: {error}") from None


def _parse_status(value: Any, where: str) -> int:
    if type(value) is not int or not 200 <= value <= 599:
        raise RuleError(f"{where}: invalid status {quote_value(value)}: expected a whole number from 200 to 599")
    return value


def _parse_error(value: Any, where: str) -> dict[str, str]:
    error = parse_keys(value, ("name", "message"), where)
    if not error:
        raise RuleError(f"{where}: empty error: expected a name, a message or both")
    return {key: parse_text(text, f"{where}.{key}") for key, text in error.items()}


def _parse_headers(value: Any, where: str) -> dict[str, str]:
    for name, text in parse_object(value, where).items():
        if not _HEADER_NAME.fullmatch(name):
            raise RuleError(f"{where}: invalid header name {quote_value(name)}: expected a name such as Retry-After")
        if name.lower() in _OF_THE_SERVER:
            raise RuleError(f"{where}.{name}: the server sets this header itself: to break the connection, use wire")
        if not isinstance(text, str) or not _HEADER_VALUE.fullmatch(text):
            raise RuleError(
                f"{where}.{name}: invalid header value {quote_value(text)}: expected a line of at most 8000 characters"
            )
        if name.lower() == "location" and not _is_address(text):
            raise RuleError(
                f"{where}.{name}: invalid URL {quote_value(text)}: expected one such as http://127.0.0.1:8386/v1.1"
            )
    return dict(value)


def _is_address(text: str) -> bool:
    """Whether a text can be parsed as a URL, absolute or relative; whatever sends the response has to do that."""
    try:
        parts = urlsplit(text)
        (parts.hostname or "").encode("idna")
        return parts.port is None or parts.port >= 0
    except ValueError:
        return False


def _parse_word(value: Any, where: str, known: Collection[str]) -> str:
    if value not in known:
        raise RuleError(f"{where}: unknown value {quote_value(value)}: {suggest(str(value), known)}")
    return str(value)


def _check_plan(plan: str, where: str, check_plan: Callable[[str], object]) -> None:
    try:
        check_plan(plan)
    except PlanError as error:
        raise RuleError(f"{where}: {error}") from None

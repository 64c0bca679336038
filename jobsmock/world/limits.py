"""How much a world may hold, and the errors beyond that. Each limit is an option of the command."""

from typing import Any, NamedTuple

import orjson

_PER_VALUE = 64  # bytes that a value takes beside its text, about

KIB, MIB = 1024, 1024 * 1024


class Limits(NamedTuple):
    """Numbers of rules and snapshots, and bytes of records and rules; all snapshots may take as many bytes again."""

    rules: int = 10_000
    snapshots: int = 1000
    size: int = 512 * MIB


LIMITS = Limits()


class Usage:
    """The approximate bytes of all tables of a world."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0


class LimitReached(Exception):
    """Something would exceed its limit. The message names the option."""


def limit_of_count(what: str, limit: int, option: str) -> LimitReached:
    """The error for too many things. `what` names them in the plural, and where they are."""
    advice = f"remove some, or start the server with a larger {option}"
    return LimitReached(f"there are {limit} {what}, as many as {option} allows; {advice}")


def limit_of_size(what: str, limit: int) -> LimitReached:
    advice = "delete something, or start the server with a larger --max-world-size"
    return LimitReached(f"{what} may take {format_size(limit)} (--max-world-size), and that is reached; {advice}")


def format_size(number: int) -> str:
    """Bytes in the form of the option: `512MiB`."""
    for unit, size in (("GiB", 1024 * MIB), ("MiB", MIB), ("KiB", KIB)):
        if number >= size and number % size == 0:
            return f"{number // size}{unit}"
    return str(number)


def estimate_size(document: Any) -> int:
    """The approximate memory of plain data in bytes: the length of its JSON, and a constant for each value."""
    try:
        text = orjson.dumps(document)
    except TypeError:  # a sample that a program brings may hold what is no JSON
        text = repr(document).encode("utf-8", "replace")
    return estimate_json_size(text)


def estimate_json_size(text: bytes) -> int:
    """The same for data that is JSON already."""
    if len(text) < 4 * KIB:  # where one pass is quicker than three
        return len(text) + _PER_VALUE * (len(text) - len(text.translate(None, b",{[")))
    return len(text) + _PER_VALUE * (text.count(b",") + text.count(b"{") + text.count(b"["))

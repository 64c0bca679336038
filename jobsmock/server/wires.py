"""The ways to break a wire, over a real socket. Where there is no socket, `testing/in_process.py` has their likes."""

import socket
import struct
from collections.abc import Callable
from typing import Any

_HANG = 60.0  # seconds that a client may be left hanging, if it does not give up before
_GARBAGE = b"\x16\x03\x01\x00\xa5jobsmock speaks no HTTP today\r\n\r\n"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER for no time at all


def break_wire(wire: str, channel: Any, head: bytes, body: bytes) -> None:
    """Send what arrives of an answer. The connection is closed afterwards, which is for the caller to see to."""
    _BREAKS[wire](channel, head, body)


def _reset(channel: Any, head: bytes, body: bytes) -> None:
    channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


def _empty(channel: Any, head: bytes, body: bytes) -> None:
    """Send nothing."""


def _garbage(channel: Any, head: bytes, body: bytes) -> None:
    channel.write_soon(_GARBAGE)


def _truncate(channel: Any, head: bytes, body: bytes) -> None:
    channel.write_soon(head + body[: len(body) // 2] if body else head[:8])  # HTTP/1.1, and no status


def _hang(channel: Any, head: bytes, body: bytes) -> None:
    channel.keep_silent(_HANG)


def _close(channel: Any, head: bytes, body: bytes) -> None:
    """The whole answer, but no `Connection: close` that would tell the client."""
    channel.write_soon(head + body)


_BREAKS: dict[str, Callable[[Any, bytes, bytes], None]] = {
    "reset": _reset,
    "empty": _empty,
    "garbage": _garbage,
    "truncate": _truncate,
    "hang": _hang,
    "close": _close,
}

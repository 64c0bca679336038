"""The ways to break a connection, over a real socket. `channel.py` uses them.

Without a socket, `testing/in_process.py` and the adapters beside it imitate what a client sees of them.
"""

import socket
import struct
from collections.abc import Callable
from typing import Any

_HANG_SECONDS = 60.0  # for clients that do not give up earlier
_GARBAGE = b"\x16\x03\x01\x00\xa5jobsmock speaks no HTTP today\r\n\r\n"
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER for zero seconds


def break_wire(wire: str, channel: Any, head: bytes, body: bytes) -> None:
    """Send as much of a response as the fault lets through. The caller closes the connection afterwards."""
    _BREAKS[wire](channel, head, body)


def _reset(channel: Any, head: bytes, body: bytes) -> None:
    channel.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)


def _send_nothing(channel: Any, head: bytes, body: bytes) -> None:
    """The close that follows is all that the client sees."""


def _send_garbage(channel: Any, head: bytes, body: bytes) -> None:
    channel.write_soon(_GARBAGE)


def _truncate(channel: Any, head: bytes, body: bytes) -> None:
    channel.write_soon(head + body[: len(body) // 2] if body else head[:8])  # "HTTP/1.1" without a status


def _hang(channel: Any, head: bytes, body: bytes) -> None:
    channel.keep_silent(_HANG_SECONDS)


def _send_without_notice(channel: Any, head: bytes, body: bytes) -> None:
    """Send the whole response, without the `Connection: close` that would warn the client."""
    channel.write_soon(head + body)


_BREAKS: dict[str, Callable[[Any, bytes, bytes], None]] = {
    "reset": _reset,
    "empty": _send_nothing,
    "garbage": _send_garbage,
    "truncate": _truncate,
    "hang": _hang,
    "close": _send_without_notice,
}

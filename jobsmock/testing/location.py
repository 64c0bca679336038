"""The address of a server, which all clouds on it share. It changes when the server starts and when it stops."""

import sys
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    import requests

NOWHERE = "http://jobsmock.localhost"  # the address of clouds without a socket


class Location:
    """The present address, which is NOWHERE while no server runs. Sessions without a socket follow it."""

    def __init__(self) -> None:
        self.base = NOWHERE
        self.numbers = count(1)  # for worlds without a name; no two threads get the same number
        self.start: Callable[[], Any] | None = None  # starts the server when its address is needed for the first time
        self._sessions: WeakSet[requests.Session] = WeakSet()

    def start_and_get_address(self) -> str:
        """The address, without a slash at the end. A server that starts on demand starts now."""
        if self.base == NOWHERE and self.start is not None:
            try:
                self.start()
            except RuntimeError as error:
                if not _is_blocked(error):
                    raise
        return self.base

    def track_session(self, session: "requests.Session") -> None:
        """Mount the adapter that a session has for NOWHERE at the address of the server, too, wherever it moves."""
        self._sessions.add(session)
        self._mount(session)

    def move(self, base: str) -> None:
        self.base = base
        for session in list(self._sessions):
            self._mount(session)

    def _mount(self, session: "requests.Session") -> None:
        session.mount(f"{self.base}/", session.get_adapter(f"{NOWHERE}/"))


def _is_blocked(error: RuntimeError) -> bool:
    """Whether pytest-socket forbids sockets in this test. Clients that need no socket use NOWHERE then."""
    pytest_socket = sys.modules.get("pytest_socket")
    return pytest_socket is not None and isinstance(error, pytest_socket.SocketBlockedError)

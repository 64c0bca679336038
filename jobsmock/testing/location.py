"""Where the clouds of one server are: nowhere, until it starts, and nowhere again once it has stopped."""

import sys
from collections.abc import Callable
from itertools import count
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

if TYPE_CHECKING:
    import requests

NOWHERE = "http://jobsmock.localhost"  # the address of a cloud that has no socket


class Location:
    """The address that all worlds of a server share. Sessions without a socket are told when it changes."""

    def __init__(self) -> None:
        self.base = NOWHERE
        self.numbers = count(1)  # of worlds without a name; two threads never get the same
        self.start: Callable[[], Any] | None = None  # what starts the server when its address is first asked for
        self._sessions: WeakSet[requests.Session] = WeakSet()

    def start_and_get_address(self) -> str:
        """The address, without a slash at its end; a server that is to start on demand starts now."""
        if self.base == NOWHERE and self.start is not None:
            try:
                self.start()
            except RuntimeError as error:
                if not _is_blocked(error):
                    raise
        return self.base

    def follow(self, session: "requests.Session") -> None:
        """Let a session that has an adapter for NOWHERE use it wherever the server is."""
        self._sessions.add(session)
        self._mount(session)

    def move(self, base: str) -> None:
        self.base = base
        for session in list(self._sessions):
            self._mount(session)

    def _mount(self, session: "requests.Session") -> None:
        session.mount(f"{self.base}/", session.get_adapter(f"{NOWHERE}/"))


def _is_blocked(error: RuntimeError) -> bool:
    """Whether pytest-socket forbids sockets here; clients that need none find the cloud at NOWHERE all the same."""
    pytest_socket = sys.modules.get("pytest_socket")
    return pytest_socket is not None and isinstance(error, pytest_socket.SocketBlockedError)

"""`jobsmock.Server`: a cloud with a socket, in a thread of the process that tests."""

from typing import Any, TypeVar

from jobsmock.server import HttpServer
from jobsmock.testing import no_proxy
from jobsmock.testing.cloud import Cloud, SampleLike
from jobsmock.testing.location import NOWHERE

_Self = TypeVar("_Self", bound="Server")


class Server(Cloud):
    """A server, and its default world at hand: `with jobsmock.Server(sample="empty") as mock:`.

    `port` 0 takes any free one. The port is bound once `start` returns; CannotListen if it cannot be had. With
    `trust_proxy`, the X-Forwarded headers of so many proxies are believed, and with a `control_token` the control API
    answers whoever sends it, through a proxy or from another machine.
    """

    def __init__(
        self,
        sample: SampleLike = "demo",
        plan: str | None = None,
        seed: int | None = None,
        freeze: str | None = None,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        filters: str | None = None,
        control_token: str | None = None,
        trust_proxy: int = 0,
    ) -> None:
        super().__init__(sample, plan, seed, freeze, filters=filters, trust_proxy=trust_proxy)
        self._settings: dict[str, Any] = {
            "host": host, "port": port, "control_token": control_token, "trust_proxy": trust_proxy,
        }  # fmt: skip
        self._server: HttpServer | None = None

    def start(self: _Self) -> _Self:
        """Bind the port and serve. Until `stop`, NO_PROXY names the address in the environment of this process."""
        if self._server is None:
            self._server = HttpServer(self._worlds, **self._settings)
            self._server.start()
            no_proxy.exempt(self._server.reachable_host)
            self._place.move(self._server.url)
        return self

    def start_on_demand(self: _Self) -> _Self:
        """Start when the address is first asked for; tests that use `session()` and the like only need no server."""
        self._place.start = self.start
        return self

    def stop(self) -> None:
        """Close every connection and free the port, at once. Harmless before a start and after a stop."""
        self._place.start = None
        if self._server is not None:
            self._server.stop()
            no_proxy.restore(self._server.reachable_host)
            self._server = None
            self._place.move(NOWHERE)

    def __enter__(self: _Self) -> _Self:
        return self.start()

    def __exit__(self, *exc_info: Any) -> None:
        self.stop()

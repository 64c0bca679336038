"""`jobsmock.Server`: a cloud with a socket, served by a thread of this process."""

from typing import Any, TypeVar

from jobsmock.server import HttpServer
from jobsmock.testing import no_proxy
from jobsmock.testing.cloud import Cloud, SampleLike
from jobsmock.testing.location import NOWHERE

_Self = TypeVar("_Self", bound="Server")


class Server(Cloud):
    """A server, and the cloud that is its default world: `with jobsmock.Server(sample="empty") as mock:`.

    `port` 0 picks a free one. The port is bound when `start` returns; CannotListen if it is taken. `trust_proxy` is the
    number of proxies whose X-Forwarded headers are trusted. Clients that send `control_token` may use the control API
    through a proxy or from another machine.
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
        """Bind the port and serve. Until `stop`, NO_PROXY in the environment of this process includes the address."""
        if self._server is None:
            self._server = HttpServer(self._worlds, **self._settings)
            self._server.start()
            no_proxy.exempt(self._server.reachable_host)
            self._location.move(self._server.url)
        return self

    def start_on_demand(self: _Self) -> _Self:
        """Start when `url` is read for the first time. Tests that use only `session()` and the like need no server."""
        self._location.start = self.start
        return self

    def stop(self) -> None:
        """Close every connection and free the port, at once. May be called before a start, and more than once."""
        self._location.start = None
        if self._server is not None:
            self._server.stop()
            no_proxy.restore(self._server.reachable_host)
            self._server = None
            self._location.move(NOWHERE)

    def __enter__(self: _Self) -> _Self:
        return self.start()

    def __exit__(self, *exc_info: Any) -> None:
        self.stop()

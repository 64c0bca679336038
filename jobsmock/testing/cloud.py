"""`jobsmock.Cloud`: one world in this process, with its clock, rules and journal, and clients that need no socket."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from jobsmock.http.app import create_app
from jobsmock.http.control import worlds as control
from jobsmock.http.control.base import Context, ControlError
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.testing.clock import ClockControl
from jobsmock.testing.in_process import App
from jobsmock.testing.journal import JournalControl, format_misses
from jobsmock.testing.location import NOWHERE, Location
from jobsmock.testing.rules import RulesControl, drop_none
from jobsmock.world.world import World
from jobsmock.world.worlds import DEFAULT, Worlds

if TYPE_CHECKING:
    import requests
    from saharaclient.client import Client

    from jobsmock.testing.httpx_transport import Transport
    from jobsmock.testing.requests_adapter import Adapter

__tracebackhide__ = True  # pytest then shows the line of the test that failed, not a line of this module
PROJECT = "demo"
_Self = TypeVar("_Self", bound="Cloud")
SampleLike = str | os.PathLike[str] | dict[str, Any]  # the name of a built-in sample, a file, or a document


class Cloud:
    """A mock cloud in this process, without a socket. `session()`, `transport()` and `client()` give access to it.

    `sample` is `demo`, `reference`, `empty`, a file, or a sample as a dict. The same `seed` gives the same ids and the
    same random choices. `freeze` is a moment, such as `2026-12-01T08:00:00`, at which the clock is frozen from the
    start. `trust_proxy` is the number of proxies whose X-Forwarded headers `app` trusts.
    """

    def __init__(
        self,
        sample: SampleLike = "demo",
        plan: str | None = None,
        seed: int | None = None,
        freeze: str | None = None,
        *,
        filters: str | None = None,
        trust_proxy: int = 0,
    ) -> None:
        loaded = Sample.from_document(sample, "sample") if isinstance(sample, dict) else Sample.load(os.fspath(sample))
        worlds = Worlds(WorldFactory(loaded, plan, seed, freeze=freeze, filters=filters))
        self._set_up(worlds, create_app(worlds, trust_proxy=trust_proxy), Location(), DEFAULT)

    def _set_up(self, worlds: Worlds, app: App, location: Location, name: str) -> None:
        """`app` is the WSGI application. It finds the world by the path of a request, which begins as in `url`."""
        self._worlds, self.app, self._location, self.name = worlds, app, location, name
        self.clock, self.rules, self.journal = (
            ClockControl(self._call_control),
            RulesControl(self._call_control),
            JournalControl(self._call_control),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of jobsmock at {self._make_url(self._location.base)}>"

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        """Remove the world. The default world stays as long as its server."""
        if self.name and self._worlds.peek(self.name):
            self.remove_world(self.name)

    # --- addresses

    @property
    def url(self) -> str:
        """The address of this cloud, without a slash at the end.

        In the pytest fixture, reading it for the first time starts the server.
        """
        return self._make_url(self._location.start_and_get_address())

    def endpoint(self, project: str = PROJECT, version: str = "1.1") -> str:
        """The address of the data processing service for a project of any name. `version` is 1.1 or 2."""
        return f"{self.url}/v{version}/{project}"

    def _make_url(self, base: str) -> str:
        return f"{base}/w/{self.name}" if self.name else base

    @property
    def world(self) -> World:
        return self._worlds.get(self.name)

    # --- clients

    def adapter(self, **settings: Any) -> "Adapter":
        """A transport adapter for `requests`, which reaches this cloud without a socket.

        Mount it on any Session, at `url` or at the address that your program uses for the service. It takes the
        settings of requests' HTTPAdapter, such as `max_retries`.
        """
        with _OptionalImport("requests"):
            from jobsmock.testing.requests_adapter import Adapter
        return Adapter(self.app, self.name, **settings)

    def session(self, **settings: Any) -> "requests.Session":
        """A `requests.Session` that reaches this cloud without a socket. keystoneauth takes it as `session`, too.

        It ignores proxies and passwords of the environment. It takes the settings of an adapter.
        """
        with _OptionalImport("requests"):
            import requests
        session = requests.Session()
        session.trust_env = False
        session.mount(f"{NOWHERE}/", self.adapter(**settings))
        self._location.track_session(session)
        return session

    def transport(self) -> "Transport":
        """A transport for `httpx.Client` and `httpx.AsyncClient`, which reaches this cloud without a socket."""
        with _OptionalImport("httpx"):
            from jobsmock.testing.httpx_transport import Transport
        return Transport(self.app, self.name)

    def client(self, project: str = PROJECT, version: str = "1.1") -> "Client":
        """A client of python-saharaclient for a project, which needs no socket. `version` is 1.1 or 2."""
        with _OptionalImport("python-saharaclient"):
            from keystoneauth1.noauth import NoAuth
            from keystoneauth1.session import Session
            from saharaclient.client import Client
        endpoint = f"{self._make_url(self._location.base)}/v{version}/{project}"
        session = Session(NoAuth(endpoint=endpoint), session=self.session())
        return Client(version, session=session, sahara_url=endpoint)

    # --- requests so far, snapshots

    def verify(
        self,
        operation: str | None = None,
        *,
        exactly: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
        project: str | None = None,
        method: str | list[str] | None = None,
        path: str | None = None,
        header: dict[str, str | None] | None = None,
        query: dict[str, str | None] | None = None,
        body: dict[str, Any] | None = None,
    ) -> int:
        """Check how many requests match, and return their number.

        AssertionError, with the nearest misses, if the number is not as expected. At least one is expected by default.
        """
        when = drop_none(
            operation=operation, project=project, method=method, path=path, header=header, query=query, body=body
        )
        verdict = self.journal.verdict(when=when, **drop_none(exactly=exactly, at_least=at_least, at_most=at_most))
        if not verdict.ok:
            raise AssertionError(format_misses(verdict))
        return verdict.count

    def snapshot(self, name: str = "snapshot") -> dict[str, Any]:
        """Save the state of this world under a name, and return it as a document, which can be used as a sample."""
        self._call_control(control.take_snapshot, None, name)
        document: dict[str, Any] = self._call_control(control.show_snapshot, None, name)
        return document

    def restore(self, snapshot: str | dict[str, Any] = "snapshot") -> None:
        """Return to the state of a snapshot, given by its name or as a document."""
        if isinstance(snapshot, dict):
            self._call_control(control.restore_from_body, snapshot)
        else:
            self._call_control(control.restore_snapshot, None, snapshot)

    def reset(self, *parts: str) -> None:
        """Return to the initial state: all of it, or only `records`, `rules`, `journal` or `clock`."""
        self._call_control(control.reset_world, {"parts": list(parts)} if parts else None)

    # --- other worlds

    def make_world(
        self,
        name: str | None = None,
        sample: SampleLike | None = None,
        plan: str | None = None,
        seed: int | None = None,
        freeze: str | None = None,
        filters: str | None = None,
    ) -> "Cloud":
        """Create another cloud, at `/w/NAME`, and replace the world that already has this name.

        Without a name, it gets an unused one. Settings that are left out are those of the cloud or server itself,
        except that a `sample` given here brings its own plan.
        """
        name = name or next(
            free for number in self._location.numbers if not self._worlds.peek(free := f"world-{number}")
        )
        if isinstance(sample, os.PathLike):
            sample = os.fspath(sample)
        self._call_control(
            control.make_world, drop_none(sample=sample, plan=plan, seed=seed, freeze=freeze, filters=filters), name
        )
        other = Cloud.__new__(Cloud)
        other._set_up(self._worlds, self.app, self._location, name)
        return other

    def remove_world(self, name: str) -> None:
        """Remove the world at `/w/NAME`."""
        self._call_control(control.remove_world, None, name)

    def _call_control(self, operation: Callable[..., Any], body: Any = None, /, *names: str, **query: str) -> Any:
        """Call an operation of the control API. ControlError if it refuses."""
        url = self._make_url(self._location.base)
        context = Context(self._worlds, self.name, self.world, {} if body is None else body, query, url, None)
        try:
            return operation(context, *names)
        except ControlError as error:
            raise error.with_traceback(None) from None


class _OptionalImport:
    """Imports packages that jobsmock does not require. If one is missing, the error says how to install it."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, ImportError):
            raise ImportError(f"{error}: install {self._package} to use this: pip install {self._package}") from None

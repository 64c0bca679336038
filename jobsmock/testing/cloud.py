"""A cloud at hand: one world, its addresses, its clock, rules and journal, and clients that are ready to use."""

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

__tracebackhide__ = True  # pytest shows the line of the test in which something is wrong, not where it was found
PROJECT = "demo"
_Self = TypeVar("_Self", bound="Cloud")
SampleLike = str | os.PathLike[str] | dict[str, Any]  # the name of one that is built in, a file, or the document


class Cloud:
    """A whole pretended cloud in this process. It has no socket: `session()` and `transport()` need none.

    `sample` is `demo`, `reference`, `empty`, a file, or a sample as a dict. With a `seed`, ids and chance are the same
    each time; with `freeze`, a moment such as `2026-12-01T08:00:00`, time stands still there from the start. With
    `trust_proxy`, `app` believes the X-Forwarded headers of so many proxies.
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
        made = Sample.from_document(sample, "sample") if isinstance(sample, dict) else Sample.load(os.fspath(sample))
        worlds = Worlds(WorldFactory(made, plan, seed, freeze=freeze, filters=filters))
        self._set_up(worlds, create_app(worlds, trust_proxy=trust_proxy), Location(), DEFAULT)

    def _set_up(self, worlds: Worlds, app: App, place: Location, name: str) -> None:
        """`app` is the WSGI application, which finds the world in the path of a request, as it is in `url`."""
        self._worlds, self.app, self._place, self.name = worlds, app, place, name
        self.clock, self.rules, self.journal = (
            ClockControl(self._call_control),
            RulesControl(self._call_control),
            JournalControl(self._call_control),
        )

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of jobsmock at {self._make_url(self._place.base)}>"

    def __enter__(self: _Self) -> _Self:
        return self

    def __exit__(self, *exc_info: Any) -> None:
        """Forget the world; the default one goes with its server."""
        if self.name and self._worlds.peek(self.name):
            self.remove_world(self.name)

    # --- where it is

    @property
    def url(self) -> str:
        """The address of this cloud, without a slash at its end. The fixture's server starts when it is asked for."""
        return self._make_url(self._place.start_and_get_address())

    def endpoint(self, project: str = PROJECT, version: str = "1.1") -> str:
        """Where the service is for a project, of which any name will do; `version` is 1.1 or 2."""
        return f"{self.url}/v{version}/{project}"

    def _make_url(self, base: str) -> str:
        return f"{base}/w/{self.name}" if self.name else base

    @property
    def world(self) -> World:
        return self._worlds.get(self.name)

    # --- clients

    def adapter(self, **settings: Any) -> "Adapter":
        """For `requests`: mount it on any Session, at `url` or wherever your program thinks that the service is.

        Takes what requests' own HTTPAdapter does, such as `max_retries`.
        """
        with _OptionalImport("requests"):
            from jobsmock.testing.requests_adapter import Adapter
        return Adapter(self.app, self.name, **settings)

    def session(self, **settings: Any) -> "requests.Session":
        """A Session of `requests` that reaches this cloud without a socket, as is or as `session` of keystoneauth's.

        It heeds no proxies or passwords of the environment. Takes the settings of an adapter.
        """
        with _OptionalImport("requests"):
            import requests
        session = requests.Session()
        session.trust_env = False
        session.mount(f"{NOWHERE}/", self.adapter(**settings))
        self._place.follow(session)
        return session

    def transport(self) -> "Transport":
        """For `httpx.Client(transport=…)` and `httpx.AsyncClient(transport=…)`: reaches this cloud without a socket."""
        with _OptionalImport("httpx"):
            from jobsmock.testing.httpx_transport import Transport
        return Transport(self.app, self.name)

    def client(self, project: str = PROJECT, version: str = "1.1") -> "Client":
        """python-saharaclient for a project, if that is installed; needs no socket. `version` is 1.1 or 2."""
        with _OptionalImport("python-saharaclient"):
            from keystoneauth1.noauth import NoAuth
            from keystoneauth1.session import Session
            from saharaclient.client import Client
        endpoint = f"{self._make_url(self._place.base)}/v{version}/{project}"
        session = Session(NoAuth(endpoint=endpoint), session=self.session())
        return Client(version, session=session, sahara_url=endpoint)

    # --- what happened, and what is to be as before

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
        """How many requests match; AssertionError, with the nearest misses, if that is not as wanted, or none."""
        when = drop_none(
            operation=operation, project=project, method=method, path=path, header=header, query=query, body=body
        )
        wanted = drop_none(exactly=exactly, at_least=at_least, at_most=at_most)
        verdict = self.journal.verdict(when=when, **wanted)
        if not verdict.ok:
            raise AssertionError(format_misses(verdict))
        return verdict.count

    def snapshot(self, name: str = "snapshot") -> dict[str, Any]:
        """Keep how this world stands, under a name; the document is a sample, too."""
        self._call_control(control.take_snapshot, None, name)
        document: dict[str, Any] = self._call_control(control.show_snapshot, None, name)
        return document

    def restore(self, snapshot: str | dict[str, Any] = "snapshot") -> None:
        """Go on where the world stood at a snapshot: the name under which it was kept, or the document."""
        if isinstance(snapshot, dict):
            self._call_control(control.restore_from_body, snapshot)
        else:
            self._call_control(control.restore_snapshot, None, snapshot)

    def reset(self, *parts: str) -> None:
        """Begin again as at first; or only some of `records`, `rules`, `journal`, `clock`."""
        self._call_control(control.reset_world, {"parts": list(parts)} if parts else None)

    # --- other worlds beside it

    def make_world(
        self,
        name: str | None = None,
        sample: SampleLike | None = None,
        plan: str | None = None,
        seed: int | None = None,
        freeze: str | None = None,
        filters: str | None = None,
    ) -> "Cloud":
        """Another cloud at `/w/NAME`, made as this one was but for what is told. A name is found, if none is given;
        a world that has the name already gives way.
        """
        name = name or next(free for number in self._place.numbers if not self._worlds.peek(free := f"world-{number}"))
        if isinstance(sample, os.PathLike):
            sample = os.fspath(sample)
        self._call_control(
            control.make_world, drop_none(sample=sample, plan=plan, seed=seed, freeze=freeze, filters=filters), name
        )
        other = Cloud.__new__(Cloud)
        other._set_up(self._worlds, self.app, self._place, name)
        return other

    def remove_world(self, name: str) -> None:
        """Forget the world at `/w/NAME`."""
        self._call_control(control.remove_world, None, name)

    def _call_control(self, operation: Callable[..., Any], body: Any = None, /, *names: str, **query: str) -> Any:
        """What an operation of the control API returns, or the ControlError that it raises."""
        url = self._make_url(self._place.base)
        context = Context(self._worlds, self.name, self.world, {} if body is None else body, query, url, None)
        try:
            return operation(context, *names)
        except ControlError as error:
            raise error.with_traceback(None) from None


class _OptionalImport:
    """jobsmock itself does without what is imported within."""

    def __init__(self, package: str) -> None:
        self._package = package

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        if isinstance(error, ImportError):
            raise ImportError(f"{error}; this needs {self._package}: pip install {self._package}") from None

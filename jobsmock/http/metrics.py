"""Numbers on a server for Prometheus: how many requests were answered, how fast, and what its worlds hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jobsmock.world.worlds import DEFAULT, Worlds

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram  # type: ignore[import-not-found,unused-ignore]

BUCKETS = (0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """What is counted for all worlds of a server, in a registry of its own. ModuleNotFoundError without the library."""

    def __init__(self, worlds: Worlds) -> None:
        import prometheus_client as library

        self.content_type: str = library.CONTENT_TYPE_LATEST
        self._write = library.generate_latest
        self._registry = registry = library.CollectorRegistry()
        self._requests = library.Counter(
            "jobsmock_requests", "Mocked requests; status 0 if no answer was sent.", ("operation", "status"),
            registry=registry,
        )  # fmt: skip
        self._durations = library.Histogram(
            "jobsmock_request_duration_seconds", "Real seconds that mocked requests took.", ("operation",),
            registry=registry, buckets=BUCKETS,
        )  # fmt: skip
        there = library.Gauge("jobsmock_worlds", "Worlds, the default one included.", registry=registry)
        there.set_function(lambda: len(worlds.names()) + 1)
        dropped = library.Gauge(
            "jobsmock_journal_dropped", "Entries that the journals of all worlds dropped since they were last cleared.",
            registry=registry,
        )  # fmt: skip
        dropped.set_function(lambda: _count_dropped(worlds))
        self._children: dict[tuple[str | None, int], tuple[Counter, Histogram]] = {}

    @classmethod
    def create(cls, worlds: Worlds) -> Metrics | None:
        """The metrics of a server, or None if prometheus_client is not installed."""
        try:
            return cls(worlds)
        except ModuleNotFoundError:
            return None

    def count(self, operation: str | None, status: int, seconds: float) -> None:
        """Count one mocked request: real seconds, and status 0 if no answer was sent. Threads may do so at once."""
        children = self._children.get((operation, status)) or self._child(operation, status)
        children[0].inc()
        children[1].observe(seconds)

    def _child(self, operation: str | None, status: int) -> tuple[Counter, Histogram]:
        name = operation or "none"
        children = self._requests.labels(name, str(status)), self._durations.labels(name)
        self._children[operation, status] = children
        return children

    def render(self) -> bytes:
        """All numbers as they are now, in the text form that Prometheus reads; `content_type` is its type."""
        text: bytes = self._write(self._registry)
        return text


def _count_dropped(worlds: Worlds) -> int:
    there = (worlds.peek(name) for name in (DEFAULT, *worlds.names()))
    return sum(world.journal.dropped for world in there if world)

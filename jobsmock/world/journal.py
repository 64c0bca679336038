"""The journal: the newest requests to a world, their responses, and why they are as they are.

`http/recording.py` adds an entry for each request to a world; the control API and the exports read them. Adding one is
cheap: parsing, masking and wording wait until somebody reads it.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from itertools import islice
from threading import Lock
from typing import Any
from urllib.parse import quote

from jobsmock.world.clock import format_time
from jobsmock.world.limits import estimate_json_size
from jobsmock.world.rules.matcher import Matcher, RequestSummary
from jobsmock.world.secrets import MASK, is_secret, mask_data, mask_line, mask_text, read_body

BODY_BOUND = 64 * 1024  # bytes of the body of a request or a response that are kept
BYTES_PER_ENTRY = 64 * 1024  # of memory on average; if many are larger, fewer entries are kept
_PER_LINE = 64  # bytes that a line, or a value, takes beside its text, about
NEAREST = 3  # entries that a verdict shows


@dataclass(slots=True, eq=False)
class Entry:
    """A request and its response. The journal sets the last four fields."""

    id: str  # X-Openstack-Request-Id of the response
    moment: float  # by the clock of the world
    path: str  # with all prefixes, decoded, each byte as one Latin-1 character
    query: str  # as sent
    request: RequestSummary
    status: int  # 0 if no response was sent
    duration: float  # seconds of real time
    body: bytes
    response_body: bytes
    response_headers: Iterable[tuple[str, str]] = ()
    rules: tuple[str, ...] = ()  # ids of rules
    drawn: dict[str, dict[str, float]] = field(default_factory=dict)  # by id of the rule: random numbers by name
    decisions: list[str] = field(default_factory=list)  # a sentence for each rule that was considered
    notes: list[str] = field(default_factory=list)  # other sentences that explain the response
    head_size: int = 0  # characters of the values of its headers
    number: int = 0
    body_size: int = 0  # bytes, of which BODY_BOUND are kept
    response_size: int = 0
    size: int = 0  # bytes of memory, about

    @property
    def method(self) -> str:
        return self.request.method

    @property
    def operation(self) -> str | None:
        return self.request.operation

    @property
    def project(self) -> str:
        return self.request.project

    @property
    def url(self) -> str:
        """Path and query as in a request, with secrets masked."""
        path = quote(self.path.encode("latin-1"), safe="/:@!$&'()*+,;=~-._")
        return mask_text(f"{path}?{self.query}" if self.query else path)


class Journal:
    """The newest entries, numbered from 1. It keeps `capacity` of them, or fewer if they are so large that they would
    take more than BYTES_PER_ENTRY each. Threads may add and read at the same time.
    """

    def __init__(self, capacity: int = 1000) -> None:
        self.capacity = capacity
        self.dropped = 0  # since the journal was last cleared
        self.last_number = 0  # of the newest entry ever
        self._most_bytes, self._weight = capacity * BYTES_PER_ENTRY, 0
        self._entries: deque[Entry] = deque()
        self._by_id: dict[str, Entry] = {}
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, entry: Entry) -> None:
        """Number an entry, truncate its bodies, and drop the oldest entries if there are too many."""
        entry.body_size, entry.response_size = len(entry.body), len(entry.response_body)
        if entry.body_size > BODY_BOUND or entry.response_size > BODY_BOUND:
            _truncate_bodies(entry)
        entry.size = _estimate_size(entry)
        with self._lock:
            self.last_number += 1
            entry.number = self.last_number
            self._entries.append(entry)
            self._by_id[entry.id] = entry
            self._weight += entry.size
            while len(self._entries) > self.capacity or (self._weight > self._most_bytes and len(self._entries) > 1):
                self._drop_oldest()

    def list_entries(
        self, after: int = 0, when: Matcher | None = None, status: int | None = None, limit: int | None = None
    ) -> list[Entry]:
        """The first `limit` matching entries with a number above `after`, oldest first."""
        found = (
            entry
            for entry in self._list_above(after)
            if (status is None or entry.status == status) and (when is None or when.matches(entry.request))
        )
        return list(islice(found, limit))

    def find(self, id: str) -> Entry | None:
        return self._by_id.get(id)

    def clear(self) -> None:
        """Remove all entries. Numbers go on from where they are."""
        with self._lock:
            self._entries.clear()
            self._by_id.clear()
            self.dropped = self._weight = 0

    def _list_above(self, number: int) -> list[Entry]:
        with self._lock:
            first = self.last_number - len(self._entries) + 1
            return list(islice(self._entries, max(0, number + 1 - first), None))

    def _drop_oldest(self) -> None:
        oldest = self._entries.popleft()
        self._weight -= oldest.size
        if self._by_id[oldest.id] is oldest:  # a world that was reset gives out the same ids again
            del self._by_id[oldest.id]
        self.dropped += 1


def _truncate_bodies(entry: Entry) -> None:
    """Truncate long bodies. The parsed form of a truncated body is dropped, because its size is unknown."""
    if entry.body_size > BODY_BOUND:
        entry.request = entry.request._replace(body=None)
    entry.body, entry.response_body = entry.body[:BODY_BOUND], entry.response_body[:BODY_BOUND]


def _estimate_size(entry: Entry) -> int:
    """The approximate memory of an entry in bytes, parsed body, query and sentences included."""
    weight = len(entry.body) + len(entry.response_body) + 2 * len(entry.path) + entry.head_size
    if entry.request.body:
        weight = weight - len(entry.body) + 2 * estimate_json_size(entry.body)
    if entry.query:
        weight += 3 * len(entry.query) + _PER_LINE * entry.query.count("&")
    if entry.decisions:
        weight += sum(map(len, entry.decisions)) + _PER_LINE * len(entry.decisions)
    return weight


# --- reading an entry -----------------------------------------------------------------------------------------------


def render_entry(entry: Entry) -> dict[str, Any]:
    """An entry as JSON data with secrets masked. A body that is not JSON, or was truncated, is a string."""
    return {
        "id": entry.id,
        "number": entry.number,
        "time": format_time(entry.moment),
        "moment": entry.moment,
        "method": entry.method,
        "url": entry.url,
        "operation": entry.operation,
        "project": entry.project,
        "headers": mask_data(dict(entry.request.headers)),
        "query": {name: [MASK] if is_secret(name) else list(values) for name, values in entry.request.query.items()},
        "body": read_body(entry.body),
        "body_size": entry.body_size,
        "status": entry.status,
        "duration": entry.duration,
        "answer_headers": mask_data({name.lower(): value for name, value in entry.response_headers}),
        "answer": read_body(entry.response_body),
        "answer_size": entry.response_size,
        "acted": list(entry.rules),
        "drawn": dict(entry.drawn),
        "looked_at": [mask_line(line) for line in entry.decisions],
        "notes": [mask_line(line) for line in entry.notes],
    }


def explain_entry(entry: Entry) -> list[str]:
    """Why the response is as it is, in sentences."""
    target = (
        f"is {entry.operation}, for project {entry.project}" if entry.operation else "is no operation of the service"
    )
    drawn = "; ".join(f"{rule}: {_describe_numbers(numbers)}" for rule, numbers in entry.drawn.items())
    ending = f"The response was {entry.status}" if entry.status else "No response was sent; the exchange ended"
    return [
        f"{entry.method} {entry.url} {target}.",
        *(_write_sentence(decision) for decision in entry.decisions or ["No rule was considered"]),
        *(["No rule acted."] if entry.decisions and not entry.rules else []),
        *([f"Drawn: {drawn}."] if drawn else []),
        *(_write_sentence(note) for note in entry.notes),
        f"{ending}, after {entry.duration:.3f} s.",
    ]


def _describe_numbers(numbers: dict[str, float]) -> str:
    return ", ".join(f"{name} {value}" for name, value in numbers.items())


def _write_sentence(line: str) -> str:
    sentence = mask_line(line)
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


# --- counting requests ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdict:
    """`count` entries match. If that is not `ok`, `nearest` has the entries with the fewest differences."""

    ok: bool
    count: int
    message: str
    nearest: list[dict[str, Any]]


def verify_requests(
    journal: Journal, when: Matcher, exactly: int | None = None, at_least: int | None = None, at_most: int | None = None
) -> Verdict:
    """Whether the expected number of requests match: at least one by default.

    An upper bound is never confirmed if some requests are unknown: dropped, or with a truncated body. ValueError if no
    number fits the bounds.
    """
    if exactly is at_least is at_most is None:
        at_least = 1
    low = max(exactly or 0, at_least or 0)
    high = min((bound for bound in (exactly, at_most) if bound is not None), default=None)
    if high is not None and low > high:
        raise ValueError(f"invalid bounds: no number is {_describe_bounds(exactly, at_least, at_most)}")
    entries, dropped = journal.list_entries(), journal.dropped
    matching = [entry for entry in entries if when.matches(entry.request)]
    unclear = sum(_is_unclear(entry, when) for entry in entries)
    count = len(matching)
    ok = count >= low and (high is None or (count <= high and not dropped and not unclear))
    parts = [f"Requests that match: wanted {_describe_bounds(exactly, at_least, at_most)}, found {count}."]
    if not ok:
        parts += _describe_surplus(matching, high) + _describe_unknown(journal.capacity, dropped, unclear)
    return Verdict(ok, count, " ".join(parts), [] if ok else _find_nearest(entries, when))


def _is_unclear(entry: Entry, when: Matcher) -> bool:
    """Whether all but the body matches, and the body was truncated, so that nobody knows whether it matches."""
    return entry.body_size > BODY_BOUND and when.body is not None and replace(when, body=None).matches(entry.request)


def _describe_bounds(exactly: int | None, at_least: int | None, at_most: int | None) -> str:
    bounds = {"exactly": exactly, "at least": at_least, "at most": at_most}
    return " and ".join(f"{word} {bound}" for word, bound in bounds.items() if bound is not None)


def _describe_surplus(matching: list[Entry], high: int | None) -> list[str]:
    if high is None or len(matching) <= high:
        return []
    first = "; ".join(f"number {entry.number}, {entry.method} {entry.url}" for entry in matching[:NEAREST])
    return [f"Found were {first}{'; and more' if len(matching) > NEAREST else ''}."]


def _describe_unknown(capacity: int, dropped: int, unclear: int) -> list[str]:
    sentences = []
    if dropped:
        entries = "entry was" if dropped == 1 else "entries were"
        advice = f"give the journal room for more than {capacity}, or clear it before the test (--journal)"
        sentences.append(f"{dropped} older {entries} dropped, so there may have been more: {advice}.")
    if unclear:
        limit = f"the {BODY_BOUND} bytes that are kept"
        sentences.append(f"In {unclear} more, all but the body matches, and the body is past {limit}.")
    return sentences


def _find_nearest(entries: list[Entry], when: Matcher) -> list[dict[str, Any]]:
    """The entries with the fewest differences; of these, the newest first."""
    differences = ((entry, when.list_differences(entry.request)) for entry in reversed(entries))
    misses = nsmallest(
        NEAREST, ((entry, lines) for entry, lines in differences if lines), key=lambda miss: len(miss[1])
    )
    return [
        {
            "id": entry.id,
            "number": entry.number,
            "method": entry.method,
            "url": entry.url,
            "differences": [mask_line(line) for line in lines],
        }
        for entry, lines in misses
    ]

"""`cloud.journal`: the requests to a world, as data, as text for a test report, and in the formats of the exports."""

from collections.abc import Callable, Iterator
from typing import Any

from jobsmock.http.control import journal as control
from jobsmock.testing.rules import drop_none
from jobsmock.world.journal import Verdict

__tracebackhide__ = True  # see cloud.py
_MOST_SHOWN = 30  # entries in a report
_REDUNDANT_STARTS = ("No rule ", "No response was sent", "The response was")  # of sentences that repeat the line above


class JournalControl:
    """The most recent requests to a world, oldest first, in the form of `/_jobsmock/journal`."""

    def __init__(self, call_control: Callable[..., Any]) -> None:
        self._call = call_control

    def entries(
        self,
        operation: str | None = None,
        *,
        project: str | None = None,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        after: int | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """The entries that match, with a number above `after`, and no more than `limit`."""
        filters = drop_none(
            operation=operation, project=project, method=method, path=path, status=status, after=after, limit=limit
        )
        query = {key: str(value) for key, value in filters.items()}
        entries: list[dict[str, Any]] = self._call(control.list_entries, **query)["entries"]
        return entries

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.entries())

    def __len__(self) -> int:
        return int(self._call(control.measure_journal)[0])

    def __str__(self) -> str:
        """One line per request. Requests that failed or on which a rule acted are explained."""
        count, newest = self._call(control.measure_journal)
        lines = [f"({count - _MOST_SHOWN} older requests are left out)"] if count > _MOST_SHOWN else []
        for entry in self.entries(after=max(newest - _MOST_SHOWN, 0)):
            lines += self._format_lines(entry)
        return "\n".join(lines) or "(no requests)"

    def explain(self, id: str) -> list[str]:
        """Why a request got its response, as sentences. `id` is the X-Openstack-Request-Id of the response."""
        sentences: list[str] = self._call(control.show_entry, None, id)["explained"]
        return sentences

    def export(self, form: str) -> str:
        """The journal as `curl` commands, as a `har` file, or as a `pytest` file."""
        text: str = self._call(control.list_entries, format=form).get_data(as_text=True)
        return text

    def verdict(self, **expected: Any) -> Verdict:
        """Whether the requests were as expected. It takes the keys of the body of `/_jobsmock/verify`."""
        verdict: Verdict = self._call(control.compute_verdict, expected)
        return verdict

    def clear(self) -> None:
        self._call(control.clear_journal)

    def _format_lines(self, entry: dict[str, Any]) -> list[str]:
        status = entry["status"] or "no answer"
        line = f"{entry['number']:4} {entry['time'][11:]} {entry['method']} {entry['url']}: {status}"
        if entry["status"] in range(1, 400) and not entry["acted"]:
            return [line]
        sentences = (
            sentence for sentence in self.explain(entry["id"])[1:] if not sentence.startswith(_REDUNDANT_STARTS)
        )
        return [line, *(f"       {sentence}" for sentence in sentences)]


def format_misses(verdict: Verdict) -> str:
    """The message of a verdict, and the requests that matched nearly."""
    lines = [verdict.message]
    for miss in verdict.nearest:
        lines.append(f"  nearest miss: number {miss['number']}, {miss['method']} {miss['url']}:")
        lines += [f"    {difference}" for difference in miss["differences"]]
    return "\n".join(lines)

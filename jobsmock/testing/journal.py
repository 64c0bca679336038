"""The journal of a cloud at hand: what it was asked, as data, as text for a report, and in the forms of the exports."""

from collections.abc import Callable, Iterator
from typing import Any

from jobsmock.http.control import journal as control
from jobsmock.testing.rules import drop_none
from jobsmock.world.journal import Verdict

__tracebackhide__ = True  # as in cloud.py
_MOST_SHOWN = 30  # entries that a report shows at most
_REDUNDANT_STARTS = ("No rule ", "No answer was sent", "The answer was")  # what a line of a report says already


class JournalControl:
    """The newest requests to a world, oldest first, each as the control API shows it."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

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
        """All, or those that fit; above the number `after`; the first `limit` of them."""
        asked = drop_none(
            operation=operation, project=project, method=method, path=path, status=status, after=after, limit=limit
        )
        query = {key: str(value) for key, value in asked.items()}
        entries: list[dict[str, Any]] = self._ask(control.list_entries, **query)["entries"]
        return entries

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self.entries())

    def __len__(self) -> int:
        return int(self._ask(control.measure_journal)[0])

    def __str__(self) -> str:
        """A line for each request; what was refused, or changed by a rule, is explained."""
        kept, newest = self._ask(control.measure_journal)
        lines = [f"({kept - _MOST_SHOWN} older requests are left out)"] if kept > _MOST_SHOWN else []
        for entry in self.entries(after=max(newest - _MOST_SHOWN, 0)):
            lines += self._format_lines(entry)
        return "\n".join(lines) or "(no requests)"

    def explain(self, id: str) -> list[str]:
        """Why a request was answered so, in sentences; `id` is its answer's X-Openstack-Request-Id."""
        sentences: list[str] = self._ask(control.show_entry, None, id)["explained"]
        return sentences

    def export(self, form: str) -> str:
        """As lines of `curl`, as a `har`, or as a test for `pytest`."""
        text: str = self._ask(control.list_entries, format=form).get_data(as_text=True)
        return text

    def verdict(self, **expected: Any) -> Verdict:
        """Whether requests were as expected: what `/_jobsmock/verify` takes."""
        verdict: Verdict = self._ask(control.compute_verdict, expected)
        return verdict

    def clear(self) -> None:
        self._ask(control.clear_journal)

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
    """What a verdict says, and the requests that came nearest."""
    lines = [verdict.message]
    for near in verdict.nearest:
        lines.append(f"  nearest is number {near['number']}, {near['method']} {near['url']}:")
        lines += [f"    {difference}" for difference in near["differences"]]
    return "\n".join(lines)

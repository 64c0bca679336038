"""How API v2 words what the operations of v1.1 take and give: other names for the same things, written down as data.

Names are changed where a record has its own keys, and nowhere else: what users wrote stays as they wrote it.
v2.py makes its table with these.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from jobsmock.sahara.errors import PAGING, UnanswerableQuery, UnknownParameters
from jobsmock.sahara.validation import TranslatedBody


class Words(NamedTuple):
    """The words for one resource, ours and v2's."""

    nouns: Mapping[str, str] = {}  # the keys that an answer holds it in
    keys: tuple[tuple[str, str], ...] = ()  # keys of its records
    parts: tuple[str, ...] = ()  # keys of it under which there are more records of the kind
    more: Mapping[str, Any] = {}  # what one record alone has, but not those in a list
    heard: tuple[tuple[str, str], ...] = ()  # keys of a body, and query parameters

    def told(self, content: Any) -> Any:
        """What an operation gave, in v2's words. It is changed on the way."""
        if not isinstance(content, dict):
            return content
        told = {}
        for key, value in content.items():
            if key in self.nouns:
                self._rename(value)
                if self.more and isinstance(value, dict):
                    value.update(self.more)
            told[self.nouns.get(key, key)] = value
        return told

    def _rename(self, content: Any) -> None:
        """Give a record, or each in a list, v2's keys."""
        for record in content if isinstance(content, list) else (content,):
            for ours, theirs in self.keys:
                if ours in record:
                    record[theirs] = record.pop(ours)
            for part in self.parts:
                if part in record:
                    self._rename(record[part])


class Call(NamedTuple):
    """An operation as v2 has it: what it calls that itself, and the query parameters it knows beside those of paging.

    Those that are `unsaid` are known, too, but not said to be.
    """

    operation: Callable[..., Any]
    words: Words
    called: str
    reads: bool
    params: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()

    def operate(self) -> Callable[..., Any]:
        """The operation that takes what v2 sends, `asked` being its query, and gives what v2 answers.

        Parameters that there are not are the last thing that the service finds. Of an operation that writes they are
        told first here, so that nothing is done.
        """
        known = {*self.params, *self.unsaid, *PAGING}
        swaps = _both_ways(self.words.heard)

        def operation(world: Any, project: str, asked: Mapping[str, list[str]], **arguments: Any) -> Any:
            refusal = None if asked.keys() <= known else UnknownParameters(self.called, self.params)
            if refusal and not self.reads:
                raise refusal
            if "query" in arguments:
                arguments["query"] = {swaps.get(key, key): asked[key] for key in asked if key in known}
            if swaps and isinstance(arguments.get("body"), dict):
                arguments["body"] = TranslatedBody(arguments["body"], swaps)
            try:
                content = self.words.told(self.operation(world, project, **arguments))
            except UnanswerableQuery as error:
                raise refusal or error from None
            if refusal:
                raise refusal
            return content

        return operation


def _both_ways(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A name for each name, so that ours, which v2 does not know, stay unknown to it."""
    return {one: other for pair in pairs for one, other in (pair, pair[::-1])}

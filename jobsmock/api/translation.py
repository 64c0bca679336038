"""API v2 has other words for what the operations of v1.1 take and return. They are written down here as data.

Keys are renamed where a record has its own keys and nowhere else: what users wrote stays as they wrote it. `v2.py` has
a Translation for each of its routes.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from jobsmock.sahara.errors import PAGING
from jobsmock.sahara.validation import TranslatedBody


class Words(NamedTuple):
    """The words for one resource: v1.1's, and v2's in their place."""

    nouns: Mapping[str, str] = {}  # the keys under which a response holds the resource
    keys: tuple[tuple[str, str], ...] = ()  # keys of its records
    parts: tuple[str, ...] = ()  # keys of a record under which there are more such records
    more: Mapping[str, Any] = {}  # what a single record has in addition, but not those in a list
    inputs: tuple[tuple[str, str], ...] = ()  # keys of a body, and query parameters

    def translate(self, content: Any) -> Any:
        """Return what an operation returned in v2's words. The records in it are changed."""
        if not isinstance(content, dict):
            return content
        translated = {}
        for key, value in content.items():
            if key in self.nouns:
                self._rename_keys(value)
                if self.more and isinstance(value, dict):
                    value.update(self.more)
            translated[self.nouns.get(key, key)] = value
        return translated

    def _rename_keys(self, content: Any) -> None:
        for record in content if isinstance(content, list) else (content,):
            for old, new in self.keys:
                if old in record:
                    record[new] = record.pop(old)
            for part in self.parts:
                if part in record:
                    self._rename_keys(record[part])


class Translation:
    """How one operation is called in v2.

    `function` is the service's own name of it, which its errors tell. It knows the query parameters `params` and those
    of paging, and some that it does not list among them, `unlisted`.
    """

    def __init__(
        self, words: Words, function: str, params: tuple[str, ...] = (), unlisted: tuple[str, ...] = ()
    ) -> None:
        self.words, self.function, self.params = words, function, params
        self._known = {*params, *unlisted, *PAGING}

    @cached_property
    def _swaps(self) -> dict[str, str]:
        """Renames both ways, so that v1.1's word, which v2 does not know, stays unknown to it."""
        return {one: other for pair in self.words.inputs for one, other in (pair, pair[::-1])}

    def knows(self, query: Mapping[str, list[str]]) -> bool:
        return query.keys() <= self._known

    def translate_query(self, query: Mapping[str, list[str]]) -> dict[str, list[str]]:
        return {self._swaps.get(key, key): query[key] for key in query if key in self._known}

    def translate_body(self, body: Any) -> Any:
        return TranslatedBody(body, self._swaps) if self._swaps and isinstance(body, dict) else body

    def translate(self, content: Any) -> Any:
        return self.words.translate(content)

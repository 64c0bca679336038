"""All that jobsmock relies on of werkzeug's internals: how a rule of the URL map is compiled.

`setup.cfg` bounds the version of werkzeug for this, and `tests/contracts/test_werkzeug.py` says what a new one has
changed.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class UrlRule(Rule):
    """A rule from which no URL is ever built. To prepare for that takes four fifths of the time of building the app."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return _build_nothing


def _build_nothing(rule: Rule, **values: Any) -> tuple[str, str]:
    raise NotImplementedError(f"no URL is built from {rule.rule}")

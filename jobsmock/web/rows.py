"""What the tables of URLs are made of. views.py makes a view of each row."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Row(NamedTuple):
    """An operation at its URL. Its arguments, by name, are the parts of the path in brackets, and what it `takes`."""

    name: str
    method: str
    path: str
    operation: Callable[..., Any]
    takes: tuple[str, ...] = ()
    status: int = 200
    status_with_content: int | None = None  # if that is another: of an operation that does not always give any

"""What the tables of URLs are made of. sahara_views.py and openstack_views.py make a view of each row."""

from collections.abc import Callable
from typing import Any, NamedTuple


class Route(NamedTuple):
    """An operation at its URL. Its arguments, by name, are the parts of the path in brackets, and what it `takes`.

    `open_to` says whom a strict world lets in: `all`, who has a `token`, who is the `user` of the URL, or an `admin`.

    Some operations want the body to be sound although they have no use for it (they take an `unused_body`), and look at
    it late: `finds` is the operation that finds what the request is about, which the service does before.
    """

    name: str
    method: str
    path: str
    operation: Callable[..., Any]
    takes: tuple[str, ...] = ()
    status: int = 200
    status_with_content: int | None = None  # if that is another: of an operation that does not always give any
    open_to: str = "token"
    finds: Callable[..., Any] | None = None
    filename: str | None = None  # under which a browser is to save the answer

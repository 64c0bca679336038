"""The headers of a request. They are decoded only when somebody looks at one, as few are ever looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from werkzeug.datastructures import Headers


def decode_header(text: str) -> str:
    """Decode a text of a WSGI environ: clients send UTF-8, and WSGI hands it over as Latin-1."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


AnyHeaders: TypeAlias = "Mapping[str, str] | Headers"


class RequestHeaders(Mapping[str, str]):
    """Headers by their names in lower case. They are kept as a WSGI environ has them: HTTP_X_AUTH_TOKEN."""

    __slots__ = ("_environ",)

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ

    @classmethod
    def from_environ(cls, environ: dict[str, Any]) -> RequestHeaders:
        """The headers in a WSGI environ, which also holds other things."""
        return cls({key: value for key, value in environ.items() if key[:5] == "HTTP_" or key == "CONTENT_TYPE"})

    @property
    def size(self) -> int:
        """The number of characters of all values."""
        return sum(map(len, self._environ.values()))

    def __getitem__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        return decode_header(self._environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"])

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix("HTTP_").replace("_", "-").lower() for key in self._environ)

    def __len__(self) -> int:
        return len(self._environ)

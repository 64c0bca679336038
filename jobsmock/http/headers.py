"""The headers of a request as rules and the journal see them: few are ever looked at, so it costs little."""

from collections.abc import Iterator, Mapping


def decode_header(text: str) -> str:
    """A text of a WSGI environ: clients send UTF-8, which WSGI hands over as Latin-1."""
    return text if text.isascii() else text.encode("latin-1", "replace").decode("utf-8", "replace")


class RequestHeaders(Mapping[str, str]):
    """Headers by their names in lower case, of the part of a WSGI environ that holds them; read when asked."""

    __slots__ = ("_environ",)

    def __init__(self, environ: dict[str, str]) -> None:
        self._environ = environ

    @property
    def size(self) -> int:
        """Characters of all values."""
        return sum(map(len, self._environ.values()))

    def __getitem__(self, name: str) -> str:
        key = name.upper().replace("-", "_")
        return decode_header(self._environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"])

    def __iter__(self) -> Iterator[str]:
        return (key.removeprefix("HTTP_").replace("_", "-").lower() for key in self._environ)

    def __len__(self) -> int:
        return len(self._environ)

"""Sample files: JSON documents that TinyDB opens, each key a table. What the tables mean is not known here."""

import json
import os
from pathlib import Path
from typing import Any

from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import Storage

from jobsmock.world.store import Record


class SampleError(ValueError):
    """A sample that cannot be used. The message names file, table, record and field, and what was expected."""


class SampleStorage(Storage):
    """TinyDB's file, with two differences: a table may be a plain list, and a write cannot leave half a file."""

    def __init__(self, path: str | Path) -> None:
        self._path = Path(path)

    def read(self) -> dict[str, dict[str, Any]] | None:
        document = _document(self._path)
        return {name: _numbered(table) if isinstance(table, list) else table for name, table in document.items()}

    def write(self, data: dict[str, dict[str, Any]]) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        beside.write_text(json.dumps(data, indent=2), encoding="utf-8")
        beside.replace(self._path)


def _document(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SampleError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise SampleError(f"{path}: is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise SampleError(f"{path}: a sample is an object with a key for each table, not {_kind(document)}")
    return document


def _numbered(records: list[Any]) -> dict[str, Any]:
    return {str(number): record for number, record in enumerate(records, 1)}


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")


def read(path: Path, singles: tuple[str, ...] = ()) -> tuple[dict[str, list[Record]], dict[str, Any]]:
    """The tables of a sample file, each a list of its records, and the keys of `singles`, each one object."""
    with TinyDB(path, storage=CachingMiddleware(SampleStorage)) as db:  # type: ignore[no-untyped-call]
        stored = db.storage.read() or {}
        for name, content in stored.items():
            _check(path, name, content, name in singles)
        tables = {name: [dict(document) for document in db.table(name)] for name in stored if name not in singles}
        return tables, {name: stored[name] for name in singles if name in stored}


def _check(path: Path, name: str, content: Any, single: bool) -> None:
    if not isinstance(content, dict):
        wanted = "an object" if single else "a list of records, or an object of numbered ones"
        raise SampleError(f"{path}: {name}: {wanted} is expected, not {_kind(content)}")
    if single:
        return
    for number, record in content.items():
        if not number.isdecimal():
            raise SampleError(f'{path}: {name}: records are numbered "1", "2", …, not {number!r}')
        if not isinstance(record, dict):
            raise SampleError(f"{path}: {name}[{number}]: a record is an object, not {_kind(record)}")

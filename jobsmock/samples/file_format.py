"""Sample files: JSON documents that TinyDB opens, each key a table. What the tables mean is not known here."""

import os
from pathlib import Path
from typing import Any

import orjson
from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import Storage

from jobsmock.world.json_text import parse_json
from jobsmock.world.store import Record

Tables = dict[str, dict[int, Record]]  # by the name of the table and the number of the record


class SampleError(ValueError):
    """A sample that cannot be used. The message names file, table, record and field, and what was expected."""


class SampleStorage(Storage):
    """TinyDB's file, but a table may be a plain list, and a write cannot leave half a file.

    `singles` are the keys that hold one object and no table.
    """

    def __init__(self, path: str | Path, singles: tuple[str, ...] = ()) -> None:
        self._path, self._singles = Path(path), singles

    def read(self) -> dict[str, Any]:
        document = _read_document(self._path)
        return {
            name: content if name in self._singles else _number_records(content) for name, content in document.items()
        }

    def write(self, data: dict[str, Any]) -> None:
        beside = self._path.with_name(f".{self._path.name}.{os.getpid()}")
        beside.write_bytes(orjson.dumps(data, option=orjson.OPT_INDENT_2))
        beside.replace(self._path)


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = parse_json(path.read_bytes())
    except OSError as error:
        raise SampleError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SampleError(f"{path}: {error}") from None
    if not isinstance(document, dict):
        raise SampleError(
            f"{path}: invalid sample: {_name_kind(document)}: expected an object with a key for each table"
        )
    return document


def read_file(path: Path, singles: tuple[str, ...] = ()) -> tuple[Tables, dict[str, Any]]:
    """The tables of a sample file, and the objects of `singles`. SampleError if it is not of that shape."""
    with TinyDB(path, storage=CachingMiddleware(SampleStorage), singles=singles) as db:  # type: ignore[no-untyped-call]
        stored = db.storage.read() or {}
        _check_all(path, stored, singles)
        tables = {
            name: {document.doc_id: dict(document) for document in db.table(name)}
            for name in stored
            if name not in singles
        }
        return tables, {name: stored[name] for name in singles if name in stored}


def split_document(label: str, document: dict[str, Any], singles: tuple[str, ...]) -> tuple[Tables, dict[str, Any]]:
    """The same of a document that is at hand; `label` stands for the path in messages."""
    document = {name: content if name in singles else _number_records(content) for name, content in document.items()}
    _check_all(label, document, singles)
    tables = {
        name: {int(number): record for number, record in content.items()}
        for name, content in document.items()
        if name not in singles
    }
    return tables, {name: document[name] for name in singles if name in document}


def _number_records(table: Any) -> Any:
    return {str(number): record for number, record in enumerate(table, 1)} if isinstance(table, list) else table


def _check_all(path: Path | str, document: dict[str, Any], singles: tuple[str, ...]) -> None:
    for name, content in document.items():
        _check(path, name, content, name in singles)


def _check(path: Path | str, name: str, content: Any, single: bool) -> None:
    if not isinstance(content, dict):
        wanted = "an object" if single else "a list of records, or an object of numbered ones,"
        raise SampleError(f"{path}: {name}: invalid value: {_name_kind(content)}: expected {wanted}")
    if single:
        return
    for number, record in content.items():
        if not (number.isascii() and number.isdecimal()):
            raise SampleError(f'{path}: {name}: invalid number {number!r}: expected "1", "2", …')
        if not isinstance(record, dict):
            raise SampleError(
                f"{path}: {name}, record {number}: invalid record: {_name_kind(record)}: expected an object"
            )


def _name_kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")

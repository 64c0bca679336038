"""The format of sample files: JSON that TinyDB reads, with a table under each key. Their meaning is not known here."""

import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
from tinydb import TinyDB
from tinydb.middlewares import CachingMiddleware
from tinydb.storages import MemoryStorage, Storage

from jobsmock.world.json_text import parse_json
from jobsmock.world.store import Record

Tables = dict[str, dict[int, Record]]  # by the name of the table and the number of the record


class SampleError(ValueError):
    """A sample that cannot be used. The message names file, table, record and field, and what was expected."""


class SampleStorage(Storage):
    """The storage of TinyDB for sample files. A table may be a plain list, and a write leaves no half of a file.

    `singles` are the keys under which there is one object instead of a table.
    """

    def __init__(self, path: str | Path, singles: tuple[str, ...] = ()) -> None:
        self._path, self._singles = Path(path), singles

    def read(self) -> dict[str, Any]:
        return _number_records(_read_document(self._path), self._singles)

    def write(self, data: dict[str, Any]) -> None:
        replace_file(self._path, orjson.dumps(data, option=orjson.OPT_INDENT_2))


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file on the disk. If that fails with an OSError, the file has its old content."""
    fresh = path.with_name(f"{path.name}.new")
    try:
        with fresh.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink()
        raise
    if os.name == "posix":  # other systems cannot open a folder
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Without this, the name may still mean the old file after a crash of the machine."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _read_document(path: Path) -> dict[str, Any]:
    try:
        document = parse_json(path.read_bytes())
    except OSError as error:
        raise SampleError(f"{path}: cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise SampleError(f"{path}: {error}") from None
    if not isinstance(document, dict):
        kind = _name_kind(document)
        raise SampleError(f"{path}: invalid sample: {kind}: expected an object with a key for each table")
    return document


def read_file(path: Path, singles: tuple[str, ...] = ()) -> tuple[Tables, dict[str, Any]]:
    """The tables of a sample file, and its other objects, whose keys are `singles`. SampleError if it is invalid."""
    with TinyDB(path, storage=CachingMiddleware(SampleStorage), singles=singles) as db:  # type: ignore[no-untyped-call]
        return _read_tables(db, str(path), singles)


def split_document(label: str, document: dict[str, Any], singles: tuple[str, ...]) -> tuple[Tables, dict[str, Any]]:
    """The same for a document in memory; `label` takes the place of the path in messages."""
    with TinyDB(storage=MemoryStorage) as db:
        db.storage.write(_number_records(document, singles))
        return _read_tables(db, label, singles)


def _read_tables(db: TinyDB, label: str, singles: tuple[str, ...]) -> tuple[Tables, dict[str, Any]]:
    stored = db.storage.read() or {}
    for name, content in stored.items():
        _check(label, name, content, name in singles)
    tables = {
        name: {document.doc_id: dict(document) for document in db.table(name)} for name in stored if name not in singles
    }
    return tables, {name: stored[name] for name in singles if name in stored}


def _number_records(document: dict[str, Any], singles: tuple[str, ...]) -> dict[str, Any]:
    """The document with numbered records in place of lists, as TinyDB has tables."""
    return {
        name: {str(number): record for number, record in enumerate(content, 1)}
        if isinstance(content, list) and name not in singles
        else content
        for name, content in document.items()
    }


def _check(label: str, name: str, content: Any, single: bool) -> None:
    if not isinstance(content, dict):
        wanted = "an object" if single else "a list of records, or an object of numbered ones,"
        raise SampleError(f"{label}: {name}: invalid value: {_name_kind(content)}: expected {wanted}")
    if single:
        return
    for number, record in content.items():
        if not (number.isascii() and number.isdecimal()):
            raise SampleError(f'{label}: {name}: invalid number {number!r}: expected "1", "2", …')
        if not isinstance(record, dict):
            raise SampleError(
                f"{label}: {name}, record {number}: invalid record: {_name_kind(record)}: expected an object"
            )


def _name_kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")

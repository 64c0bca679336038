"""The format of sample files: JSON that TinyDB reads, with a table under each key.

sample.py reads samples with it, and persistence/ writes worlds with it. It does not know what the tables mean.
"""

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
    """An invalid sample. The message names the file, table, record and field, and says what was expected."""


class SampleStorage(Storage):
    """A TinyDB storage for sample files. A table can be a plain list, and writes are atomic.

    `singles` are the keys that hold one object instead of a table.
    """

    def __init__(self, path: str | Path, singles: tuple[str, ...] = ()) -> None:
        self._path, self._singles = Path(path), singles

    def read(self) -> dict[str, Any]:
        return _number_records(_read_document(self._path), self._singles)

    def write(self, data: dict[str, Any]) -> None:
        replace_file(self._path, orjson.dumps(data, option=orjson.OPT_INDENT_2))


def replace_file(path: Path, content: bytes) -> None:
    """Replace the content of a file atomically, and sync it. After an OSError, the file has its old content."""
    new = path.with_name(f"{path.name}.new")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError:
        with suppress(OSError):
            new.unlink()
        raise
    if os.name == "posix":  # other systems cannot open a folder
        _sync_folder(path.parent)


def _sync_folder(path: Path) -> None:
    """Sync a folder. Otherwise the name can still refer to the old file after a crash of the machine."""
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
        given = _name_type(document)
        raise SampleError(f"{path}: invalid sample: {given}: expected an object with a key for each table")
    return document


def read_file(path: Path, singles: tuple[str, ...] = ()) -> tuple[Tables, dict[str, Any]]:
    """Return the tables of a sample file, and the objects whose keys are in `singles`. SampleError if it is invalid."""
    with TinyDB(path, storage=CachingMiddleware(SampleStorage), singles=singles) as db:  # type: ignore[no-untyped-call]
        return _read_tables(db, str(path), singles)


def split_document(label: str, document: dict[str, Any], singles: tuple[str, ...]) -> tuple[Tables, dict[str, Any]]:
    """Like `read_file`, but for a document in memory. Messages have `label` instead of the path."""
    with TinyDB(storage=MemoryStorage) as db:
        db.storage.write(_number_records(document, singles))
        return _read_tables(db, label, singles)


def _read_tables(db: TinyDB, label: str, singles: tuple[str, ...]) -> tuple[Tables, dict[str, Any]]:
    stored = db.storage.read() or {}
    for name, content in stored.items():
        _check_table(label, name, content, is_single=name in singles)
    tables = {
        name: {document.doc_id: dict(document) for document in db.table(name)} for name in stored if name not in singles
    }
    return tables, {name: stored[name] for name in singles if name in stored}


def _number_records(document: dict[str, Any], singles: tuple[str, ...]) -> dict[str, Any]:
    """The document with numbered records instead of lists, which is how TinyDB stores tables."""
    return {
        name: {str(number): record for number, record in enumerate(content, 1)}
        if isinstance(content, list) and name not in singles
        else content
        for name, content in document.items()
    }


def _check_table(label: str, name: str, content: Any, is_single: bool) -> None:
    if not isinstance(content, dict):
        expected = "an object" if is_single else "a list of records, or an object of numbered records"
        raise SampleError(f"{label}: {name}: invalid value: {_name_type(content)}: expected {expected}")
    if is_single:
        return
    for number, record in content.items():
        if not (number.isascii() and number.isdecimal()):
            raise SampleError(f'{label}: {name}: invalid number {number!r}: expected "1", "2", …')
        if not isinstance(record, dict):
            raise SampleError(
                f"{label}: {name}, record {number}: invalid record: {_name_type(record)}: expected an object"
            )


def _name_type(value: Any) -> str:
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), "a number")

"""What a written test says about answers: values as Python, ids as variables, and what it asserts.

export_pytest.py writes the rest of the test. What is asserted is what tells: names, statuses, errors; times are not.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from jobsmock.world.journal import BODY_BOUND, Entry
from jobsmock.world.secrets import MASK, mask_body, read_body

SHOWN = 2000  # bytes of content that a test spells out; of more it knows only the length
_WIDTH = 72
_MOST = 20  # items of a list that are named one by one
_ID = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
_TELLING = ("name", "type", "url", "status", "return_code", "datasize", "plugin_name", "hadoop_version", "mapping_type")
_REFERENCES = ("job_id", "cluster_id", "input_id", "output_id")
_NEWS = (("status",), ("info", "status"), ("info", "reason"))  # which are told each time


class IdNames(dict[str, str]):
    """Variables that hold ids, by id; and what has been told, by id, of records that are looked at again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.told: dict[str, dict[tuple[str, ...], Any]] = {}

    def name_id(self, id: str, noun: str) -> str:
        """A new variable for an id: `job_id`, then `job_id_2`."""
        taken, number, name = set(self.values()), 2, f"{noun}_id"
        while name in taken:
            name, number = f"{noun}_id_{number}", number + 1
        self[id] = name
        return name


def find_ids(text: str) -> set[str]:
    return set(_ID.findall(text))


# --- values as Python -----------------------------------------------------------------------------------------------


def format_literal(value: Any, names: IdNames, indent: int = 0) -> str:
    """JSON data as Python, over several lines if it is long. A known id is its variable."""
    flat = _format_flat(value, names)
    if indent + len(flat) <= _WIDTH or not value or not isinstance(value, (dict, list)):
        return flat
    pad = " " * (indent + 4)
    heads = [f"{_quote(key)}: " for key in value] if isinstance(value, dict) else [""] * len(value)
    inner = value.values() if isinstance(value, dict) else value
    lines = [
        f"{pad}{head}{format_literal(item, names, indent + 4)},\n" for head, item in zip(heads, inner, strict=True)
    ]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return f"{begin}\n{''.join(lines)}{' ' * indent}{end}"


def _format_flat(value: Any, names: IdNames) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quote(key)}: {_format_flat(item, names)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_format_flat(item, names) for item in value) + "]"
    if not isinstance(value, str):
        return repr(value)
    if value in names:
        return names[value]
    return format_f_string(value, names) if find_ids(value) & names.keys() else _quote(value)


def format_f_string(text: str, names: IdNames, before: str = "") -> str:
    """A text as an f-string in which known ids are their variables; `before` is source that comes first in it."""
    parts = _ID.split(text)  # each second one is an id
    told = [f"{{{names[part]}}}" if part in names else part.replace("{", "{{").replace("}", "}}") for part in parts]
    return f'f"{before}{_quote("".join(told))[1:-1]}"'


def _quote(text: str) -> str:
    """In double quotes: what JSON escapes means the same to Python."""
    return json.dumps(text, ensure_ascii=False)


# --- what is asserted -----------------------------------------------------------------------------------------------


def write_assertions(entry: Entry, names: IdNames) -> Iterator[str]:
    """Lines of a test about an answer, in `answer`."""
    yield f"assert answer.status_code == {entry.status}"
    document = _read_document(entry)
    if entry.method == "HEAD":  # the journal knows the body that a GET gets
        yield "assert not answer.content"
    elif document is not None:
        yield from _assert_document(document, names)
    elif entry.response_size > SHOWN or mask_body(entry.response_body) != entry.response_body:
        yield f"assert len(answer.content) == {entry.response_size}"
    elif entry.response_body:
        yield f"assert answer.content == {entry.response_body!r}"


def _read_document(entry: Entry) -> dict[str, Any] | None:
    """An answer that is a JSON object, with secrets masked; None if it is none, or not known whole."""
    document = read_body(entry.response_body) if entry.response_size <= BODY_BOUND and entry.method != "HEAD" else None
    return document if isinstance(document, dict) else None


def _assert_document(document: dict[str, Any], names: IdNames) -> Iterator[str]:
    if "error_message" in document:
        yield from _assert_error(document, names)
    else:
        for key, value in document.items():
            if isinstance(value, list):
                yield _assert_list(key, value, names)
            elif isinstance(value, dict) and len(document) == 1:
                yield from _assert_record(key, value, names)


def _assert_error(error: dict[str, Any], names: IdNames) -> Iterator[str]:
    if "error_name" in error:
        yield f'assert answer.json()["error_name"] == {format_literal(error["error_name"], names)}'
    message = str(error["error_message"]).partition("\n")[0]
    if MASK not in message:
        yield f'assert {format_literal(message, names)} in answer.json()["error_message"]'


def _assert_list(key: str, items: list[Any], names: IdNames) -> str:
    place = f"answer.json()[{_quote(key)}]"
    for path in (("name",), ("info", "status")):
        told = [_get_at(item, path) for item in items]
        if items and len(items) <= _MOST and all(isinstance(value, str) for value in told):
            where = "".join(f'["{step}"]' for step in path)
            return f"assert [one{where} for one in {place}] == {format_literal(told, names)}"
    return f"assert len({place}) == {len(items)}"


def _assert_record(key: str, record: dict[str, Any], names: IdNames) -> Iterator[str]:
    """A record is told by what of it is telling; one that has nothing of that, by its keys."""
    told: dict[tuple[str, ...], Any] = {(field,): record.get(field) for field in _TELLING}
    told |= {(field,): record[field] for field in _REFERENCES if record.get(field) in names}
    told |= {path: _get_at(record, path) for path in _NEWS}
    told = {path: value for path, value in told.items() if isinstance(value, (str, int)) and MASK not in str(value)}
    if told.keys() & set(_NEWS):
        before = names.told.get(str(record.get("id")), {})
        names.told[str(record.get("id"))] = told
        told = {path: value for path, value in told.items() if path in _NEWS or before.get(path) != value}
    yield f"{key} = answer.json()[{_quote(key)}]"
    if not told:
        yield f"assert sorted({key}) == {format_literal(sorted(record), names)}"
    for path, value in told.items():
        where = "".join(f'["{step}"]' for step in path)
        yield f"assert {key}{where} == {format_literal(value, names)}"


def _get_at(value: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value


def changes_over_time(entry: Entry) -> bool:
    """Whether it is about executions or clusters, which change in time."""
    return (entry.operation or "").startswith(("clusters.", "job-executions.", "jobs.execute"))


def read_statuses(entry: Entry) -> dict[str, str]:
    """Of an answer that tells of executions or clusters: how they stand, by id."""
    if not changes_over_time(entry):
        return {}
    content = next(iter((_read_document(entry) or {}).values()), None)
    records = content if isinstance(content, list) else [content]
    told = {_get_at(one, ("id",)): _get_at(one, ("status",)) or _get_at(one, ("info", "status")) for one in records}
    return {id: status for id, status in told.items() if isinstance(id, str) and isinstance(status, str)}


# --- what is captured -----------------------------------------------------------------------------------------------


def write_captures(entry: Entry, names: IdNames, wanted: set[str]) -> Iterator[str]:
    """Lines that take ids, of those that are wanted, from `answer`; they get names by that."""
    document = _read_document(entry) or {}
    for path, id in _iterate_ids(document, ()):
        if id in wanted and id not in names:
            noun = next((step for step in reversed(path[:-1]) if isinstance(step, str)), "some")
            source = _format_lookup(document, path)
            yield f"{names.name_id(id, _one_of(noun))} = {source}"


def _iterate_ids(value: Any, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Whatever is called `id`, and where it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "id" and isinstance(inner, str):
                yield (*path, key), inner
            yield from _iterate_ids(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _iterate_ids(inner, (*path, number))


def _format_lookup(document: dict[str, Any], path: tuple[str | int, ...]) -> str:
    """Source for what is at a place in `answer`. A record alone is a variable already, as asserts() has it; in a list
    of records, one is found by its name if that is its own.
    """
    if len(path) == 2 and len(document) == 1 and isinstance(document[str(path[0])], dict):
        return f"{path[0]}[{_quote(str(path[1]))}]"
    if len(path) == 3 and isinstance(path[1], int):
        records = document[str(path[0])]
        named = [record.get("name") for record in records]
        if isinstance(name := named[path[1]], str) and named.count(name) == 1:
            place = f"answer.json()[{_quote(str(path[0]))}]"
            return f'next(one["id"] for one in {place} if one["name"] == {_quote(name)})'
    return "answer.json()" + "".join(f"[{_quote(step) if isinstance(step, str) else step}]" for step in path)


def _one_of(noun: str) -> str:
    noun = re.sub(r"\W", "_", noun)
    return noun[:-3] + "y" if noun.endswith("ies") else noun.removesuffix("s")

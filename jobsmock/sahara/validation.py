"""Marshmallow fields that find every fault of a body and name it in the service's words (those of JSON Schema)."""

import re
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

import orjson
from marshmallow import RAISE, Schema, ValidationError, fields, missing

from jobsmock.sahara.errors import InvalidBody

# What marshmallow reports at a key, but the service at the object that holds it. No message of a field equals these.
_REQUIRED = "\0required"
_UNKNOWN = "\0unknown"
_ITSELF = None  # the key for faults of a list as such, beside those of its items

LARGEST_INTEGER = 2**63 - 1

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9\-_.]*$")
HOSTNAME = re.compile(r"([a-zA-Z]([a-zA-Z0-9\-]*[a-zA-Z0-9])?\.)*[a-zA-Z]([a-zA-Z0-9\-]*[a-zA-Z0-9])?$")


class Body(Schema):
    """The schema of a JSON object that knows all its keys.

    Faults are told in the order in which the service has the properties, so these are in that order, too; those
    that are `first` come before all others. In API v2 a property with another name comes after the others, but before
    those that are `last_in_v2`.
    """

    first: ClassVar[Sequence[str]] = ()
    last_in_v2: ClassVar[Collection[str]] = ()
    unknown_first: ClassVar[bool] = False  # whether unknown properties are told before all others
    error_messages = {"unknown": _UNKNOWN}

    class Meta:
        unknown = RAISE


class TranslatedBody(dict[str, Any]):
    """A body from another version of the API: it has our keys, but is told of by those that it was sent with."""

    def __init__(self, body: Mapping[str, Any], swaps: Mapping[str, str]) -> None:
        super().__init__({swaps.get(key, key): value for key, value in body.items()})
        self.swaps = swaps


def validate(schema: Body, body: Any) -> dict[str, Any]:
    """A body that obeys its schema; else InvalidBody with one line per fault, `path[inner]: what is wrong`."""
    faults = _collect_faults(schema, body)
    if isinstance(faults, list):
        raise InvalidBody("\n".join(faults))
    if faults and isinstance(body, TranslatedBody):
        swaps, last = body.swaps, schema.last_in_v2
        keys = sorted(faults, key=lambda key: 3 if faults[key] == [_UNKNOWN] else 2 if key in last else key in swaps)
        faults = {swaps.get(key, key): faults[key] for key in keys}
    if faults:
        raise InvalidBody("\n".join(_format_faults(faults)))
    return dict(body)


def _collect_faults(schema: Body, body: Any) -> Any:
    if not isinstance(body, dict):
        return [_describe_type_mismatch(body, ("object",))]
    faults, unknown = schema.validate(body), [key for key in body if key not in schema.fields]
    order = (*unknown, *schema.fields) if schema.unknown_first else (*schema.first, *schema.fields, *unknown)
    return {key: faults[key] for key in order if key in faults}


def _format_faults(faults: Mapping[Any, Any], path: str = "") -> Iterator[str]:
    """A line for each fault, one for all properties that are unknown, and at last those for what is missing."""
    at = f"{path}: " if path else ""
    unknown = [key for key, inner in faults.items() if inner == [_UNKNOWN]]
    for key, inner in faults.items():
        where = f"{path}[{key}]" if path else str(key)
        if key is _ITSELF:
            yield from (at + message for message in inner)
        elif isinstance(inner, dict):
            yield from _format_faults(inner, where)
        elif key in unknown[:1]:
            yield f"{at}Additional properties are not allowed ({_describe_unexpected(unknown)})"
        elif inner not in ([_REQUIRED], [_UNKNOWN]):
            yield from (f"{where}: {message}" for message in inner)
    yield from (f"{at}{key!r} is a required property" for key, inner in faults.items() if inner == [_REQUIRED])


def _describe_unexpected(names: list[str]) -> str:
    return f"{', '.join(map(repr, names))} {'was' if len(names) == 1 else 'were'} unexpected"


def _describe_type_mismatch(value: Any, types: Iterable[str]) -> str:
    return f"{value!r} is not of type {', '.join(map(repr, types))}"


class CheckedField(fields.Field[Any]):
    """A field that is kept as it was sent. Subclasses say what is wrong with a value."""

    types: tuple[str, ...] = ()

    def __init__(self, *, null: bool = False, required: bool = False) -> None:
        super().__init__(required=required, allow_none=True, error_messages={"required": _REQUIRED})
        if null:
            self.types = (*self.types, "null")

    def deserialize(self, value: Any, attr: Any = None, data: Any = None, **kwargs: Any) -> Any:
        if value is missing:
            return super().deserialize(value, attr, data, **kwargs)
        faults = self.faults(value)
        if faults:
            raise ValidationError(faults)
        return value

    def faults(self, value: Any) -> Any:
        """What is wrong, as marshmallow keeps it: a list of messages, or a dict of them by key; empty if nothing is."""
        if value is None and "null" in self.types:
            return []
        return self.wrong(value)

    def wrong(self, value: Any) -> Any:
        raise NotImplementedError

    @staticmethod
    def with_own(own: list[str], inner: dict[Any, Any]) -> dict[Any, Any]:
        """Faults of a value as such beside those of what it holds."""
        return {_ITSELF: own, **inner} if own else inner

    def not_of_type(self, value: Any) -> list[str]:
        return [_describe_type_mismatch(value, self.types)]


class Text(CheckedField):
    """A string, perhaps of a certain length, one of a few, or of a form that `form` recognizes."""

    types: tuple[str, ...] = ("string",)

    def __init__(
        self,
        *,
        one_of: Collection[str] = (),
        shortest: int = 0,
        longest: int | None = None,
        form: Callable[[str], Any] | None = None,
        form_name: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self._one_of, self._shortest, self._longest = one_of, shortest, longest
        self._form, self._form_name = form, form_name

    def wrong(self, value: Any) -> list[str]:
        found = []
        if isinstance(value, str):
            if len(value) < self._shortest:
                found.append(f"{value!r} is too short")
            if self._longest is not None and len(value) > self._longest:
                found.append(f"{value!r} is too long")
            if self._form and not self._form(value):
                found.append(f"{value!r} is not a {self._form_name!r}")
        else:
            found += self.not_of_type(value)
        if self._one_of and value not in list(self._one_of):
            found.append(f"{value!r} is not one of {list(self._one_of)}")
        return found


def name_field(**kwargs: Any) -> Text:
    """The name of a resource: 1 to 50 letters, digits, `-_.`."""
    return Text(shortest=1, longest=50, form=NAME.match, form_name="valid_name", **kwargs)


def hostname_field(**kwargs: Any) -> Text:
    """The name of a cluster, which becomes part of its instances' host names."""
    return Text(
        shortest=1, longest=50, form=lambda text: not text or HOSTNAME.match(text), form_name="valid_name_hostname",
        **kwargs,
    )  # fmt: skip


def is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


def id_field(**kwargs: Any) -> Text:
    """The id of another resource."""
    return Text(form=is_uuid, form_name="uuid", **kwargs)


class Flag(CheckedField):
    types = ("boolean",)

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, bool) else self.not_of_type(value)


class SimpleConfig(CheckedField):
    """An object of strings, whole numbers and booleans."""

    types = ("simple_config",)

    def wrong(self, value: Any) -> list[str]:
        simple = isinstance(value, dict) and all(isinstance(v, (str, int)) for v in value.values())
        return [] if simple else self.not_of_type(value)


class Configs(CheckedField):
    """Settings by what they apply to: an object of objects of strings, whole numbers and booleans."""

    types = ("configs",)

    def wrong(self, value: Any) -> list[str]:
        simple = SimpleConfig()
        fits = isinstance(value, dict) and not any(simple.wrong(settings) for settings in value.values())
        return [] if fits else self.not_of_type(value)


class Integer(CheckedField):
    """A whole number that the service's database can hold."""

    types = ("integer",)

    def __init__(self, *, least: int | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._least = least

    def wrong(self, value: Any) -> list[str]:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return self.not_of_type(value)
        found = [] if isinstance(value, int) else self.not_of_type(value)
        if self._least is not None and value < self._least:
            found.append(f"{value!r} is less than the minimum of {self._least}")
        if not found and abs(value) > LARGEST_INTEGER:
            found.append(f"{value!r} is greater than the maximum of {LARGEST_INTEGER}")
        return found


class AnyObject(CheckedField):
    types = ("object",)

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, dict) else self.not_of_type(value)


class Object(CheckedField):
    """An object with a schema of its own."""

    types = ("object",)

    def __init__(self, schema: type[Body], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.schema = schema()

    def wrong(self, value: Any) -> Any:
        return _collect_faults(self.schema, value)


class AnyOf(CheckedField):
    """What one of several fields accepts. Their faults are not told, as nobody knows which of them was meant."""

    def __init__(self, *fields: CheckedField, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._fields = fields

    def wrong(self, value: Any) -> list[str]:
        fits = any(not field.faults(value) for field in self._fields)
        return [] if fits else [f"{value!r} is not valid under any of the given schemas"]


class Array(CheckedField):
    """A list; each item is checked by the field `of`."""

    types = ("array",)

    def __init__(self, of: CheckedField, *, unique: bool = False, shortest: int = 0, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._of, self._unique, self._shortest = of, unique, shortest

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, list):
            return self.not_of_type(value)
        found: dict[Any, Any] = {i: faults for i, item in enumerate(value) if (faults := self._of.faults(item))}
        own = [f"{value!r} is too short"] if len(value) < self._shortest else []
        own += [f"{value!r} has non-unique elements"] if self._unique and not _are_distinct(value) else []
        return self.with_own(own, found)


def _are_distinct(items: list[Any]) -> bool:
    """Whether no two items are equal, as JSON has it: 1 is 1.0, but not true."""
    keys = {
        orjson.dumps(item, option=orjson.OPT_SORT_KEYS)
        if isinstance(item, (dict, list))
        else (isinstance(item, bool), item)
        for item in items
    }
    return len(keys) == len(items)

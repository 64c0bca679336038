"""Fields of the records in a sample file, which may leave out what the service fills in.

Each resource declares its record beside its other schemas, as a subclass of SampleRecord.
"""

from collections.abc import Callable
from typing import Any

from jobsmock.sahara import validation
from jobsmock.sahara.validation import Body, CheckedField, Flag, Text
from jobsmock.world.clock import Clock, resolve_time
from jobsmock.world.plan import PlanError


class SampleTime(Text):
    """A time, absolute or relative to the start of the world."""

    def wrong(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return super().wrong(value)
        try:
            Clock().set(resolve_time(value, Clock().now()))
        except ValueError as error:
            return [str(error) if "is no time" in str(error) else f"{value!r} is further away than dates go"]
        return []


class SampleSize(CheckedField):
    types = ("integer",)

    def wrong(self, value: Any) -> list[str]:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return [] if whole and 0 <= value <= 5120 * 1024 else [f"{value!r} is no number of bytes up to 5 MiB"]


class SnapshotTime(CheckedField):
    """A moment as a snapshot keeps it."""

    types = ("number",)

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, (int, float)) and not isinstance(value, bool) else self.not_of_type(value)


class PlanField(Text):
    """A plan, or the name of a profile. `parse` raises PlanError if it is neither."""

    def __init__(self, parse: Callable[[str], object], **options: Any) -> None:
        super().__init__(**options)
        self._parse = parse

    def wrong(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return super().wrong(value)
        try:
            self._parse(value)
        except PlanError as error:
            return [str(error)]
        return []


class IdField(Text):
    """An id that can stand in a URL."""

    def wrong(self, value: Any) -> list[str]:
        if isinstance(value, str) and ("/" in value or value.endswith(".json") or not value):
            return [f"{value!r} cannot stand in a URL; an id is not empty, holds no '/' and does not end in '.json'"]
        return super().wrong(value)


class SampleRecord(Body):
    id = IdField()
    tenant_id = Text(shortest=1, null=True)
    name = validation.name_field(required=True)
    description = Text(null=True)
    created_at = SampleTime()
    updated_at = SampleTime(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    replay = Flag()

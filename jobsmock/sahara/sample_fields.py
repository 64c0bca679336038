"""Fields of the records in a sample. A record may leave out whatever the service fills in.

Each resource declares the schema of its records next to its other schemas, as a subclass of `SampleRecord`.
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
            return [
                str(error)
                if "invalid time" in str(error)
                else f"invalid time {value!r}: expected a time in the years 1 to 9999"
            ]
        return []


class SnapshotTime(CheckedField):
    """A time in a snapshot: seconds since the epoch."""

    types = ("number",)

    def wrong(self, value: Any) -> list[str]:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return [] if is_number else self.not_of_type(value)


class PlanField(Text):
    """A plan or the name of a profile. `parse` raises PlanError for anything else."""

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
    """An id that can be part of a URL."""

    def wrong(self, value: Any) -> list[str]:
        if isinstance(value, str) and ("/" in value or value.endswith(".json") or not value):
            return [f"invalid id {value!r}: expected a text that is not empty, has no '/' and does not end in '.json'"]
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

"""Every error that the service answers with: its status, its name and its words."""

from collections.abc import Mapping, Sequence
from typing import Any

MICROVERSION = "2.0"  # the only one that API v2 ever had
PAGING = ("marker", "limit", "sort_by")  # the query parameters that API v2 allows everywhere


class ServiceError(Exception):
    """An answer that is an error: `{error_code, error_message, error_name}`, as the service shapes its own."""

    status = 400
    name: str | int = "INVALID_DATA"
    more: Mapping[str, Any] = {}  # further keys of the answer
    has_id = True  # whether the message ends with an id of its own
    error_id: str | None = None  # the id that the answer shall have, where it has been told elsewhere

    def __init__(self, message: str, name: str | int | None = None) -> None:
        super().__init__(message)
        self.message = message
        if name is not None:
            self.name = name


class InvalidData(ServiceError):
    name = "INVALID_DATA"


class InvalidBody(ServiceError):
    """The body breaks its schema; the message has a line for each fault."""

    name = "VALIDATION_ERROR"


class MalformedBody(ServiceError):
    name = "MALFORMED_REQUEST_BODY"

    def __init__(self) -> None:
        super().__init__("Malformed message body: cannot understand JSON")


class BodyTooLarge(ServiceError):
    status = 413
    name = "REQUEST_ENTITY_TOO_LARGE"

    def __init__(self, most: int) -> None:
        super().__init__(f"The request body is larger than the {most} bytes that are read at most")


class InvalidQuery(ServiceError):
    """A query parameter that cannot be. The service gives the code as the name here, too."""

    name = 400


class UnanswerableQuery(InvalidQuery):
    """A query that passes all of the service's checks and then makes it break down. Anything else is told first."""


class UnknownParameters(ServiceError):
    """What v2 says of query parameters that an operation, `called` so, has not."""

    name = "INVALID_PARAMS_ON_REQUEST"
    has_id = False

    def __init__(self, called: str, params: Sequence[str]) -> None:
        super().__init__(f"The only valid params for {called} are {list(params)} and {list(PAGING)}")


class BadMicroversion(ServiceError):
    """A version of API v2 that is none; there is one only."""

    name = "BAD_REQUEST"
    has_id = False
    more = {"min_version": MICROVERSION, "max_version": MICROVERSION}

    def __init__(self, version: str) -> None:
        super().__init__(f"API Version String {version} is of invalid format. Must be of format MajorNum.MinorNum.")


class UnsupportedMicroversion(ServiceError):
    status = 406
    name = "NOT_ACCEPTABLE"
    has_id = False
    more = BadMicroversion.more

    def __init__(self, version: str) -> None:
        super().__init__(
            f"Version {version} is not supported by the API. Minimum is {MICROVERSION} and maximum is {MICROVERSION}."
        )


class QuotaExceeded(ServiceError):
    """There is no room for more."""

    name = "QUOTA_ERROR"

    def __init__(self, why: str) -> None:
        super().__init__(f"Quota exceeded: {why}")


class NotFound(ServiceError):
    """Nothing is there by that name. `key` is what it was looked up by, most often its id."""

    status = 404
    name = "NOT_FOUND"

    def __init__(self, **key: Any) -> None:
        super().__init__(f"Object with {key} not found")


class Unauthorized(ServiceError):
    """Nobody whom a strict cloud knows, or nobody in the project of the URL: told as what stands before it does."""

    status = 401
    name = "UNAUTHORIZED"


class Forbidden(ServiceError):
    status = 403
    name = "FORBIDDEN"

    def __init__(self) -> None:
        super().__init__("You are not authorized to complete this action")


class InvalidReference(ServiceError):
    """Something named inside a body is not there, or not fit."""

    name = "INVALID_REFERENCE"


class BadJobBinary(ServiceError):
    name = "BAD_JOB_BINARY"


class DuplicateEntry(ServiceError):
    name = "DB_DUPLICATE_ENTRY"

    def __init__(self, noun: str) -> None:
        super().__init__(f"Duplicate entry for {noun}: ['name', 'tenant_id']")


class UpdateFailed(ServiceError):
    name = "UPDATE_FAILED"


class DeletionFailed(ServiceError):
    name = "DELETION_FAILED"


class CancelingFailed(ServiceError):
    name = "CANCELING_FAILED"

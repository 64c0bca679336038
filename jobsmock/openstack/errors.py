"""What the neighbours refuse: status, title and words. The web ring gives each the shape of the service asked."""


class OpenStackError(Exception):
    status = 400
    title = "Bad Request"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class MalformedRequest(OpenStackError):
    """A body or a query that cannot be. The message says what is missing, and where."""


class OpenStackUnauthorized(OpenStackError):
    """The caller is not told what is wrong with the name, the password, the token or the project; the journal is."""

    status = 401
    title = "Unauthorized"

    def __init__(self, why: str) -> None:
        super().__init__("The request you have made requires authentication.")
        self.why = why


class OpenStackForbidden(OpenStackError):
    status = 403
    title = "Forbidden"

    def __init__(self, action: str) -> None:
        super().__init__(f"You are not authorized to perform the requested action: {action}.")


class OpenStackQuotaExceeded(OpenStackError):
    """There is no room for more; compute and identity call that forbidden."""

    status = 403
    title = "Forbidden"


class OpenStackNotFound(OpenStackError):
    status = 404
    title = "Not Found"


class OpenStackConflict(OpenStackError):
    status = 409
    title = "Conflict"


class RequestTooLarge(OpenStackError):
    status, title = 413, "Request Entity Too Large"

    def __init__(self) -> None:
        super().__init__("The data value transmitted exceeds the capacity limit.")

"""What the neighbours refuse: status, title and words. The web ring gives each the shape of the service asked."""


class Refused(Exception):
    status = 400
    title = "Bad Request"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Malformed(Refused):
    """A body or a query that cannot be. The message says what is missing, and where."""


class Unauthorized(Refused):
    """Nobody is told whether it was the name, the password, the token or the project that is not known."""

    status = 401
    title = "Unauthorized"

    def __init__(self) -> None:
        super().__init__("The request you have made requires authentication.")


class Forbidden(Refused):
    status = 403
    title = "Forbidden"

    def __init__(self, action: str) -> None:
        super().__init__(f"You are not authorized to perform the requested action: {action}.")


class NotFound(Refused):
    status = 404
    title = "Not Found"


class Conflict(Refused):
    status = 409
    title = "Conflict"

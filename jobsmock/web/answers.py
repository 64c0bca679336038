"""The shapes of answers: of what operations return, and of the errors that the service and its web framework tell."""

from typing import Any

import orjson
from flask import Response

from jobsmock.sahara.errors import ServiceError


def answer(content: Any, status: int) -> Response:
    """What an operation has returned: bytes as they are, nothing as nothing, all else as JSON."""
    if isinstance(content, bytes):
        return Response(content, status, mimetype="text/html")
    return json_answer(content, status) if content is not None else Response(b"", status, mimetype="application/json")


def json_answer(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json")


def refusal(error: ServiceError, error_id: str) -> Response:
    """A refusal of the service."""
    content = error_content(error.status, error.message, error.name, error_id)
    return json_answer({**content, **error.more}, error.status)


def error_content(status: int, message: str, name: str | int, error_id: str) -> dict[str, Any]:
    return {"error_code": status, "error_message": f"{message}\nError ID: {error_id}", "error_name": name}


def framework_error(status: int, message: str) -> bytes:
    """What stands before the service tells, of a URL that is none, a method, or bytes that are no request."""
    return orjson.dumps({"error": status, "error_message": message})


def control_error(code: int, message: str) -> bytes:
    """What the control API refuses, in a shape of its own."""
    return orjson.dumps({"error": {"code": code, "message": message[:2000]}})  # it may quote what was given

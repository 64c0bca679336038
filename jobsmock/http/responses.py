"""The shapes of answers: of what operations return, and of the errors that the service and its web framework tell."""

from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import MIMEAccept

from jobsmock.http.links import make_challenge
from jobsmock.sahara.errors import ServiceError, Unauthorized


def make_response(content: Any, status: int) -> Response:
    """What an operation has returned: bytes as they are, nothing as nothing, all else as JSON."""
    if isinstance(content, bytes):
        return Response(content, status, mimetype="text/html")
    return (
        make_json_response(content, status)
        if content is not None
        else Response(b"", status, mimetype="application/json")
    )


def make_json_response(content: Any, status: int) -> Response:
    return Response(orjson.dumps(content), status, mimetype="application/json")


def make_error_response(error: ServiceError, error_id: str) -> Response:
    """A refusal of the service; what stands before it and lets nobody in has a shape of its own."""
    if isinstance(error, Unauthorized):
        response = make_json_response(make_identity_error(error.status, "Unauthorized", error.message), error.status)
        response.headers.update(make_challenge())
        return response
    content = make_error_body(error.status, error.message, error.name, error_id if error.has_id else None)
    return make_json_response({**content, **error.more}, error.status)


def make_error_body(status: int, message: str, name: str | int, error_id: str | None) -> dict[str, Any]:
    if error_id is not None:
        message = f"{message}\nError ID: {error_id}"
    return {"error_code": status, "error_message": message, "error_name": name}


def make_identity_error(status: int, title: str, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "title": title}}


def make_framework_error(status: int, message: str) -> bytes:
    """What stands before the service tells, of a URL that is none, a method, or bytes that are no request."""
    return orjson.dumps({"error": status, "error_message": message})


def make_incorrect_path_response(accept: MIMEAccept) -> Response:
    """What the gatekeeper of the service tells of a path that has fewer than two parts, as the client likes it best."""
    kind = accept.best_match(_INCORRECT_PATH, "text/plain") if accept else "text/plain"
    return Response(_INCORRECT_PATH[kind], 404, content_type=f"{kind}; charset=UTF-8" if kind[:4] == "text" else kind)


_EXPLAINED = "The resource could not be found.<br /><br />\nIncorrect path\n\n"
_INCORRECT_PATH: dict[str, str | bytes] = {
    "text/html": f"<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  "
    f"{_EXPLAINED}\n </body>\n</html>",
    "application/json": orjson.dumps({"message": _EXPLAINED, "code": "404 Not Found", "title": "Not Found"}),
    "text/plain": "404 Not Found\n\nThe resource could not be found.\n\n Incorrect path  ",
}


def make_control_error(code: int, message: str) -> bytes:
    """What the control API refuses, in a shape of its own."""
    return orjson.dumps({"error": {"code": code, "message": message[:2000]}})  # it may quote what was given

"""The bodies and responses of errors, as the service, identity, the web framework and the control API have them."""

from typing import Any

import orjson
from werkzeug.datastructures import MIMEAccept

from jobsmock.http.response import Response, make_json_response
from jobsmock.sahara.errors import ServiceError, Unauthorized


def make_error_response(error: ServiceError, error_id: str, base_url: str) -> Response:
    """An error of the service. The one for callers whom nobody knows comes from the middleware in front of it."""
    if isinstance(error, Unauthorized):
        response = make_json_response(make_identity_error(error.status, "Unauthorized", error.message), error.status)
        response.headers.update(make_challenge(base_url))
        return response
    content = make_error_body(error.status, error.message, error.name, error_id if error.has_id else None)
    return make_json_response({**content, **error.more}, error.status)


def make_error_body(status: int, message: str, name: str | int, error_id: str | None) -> dict[str, Any]:
    if error_id is not None:
        message = f"{message}\nError ID: {error_id}"
    return {"error_code": status, "error_message": message, "error_name": name}


def make_identity_error(status: int, title: str, message: str) -> dict[str, Any]:
    return {"error": {"code": status, "message": message, "title": title}}


def make_challenge(base_url: str) -> dict[str, str]:
    """The header that names the URL to log in at."""
    return {"WWW-Authenticate": f'Keystone uri="{base_url}/identity"'}


def make_framework_error(status: int, message: str) -> bytes:
    """What the service's web framework answers to an unknown URL, a wrong method, or bytes that are not a request."""
    return orjson.dumps({"error": status, "error_message": message})


def make_incorrect_path_response(accept: MIMEAccept) -> tuple[str | bytes, str]:
    """Body and content type for a path of fewer than two parts, in the form that the client accepts best."""
    kind = accept.best_match(_INCORRECT_PATH, "text/plain") if accept else "text/plain"
    return _INCORRECT_PATH[kind], f"{kind}; charset=UTF-8" if kind.startswith("text") else kind


_EXPLANATION = "The resource could not be found.<br /><br />\nIncorrect path\n\n"
_INCORRECT_PATH: dict[str, str | bytes] = {
    "text/html": f"<html>\n <head>\n  <title>404 Not Found</title>\n </head>\n <body>\n  <h1>404 Not Found</h1>\n  "
    f"{_EXPLANATION}\n </body>\n</html>",
    "application/json": orjson.dumps({"message": _EXPLANATION, "code": "404 Not Found", "title": "Not Found"}),
    "text/plain": "404 Not Found\n\nThe resource could not be found.\n\n Incorrect path  ",
}


def make_control_error(code: int, message: str) -> bytes:
    """The body of an error of the control API."""
    return orjson.dumps({"error": {"code": code, "message": message[:2000]}})  # it may quote what was given

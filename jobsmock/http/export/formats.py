"""Entries of the journal in the forms that other tools take: curl lines for a shell, a HAR document for a browser.

The control API calls it. Secrets are masked in both, so that they can be shown to others.
"""

from base64 import b64encode
from collections.abc import Iterable
from http import HTTPStatus
from shlex import quote
from typing import Any

from jobsmock.world.clock import format_time
from jobsmock.world.journal import BODY_BOUND, Entry, explain_entry, render_entry
from jobsmock.world.secrets import mask_body

# --- curl -----------------------------------------------------------------------------------------------------------

_PLAIN = frozenset(range(0x20, 0x7F)) - frozenset(b"%-\\'")  # bytes that mean themselves to printf


def export_curl(entries: Iterable[Entry], base: str) -> str:
    """A line for each entry, to be run by a shell that has a token in OS_TOKEN. `base` is the server's address."""
    return "".join(f"{_format_command(entry, base)}\n" for entry in entries)


def _format_command(entry: Entry, base: str) -> str:
    body = mask_body(entry.body)
    is_piped = bool(body) and not _fits_on_a_line(body)
    words = [
        "curl",
        *_format_method(entry.method),
        *_format_headers(entry),
        *_format_data(body, is_piped),
        *_format_address(entry, base),
    ]
    line = " ".join(words)
    if is_piped:
        line = f"printf {quote(_format_octal(body))} | {line}"
    if entry.body_size > BODY_BOUND:
        line += f"  # only the first {BODY_BOUND} of the body's {entry.body_size} bytes are known"
    return line


def _format_method(method: str) -> list[str]:
    """Told to HEAD with -X, curl would wait for a body that never comes."""
    return ["--head"] if method == "HEAD" else ["-X", quote(method)]


def _format_headers(entry: Entry) -> list[str]:
    """What the service looks at. No content type at all must be said, else curl calls a body a form."""
    words = []
    headers = render_entry(entry)["headers"]
    for name, value in headers.items():
        if name == "x-auth-token":
            words += ["-H", '"X-Auth-Token: $OS_TOKEN"']
        elif name in ("content-type", "prefer", "openstack-api-version") or name.startswith("x-"):
            words += ["-H", quote(f"{name}: {value}" if value else f"{name};")]
    return words + (["-H", "content-type:"] if entry.body and "content-type" not in headers else [])


def _format_data(body: bytes, is_piped: bool) -> list[str]:
    if not body:
        return []
    return ["--data-binary", "@-" if is_piped else quote(body.decode())]


def _format_address(entry: Entry, base: str) -> list[str]:
    """curl takes brackets for patterns, and dots for steps through folders, unless it is told not to."""
    url = base.rstrip("/") + entry.url
    has_dots = {".", ".."} & set(url.partition("?")[0].split("/"))
    words = [*(["--globoff"] if set("[]{}") & set(url) else []), *(["--path-as-is"] if has_dots else [])]
    return [*words, quote(url)]


def _fits_on_a_line(body: bytes) -> bool:
    """Whether a body can be an argument: text without line breaks, and not the name of a file to curl."""
    try:
        return body.decode().isprintable() and not body.startswith(b"@")
    except UnicodeDecodeError:
        return False


def _format_octal(body: bytes) -> str:
    return "".join(chr(byte) if byte in _PLAIN else f"\\{byte:03o}" for byte in body)


# --- HAR ------------------------------------------------------------------------------------------------------------


def export_har(entries: Iterable[Entry], base: str, name: str, version: str) -> dict[str, Any]:
    """An HTTP Archive 1.2, as the network panels of browsers import it; `name` and `version` say who made it."""
    creator = {"name": name, "version": version}
    made = [_make_har_entry(entry, base.rstrip("/")) for entry in entries]
    return {"log": {"version": "1.2", "creator": creator, "pages": [], "entries": made}}


def _make_har_entry(entry: Entry, base: str) -> dict[str, Any]:
    took = round(entry.duration * 1000, 3)
    return {
        "startedDateTime": f"{format_time(entry.moment)}.{int(entry.moment % 1 * 1000):03d}Z",
        "time": took,
        "request": _make_har_request(entry, base),
        "response": _make_har_response(entry),
        "cache": {},
        "timings": {"send": 0, "wait": took, "receive": 0},
        "comment": " ".join(explain_entry(entry)),
    }


def _make_har_request(entry: Entry, base: str) -> dict[str, Any]:
    document = render_entry(entry)
    body_type = entry.request.headers.get("content-type", "")
    posted = {"postData": {"mimeType": body_type, **_make_text(entry.body, "_encoding")}} if entry.body else {}
    return {
        "method": entry.method,
        "url": base + document["url"],
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [_make_pair(name, value) for name, value in document["headers"].items()],
        "queryString": [_make_pair(name, value) for name, values in document["query"].items() for value in values],
        **posted,
        "headersSize": -1,
        "bodySize": entry.body_size,
    }


def _make_har_response(entry: Entry) -> dict[str, Any]:
    headers = render_entry(entry)["answer_headers"]
    return {
        "status": entry.status,
        "statusText": _find_phrase(entry.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": [_make_pair(name, value) for name, value in headers.items()],
        "content": {
            "size": entry.response_size,
            "mimeType": headers.get("content-type", ""),
            **_make_text(entry.response_body, "encoding"),
        },
        "redirectURL": "",
        "headersSize": -1,
        "bodySize": entry.response_size,
    }


def _make_pair(name: str, value: str) -> dict[str, str]:
    return {"name": name, "value": value}


def _make_text(body: bytes, encoding: str) -> dict[str, str]:
    """A body as text, or in base64 if it is none; HAR has a key that says so only for answers."""
    body = mask_body(body)
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"text": b64encode(body).decode(), encoding: "base64"}


def _find_phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""

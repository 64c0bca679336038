"""Sends the steps of a recording and compares the answers with what the real service answered.

A step holds a `request`, the recorded `response`, and perhaps `capture` (names for ids that later steps use),
`unordered` (lists whose order does not count) and `until` (ask again until the body says so). In a recorded body
`<name>` is a captured id, `<uuid>` any other, `<time:T>` a time, `<address>` an instance's address in a URL, `<any>`
anything, `<text>` and `<key>` words of the server's own, and `"..."` stands for further keys.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
_ADDRESS = re.compile(r"(?<=//)\d+\.\d+\.\d+\.\d+(?=:\d)")
_ERROR_ID = re.compile(r"\nError ID: [0-9a-f-]{36}")

KNOWN_IDS = {
    "tenant": "9cd1314a0a31493282b6712b76a8fcda",
    "other_tenant": "11111111111111111111111111111111",
    "active": "811e1134-666f-4c48-bc92-afb5b10c9d8c",
    "error": "811e1134-666f-4c48-bc92-afb5b10c9d8d",
    "vanilla": "811e1134-666f-4c48-bc92-afb5b10c9d8e",
    "spark": "811e1134-666f-4c48-bc92-afb5b10c9d8f",
    "missing": "00000000-0000-4000-8000-000000000000",
}


class Answer(NamedTuple):
    status: int
    content_type: str
    body: bytes


Send = Callable[[str, str, "bytes | None", dict[str, str]], Answer]


def differences(recording: dict[str, Any], send: Send, base: str, patience: int = 40) -> list[str]:
    """What is answered otherwise than recorded, a line each. `send` takes method, path, body and headers."""
    names, found = dict(KNOWN_IDS), []
    for number, step in enumerate(recording["steps"]):
        answer, content = _asked(step, send, names, patience)
        for name, path in step.get("capture", {}).items():
            names[name] = _dig(content, path, f"no {path}")
        for line in _compared(step, answer, content, names, base):
            found.append(f"step {number} {step['request']['method']} {step['request']['path']}: {line}")
    return found


def _asked(step: dict[str, Any], send: Send, names: dict[str, str], patience: int) -> tuple[Answer, Any]:
    """The answer to a step's request; with `until`, the first of `patience` answers that says so."""
    for _ in range(patience):
        answer = send(*_filled(step["request"], names))
        content = _content(answer.body)
        if all(_dig(content, path) == value for path, value in step.get("until", {}).items()):
            break
    return answer, content


def _filled(request: dict[str, Any], names: dict[str, str]) -> tuple[str, str, bytes | None, dict[str, str]]:
    def fill(text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda found: names.get(found[1], found[0]), text)

    headers = {"X-Auth-Token": "token", **{key: fill(value) for key, value in request.get("headers", {}).items()}}
    body = None
    if "json" in request:
        body = fill(json.dumps(request["json"])).encode()
        headers.setdefault("Content-Type", "application/json")
    elif "text" in request:
        body = fill(request["text"]).encode()
    return request["method"], fill(request["path"]), body, headers


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode()


def _dig(content: Any, path: str, default: Any = None) -> Any:
    for key in path.split("."):
        if not isinstance(content, dict) or key not in content:
            return default
        content = content[key]
    return content


# --- comparing ------------------------------------------------------------------------------------------------------


def _compared(step: dict[str, Any], answer: Answer, content: Any, names: dict[str, str], base: str) -> Iterator[str]:
    wanted = step["response"]
    if (answer.status, answer.content_type) != (wanted["status"], wanted["content_type"]):
        yield f"{wanted['status']} {wanted['content_type']} is {answer.status} {answer.content_type}"
    if "json" not in wanted:
        if content != (wanted.get("text") or ""):
            yield f"{wanted.get('text')!r} is {content!r}"
        return
    got = _recorded(content, {id: name for name, id in names.items() if name != "tenant"}, base)
    for path in [*step.get("unordered", []), "plugins"]:
        for side in (wanted["json"], got):
            if isinstance(some := _dig(side, path), list):
                some.sort(key=lambda item: item.get("name", json.dumps(item, sort_keys=True)))
    yield from _unlike(wanted["json"], got, "body")


def _recorded(content: Any, names: dict[str, str], base: str) -> Any:
    """A body written as a recording writes it."""
    if isinstance(content, dict):
        return {key: _recorded(value, names, base) for key, value in content.items()}
    if isinstance(content, list):
        return [_recorded(value, names, base) for value in content]
    if not isinstance(content, str):
        return content
    if _TIME.fullmatch(content):
        return "<time:T>"
    content = _ADDRESS.sub("<address>", _ERROR_ID.sub("", content).replace(base, "<base>"))
    return _UUID.sub(lambda id: f"<{names.get(id[0], 'uuid')}>", content)


def _unlike(wanted: Any, got: Any, at: str) -> Iterator[str]:
    if wanted == "<any>" or (wanted in ("<text>", "<key>") and isinstance(got, str)):
        return
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in wanted.keys() - got.keys() - {"..."}:
            yield f"{at}.{key} is missing"
        for key in got.keys() - wanted.keys() if "..." not in wanted else ():
            yield f"{at}.{key} is not expected"
        for key in wanted.keys() & got.keys():
            yield from _unlike(wanted[key], got[key], f"{at}.{key}")
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, (one, other) in enumerate(zip(wanted, got, strict=True)):
            yield from _unlike(one, other, f"{at}[{number}]")
    elif at.endswith(".error_message") and _loose(wanted) == _loose(got):
        return
    elif wanted != got or type(wanted) is not type(got):
        yield f"{at}: {wanted!r} is {got!r}"


def _loose(message: str) -> list[str]:
    """The lines of a message, and in each the members of a printed list, in any order.

    What uses something is named in the order of ids in the service, which are random.
    """

    def sorted_members(found: re.Match[str]) -> str:
        return found[0][0] + ", ".join(sorted(found[0][1:-1].split(", "))) + found[0][-1]

    def sorted_users(found: re.Match[str]) -> str:
        return ", ".join(sorted(found[0].split(", ")))

    message = re.sub(r"(?<= in use by ).+", sorted_users, message)
    return sorted(re.sub(r"[\[{][^\[\]{}]*[\]}]", sorted_members, line) for line in message.split("\n"))

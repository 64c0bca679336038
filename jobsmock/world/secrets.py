"""Masks secrets for readers of the journal: by the names of headers, parameters and keys, and within texts."""

import re
from typing import Any

import orjson

from jobsmock.world.validation import DEEPEST_BODY, is_deeper

MASK = "***"

_WORDS = r"(?:password|passwd|passphrase|api[-_.]?key|secret(?:[-_.]?key)?|access[-_.]?key|private[-_.]?key|token)"
_NAMES = rf"(?:{_WORDS}|authorization|cookie)"
_SECRET_NAME = re.compile(rf"{_NAMES}$", re.IGNORECASE)
# A string, perhaps without its end; all the rest where a list or an object begins; or a word.
_VALUE = r"""(?:"(?:\\.|[^"\\])*"?|'(?:\\.|[^'\\])*'?|[\[{].*|[^\s,;&}\]]+)"""
_SECRET_IN_TEXT = re.compile(rf"""({_WORDS}["']?\s*[:=]\s*){_VALUE}""", re.IGNORECASE | re.DOTALL)
_IN_ADDRESS = re.compile(r"(\w://[^/\s:@]*:)[^/\s@]+@")  # as in ftp://user:password@host
_SECRET_DIFFERENCE = re.compile(rf"({_NAMES}(?:[.\[].{{0,300}}?)?) is (?!missing$).*", re.IGNORECASE | re.DOTALL)
_MAYBE_SECRET = re.compile(  # a name can be spelled with \u0070, and an address with \/, too
    rf"{_WORDS}|\\u|:\\?/\\?/[^/\s\"]*@".encode(), re.IGNORECASE
)


def is_secret(name: str) -> bool:
    """Whether a header, a parameter or a key holds a secret, by the end of its name."""
    return bool(_SECRET_NAME.search(name))


def mask_data(value: Any) -> Any:
    """A copy of plain data with MASK in place of the values of secret names, and of secrets within texts.

    ValueError if it is nested deeper than any body that is read.
    """
    if is_deeper(value, DEEPEST_BODY):
        raise ValueError("too deep")
    return _mask_value(value)


def _mask_value(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: MASK if is_secret(name) else _mask_value(inner) for name, inner in value.items()}
    if isinstance(value, list):
        before = [None, *value]
        return [MASK if _is_option(one) else _mask_value(inner) for one, inner in zip(before, value, strict=False)]
    return mask_text(value) if isinstance(value, str) else value


def _is_option(value: Any) -> bool:
    """Whether an item of a list is an option whose value, the next item, is secret, such as `--password`."""
    return isinstance(value, str) and value.startswith("-") and is_secret(value)


def mask_text(text: str) -> str:
    """Text with MASK in place of what follows a secret name and a colon or an equals sign, and of users in URLs."""
    return _IN_ADDRESS.sub(rf"\1{MASK}@", _SECRET_IN_TEXT.sub(rf"\1{MASK}", text))


def mask_line(line: str) -> str:
    """A line of `Matcher.list_differences` with secrets masked."""
    return mask_text(_SECRET_DIFFERENCE.sub(rf"\1 is {MASK}, not as wanted", line))


def mask_body(body: bytes) -> bytes:
    """A body as it was sent; written anew with secrets masked if it may hold any."""
    if not _MAYBE_SECRET.search(body):
        return body
    try:
        return orjson.dumps(mask_data(orjson.loads(body)))
    except ValueError:
        return mask_text(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def read_body(body: bytes) -> Any:
    """A body as plain data, or as text if it is not JSON, with secrets masked; None if it is empty."""
    try:
        return mask_data(orjson.loads(body)) if body else None
    except ValueError:
        return mask_text(body.decode("utf-8", "replace"))

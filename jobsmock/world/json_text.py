"""JSON as people's editors write it: with a byte order mark, or in an encoding in which JSON must not be.

Samples, snapshots and what `--save` keeps are read here, and the bodies of the control API: curl sends files there.
"""

from typing import Any

import orjson

_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_BY_ZEROS = {1: "UTF-16", 2: "UTF-16", 3: "UTF-32"}  # among the first four bytes; JSON begins with ASCII


def parse_json(content: bytes) -> Any:
    """The document in UTF-8, with or without a byte order mark. ValueError says what `content` is instead."""
    if encoding := _detect_encoding(content):
        raise ValueError(f"is in {encoding}, but JSON has to be in UTF-8: save it again with the encoding UTF-8")
    text = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(_describe_bad_byte(text) or f"is not JSON: {error}") from None


def _detect_encoding(content: bytes) -> str | None:
    """UTF-16 or UTF-32 in either order, by its mark or by zeros, which JSON never has; None if it is neither."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    return _BY_ZEROS.get(content[:4].count(0))


def _describe_bad_byte(text: bytes) -> str | None:
    """Which byte cannot be, if one cannot."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return f"is not in UTF-8: in line {line} there is the byte 0x{text[error.start]:02x}; save it again as UTF-8"
    return None

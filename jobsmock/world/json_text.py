"""JSON as editors write it: with a byte order mark, or in an encoding that JSON does not allow.

For samples, snapshots, files of `--save`, and bodies of the control API, to which curl sends files.
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
    """Parse JSON in UTF-8, with or without a byte order mark. The message of a ValueError continues "FILE …"."""
    if encoding := _detect_encoding(content):
        raise ValueError(f"is in {encoding}, but JSON has to be in UTF-8: save it again with the encoding UTF-8")
    text = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise ValueError(_describe_bad_byte(text) or f"is not JSON: {error}") from None


def _detect_encoding(content: bytes) -> str | None:
    """UTF-16 or UTF-32, by the byte order mark or by zeros, which JSON never has; None if it is neither."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    return _BY_ZEROS.get(content[:4].count(0))


def _describe_bad_byte(text: bytes) -> str | None:
    """Where the first invalid byte is, if there is one."""
    try:
        text.decode()
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        return f"is not in UTF-8: in line {line} there is the byte 0x{text[error.start]:02x}; save it again as UTF-8"
    return None

"""JSON as editors write it: what is read, and what is refused by its name."""

import contextlib
import json

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.json_text import parse_json

DOCUMENTS = st.dictionaries(st.text(st.characters(codec="utf-8")), st.text(st.characters(codec="utf-8"))) | st.lists(
    st.integers(-1000, 1000)
)


@given(DOCUMENTS, st.sampled_from(["utf-8", "utf-8-sig"]))
def test_utf_8_is_read_with_and_without_a_byte_order_mark(document, encoding):
    assert parse_json(json.dumps(document, ensure_ascii=False).encode(encoding)) == document


@given(DOCUMENTS, st.sampled_from(["utf-16", "utf-32"]), st.sampled_from(["", "-le", "-be"]), st.booleans())
def test_other_encodings_are_refused_by_name(document, encoding, order, has_mark):
    text = json.dumps(document, ensure_ascii=False)
    with pytest.raises(ValueError, match=f"is in {encoding.upper()}, but JSON has to be in UTF-8"):
        parse_json((("\ufeff" if has_mark else "") + text).encode(encoding + order))


def test_a_byte_that_is_no_utf_8_is_told_with_its_line():
    with pytest.raises(ValueError, match="is not in UTF-8: in line 2 there is the byte 0xfc; save it again as UTF-8"):
        parse_json('{"name":\n"gr\u00fc\u00df"}'.encode("latin-1"))


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b"\xef\xbb\xbf", b"{", b"[" * 100_000])
def test_what_is_no_json_is_told_so(content):
    with pytest.raises(ValueError, match="is not JSON"):
        parse_json(content)


@given(st.binary(max_size=20))
def test_anything_else_is_read_as_json_or_refused(content):
    with contextlib.suppress(ValueError):
        orjson.dumps(parse_json(content))

"""Sample files, which TinyDB reads and writes."""

import json

import pytest
from tinydb import TinyDB

from jobsmock.samples.file_format import SampleError, SampleStorage, read_file


def write_sample(tmp_path, content):
    path = tmp_path / "sample.json"
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def test_a_table_can_be_a_list_or_numbered_documents(tmp_path):
    records = [{"name": "a"}, {"name": "b"}]
    as_list = read_file(write_sample(tmp_path, {"jobs": records}))
    as_documents = read_file(write_sample(tmp_path, {"jobs": {"1": records[0], "2": records[1]}}))
    assert as_list == as_documents == ({"jobs": {1: records[0], 2: records[1]}}, {})


def test_a_sample_can_have_single_objects_beside_its_tables(tmp_path):
    path = write_sample(tmp_path, {"simulation": {"plan": "instant"}, "jobs": []})
    assert read_file(path, singles=("simulation",)) == ({"jobs": {}}, {"simulation": {"plan": "instant"}})


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is in UTF-16"),
        (b"[" * 100_000, "is not JSON"),
        ([], "invalid sample: a list: expected an object with a key for each table"),
        ({"jobs": 5}, "jobs: invalid value: a number: expected a list of records, or an object of numbered records"),
        ({"jobs": {"one": {}}}, "jobs: invalid number"),
        ({"jobs": ["x"]}, "jobs, record 1: invalid record: a string: expected an object"),
    ],
)
def test_an_invalid_file_is_refused_with_its_path_and_what_was_expected(tmp_path, content, error):
    path = write_sample(tmp_path, content)
    with pytest.raises(SampleError) as raised:
        read_file(path)
    assert str(raised.value).startswith(f"{path}: {error}")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SampleError, match="cannot be read: No such file"):
        read_file(tmp_path / "missing.json")


def test_a_write_replaces_the_file_and_leaves_no_other(tmp_path):
    path = write_sample(tmp_path, {"jobs": [{"name": "a"}]})
    with TinyDB(path, storage=SampleStorage) as db:
        db.table("jobs").insert({"name": "b"})
    assert read_file(path)[0] == {"jobs": {1: {"name": "a"}, 2: {"name": "b"}}}
    assert [file.name for file in tmp_path.iterdir()] == ["sample.json"]


def test_a_byte_order_mark_is_ignored_and_utf_16_is_refused_by_name(tmp_path):
    assert read_file(write_sample(tmp_path, b'\xef\xbb\xbf{"jobs": []}')) == ({"jobs": {}}, {})
    with pytest.raises(SampleError, match=r"sample\.json: is in UTF-16, but JSON has to be in UTF-8"):
        read_file(write_sample(tmp_path, '{"jobs": []}'.encode("utf-16")))

"""Samples as a whole: files, documents, and the sample that each built-in name stands for."""

import json

import pytest

from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import BUILT_IN, Sample, make_world
from tests.samples.sample_records import BINARY, JOB


def test_a_file_and_a_document_make_the_same_world(tmp_path):
    sample = {"simulation": {"plan": "instant"}, "job_binaries": [BINARY], "jobs": [JOB]}
    path = tmp_path / "sample.json"
    path.write_text(json.dumps(sample))
    worlds = make_world(str(path), seed=1), Sample.from_document(sample, "sample").make_world(seed=1)
    names = [[record["name"] for record in world.tables["jobs"].iterate_all()] for world in worlds]
    assert names == [["j"], ["j"]]
    assert worlds[0].plan == worlds[1].plan


def test_the_error_of_a_file_names_the_file_the_table_the_record_and_the_field(tmp_path):
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"jobs": [JOB | {"type": "Pigg"}]}))
    with pytest.raises(SampleError) as error:
        make_world(str(path))
    assert str(error.value).startswith(f"{path}: jobs, record 1 (j): type: 'Pigg' is not one of [")
    assert "\n" not in str(error.value)


def test_an_unknown_name_is_refused_with_the_known_ones():
    with pytest.raises(SampleError, match=f"dmeo: unknown sample: expected one of {', '.join(BUILT_IN)}, or a file"):
        make_world("dmeo")


def test_an_unknown_table_is_refused_with_the_nearest_one(error_of):
    assert error_of({"jbos": []}) == "sample: unknown table 'jbos': did you mean jobs?"

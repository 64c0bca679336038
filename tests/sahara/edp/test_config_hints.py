"""Config hints, which depend on the job type, and for a plugin also on its engine and version."""

import pytest

from jobsmock.sahara.edp.config_hints import list_engine_hints, list_hints
from jobsmock.sahara.edp.job_type_table import JOB_TYPES


@pytest.mark.parametrize("job_type", JOB_TYPES)
def test_hints_have_the_keys_of_the_job_type(job_type):
    job_config = list_hints(job_type)["job_config"]
    assert tuple(job_config) == ("configs", *JOB_TYPES[job_type].hint_keys)
    assert all(config.keys() == {"name", "value", "description"} for config in job_config["configs"])


def test_hints_of_vanilla_depend_on_its_version():
    hints = [list_engine_hints("oozie", "Pig", version) for version in ("2.7.1", "2.7.5", "2.8.2")]
    assert hints[0] != hints[1] != hints[2] != list_hints("Pig")


def test_the_fake_engine_has_no_hints():
    assert list_engine_hints("fake", "Pig", "0.1") is None


def test_spark_has_an_object_of_configs_for_shell_and_a_list_for_others():
    assert list_engine_hints("spark", "Shell", "2.3") == {"job_config": {"configs": {}, "args": [], "params": {}}}
    assert list_engine_hints("spark", "Spark", "2.3") == list_hints("Spark")

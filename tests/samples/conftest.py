"""Fixtures: what a client sees of a sample, and why a sample is refused."""

import pytest

from jobsmock.http.app import create_app
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import Sample


@pytest.fixture
def client_of():
    """Makes a test client for a world with this sample."""

    def make(sample):
        return create_app(Sample.from_document(sample, "sample").make_world()).test_client()

    return make


@pytest.fixture
def error_of():
    """Returns the message of the SampleError for this sample."""

    def find(sample):
        with pytest.raises(SampleError) as error:
            Sample.from_document(sample, "sample").make_world()
        return str(error.value)

    return find

"""A cloud that the tests of a module share, and time that others have frozen."""

import pytest
from freezegun import freeze_time


@pytest.fixture(scope="module")
def cloud(jobsmock_factory):
    with jobsmock_factory(sample="empty", plan="instant") as cloud:
        yield cloud


@pytest.mark.parametrize("number", range(3))
def test_all_of_them_see_one_cloud(cloud, number):
    before = len(cloud.journal)
    cloud.client().jobs.list()
    assert len(cloud.journal) == before + 1


@freeze_time("2026-12-01 08:00:00")
def test_a_world_has_the_time_of_the_test(jobsmock):
    assert jobsmock.clock.time == "2026-12-01T08:00:00"
    jobsmock.clock.advance("10m")
    assert jobsmock.clock.time == "2026-12-01T08:10:00"

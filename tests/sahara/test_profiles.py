"""The profiles in data/profiles.json. tests/golden/test_timelines.py shows what each of them leads to."""

import pytest

from jobsmock.sahara.clusters.cluster_plans import PURPOSES, parse_cluster_plan
from jobsmock.sahara.edp.execution_lifecycle import ENDS, STATUSES, parse_execution_plan
from jobsmock.sahara.profiles import PROFILES
from jobsmock.world.plan import parse_plan


@pytest.mark.parametrize("profile", PROFILES["execution"])
def test_every_profile_of_executions_is_a_plan(profile):
    assert parse_execution_plan(profile) == parse_plan(PROFILES["execution"][profile], STATUSES, ENDS)


@pytest.mark.parametrize("purpose", PURPOSES)
def test_every_profile_of_clusters_is_a_plan(purpose):
    statuses, ends, _ = PURPOSES[purpose]
    for profile, text in PROFILES[purpose].items():
        assert parse_cluster_plan(purpose, profile) == parse_plan(text, statuses, ends), profile


def test_a_profile_has_a_plan_for_executions_and_for_each_purpose():
    assert PROFILES.keys() == {"execution", *PURPOSES}
    assert len({frozenset(profiles) for profiles in PROFILES.values()}) == 1

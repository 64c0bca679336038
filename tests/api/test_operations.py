"""The names of operations, which follow from the routes."""

import pytest

from jobsmock.api.operations import NAMES, OPERATIONS, ROUTES, check_plan
from jobsmock.world.plan import PlanError
from jobsmock.world.rules.matcher import Matcher


def test_what_v2_calls_a_job_template_is_a_job():
    assert Matcher.parse({"operation": "job-templates.list"}, NAMES).operations == {"jobs.list"}
    jobs = {name for name in OPERATIONS if name.startswith("jobs.")}
    assert Matcher.parse({"operation": "job-templates.*"}, NAMES).operations == jobs


def test_the_operations_that_take_a_plan_can_parse_one():
    assert all(bool(route.parse_plan) == ("requested_plan" in route.inputs) for route in ROUTES)


def test_a_plan_has_to_fit_one_of_the_operations():
    check_plan("RUNNING 1s > SUCCEEDED", {"jobs.execute", "clusters.create"})
    with pytest.raises(PlanError, match="unknown status 'RUNNING'"):
        check_plan("RUNNING 1s > SUCCEEDED", {"clusters.create"})


def test_a_plan_for_all_operations_has_to_fit_any_that_follows_plans():
    check_plan("Deleting 1s > Gone", None)
    with pytest.raises(PlanError):
        check_plan("Walking 1s > Home", None)

"""Tables that are kept in two places, held against each other: of operations, plans, and the records of a sample."""

from jobsmock.http import v1_1, v2
from jobsmock.http.openstack_routes import ROUTES
from jobsmock.openstack import operations as neighbours
from jobsmock.sahara.operations import NAMES, OPERATIONS
from jobsmock.sahara.rule_plans import READERS
from jobsmock.samples import loading, openstack_schemas, schemas
from jobsmock.samples import openstack_tables as neighbour_tables
from jobsmock.world.rules.matcher import Matcher


def test_every_row_of_the_tables_of_urls_has_a_name_and_every_name_a_row():
    assert {row.name for row in (*v1_1.ROUTES, *v2.ROUTES)} == set(OPERATIONS)


def test_the_same_holds_of_the_neighbours():
    assert {row.name for rows in ROUTES.values() for row in rows} == set(neighbours.OPERATIONS)
    assert not set(neighbours.OPERATIONS) & set(OPERATIONS)


def test_what_v2_calls_a_job_template_is_a_job():
    assert Matcher.parse({"operation": "job-templates.list"}, NAMES).operations == {"jobs.list"}
    jobs = {name for name in OPERATIONS if name.startswith("jobs.")}
    assert Matcher.parse({"operation": "job-templates.*"}, NAMES).operations == jobs


def test_a_rule_may_give_a_plan_to_just_the_operations_that_take_one():
    assert {row.name for row in (*v1_1.ROUTES, *v2.ROUTES) if "wished" in row.takes} == READERS.keys()


def test_every_table_of_a_sample_has_a_schema_for_its_records():
    assert set(loading.TABLES) == schemas.SCHEMAS.keys()
    assert neighbour_tables.TABLES.keys() == openstack_schemas.SCHEMAS.keys()

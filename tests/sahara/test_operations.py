"""The names of operations, held against the tables of URLs."""

from jobsmock.sahara.operations import NAMES, OPERATIONS
from jobsmock.web import v2, v11
from jobsmock.world.matching import When


def test_every_row_of_the_tables_of_urls_has_a_name_and_every_name_a_row():
    assert {row.name for row in (*v11.ROWS, *v2.ROWS)} == set(OPERATIONS)


def test_what_v2_calls_a_job_template_is_a_job():
    assert When.parse({"operation": "job-templates.list"}, NAMES).operations == {"jobs.list"}
    jobs = {name for name in OPERATIONS if name.startswith("jobs.")}
    assert When.parse({"operation": "job-templates.*"}, NAMES).operations == jobs

"""Tables that are kept in two places, held against each other: the records of a sample."""

from jobsmock.samples import loading, openstack_schemas, schemas
from jobsmock.samples import openstack_tables as neighbour_tables


def test_every_table_of_a_sample_has_a_schema_for_its_records():
    assert set(loading.TABLES) == schemas.SCHEMAS.keys()
    assert neighbour_tables.TABLES.keys() == openstack_schemas.SCHEMAS.keys()

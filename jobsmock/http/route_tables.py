"""The tables of the service's own URLs, one for each API. openstack_routes.py has the others."""

from jobsmock.http import v1_0, v1_1, v2

TABLES = (v1_1, v1_0, v2)
ROUTES = [row for table in TABLES for row in table.ROUTES]

"""The tables of the service's own URLs, one for each API, with and without a project. neighbours.py has the others."""

from jobsmock.web import v2, v10, v11

TABLES = (v11, v10, v2)
ROWS = [row for table in TABLES for row in table.ROWS]

"""The tables of the service's own URLs, one for each API. Those of its neighbours are in neighbours.py."""

from jobsmock.web import v2, v11

TABLES = (v11, v2)
ROWS = [row for table in TABLES for row in table.ROWS]

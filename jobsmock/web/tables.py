"""The tables of URLs, one for each API that is served."""

from jobsmock.web import v2, v11

TABLES = (v11, v2)
ROWS = [row for table in TABLES for row in table.ROWS]

"""The tables of URLs, one for each API that is served."""

from jobsmock.web import v11

TABLES = (v11,)
ROWS = [row for table in TABLES for row in table.ROWS]

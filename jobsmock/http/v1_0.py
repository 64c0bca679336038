"""The URLs of API v1.0: clusters and what they are made of, as in v1.1, which added what has to do with jobs."""

from jobsmock.http import v1_1
from jobsmock.http.sahara_views import view_of

__all__ = ["PREFIX", "ROUTES", "view_of"]

PREFIX = "/v1.0"

_NOUNS = ("clusters", "cluster-templates", "node-group-templates", "plugins", "images")

ROUTES = tuple(row for row in v1_1.ROUTES if row.name.partition(".")[0] in _NOUNS)

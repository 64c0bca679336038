"""The routes of API v1.0: clusters and what they are made of. What has to do with jobs came with v1.1."""

from jobsmock.api import v1_1
from jobsmock.api.routes import DATA_PROCESSING, RouteTable

_RESOURCES = ("clusters", "cluster-templates", "node-group-templates", "plugins", "images")

TABLE = RouteTable(
    DATA_PROCESSING,
    "v1.0",
    ("/v1.0/<tenant_id>", "/v1.0"),
    tuple(route for route in v1_1.ROUTES if route.name.partition(".")[0] in _RESOURCES),
)

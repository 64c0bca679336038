"""All operations, by the names that rules and the journal have for them."""

from collections.abc import Collection

from jobsmock.api import openstack, v1_0, v1_1, v2
from jobsmock.world.plan import PlanError

TABLES = (v1_1.TABLE, v1_0.TABLE, v2.TABLE, *openstack.TABLES)
ROUTES = tuple(route for table in TABLES for route in table.routes)
OPERATIONS = tuple(dict.fromkeys(route.name for route in ROUTES))

# The names that a rule may use, and the operation that each means. What API v2 calls a job template is a job; what it
# calls a job is still `job-executions` here, as one name cannot mean both.
NAMES = {name: name for name in OPERATIONS} | {
    name.replace("jobs.", "job-templates."): name for name in OPERATIONS if name.startswith("jobs.")
}

_PLAN_PARSERS = {route.name: route.parse_plan for route in ROUTES if route.parse_plan}


def check_plan(text: str, operations: Collection[str] | None) -> None:
    """Raise PlanError if the plan fits none of these operations. None means all operations that follow plans."""
    parsers = [parse for name, parse in _PLAN_PARSERS.items() if operations is None or name in operations]
    errors = []
    for parse in parsers or _PLAN_PARSERS.values():
        try:
            parse(text)
        except PlanError as error:
            errors.append(error)
        else:
            return
    raise errors[0]

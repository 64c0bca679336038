"""The schema of the `simulation` settings of a sample, and the validation of its records. Used by sample.py."""

import difflib
from functools import partial
from typing import Any

from jobsmock.sahara.clusters.cluster_plans import parse_cluster_plan
from jobsmock.sahara.clusters.creation import SampleCluster
from jobsmock.sahara.edp.execution_lifecycle import parse_execution_plan
from jobsmock.sahara.errors import InvalidBody
from jobsmock.sahara.filters import CHOICES
from jobsmock.sahara.sample_fields import PlanField
from jobsmock.sahara.validation import AnyObject, Array, Body, CheckedField, Text, validate


class PlansField(CheckedField):
    """A plan for each pattern of job names."""

    types = ("object",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        field = PlanField(parse_execution_plan)
        return {pattern: faults for pattern, text in value.items() if (faults := field.faults(text))}


class SimulationSettings(Body):
    plan = PlanField(parse_execution_plan)
    cluster_plan = PlanField(partial(parse_cluster_plan, "create"))
    cancel_plan = PlanField(parse_execution_plan)
    job_plans = PlansField()
    filters = Text(one_of=CHOICES)
    rules = Array(AnyObject())
    state = AnyObject()


SIMULATION = SimulationSettings()


def find_first_fault(schema: Body, record: Any) -> str | None:
    """Return the first fault of a record in one line, or None. For an unknown key, it suggests the nearest one."""
    try:
        validate(schema, record)
    except InvalidBody as error:
        line = error.message.split("\n")[0]
        return line + _suggest(schema, record, line)
    if "plan" in record and "status" in record and isinstance(schema, SampleCluster):
        return "plan: given together with a status, which a cluster would keep: expected only one of them"
    if "plan" in record and "info" in record:
        return "plan: given together with an info, which an execution would keep: expected only one of them"
    return None


def _suggest(schema: Body, record: Any, line: str) -> str:
    if "is not a 'valid_name_hostname'" in line:
        return ": expected letters, digits and '-', starting with a letter"
    if "is not a 'valid_name'" in line:
        return ": expected letters, digits and '-_.', starting with a letter or digit"
    unknown_keys = [key for key in record if key not in schema.fields]
    if not unknown_keys or "unexpected" not in line:
        return ""
    nearest = difflib.get_close_matches(unknown_keys[0], schema.fields, 1)
    return f": did you mean {nearest[0]!r}?" if nearest else ""

"""The settings of a sample, and what is wrong with a record of one."""

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
    """A plan for each pattern of names."""

    types = ("object",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        plan = PlanField(parse_execution_plan)
        return {pattern: faults for pattern, text in value.items() if (faults := plan.faults(text))}


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
    """What is wrong with a record, in one line, or None; an unknown key comes with the nearest known one."""
    try:
        validate(schema, record)
    except InvalidBody as error:
        line = error.message.split("\n")[0]
        return line + _suggest(schema, record, line)
    if "plan" in record and "status" in record and isinstance(schema, SampleCluster):
        return "plan: a cluster that has a status stays in it and follows none; leave one of the two out"
    if "plan" in record and "info" in record:
        return "plan: an execution that has an info is over and follows none; leave one of the two out"
    return None


def _suggest(schema: Body, record: Any, line: str) -> str:
    if "is not a 'valid_name_hostname'" in line:
        return "; it is letters, digits and '-', and begins with a letter"
    if "is not a 'valid_name'" in line:
        return "; it is letters, digits and '-_.', and begins with a letter or digit"
    unknown = [key for key in record if key not in schema.fields]
    near = difflib.get_close_matches(unknown[0], schema.fields, 1) if unknown and "unexpected" in line else []
    return f": did you mean {near[0]!r}?" if near else ""

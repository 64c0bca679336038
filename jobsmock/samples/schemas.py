"""What the records of a sample may say, table by table: more than a client may send, and with most of it left out."""

import difflib
from collections.abc import Callable
from functools import partial
from typing import Any

from jobsmock.sahara import validation
from jobsmock.sahara.clusters import cluster_plans, images
from jobsmock.sahara.edp import data_sources, execution_lifecycle, interface
from jobsmock.sahara.edp.job_executions import JobConfigs
from jobsmock.sahara.edp.job_type_table import JOB_TYPES
from jobsmock.sahara.errors import InvalidBody
from jobsmock.sahara.filters import CHOICES
from jobsmock.sahara.validation import (
    AnyObject,
    Array,
    Body,
    CheckedField,
    Flag,
    Integer,
    Object,
    SimpleConfig,
    Text,
    validate,
)
from jobsmock.world import plan
from jobsmock.world.clock import Clock, resolve_time
from jobsmock.world.plan import PlanError


class SampleTime(Text):
    """A time, absolute or relative to the start of the world."""

    def wrong(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return super().wrong(value)
        try:
            Clock().set(resolve_time(value, Clock().now()))
        except ValueError as error:
            return [str(error) if "is no time" in str(error) else f"{value!r} is further away than dates go"]
        return []


class SampleSize(CheckedField):
    types = ("integer",)

    def wrong(self, value: Any) -> list[str]:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return [] if whole and 0 <= value <= 5120 * 1024 else [f"{value!r} is no number of bytes up to 5 MiB"]


class SnapshotTime(CheckedField):
    """A moment as a snapshot keeps it."""

    types = ("number",)

    def wrong(self, value: Any) -> list[str]:
        return [] if isinstance(value, (int, float)) and not isinstance(value, bool) else self.not_of_type(value)


class ExecutionPlanField(Text):
    """A plan of an execution, or the name of a profile."""

    read: Callable[[str], plan.Plan] = staticmethod(execution_lifecycle.parse_execution_plan)

    def wrong(self, value: Any) -> list[str]:
        if not isinstance(value, str):
            return super().wrong(value)
        try:
            self.read(value)
        except PlanError as error:
            return [str(error)]
        return []


class ClusterPlanField(ExecutionPlanField):
    """A plan by which a cluster comes up, or the name of a profile."""

    read = staticmethod(partial(cluster_plans.parse_cluster_plan, "create"))


class PlansField(ExecutionPlanField):
    """A plan for each pattern of names."""

    types = ("object",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        return {pattern: faults for pattern, text in value.items() if (faults := ExecutionPlanField().faults(text))}


class IdField(Text):
    """An id that can stand in a URL."""

    def wrong(self, value: Any) -> list[str]:
        if isinstance(value, str) and ("/" in value or value.endswith(".json") or not value):
            return [f"{value!r} cannot stand in a URL; an id is not empty, holds no '/' and does not end in '.json'"]
        return super().wrong(value)


class SampleRecord(Body):
    id = IdField()
    tenant_id = Text(shortest=1, null=True)
    name = validation.name_field(required=True)
    description = Text(null=True)
    created_at = SampleTime()
    updated_at = SampleTime(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)
    replay = Flag()


class PluginRecord(SampleRecord):
    class Meta:
        unknown = "include"  # the service's own have more to them

    title = Text()
    versions = Array(Text(shortest=1))
    job_types = Array(Text(one_of=JOB_TYPES))
    node_processes = AnyObject()


class ImageRecord(SampleRecord):
    class Meta:
        unknown = "include"  # the image service may know more of it

    tenant_id = Text(null=True)  # in a snapshot, empty for one that was changed
    username = Text()
    description = Text()
    tags = Array(images.tag_field())
    status = Text()
    minDisk = Integer(least=0)
    minRam = Integer(least=0)
    progress = Integer(least=0)
    created = Text()
    updated = Text()


class InternalRecord(SampleRecord):
    data = Text()
    data_base64 = Text()
    datasize = SampleSize()


class BinaryRecord(SampleRecord):
    url = Text(shortest=1, required=True)
    extra = SimpleConfig()
    data = Text()


class DataSourceRecord(SampleRecord):
    type = Text(one_of=data_sources.TYPES, required=True)
    url = Text(shortest=1, required=True)
    credentials = AnyObject()


class NodeGroupRecord(Body):
    class Meta:
        unknown = "include"

    name = validation.hostname_field(required=True)
    node_processes = Array(Text())
    count = Integer(least=0)
    flavor_id = Text()


class NodeGroupTemplateRecord(SampleRecord):
    class Meta:
        unknown = "include"  # as a cluster

    name = validation.hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    flavor_id = Text()
    node_processes = Array(Text(), shortest=1, required=True)


class ClusterTemplateRecord(SampleRecord):
    class Meta:
        unknown = "include"

    name = validation.hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    node_groups = Array(Object(NodeGroupRecord))


class ClusterRecord(SampleRecord):
    class Meta:
        unknown = "include"  # a cluster has many more keys, and a snapshot of one holds them all

    name = validation.hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    status = Text(shortest=1)
    plan = ClusterPlanField()
    node_groups = Array(Object(NodeGroupRecord))


class ArgumentRecord(interface.Argument):
    id = IdField()
    order = Integer(least=0)


class JobRecord(SampleRecord):
    type = Text(one_of=JOB_TYPES, required=True)
    mains = Array(Text(shortest=1), unique=True)
    libs = Array(Text(shortest=1), unique=True)
    interface = Array(Object(ArgumentRecord), null=True)
    plan = ExecutionPlanField()


class InfoRecord(Body):
    class Meta:
        unknown = "include"

    status = Text(one_of=execution_lifecycle.STATUSES, required=True)


class ExecutionRecord(SampleRecord):
    name = validation.name_field()
    job_id = Text(shortest=1, required=True)
    cluster_id = Text(shortest=1, required=True)
    input_id = Text(shortest=1, null=True)
    output_id = Text(shortest=1, null=True)
    job_configs = Object(JobConfigs)
    plan = ExecutionPlanField()
    info = Object(InfoRecord)
    start_time = SampleTime(null=True)
    end_time = SampleTime(null=True)
    oozie_job_id = Text(null=True)
    data_source_urls = AnyObject(null=True)
    return_code = Text(null=True)
    engine = Text()
    engine_job_id = Text(null=True)
    run = AnyObject()
    ended = SnapshotTime()


class SimulationSettings(Body):
    plan = ExecutionPlanField()
    cluster_plan = ClusterPlanField()
    cancel_plan = ExecutionPlanField()
    job_plans = PlansField()
    filters = Text(one_of=CHOICES)
    rules = Array(AnyObject())
    state = AnyObject()


SIMULATION = SimulationSettings()
SCHEMAS: dict[str, Body] = {
    "plugins": PluginRecord(),
    "images": ImageRecord(),
    "job_binary_internals": InternalRecord(),
    "job_binaries": BinaryRecord(),
    "data_sources": DataSourceRecord(),
    "node_group_templates": NodeGroupTemplateRecord(),
    "cluster_templates": ClusterTemplateRecord(),
    "clusters": ClusterRecord(),
    "jobs": JobRecord(),
    "job_executions": ExecutionRecord(),
}


def find_first_fault(schema: Body, record: Any) -> str | None:
    """What is wrong with a record, in one line, or None; an unknown key comes with the nearest known one."""
    try:
        validate(schema, record)
    except InvalidBody as error:
        line = error.message.split("\n")[0]
        return line + _suggest(schema, record, line)
    if "plan" in record and "status" in record and schema is SCHEMAS["clusters"]:
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
    return f"; did you mean {near[0]!r}?" if near else ""

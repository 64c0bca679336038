"""The schemas of node groups and their templates, in requests and in samples."""

import re
from typing import Any

from jobsmock.sahara.sample_fields import SampleRecord
from jobsmock.sahara.validation import (
    AnyOf,
    Array,
    Body,
    CheckedField,
    Configs,
    Flag,
    Integer,
    Object,
    Text,
    hostname_field,
    id_field,
    is_uuid,
)

_PATH = re.compile(r"(/[a-zA-Z0-9_\-]+)+$")


class FlavorId(CheckedField):
    """The id of a flavor: a whole number, also as text, or a UUID."""

    types = ("flavor",)

    def wrong(self, value: Any) -> list[str]:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return [] if whole or (isinstance(value, str) and _is_flavor(value)) else self.not_of_type(value)


def _is_flavor(text: str) -> bool:
    try:
        int(text)
    except ValueError:
        return is_uuid(text)
    return True


class Share(Body):
    id = id_field(required=True)
    path = Text(null=True)
    access_level = Text(one_of=("rw", "ro"), null=True)


class Properties(Body):
    """What a group and its template have in common."""

    flavor_id = FlavorId()
    image_id = id_field(null=True)
    node_processes = Array(Text(), shortest=1)
    node_configs = Configs(null=True)
    volumes_per_node = Integer(least=0)
    volumes_size = Integer(least=1, null=True)
    volume_type = Text(null=True)
    volumes_availability_zone = Text(null=True)
    volume_mount_prefix = Text(form=_PATH.match, form_name="posix_path", null=True)
    description = Text(null=True)
    floating_ip_pool = Text(null=True)
    security_groups = Array(Text(), null=True)
    auto_security_group = Flag(null=True)
    availability_zone = Text(null=True)
    is_proxy_gateway = Flag(null=True)
    volume_local_to_instance = Flag(null=True)
    shares = Array(Object(Share))
    use_autoconfig = Flag(null=True)
    is_public = Flag(null=True)
    is_protected = Flag(null=True)


class _Plain(Properties):
    name = hostname_field(required=True)
    count = Integer(required=True)
    flavor_id = FlavorId(required=True)
    node_processes = Array(Text(), shortest=1, required=True)
    node_group_template_id = id_field()


class _FromTemplate(Properties):
    name = hostname_field(required=True)
    count = Integer(required=True)
    node_group_template_id = id_field(required=True)


def node_group_field() -> CheckedField:
    """The field for a group in a body: complete, or by its template and what differs from it."""
    return AnyOf(Object(_Plain), Object(_FromTemplate))


class SampleNodeGroup(Body):
    class Meta:
        unknown = "include"

    name = hostname_field(required=True)
    node_processes = Array(Text())
    count = Integer(least=0)
    flavor_id = Text()


class SampleNodeGroupTemplate(SampleRecord):
    class Meta:
        unknown = "include"  # as a cluster

    name = hostname_field(required=True)
    plugin_name = Text(shortest=1, required=True)
    hadoop_version = Text(shortest=1, required=True)
    flavor_id = Text()
    node_processes = Array(Text(), shortest=1, required=True)

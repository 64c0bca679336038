"""The schemas of the records in a sample that belong to the other OpenStack services.

They are here and not in `openstack/`, which does not depend on marshmallow. openstack_tables.py assigns them to tables.
"""

from typing import Any

from jobsmock.sahara.sample_fields import IdField, SampleTime
from jobsmock.sahara.validation import Array, Body, CheckedField, Flag, Integer, Text


class RolesField(CheckedField):
    """A list of roles for each project."""

    types = ("object",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        field = Array(Text(shortest=1, longest=255), unique=True)
        return {project: faults for project, roles in value.items() if (faults := field.faults(roles))}


class SampleNamed(Body):
    id = IdField()
    tenant_id = Text(null=True)
    name = Text(shortest=1, longest=255, required=True)
    description = Text()


class SampleProject(SampleNamed):
    domain = Text(shortest=1, longest=255)
    listed = Flag()
    called = Text()


class SampleUser(SampleProject):
    password = Text(null=True)
    email = Text(null=True)
    roles = RolesField()


class SampleCredential(SampleNamed):
    secret = Text(shortest=1, longest=255, required=True)
    user = Text(shortest=1, longest=255, required=True)
    project = Text(shortest=1, longest=255, required=True)
    roles = Array(Text(shortest=1), null=True)
    expires_at = SampleTime(null=True)
    unrestricted = Flag()


class SampleFlavor(SampleNamed):
    vcpus = Integer(least=0)
    ram = Integer(least=0)
    disk = Integer(least=0)
    is_public = Flag()


class SampleKeypair(SampleNamed):
    public_key = Text(shortest=1)


class SampleNetwork(SampleNamed):
    external = Flag()
    cidr = Text(shortest=1)

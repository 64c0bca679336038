"""What the records of a sample may say of the service's neighbours: users and projects, flavors, keypairs, networks."""

from typing import Any

from jobsmock.openstack import compute, network
from jobsmock.openstack.identity import application_credentials, projects, users
from jobsmock.sahara.validation import Array, Body, Flag, Integer, Text, Value
from jobsmock.samples.schemas import Id, Moment


class Roles(Value):
    """Lists of roles by projects."""

    types = ("object",)

    def wrong(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return self.not_of_type(value)
        each = Array(Text(shortest=1, longest=255), unique=True)
        return {project: faults for project, roles in value.items() if (faults := each.faults(roles))}


class Named(Body):
    id = Id()
    tenant_id = Text(null=True)
    name = Text(shortest=1, longest=255, required=True)
    description = Text()


class Project(Named):
    domain = Text(shortest=1, longest=255)
    listed = Flag()
    called = Text()


class User(Project):
    password = Text(null=True)
    email = Text(null=True)
    roles = Roles()


class Credential(Named):
    secret = Text(shortest=1, longest=255, required=True)
    user = Text(shortest=1, longest=255, required=True)
    project = Text(shortest=1, longest=255, required=True)
    roles = Array(Text(shortest=1), null=True)
    expires_at = Moment(null=True)
    unrestricted = Flag()


class Flavor(Named):
    vcpus = Integer(least=0)
    ram = Integer(least=0)
    disk = Integer(least=0)
    is_public = Flag()


class Keypair(Named):
    public_key = Text(shortest=1)


class Network(Named):
    external = Flag()
    cidr = Text(shortest=1)


SCHEMAS: dict[str, Body] = {
    projects.TABLE: Project(),
    users.TABLE: User(),
    application_credentials.TABLE: Credential(),
    compute.FLAVORS: Flavor(),
    compute.KEYPAIRS: Keypair(),
    network.TABLE: Network(),
}

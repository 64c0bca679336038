"""The names of what neighbours are asked, resource and verb, as rules and the journal have them.

`cloud-images` are those of the image service; `images` are the service's own registry of them.
"""

OPERATIONS = (
    "tokens.create", "tokens.show", "tokens.delete", "catalogue.show",
    "projects.list", "projects.show", "own-projects.list", "own-domains.list", "own-systems.list",
    "users.list", "users.show", "users.projects", "users.groups",
    "application-credentials.list", "application-credentials.show", "application-credentials.create",
    "application-credentials.delete",
    "domains.list", "domains.show", "roles.list", "roles.show", "role-assignments.list",
    "regions.list", "regions.show", "services.list", "services.show", "endpoints.list", "endpoints.show",
    "flavors.list", "flavors.show", "flavors.extra-specs", "keypairs.list", "keypairs.show",
    "keypairs.create", "keypairs.delete", "limits.show", "availability-zones.list",
    "servers.list", "server-security-groups.list", "usage.show", "extensions.list",
    "cloud-images.list", "cloud-images.show", "cloud-images.schema",
    "networks.list", "networks.show", "subnets.list", "subnets.show", "floating-ips.list", "security-groups.list",
    "ports.list", "routers.list", "network-extensions.list",
)  # fmt: skip

"""The URLs of identity, compute, image and network: a row for each operation.

A row's operation is a function of `jobsmock/openstack`. The identity service answers at `/identity/v3` and at `/v3`.
"""

from flask import Flask, Response

from jobsmock.http import versions
from jobsmock.http.openstack_views import refusal, view_of
from jobsmock.http.routes import Row
from jobsmock.openstack import compute, image, network
from jobsmock.openstack.cloud_request import nothing
from jobsmock.openstack.identity import application_credentials as credentials
from jobsmock.openstack.identity import authentication, catalog, projects, roles, users

IDENTITY, COMPUTE, IMAGE, NETWORK = "identity", "compute", "image", "network"
PREFIXES = {
    IDENTITY: ("/v3", "/identity/v3"),
    COMPUTE: ("/compute/v2.1",),
    IMAGE: ("/image/v2",),
    NETWORK: ("/network/v2.0",),
}


ROWS: dict[str, tuple[Row, ...]] = {
    IDENTITY: (
        Row("tokens.create", "POST", "/auth/tokens", authentication.create, status=201, open_to="all"),
        Row("tokens.show", "GET", "/auth/tokens", authentication.show),
        Row("tokens.delete", "DELETE", "/auth/tokens", authentication.delete, status=204),
        Row("catalogue.show", "GET", "/auth/catalog", authentication.show_catalogue),
        Row("own-projects.list", "GET", "/auth/projects", users.index_own_projects),
        Row("own-domains.list", "GET", "/auth/domains", users.index_own_domains),
        Row("own-systems.list", "GET", "/auth/system", nothing("system")),
        Row("projects.list", "GET", "/projects", projects.index, open_to="admin"),
        Row("projects.show", "GET", "/projects/<id>", projects.show),
        Row("users.list", "GET", "/users", users.index, open_to="admin"),
        Row("users.show", "GET", "/users/<user>", users.show, open_to="user"),
        Row("users.projects", "GET", "/users/<user>/projects", users.index_projects, open_to="user"),
        Row("users.groups", "GET", "/users/<user>/groups", users.index_groups, open_to="user"),
        Row(
            "application-credentials.list", "GET", "/users/<user>/application_credentials", credentials.index,
            open_to="user",
        ),
        Row(
            "application-credentials.create", "POST", "/users/<user>/application_credentials", credentials.create,
            status=201, open_to="user",
        ),
        Row(
            "application-credentials.show", "GET", "/users/<user>/application_credentials/<id>", credentials.show,
            open_to="user",
        ),
        Row(
            "application-credentials.delete", "DELETE", "/users/<user>/application_credentials/<id>",
            credentials.delete, status=204, open_to="user",
        ),
        Row("domains.list", "GET", "/domains", projects.index_domains, open_to="admin"),
        Row("domains.show", "GET", "/domains/<id>", projects.show_domain),
        Row("roles.list", "GET", "/roles", roles.index, open_to="admin"),
        Row("roles.show", "GET", "/roles/<id>", roles.show, open_to="admin"),
        Row("role-assignments.list", "GET", "/role_assignments", users.index_assignments, open_to="admin"),
        Row("regions.list", "GET", "/regions", catalog.index_regions),
        Row("regions.show", "GET", "/regions/<id>", catalog.show_region),
        Row("services.list", "GET", "/services", catalog.index_services, open_to="admin"),
        Row("services.show", "GET", "/services/<id>", catalog.show_service, open_to="admin"),
        Row("endpoints.list", "GET", "/endpoints", catalog.index_endpoints, open_to="admin"),
        Row("endpoints.show", "GET", "/endpoints/<id>", catalog.show_endpoint, open_to="admin"),
    ),
    COMPUTE: (
        Row("flavors.list", "GET", "/flavors", compute.index_flavors),
        Row("flavors.list", "GET", "/flavors/detail", compute.index_flavors_in_detail),
        Row("flavors.show", "GET", "/flavors/<id>", compute.show_flavor),
        Row("flavors.extra-specs", "GET", "/flavors/<id>/os-extra_specs", compute.show_extra_specs),
        Row("keypairs.list", "GET", "/os-keypairs", compute.index_keypairs),
        Row("keypairs.create", "POST", "/os-keypairs", compute.create_keypair),
        Row("keypairs.show", "GET", "/os-keypairs/<name>", compute.show_keypair),
        Row("keypairs.delete", "DELETE", "/os-keypairs/<name>", compute.delete_keypair, status=202),
        Row("limits.show", "GET", "/limits", compute.show_limits),
        Row("availability-zones.list", "GET", "/os-availability-zone", compute.index_zones),
        Row("server-security-groups.list", "GET", "/os-security-groups", nothing("security_groups")),
        Row("servers.list", "GET", "/servers", nothing("servers")),
        Row("servers.list", "GET", "/servers/detail", nothing("servers")),
        Row("usage.show", "GET", "/os-simple-tenant-usage/<project>", compute.show_usage),
        Row("extensions.list", "GET", "/extensions", nothing("extensions")),
    ),
    IMAGE: (
        Row("cloud-images.list", "GET", "/images", image.index),
        Row("cloud-images.show", "GET", "/images/<id>", image.show),
        Row("cloud-images.schema", "GET", "/schemas/image", image.show_schema),
        Row("cloud-images.schema", "GET", "/schemas/images", image.show_list_schema),
    ),
    NETWORK: (
        Row("networks.list", "GET", "/networks", network.index),
        Row("networks.show", "GET", "/networks/<id>", network.show),
        Row("subnets.list", "GET", "/subnets", network.index_subnets),
        Row("subnets.show", "GET", "/subnets/<id>", network.show_subnet),
        Row("floating-ips.list", "GET", "/floatingips", nothing("floatingips")),
        Row("security-groups.list", "GET", "/security-groups", nothing("security_groups")),
        Row("ports.list", "GET", "/ports", nothing("ports")),
        Row("routers.list", "GET", "/routers", nothing("routers")),
        Row("network-extensions.list", "GET", "/extensions", network.index_extensions),
    ),
}  # fmt: skip


def add_neighbours(app: Flask) -> None:
    """Let an app answer for the rest of the cloud."""
    for service, rows in ROWS.items():
        for row in rows:
            for prefix in PREFIXES[service]:
                name = f"{prefix} {row.method} {row.path}"
                app.add_url_rule(prefix + row.path, name, view_of(service, row, prefix), methods=[row.method])
    for path, answer in versions.DOCUMENTS.items():
        app.add_url_rule(path, f"versions {path}", answer, strict_slashes=False)


def refusal_at(path: str, status: int, title: str, message: str) -> Response | None:
    """The refusal of what no row fits, as the service at whose URLs it was tried tells it; None if at none of these."""
    for service, prefixes in PREFIXES.items():
        if any(f"{path}/".startswith(f"{prefix}/") for prefix in prefixes):
            return refusal(service, status, title, message)
    return None

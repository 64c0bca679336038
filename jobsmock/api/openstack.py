"""The routes of identity, compute, image and network. Identity answers at `/identity/v3` and at `/v3`."""

from jobsmock.api.routes import COMPUTE, IDENTITY, IMAGE, NETWORK, Route, RouteTable
from jobsmock.openstack import compute, image, network
from jobsmock.openstack.cloud_request import make_empty_list
from jobsmock.openstack.identity import application_credentials as credentials
from jobsmock.openstack.identity import authentication, catalog, projects, roles, users

_IDENTITY_ROUTES = (
    Route("tokens.create", "POST", "/auth/tokens", authentication.create_token, status=201, open_to="all"),
    Route("tokens.show", "GET", "/auth/tokens", authentication.show_token),
    Route("tokens.delete", "DELETE", "/auth/tokens", authentication.delete_token, status=204),
    Route("catalogue.show", "GET", "/auth/catalog", authentication.show_catalog),
    Route("own-projects.list", "GET", "/auth/projects", users.list_own_projects),
    Route("own-domains.list", "GET", "/auth/domains", users.list_own_domains),
    Route("own-systems.list", "GET", "/auth/system", make_empty_list("system")),
    Route("projects.list", "GET", "/projects", projects.list_all, open_to="admin"),
    Route("projects.show", "GET", "/projects/<id>", projects.show),
    Route("users.list", "GET", "/users", users.list_all, open_to="admin"),
    Route("users.show", "GET", "/users/<user>", users.show, open_to="user"),
    Route("users.projects", "GET", "/users/<user>/projects", users.list_projects_of, open_to="user"),
    Route("users.groups", "GET", "/users/<user>/groups", users.list_groups, open_to="user"),
    Route(
        "application-credentials.list", "GET", "/users/<user>/application_credentials", credentials.list_all,
        open_to="user",
    ),
    Route(
        "application-credentials.create", "POST", "/users/<user>/application_credentials", credentials.create,
        status=201, open_to="user",
    ),
    Route(
        "application-credentials.show", "GET", "/users/<user>/application_credentials/<id>", credentials.show,
        open_to="user",
    ),
    Route(
        "application-credentials.delete", "DELETE", "/users/<user>/application_credentials/<id>",
        credentials.delete, status=204, open_to="user",
    ),
    Route("domains.list", "GET", "/domains", projects.list_domains, open_to="admin"),
    Route("domains.show", "GET", "/domains/<id>", projects.show_domain),
    Route("roles.list", "GET", "/roles", roles.list_all, open_to="admin"),
    Route("roles.show", "GET", "/roles/<id>", roles.show, open_to="admin"),
    Route("role-assignments.list", "GET", "/role_assignments", users.list_assignments, open_to="admin"),
    Route("regions.list", "GET", "/regions", catalog.list_regions),
    Route("regions.show", "GET", "/regions/<id>", catalog.show_region),
    Route("services.list", "GET", "/services", catalog.list_services, open_to="admin"),
    Route("services.show", "GET", "/services/<id>", catalog.show_service, open_to="admin"),
    Route("endpoints.list", "GET", "/endpoints", catalog.list_endpoints, open_to="admin"),
    Route("endpoints.show", "GET", "/endpoints/<id>", catalog.show_endpoint, open_to="admin"),
)  # fmt: skip
_COMPUTE_ROUTES = (
    Route("flavors.list", "GET", "/flavors", compute.list_flavors),
    Route("flavors.list", "GET", "/flavors/detail", compute.list_flavors_in_detail),
    Route("flavors.show", "GET", "/flavors/<id>", compute.show_flavor),
    Route("flavors.extra-specs", "GET", "/flavors/<id>/os-extra_specs", compute.show_extra_specs),
    Route("keypairs.list", "GET", "/os-keypairs", compute.list_keypairs),
    Route("keypairs.create", "POST", "/os-keypairs", compute.create_keypair),
    Route("keypairs.show", "GET", "/os-keypairs/<name>", compute.show_keypair),
    Route("keypairs.delete", "DELETE", "/os-keypairs/<name>", compute.delete_keypair, status=202),
    Route("limits.show", "GET", "/limits", compute.show_limits),
    Route("availability-zones.list", "GET", "/os-availability-zone", compute.list_zones),
    Route("server-security-groups.list", "GET", "/os-security-groups", make_empty_list("security_groups")),
    Route("servers.list", "GET", "/servers", make_empty_list("servers")),
    Route("servers.list", "GET", "/servers/detail", make_empty_list("servers")),
    Route("usage.show", "GET", "/os-simple-tenant-usage/<project>", compute.show_usage),
    Route("extensions.list", "GET", "/extensions", make_empty_list("extensions")),
)  # fmt: skip
_IMAGE_ROUTES = (
    Route("cloud-images.list", "GET", "/images", image.list_all),
    Route("cloud-images.show", "GET", "/images/<id>", image.show),
    Route("cloud-images.schema", "GET", "/schemas/image", image.show_schema),
    Route("cloud-images.schema", "GET", "/schemas/images", image.show_list_schema),
)  # fmt: skip
_NETWORK_ROUTES = (
    Route("networks.list", "GET", "/networks", network.list_all),
    Route("networks.show", "GET", "/networks/<id>", network.show),
    Route("subnets.list", "GET", "/subnets", network.list_subnets),
    Route("subnets.show", "GET", "/subnets/<id>", network.show_subnet),
    Route("floating-ips.list", "GET", "/floatingips", make_empty_list("floatingips")),
    Route("security-groups.list", "GET", "/security-groups", make_empty_list("security_groups")),
    Route("ports.list", "GET", "/ports", make_empty_list("ports")),
    Route("routers.list", "GET", "/routers", make_empty_list("routers")),
    Route("network-extensions.list", "GET", "/extensions", network.list_extensions),
)  # fmt: skip

TABLES = (
    RouteTable(IDENTITY, "v3", ("/v3", "/identity/v3"), _IDENTITY_ROUTES),
    RouteTable(COMPUTE, "v2.1", ("/compute/v2.1",), _COMPUTE_ROUTES),
    RouteTable(IMAGE, "v2", ("/image/v2",), _IMAGE_ROUTES),
    RouteTable(NETWORK, "v2.0", ("/network/v2.0",), _NETWORK_ROUTES),
)

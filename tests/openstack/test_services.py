"""What identity, compute, image and network show."""

import pytest

from jobsmock.api.openstack import TABLES
from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample, make_world
from tests.openstack.logins import names

IMAGES = [{"id": f"1a000000-0000-4000-8000-00000000000{n}", "name": name} for n, name in enumerate(("cirros", "suse"))]


def test_every_list_can_be_read(client):
    readable = [(table.prefixes[0], row) for table in TABLES for row in table.routes if row.method == "GET"]
    for prefix, row in readable:
        if not ({"<id>", "<name>"} & set(row.path.split("/")) or row.name == "tokens.show"):
            path = prefix + row.path.replace("<user>", "demo").replace("<project>", "demo")
            assert client.get(path).status_code == 200, row


@pytest.mark.parametrize(
    "path",
    [
        "/v3/projects", "/v3/users", "/v3/domains", "/v3/roles", "/v3/regions", "/v3/services", "/v3/endpoints",
        "/compute/v2.1/flavors", "/network/v2.0/networks", "/network/v2.0/subnets",
    ],
)  # fmt: skip
def test_what_is_listed_can_be_shown_and_what_is_not_is_not_found(client, path):
    (records,) = [value for value in client.get(path).json.values() if isinstance(value, list)]
    for record in records:
        (shown,) = client.get(f"{path}/{record['id']}").json.values()
        assert shown.items() >= record.items()
    assert client.get(f"{path}/nobody").status_code == 404


@pytest.mark.parametrize("prefix", ["/v3", "/identity/v3"])
@pytest.mark.parametrize("path", ["projects", "users", "domains", "roles", "regions", "services", "endpoints"])
def test_links_of_the_identity_service_agree_whichever_address_it_is_asked_at(client, prefix, path):
    answer = client.get(f"{prefix}/{path}").json
    at = f"http://localhost/identity/v3/{path}"
    assert answer["links"]["self"] == at
    assert {record["links"]["self"].rpartition("/")[0] for record in answer[path]} == {at}
    for record in answer[path]:
        (shown,) = client.get(f"{prefix}/{path}/{record['id']}").json.values()
        assert shown["links"] == record["links"]


@pytest.mark.parametrize("path", ["/auth/catalog", "/auth/projects", "/auth/domains", "/role_assignments"])
def test_other_lists_of_the_identity_service_name_themselves_at_the_same_address(client, path):
    links = [client.get(prefix + path).json["links"]["self"] for prefix in ("/v3", "/identity/v3")]
    assert links == [f"http://localhost/identity/v3{path}"] * 2


def test_the_standard_flavors_keypairs_and_networks_are_there_unless_a_sample_says_otherwise():
    client = create_app(make_world("empty")).test_client()
    flavors = client.get("/compute/v2.1/flavors/detail").json["flavors"]
    assert [(one["id"], one["name"]) for one in flavors] == [
        ("1", "m1.tiny"), ("2", "m1.small"), ("3", "m1.medium"), ("4", "m1.large"), ("5", "m1.xlarge"),
    ]  # fmt: skip
    networks = client.get("/network/v2.0/networks").json["networks"]
    assert [(one["name"], one["router:external"]) for one in networks] == [("private", False), ("public", True)]
    own = {"flavors": [{"id": "7", "name": "big", "ram": 9}], "networks": [], "keypairs": [{"name": "k"}]}
    client = create_app(Sample.from_document(own, "own").make_world()).test_client()
    assert [one["name"] for one in client.get("/compute/v2.1/flavors").json["flavors"]] == ["big"]
    assert client.get("/network/v2.0/networks").json["networks"] == []
    assert client.get("/compute/v2.1/os-keypairs/k").json["keypair"]["name"] == "k"
    assert client.get("/compute/v2.1/os-keypairs/demo").status_code == 404


def test_a_keypair_is_made_and_deleted_once(client):
    path, key = "/compute/v2.1/os-keypairs", {"name": "own", "public_key": "ssh-rsa AAAA own"}
    made = client.post(path, json={"keypair": key})
    assert made.json["keypair"].items() >= key.items()
    assert "private_key" not in made.json["keypair"]
    assert client.post(path, json={"keypair": key}).json["conflictingRequest"]["code"] == 409
    assert client.get(f"{path}/own").json["keypair"]["fingerprint"] == made.json["keypair"]["fingerprint"]
    assert [client.delete(f"{path}/own").status_code for _ in range(2)] == [202, 404]


def test_who_sends_no_key_is_told_a_private_one(client):
    made = client.post("/compute/v2.1/os-keypairs", json={"keypair": {"name": "made"}}).json["keypair"]
    assert made["public_key"].startswith("ssh-rsa ")
    assert made["private_key"].startswith("-----BEGIN")


@pytest.mark.parametrize("wanted", [None, [], {}, {"name": ""}, {"name": 1}, {"name": "k", "public_key": 1}])
def test_a_keypair_that_cannot_be_is_refused(client, wanted):
    assert client.post("/compute/v2.1/os-keypairs", json={"keypair": wanted}).json["badRequest"]["code"] == 400


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("/v3/nothing", "error"),
        ("/identity/v3/nothing", "error"),
        ("/compute/v2.1/nothing", "itemNotFound"),
        ("/network/v2.0/nothing", "NeutronError"),
    ],
)
def test_what_a_neighbour_has_not_is_refused_in_its_own_shape(client, path, key):
    answer = client.get(path)
    assert (answer.status_code, *answer.json) == (404, key)
    assert isinstance(answer.json[key], dict)
    assert client.get("/image/v2/nothing").mimetype == "text/html"
    assert client.put("/compute/v2.1/flavors").json["badMethod"]["code"] == 405


def test_lists_are_filtered_and_paged_as_clients_ask(client):
    assert names(client, "/network/v2.0/networks?router:external=True") == ["public"]
    assert names(client, "/network/v2.0/networks?name=private&fields=id") == ["private"]
    assert names(client, "/network/v2.0/networks?name=private&name=public") == ["private", "public"]
    assert names(client, "/compute/v2.1/flavors?limit=2&marker=2") == ["m1.medium", "m1.large"]
    assert names(client, "/compute/v2.1/flavors/detail?is_public=False") == []
    assert names(client, "/v3/projects?name=admin") == ["admin"]
    assert client.get("/compute/v2.1/flavors?marker=x").json["badRequest"]["code"] == 400
    assert client.get("/network/v2.0/networks?limit=-1").status_code == 400


def test_images_are_those_of_the_sample_by_id_name_and_several_names():
    client = create_app(Sample.from_document({"images": IMAGES}, "images").make_world()).test_client()
    path = "/image/v2/images"
    assert names(client, path) == ["cirros", "suse"]
    assert names(client, f"{path}?name=suse&visibility=public&status=active") == ["suse"]
    assert names(client, f"{path}?name=in:suse,cirros&limit=1") == ["cirros"]
    assert names(client, f"{path}?visibility=private") == []
    assert client.get(f"{path}/{IMAGES[1]['id']}").json["name"] == "suse"
    assert client.get(f"{path}/nothing").status_code == 404
    assert client.get("/image/v2/schemas/image").json["properties"].keys() >= {"id", "name", "status"}


def test_who_has_which_role_can_be_asked(client):
    listed = client.get("/v3/role_assignments?user.id=demo&scope.project.id=demo&include_names=True").json
    listed = listed["role_assignments"]
    assert [(one["user"]["name"], one["scope"]["project"]["name"], one["role"]["name"]) for one in listed] == [
        ("demo", "demo", "member")
    ]
    of_admin = client.get("/v3/role_assignments?user.id=admin&scope.project.id=demo&effective").json
    assert len(of_admin["role_assignments"]) == 3

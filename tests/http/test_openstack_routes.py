"""Identity, compute, image and network over HTTP: who springs up, what is shown, how errors look."""

import json
import re
from types import SimpleNamespace

import pytest
from hypothesis import strategies as st

from jobsmock.api.openstack import TABLES
from jobsmock.http import auth
from jobsmock.http.app import create_app
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.snapshots import dump_world
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds
from tests.http.refusals import fuzz, places, replaced
from tests.http.test_fuzz import VALUES

DEFAULT = {"id": "default"}
IMAGES = [{"id": f"1a000000-0000-4000-8000-00000000000{n}", "name": name} for n, name in enumerate(("cirros", "suse"))]


def body(project="demo", user="ada", password="x"):
    who = {"name": user, "domain": DEFAULT, "password": password}
    scope = project if isinstance(project, dict) else {"name": project, "domain": DEFAULT}
    return {"auth": {"identity": {"methods": ["password"], "password": {"user": who}}, "scope": {"project": scope}}}


def login(client, *who):
    """A token, and what was said of it."""
    answer = client.post("/v3/auth/tokens", json=body(*who))
    assert answer.status_code == 201, answer.text
    return answer.headers["X-Subject-Token"], answer.json["token"]


def strict(**tables):
    world = Sample.from_document(tables, "test").make_world(seed=1, is_strict=True)
    return world, create_app(world).test_client()


# --- who springs up in an open cloud


def test_the_project_of_a_name_is_the_one_that_the_url_of_the_name_means(client):
    client.post("/v1.1/bakery/data-sources", json={"name": "d", "type": "hdfs", "url": "hdfs://h/p"})
    _, token = login(client, "bakery")
    assert token["project"]["id"] == "bakery"
    (processing,) = [service for service in token["catalog"] if service["type"] == "data-processing"]
    assert processing["name"] == "sahara"
    path = processing["endpoints"][0]["url"].removeprefix("http://localhost")
    assert [one["name"] for one in client.get(f"{path}/data-sources").json["data_sources"]] == ["d"]


@pytest.mark.parametrize("name", ["jobs", "plugins", "a/b", "Ünïcode", "two words", "x.json", ".", "-", "n" * 200])
def test_a_name_that_cannot_stand_in_a_url_gets_an_id_that_can_and_the_same_in_every_run(name):
    ids = [login(create_app(make_world("empty", seed=seed)).test_client(), name)[1]["project"]["id"] for seed in (1, 2)]
    assert ids[0] == ids[1] != name
    assert len(ids[0]) == 32


def test_a_project_by_name_and_by_id_is_the_same_one(client):
    _, by_name = login(client, "two words")
    _, by_id = login(client, {"id": by_name["project"]["id"]})
    assert by_id["project"] == by_name["project"]
    listed = client.get("/v3/projects?name=two words").json["projects"]
    assert [one["id"] for one in listed] == [by_name["project"]["id"]]
    assert client.get(f"/v3/projects/{listed[0]['id']}").json["project"] == listed[0]


def test_a_project_is_another_in_another_domain(client):
    _, there = login(client, {"name": "demo", "domain": {"name": "Egypt"}})
    assert there["project"]["id"] != "demo"
    assert there["project"]["domain"] == {"id": "Egypt", "name": "Egypt"}
    assert [one["name"] for one in client.get("/v3/domains").json["domains"]] == ["Default", "Egypt"]


def test_logging_in_uses_up_no_chance():
    ids = []
    for logins in (0, 3):
        client = create_app(make_world("empty", seed=1)).test_client()
        for number in range(logins):
            login(client, f"project-{number}", f"user-{number}")
        answer = client.post("/v1.1/p/data-sources", json={"name": "d", "type": "hdfs", "url": "hdfs://h/p"})
        ids.append(answer.json["data_source"]["id"])
    assert ids[0] == ids[1]


def test_the_same_seed_gives_the_same_tokens():
    def told(seed):
        maker = WorldFactory(Sample.load("demo"), seed=seed, freeze="2026-12-01T08:00:00")
        client = create_app(Worlds(maker)).test_client()
        return [login(client, "demo", user) for user in ("ada", "ada", "bob")]

    assert told(3) == told(3)
    assert told(3) != told(4)
    assert len({token for token, _ in told(3)}) == 3


def test_an_open_cloud_needs_no_token_and_takes_any(client):
    for headers in ({}, {"X-Auth-Token": "any"}):
        for path in ("/v1.1/p/jobs", "/v3/projects", "/v3/users", "/compute/v2.1/flavors", "/v3/users/demo/projects"):
            assert client.get(path, headers=headers).status_code == 200


def test_who_is_called_admin_is_one(client):
    names = [{role["name"] for role in login(client, "demo", user)[1]["roles"]} for user in ("admin", "ada")]
    assert names == [{"admin", "member", "reader"}, {"member", "reader"}]


def test_where_the_url_names_no_project_it_is_that_of_the_token(client):
    token, _ = login(client, "bakery")
    source = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    made = client.post("/v1.1/data-sources", json=source, headers={"X-Auth-Token": token, "X-Project-Id": "other"})
    assert made.json["data_source"]["tenant_id"] == "bakery"
    made = client.post("/v1.1/data-sources", json=source, headers={"X-Auth-Token": "any", "X-Project-Id": "other"})
    assert made.json["data_source"]["tenant_id"] == "other"


# --- a strict cloud


def test_what_sprang_up_in_an_open_cloud_is_unknown_to_a_strict_one():
    world = make_world("empty")
    login(create_app(world).test_client(), "bakery", "eve")
    kept = Sample.from_document(dump_world(world), "kept").make_world(is_strict=True)
    client = create_app(kept).test_client()
    assert client.post("/v3/auth/tokens", json=body("bakery", "eve")).status_code == 401
    assert client.post("/v3/auth/tokens", json=body("bakery", "admin", "secret")).status_code == 401
    token, _ = login(client, "demo", "admin", "secret")
    listed = client.get("/v3/projects", headers={"X-Auth-Token": token}).json["projects"]
    assert [one["name"] for one in listed] == ["demo", "admin"]


def test_roles_of_a_sample_are_by_project_or_everywhere():
    users = [
        {"name": "ada", "roles": {"*": ["reader"], "mill": ["admin"], "farm": ["member"]}},
        {"name": "bob"},
        {"name": "eve", "roles": {}},
    ]
    world, client = strict(projects=[{"name": "bakery"}, {"name": "mill", "id": "m1"}], users=users)
    again = create_app(Sample.from_document(dump_world(world), "snapshot").make_world(is_strict=True)).test_client()
    for each in (client, again):
        held = {}
        for user in ("ada", "bob"):
            own = each.get(f"/v3/users/{user}/projects", headers={"X-Auth-Token": login(each, "farm", user)[0]})
            names = [project["name"] for project in own.json["projects"]]
            held[user] = {name: login(each, name, user)[1]["roles"][0]["name"] for name in names}
        assert held == {
            "ada": {"bakery": "reader", "mill": "admin", "farm": "member"},
            "bob": {"bakery": "member", "mill": "member", "farm": "member"},
        }
        assert each.post("/v3/auth/tokens", json=body("bakery", "eve")).status_code == 401


@pytest.mark.parametrize(
    ("table", "record", "told"),
    [
        ("users", {"name": "ada", "pasword": "x"}, "did you mean 'password'?"),
        ("users", {"name": "ada", "roles": {"demo": "admin"}}, "roles[demo]: 'admin' is not of type 'array'"),
        ("users", {"name": "demo"}, "name: duplicate value 'demo': an earlier record has it"),
        ("projects", {"name": "other", "id": "demo"}, "id: duplicate value 'demo': an earlier record has it"),
        (
            "application_credentials",
            {"name": "r", "secret": "s", "user": "nobody", "project": "demo"},
            "unknown reference 'nobody'",
        ),
        ("flavors", {"name": "big", "ram": "lots"}, "ram: 'lots' is not of type 'integer'"),
    ],
)
def test_a_sample_that_does_not_fit_is_refused_with_the_record_and_the_field(table, record, told):
    with pytest.raises(SampleError, match=re.escape(told)) as refused:
        Sample.from_document(
            {table: [{"name": "demo"}, record] if table in ("users", "projects") else [record]}, "s"
        ).make_world()
    assert f"s: {table}, record" in str(refused.value)


def test_a_sample_that_lists_nobody_lets_nobody_in_and_so_does_its_snapshot():
    world, client = strict(users=[])
    again = create_app(Sample.from_document(dump_world(world), "snapshot").make_world(is_strict=True)).test_client()
    for each in (client, again):
        assert each.post("/v3/auth/tokens", json=body("demo", "admin", "secret")).status_code == 401


def test_the_neighbours_let_in_who_has_a_token():
    _, client = strict()
    token, _ = login(client, "demo", "demo", "secret")
    for path in ("/compute/v2.1/flavors", "/image/v2/images", "/network/v2.0/networks", "/v3/auth/catalog"):
        assert client.get(path, headers={"X-Auth-Token": token}).status_code == 200
        answer = client.get(path)
        assert (answer.status_code, answer.json["error"]["code"]) == (401, 401)
        assert answer.headers["WWW-Authenticate"] == 'Keystone uri="http://localhost/identity"'


def test_versions_are_told_to_anybody():
    _, client = strict()
    for path in ("/", "/v3", "/identity", "/identity/v3", "/compute", "/compute/v2.1", "/image", "/network"):
        assert client.get(path).status_code in (200, 300)


def test_in_a_strict_cloud_no_header_leads_to_another_project():
    _, client = strict()
    headers = {"X-Auth-Token": login(client, "demo", "demo", "secret")[0], "X-Project-Id": "other"}
    source = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}
    made = client.post("/v1.1/data-sources", json=source, headers=headers)
    assert made.json["data_source"]["tenant_id"] == "demo"


def test_only_an_administrator_may_switch_plugins():
    _, client = strict()
    for user, status in (("demo", 403), ("admin", 202)):
        headers = {"X-Auth-Token": login(client, "demo", user, "secret")[0], "X-Roles": "admin"}
        change = {"plugin_labels": {"enabled": {"status": False}}}
        assert client.patch("/v1.1/demo/plugins/vanilla", json=change, headers=headers).status_code == status


def test_only_an_open_cloud_believes_the_roles_that_a_request_claims():
    world, client = strict()
    headers = {"x-auth-token": login(client, "demo", "demo", "secret")[0], "x-roles": "admin, other"}
    request = SimpleNamespace(headers=headers)
    token = auth.read_token(world, request)
    assert auth.list_roles(world, request, token) == ["member", "reader"]
    world.is_strict = False
    assert auth.list_roles(world, request, token) == ["member", "reader", "admin", "other"]


def test_in_a_strict_cloud_a_domain_has_to_be_told():
    _, client = strict()
    wanted = body("demo", "demo", "secret")
    del wanted["auth"]["identity"]["password"]["user"]["domain"]
    answer = client.post("/v3/auth/tokens", json=wanted)
    assert answer.status_code == 400
    assert answer.json["error"]["message"].startswith("Expecting to find domain in user.")


@pytest.mark.parametrize("what", [{"parts": ["records"]}, {}])
def test_a_reset_logs_nobody_out(what):
    client = create_app(Worlds(WorldFactory(Sample.load("empty")))).test_client()
    token, _ = login(client)
    client.post("/_jobsmock/reset", json=what)
    assert client.get("/v3/auth/tokens", headers={"X-Subject-Token": token}).status_code == 200
    assert client.get("/v3/users/ada/projects", headers={"X-Auth-Token": token}).status_code == 200


# --- tokens


def test_a_token_can_be_looked_at_and_revoked(client):
    token, told = login(client)
    headers = {"X-Subject-Token": token}
    answer = client.get("/identity/v3/auth/tokens", headers=headers)
    assert (answer.json["token"], answer.headers["X-Subject-Token"]) == (told, token)
    assert client.head("/v3/auth/tokens", headers=headers).status_code == 200
    assert "catalog" not in client.get("/v3/auth/tokens?nocatalog", headers=headers).json["token"]
    assert client.delete("/v3/auth/tokens", headers=headers).status_code == 204
    assert client.get("/v3/auth/tokens", headers=headers).status_code == 404
    assert client.get("/v3/auth/tokens").status_code == 400


def test_every_url_that_is_handed_out_carries_host_and_prefix_of_the_caller(client):
    token = client.post("/w/one/v3/auth/tokens", json=body(), base_url="https://mock.example:8386")
    documents = [token, *(client.get(f"/w/one{path}", base_url="https://mock.example:8386") for path in (
        "/v3", "/identity", "/compute/v2.1", "/image", "/network", "/v3/projects", "/v3/endpoints",
        "/compute/v2.1/flavors",
    ))]  # fmt: skip
    for answer in documents:
        assert answer.text.count("http") == answer.text.count("https://mock.example:8386/w/one/") > 0


def test_a_rule_can_break_a_login_in_the_shape_of_the_service(client):
    client.post("/_jobsmock/rules", json={"when": {"operation": "tokens.create"}, "then": {"status": 503}})
    answer = client.post("/v3/auth/tokens", json=body())
    title = "Service Unavailable"
    assert answer.json == {"error": {"code": 503, "message": title, "title": title}}
    assert answer.headers["X-Jobsmock-Rule"]
    rule = {"when": {"path": "/flavors*"}, "then": {"status": 503}}
    assert client.post("/_jobsmock/rules", json=rule).json["warnings"] == []
    assert client.get("/compute/v2.1/flavors/detail").json["computeFault"]["code"] == 503
    assert client.get("/v3/projects").status_code == 200


def test_a_wish_breaks_a_request_to_a_neighbour_as_well(client):
    answer = client.get("/compute/v2.1/flavors", headers={"Prefer": "code=404"})
    assert answer.json == {"itemNotFound": {"code": 404, "message": "Not Found"}}
    assert client.get("/network/v2.0/networks", headers={"Prefer": "code=400"}).json["NeutronError"]
    assert client.get("/image/v2/images", headers={"Prefer": "code=200"}).json == {}


def test_the_journal_tells_of_logins_but_of_no_passwords_and_tokens(client):
    token, _ = login(client, "demo", "ada", "lovelace")
    client.get("/v3/auth/tokens", headers={"X-Subject-Token": token, "X-Auth-Token": token})
    credential = {"methods": ["application_credential"], "application_credential": {"id": "r", "secret": "lovelace"}}
    client.post("/v3/auth/tokens", json={"auth": {"identity": credential}})
    client.post("/v3/auth/tokens", json={"auth": {"identity": {"methods": ["token"], "token": {"id": token}}}})
    journal = client.get("/_jobsmock/journal")
    operations = [entry["operation"] for entry in journal.json["entries"]]
    assert operations == ["tokens.create", "tokens.show", "tokens.create", "tokens.create"]
    assert "lovelace" not in journal.text
    assert token not in journal.text


def test_the_journal_tells_why_somebody_was_not_let_in():
    world, client = strict(users=[{"name": "demo", "password": "secret", "roles": {"demo": ["reader"]}}])
    world.clock.freeze()
    token, _ = login(client, "demo", "demo", "secret")
    held = {"X-Auth-Token": token}
    client.post("/v3/auth/tokens", json=body("demo", "demo", "wrong"))
    client.post("/v3/auth/tokens", json=body("demo", "eve", "secret"))
    client.post("/v3/auth/tokens", json=body("admin", "demo", "secret"))
    client.get("/v1.1/demo/jobs")
    client.get("/v1.1/demo/jobs", headers={"X-Auth-Token": "made up"})
    client.get("/v1.1/other/jobs", headers=held)
    world.clock.advance(3600)
    client.get("/v1.1/demo/jobs", headers=held)
    client.get("/compute/v2.1/flavors", headers=held)
    client.get("/v1.1/other/jobs", headers=held)
    notes = [note for entry in client.get("/_jobsmock/journal").json["entries"] for note in entry["notes"]]
    assert notes[:6] == [
        "demo has another password",
        "The sample lists no 'eve' of the domain 'Default' in users",
        "demo has no role in the project admin",
        "No token was sent",
        "This world has issued no such token",
        "The token was issued for the project demo, and the URL names other",
    ]
    assert len(notes) == 9
    assert all(note.startswith("The token ended at 20") for note in notes[6:])


def test_a_page_in_a_browser_may_read_the_token_that_it_gets(client):
    answer = client.post("/v3/auth/tokens", json=body(), headers={"Origin": "http://localhost:3000"})
    assert "X-Subject-Token" in answer.headers["Access-Control-Expose-Headers"]


# --- what is shown


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


def names(client, path):
    (records,) = [value for value in client.get(path).json.values() if isinstance(value, list)]
    return [record["name"] for record in records]


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


# --- bad input


def check_sound(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.json["error"]["code"] == answer.status_code
        assert answer.json["error"]["message"]


@pytest.fixture(params=[False, True], ids=["open", "strict"])
def door(request):
    return create_app(Sample.from_document({}, "empty").make_world(seed=1, is_strict=request.param)).test_client()


@fuzz(100, content=VALUES)
def test_any_json_may_ask_for_a_token(door, content):
    check_sound(door.post("/v3/auth/tokens", data=json.dumps(content), content_type="application/json"))


METHODS = ["password", "token", "application_credential"]
GOOD = body("demo", "demo", "secret")
GOOD["auth"]["identity"]["methods"] = METHODS
GOOD["auth"]["identity"] |= {"token": {"id": "x"}, "application_credential": {"id": "x", "secret": "x"}}
GOOD["auth"]["scope"] |= {"domain": DEFAULT, "system": {"all": True}}


@fuzz(
    80, data=st.data(), part=VALUES, methods=st.lists(st.sampled_from(["password", "token", "application_credential"]))
)
def test_anything_may_be_in_place_of_a_part_of_what_asks_for_a_token(door, data, part, methods):
    good = replaced(GOOD, ("auth", "identity", "methods"), methods) if methods else GOOD
    spoiled = replaced(good, data.draw(st.sampled_from(list(places(good)))), part)
    check_sound(door.post("/v3/auth/tokens", data=json.dumps(spoiled), content_type="application/json"))


@fuzz(80, content=st.binary(max_size=30))
def test_any_bytes_may_ask_for_a_token(door, content):
    check_sound(door.post("/v3/auth/tokens", data=content))


@fuzz(80, content=VALUES)
def test_any_json_may_ask_for_an_application_credential(client, content):
    token, _ = login(client, "demo", "demo")
    path, headers = "/v3/users/demo/application_credentials", {"X-Auth-Token": token}
    check_sound(client.post(path, data=json.dumps({"application_credential": content}), headers=headers))
    assert client.get(path, headers=headers).status_code == 200


def test_a_body_too_deep_or_too_large_is_refused(client):
    assert client.post("/v3/auth/tokens", data=b"[" * 400 + b"]" * 400).status_code == 400
    assert client.post("/v3/auth/tokens", data=b" " * (17 * 1024 * 1024)).status_code == 413

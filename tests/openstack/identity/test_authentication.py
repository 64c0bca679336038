"""Logging in, and what tokens are good for."""

from tests.openstack.logins import body, login, strict


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

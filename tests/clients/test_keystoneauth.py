"""Logging in by keystoneauth, as every OpenStack client does, against a live server that knows its people.

Each test has a world of its own on one server, by the prefix of its URLs.
"""

from itertools import count

import openstack
import pytest
import requests
from keystoneauth1 import exceptions
from keystoneauth1.identity import v3
from keystoneauth1.identity.generic import Password
from keystoneauth1.session import Session
from keystoneauth1.token_endpoint import Token
from saharaclient.api.client import Client, ClientV2

from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.server import HttpServer
from jobsmock.world.worlds import Worlds

PEOPLE = {
    "projects": [{"name": "bakery"}, {"name": "mill", "id": "9cd1314a0a31493282b6712b76a8fcda"}, {"name": "farm"}],
    "users": [
        {"name": "ada", "password": "lovelace", "roles": {"bakery": ["member"], "mill": ["reader"]}},
        {"name": "bob", "password": "builder", "roles": {"farm": ["admin"]}},
        {"name": "cleo", "domain": "Egypt", "roles": {"farm": ["member"]}},
    ],
    "application_credentials": [{"name": "robot", "secret": "beep", "user": "ada", "project": "mill"}],
    "clusters": [{"name": "cluster", "plugin_name": "fake", "hadoop_version": "0.1"}],
}
DATA = {"service_type": "data-processing", "interface": "public"}
numbers = count()


@pytest.fixture(scope="module")
def server():
    server = HttpServer(Worlds(WorldFactory(Sample.from_document(PEOPLE, "people"), is_strict=True)))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def url(server):
    """The address of a new world."""
    return f"{server.url}/w/{next(numbers)}"


@pytest.fixture
def session(url):
    """Logs somebody in."""

    def start(user="ada", password="lovelace", project="bakery", path="/v3", **more):
        scope = {"project_name": project, "project_domain_name": "Default"} if project else {}
        who = {"username": user, "password": password, "user_domain_name": "Default", **scope, **more}
        return Session(Password(auth_url=url + path, **who))

    return start


def jump(url, length):
    assert requests.post(f"{url}/_jobsmock/clock", json={"advance": length}).ok


def jobs(session, **more):
    return session.get("/jobs", endpoint_filter=DATA, **more).json()["jobs"]


def held(session):
    """A session that has nothing but the token of another, which logs in anew whenever its token fails."""
    return Session(Token(session.get_endpoint(**DATA), session.get_token()))


# --- logging in


@pytest.mark.parametrize("path", ["/v3", "/v3/", "/identity", "/identity/v3"])
def test_one_address_is_all_that_a_client_needs(session, url, path):
    logged_in = session(path=path, project="mill")
    assert jobs(logged_in) == []
    assert logged_in.get_project_id() == "9cd1314a0a31493282b6712b76a8fcda"
    assert logged_in.get_endpoint(**DATA) == f"{url}/v1.1/9cd1314a0a31493282b6712b76a8fcda"


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "byron"},
        {"password": ""},
        {"user": "eve"},
        {"project": "farm"},
        {"project": "nowhere"},
        {"user_domain_name": "Egypt"},
    ],
)
def test_a_wrong_password_user_domain_or_project_is_unauthorized(session, wrong):
    with pytest.raises(exceptions.Unauthorized, match="requires authentication"):
        session(**wrong).get_token()


def test_a_user_without_a_password_logs_in_with_any_in_the_own_domain(session):
    assert jobs(session("cleo", "whatever", "farm", user_domain_name="Egypt")) == []
    with pytest.raises(exceptions.Unauthorized):
        session("cleo", "whatever", "farm").get_token()


def test_without_a_token_the_service_says_where_to_log_in(url):
    answer = requests.get(f"{url}/v1.1/bakery/jobs")
    assert (answer.status_code, answer.json()["error"]["title"]) == (401, "Unauthorized")
    assert answer.headers["WWW-Authenticate"] == f'Keystone uri="{url}/identity"'


# --- what a token is good for


def test_a_token_ends_by_the_clock_of_its_world(session, url):
    logged_in = held(session())
    assert jobs(logged_in) == []
    jump(url, "59m")
    assert jobs(logged_in) == []
    jump(url, "1m")
    with pytest.raises(exceptions.Unauthorized):
        jobs(logged_in)


def test_a_client_that_knows_its_password_logs_in_anew_when_its_token_has_ended(session, url):
    logged_in = session()
    token = logged_in.get_token()
    jump(url, "1d")
    assert jobs(logged_in) == []
    assert logged_in.get_token() != token


def test_a_token_opens_its_own_project_only(session, url):
    with pytest.raises(exceptions.Unauthorized):
        jobs(session(), endpoint_override=f"{url}/v1.1/9cd1314a0a31493282b6712b76a8fcda")


def test_a_token_of_one_world_is_none_in_another(session, url, server):
    with pytest.raises(exceptions.Unauthorized):
        jobs(session(), endpoint_override=f"{server.url}/v1.1/bakery")


def test_a_revoked_token_opens_nothing(session, url):
    logged_in = held(session())
    token = logged_in.get_token()
    assert logged_in.delete(f"{url}/v3/auth/tokens", headers={"X-Subject-Token": token}).status_code == 204
    with pytest.raises(exceptions.Unauthorized):
        jobs(logged_in)


def test_an_unscoped_token_is_exchanged_for_one_of_a_project_and_both_end_together(session, url):
    unscoped = session(project=None)
    own = unscoped.get(f"{url}/v3/auth/projects").json()["projects"]
    assert [project["name"] for project in own] == ["bakery", "mill"]
    with pytest.raises(exceptions.Unauthorized):
        jobs(unscoped, endpoint_override=f"{url}/v1.1/bakery")
    jump(url, "10m")
    scoped = Session(v3.Token(f"{url}/v3", unscoped.get_token(), project_id=own[1]["id"]))
    assert jobs(scoped) == []
    assert scoped.auth.get_access(scoped).expires == unscoped.auth.get_access(unscoped).expires
    with pytest.raises(exceptions.Unauthorized):
        Session(
            v3.Token(f"{url}/v3", unscoped.get_token(), project_name="farm", project_domain_id="default")
        ).get_token()


def test_an_application_credential_opens_the_project_that_it_was_made_for(url):
    access = v3.ApplicationCredential(
        f"{url}/v3", application_credential_secret="beep", application_credential_id="robot"
    )
    robot = Session(access)
    assert jobs(robot) == []
    assert (robot.get_project_id(), robot.auth.get_access(robot).role_names) == (
        "9cd1314a0a31493282b6712b76a8fcda", ["reader"],
    )  # fmt: skip
    for wrong in ({"secret": "boop", "id": "robot"}, {"secret": "beep", "id": "other"}):
        given = {f"application_credential_{key}": value for key, value in wrong.items()}
        with pytest.raises(exceptions.Unauthorized):
            Session(v3.ApplicationCredential(f"{url}/v3", **given)).get_token()


def test_an_application_credential_that_is_made_works_until_it_is_deleted(session, url):
    owner = session()
    own = f"{url}/v3/users/{owner.get_user_id()}/application_credentials"
    made = owner.post(own, json={"application_credential": {"name": "nightly", "roles": [{"name": "reader"}]}}).json()
    made = made["application_credential"]
    who = {"username": "ada", "user_domain_id": "default", "application_credential_name": "nightly"}
    robot = Session(v3.ApplicationCredential(f"{url}/v3", made["secret"], **who))
    kept = held(robot)
    assert jobs(robot) == []
    assert robot.auth.get_access(robot).role_names == ["reader"]
    with pytest.raises(exceptions.Forbidden):
        robot.post(own, json={"application_credential": {"name": "more"}})
    assert owner.delete(f"{own}/{made['id']}").status_code == 204
    with pytest.raises(exceptions.Unauthorized):
        jobs(kept)


def test_only_an_administrator_of_the_own_domain_gets_a_token_for_it(session, url):
    scope = {"project": None, "domain_name": "Default"}
    keeper = session("bob", "builder", **scope)
    assert [user["name"] for user in keeper.get(f"{url}/v3/users").json()["users"]] == ["ada", "bob", "cleo"]
    for who in ({}, {"user": "bob", "password": "builder", "domain_name": "Egypt"}):
        with pytest.raises(exceptions.Unauthorized):
            session(**{**scope, **who}).get_token()


def test_who_is_no_administrator_sees_of_others_nothing(session, url):
    ada, bob = session(), session("bob", "builder", "farm")
    for path in ("users", "users/bob", "users/bob/projects", "projects", "role_assignments", "roles", "endpoints"):
        with pytest.raises(exceptions.Forbidden, match="not authorized to perform"):
            ada.get(f"{url}/v3/{path}")
        assert bob.get(f"{url}/v3/{path}").ok
    assert ada.get(f"{url}/v3/users/ada/projects").ok
    with pytest.raises(exceptions.Forbidden):
        ada.get(f"{url}/v3/auth/tokens", headers={"X-Subject-Token": bob.get_token()})


# --- other clients, through the catalogue


@pytest.mark.parametrize(("client", "version"), [(Client, "v1.1"), (ClientV2, "v2")])
def test_saharaclient_finds_both_versions_from_the_catalogue(session, url, client, version):
    sahara = client(session=session())
    assert sahara.clusters.api.get_endpoint() == f"{url}/{version}/bakery"


@pytest.mark.filterwarnings("ignore:::openstack")
def test_openstacksdk_finds_the_services_that_it_asks(session):
    cloud = openstack.connection.Connection(session=session(), data_processing_api_version="1.1")
    assert [cluster["name"] for cluster in cloud.data_processing.get("/clusters").json()["clusters"]] == ["cluster"]
    assert cloud.compute.find_flavor("m1.small").id == "2"
    assert [network.name for network in cloud.network.networks(is_router_external=True)] == ["public"]
    assert list(cloud.image.images()) == []
    assert [keypair.name for keypair in cloud.compute.keypairs()] == ["demo"]
    assert cloud.get_compute_limits().max_total_cores == 10000

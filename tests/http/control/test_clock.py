"""The clock over HTTP: what it takes, and what it refuses."""

import pytest

from tests.http.control.control_requests import API, SOURCE, clock, executed, status, told


def test_a_frozen_clock_stands_and_can_be_advanced(client):
    clock(client, freeze=True)
    execution = executed(client)
    before = client.get(f"{API}/clock").json
    assert status(client, execution) == "PENDING"
    after = clock(client, advance="3s").json
    assert after["now"] == before["now"] + 3
    assert (after["frozen"], status(client, execution)) == (True, "RUNNING")
    clock(client, advance="1h")
    assert status(client, execution) == "SUCCEEDED"


def test_a_clock_can_be_set_scaled_and_resumed(client):
    state = clock(client, freeze=True, set="2030-01-02T03:04:05", scale=60).json
    assert (state["time"], state["scale"]) == ("2030-01-02T03:04:05", 60)
    client.post("/v1.1/p/data-sources", json=SOURCE)
    made = client.get("/v1.1/p/data-sources?name=d").json["data_sources"][0]
    assert made["created_at"] == "2030-01-02T03:04:05"
    assert clock(client, resume=True).json["frozen"] is False


def test_the_clock_may_go_backwards_and_what_has_ended_stays_ended(client):
    clock(client, freeze=True)
    execution = executed(client)
    clock(client, advance="1m")
    assert status(client, execution) == "SUCCEEDED"
    clock(client, set="-1h")
    assert status(client, execution) == "SUCCEEDED"


@pytest.mark.parametrize("wanted", ["RUNNING", "SUCCEEDED"])
def test_the_clock_jumps_to_the_moment_at_which_an_execution_has_a_status(client, wanted):
    clock(client, freeze=True)
    execution = executed(client)
    clock(client, until={"execution": execution, "status": wanted})
    assert status(client, execution) == wanted


@pytest.mark.parametrize(
    ("plan", "wanted", "why"),
    [
        ("RUNNING 5s > FAILED", "SUCCEEDED", "its course is RUNNING > FAILED"),
        ("RUNNING 3 polls > FAILED", "FAILED", "it stays RUNNING until it is polled"),
        ("FAILED", "RUNNING", "the execution has ended: it is FAILED"),
    ],
)
def test_a_wish_that_cannot_come_true_is_a_conflict_that_says_why(client, plan, wanted, why):
    execution = executed(client, plan=plan)
    if plan == "FAILED":
        status(client, execution)
    assert why in told(clock(client, until={"execution": execution, "status": wanted}), 409)


def test_an_execution_that_is_not_there_is_a_404(client):
    assert "there is no execution 'x'" in told(clock(client, until={"execution": "x", "status": "RUNNING"}), 404)


@pytest.mark.parametrize("host", ["evil.example:8386", "evil.example", "localhost.evil.example"])
def test_a_page_whose_name_leads_to_this_machine_is_refused(client, host):
    assert "may lead a page here" in told(client.get(f"{API}/journal", headers={"Host": host}), 403)


@pytest.mark.parametrize("host", ["localhost:8386", "127.0.0.1:1", "[::1]:8386", "shop.localhost"])
def test_this_machine_may_be_called_by_each_of_its_names(client, host):
    assert client.get(f"{API}/journal", headers={"Host": host}).status_code == 200

"""Health checks of clusters."""

from tests.sahara.clusters.cluster_steps import made, seen


def test_a_verification_takes_its_time_and_ends_well(cloud):
    id = made(cloud, "instant")
    start = {"verification": {"status": "START"}}
    assert "verification" not in cloud.ask("PATCH", f"/clusters/{id}", start).json["cluster"]
    health = seen(cloud, id)["verification"]
    assert (health["status"], {check["status"] for check in health["checks"]}) == ("CHECKING", {"CHECKING"})
    assert cloud.ask("PATCH", f"/clusters/{id}", start).json["error_name"] == "CANNOT_VERIFY"
    cloud.clock.moment += 2
    health = seen(cloud, id)["verification"]
    assert (health["status"], {check["status"] for check in health["checks"]}) == ("GREEN", {"GREEN"})


def test_a_verification_may_find_something(cloud):
    id = made(cloud, "instant")
    headers = {"X-Jobsmock-Plan": "CHECKING 1s > RED (new-worker-1 does not answer)"}
    cloud.ask("PATCH", f"/clusters/{id}", {"verification": {"status": "START"}}, headers=headers)
    cloud.clock.moment += 1
    health = seen(cloud, id)["verification"]
    assert (health["status"], health["checks"][0]["description"]) == ("RED", "new-worker-1 does not answer")

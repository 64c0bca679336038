"""Requests that tests of rules and of the journal share."""

from tests.http.control.control_requests import API

JOBS = "/v1.1/p/jobs"


CLUSTER = "c1000000-0000-4000-8000-000000000004"


UNAVAILABLE = {"status": 503}


def added(client, then, when=None, **more):
    """Adds a rule, on jobs.list if nothing else is said; its id and its warnings."""
    answer = client.post(f"{API}/rules", json={"when": when or {"operation": "jobs.list"}, "then": then, **more})
    assert answer.status_code == 201, answer.json
    return answer.json["id"], answer.json["warnings"]


def prefer(client, wish, path=JOBS):
    return client.get(path, headers={"Prefer": wish})


def statuses(client, count, path=JOBS):
    return [client.get(path).status_code for _ in range(count)]


def execute(client, prefix="", configs=None, headers=None):
    """Runs a job of the sample; the answer."""
    id = client.get(f"{prefix}{JOBS}?name=slow-restock").json["jobs"][0]["id"]
    body = {"cluster_id": CLUSTER, "job_configs": {"configs": configs or {}}}
    answer = client.post(f"{prefix}{JOBS}/{id}/execute", json=body, headers=headers)
    assert answer.status_code == 202, answer.json
    return answer


def entries(client, filters=""):
    return client.get(f"{API}/journal{filters}").json["entries"]

"""Requests to the control API that its tests share."""

API = "/_jobsmock"


SOURCE = {"name": "d", "type": "hdfs", "url": "hdfs://h/p"}


RUN = {"cluster_id": "c1000000-0000-4000-8000-000000000004"}


def told(answer, code):
    assert answer.status_code == code
    assert answer.json["error"]["code"] == code
    return answer.json["error"]["message"]


def executed(client, job="slow-restock", plan="PENDING 2s > RUNNING 8s > SUCCEEDED", on=None):
    id = client.get(f"/v1.1/p/jobs?name={job}").json["jobs"][0]["id"]
    body = {"cluster_id": on} if on else RUN
    answer = client.post(f"/v1.1/p/jobs/{id}/execute", json=body, headers={"X-Jobsmock-Plan": plan})
    return answer.json["job_execution"]["id"]


def status(client, execution):
    return client.get(f"/v1.1/p/job-executions/{execution}").json["job_execution"]["info"]["status"]


def clock(client, **change):
    return client.post(f"{API}/clock", json=change)

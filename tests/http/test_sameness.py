"""With a seed and under a frozen clock the same requests give the same answers, byte by byte."""

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory, make_simple_rules
from jobsmock.world.worlds import Worlds

CLUSTER = "c1000000-0000-4000-8000-000000000004"
SOURCE = {"type": "hdfs", "url": "hdfs://node/%RANDSTR(8)%"}


def answers(seed):
    """Bodies, statuses and headers of 200 requests, of which chance makes one in ten an error."""
    rules = make_simple_rules(None, "0.1:503")
    maker = WorldFactory(Sample.load("demo"), "realistic", seed, rules=rules, freeze="2026-12-01T08:00:00")
    client = create_app(Worlds(maker)).test_client()
    jobs = [job["id"] for job in client.get("/v1.1/p/jobs").json.get("jobs", [])] or [CLUSTER]
    for number in range(40):
        yield client.post("/v1.1/p/data-sources", json={**SOURCE, "name": f"source-{number}"})
        yield client.post(f"/v1.1/p/jobs/{jobs[number % len(jobs)]}/execute", json={"cluster_id": CLUSTER})
        client.post("/_jobsmock/clock", json={"advance": "20s"})
        yield client.get("/v1.1/p/job-executions?limit=5&sort_by=-created_at")
        yield client.get(f"/v1.1/p/jobs/{number}")
        yield client.get("/w/other/v1.1/p/data-sources?limit=3")


def written(seed):
    return [(answer.status, dict(answer.headers), answer.data) for answer in answers(seed)]


def test_the_same_seed_gives_byte_identical_answers_and_another_seed_others():
    first = written(7)
    assert len(first) == 200
    assert {status for status, _, _ in first} >= {"200 OK", "202 ACCEPTED", "404 NOT FOUND", "503 SERVICE UNAVAILABLE"}
    assert written(7) == first
    assert written(8) != first

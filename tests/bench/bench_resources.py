"""CPU per request in process, for one of each resource and for a list of 20, by API v1.1 and by v2.

    python -m tests.bench.bench_resources [STORED]

prints microseconds, in a world with so many clusters and templates (20). A job is what the others are held against; a
cluster of four instances is seven times as long.
"""

import sys

from jobsmock.http.app import create_app
from jobsmock.samples.sample import make_world
from tests.bench.bench_in_process import PROJECT, asked, microseconds

V2 = "/v2/bench"
IN_V2 = {"jobs": "job-templates", "job-executions": "jobs"}
FAKE = {"plugin_name": "fake", "hadoop_version": "0.1"}
NETWORK = "d9a3bebc-f788-4b81-9a93-aa048022c1ca"


def group(name, count, process):
    return {"name": name, "count": count, "flavor_id": "2", "node_processes": [process]}


def filled(stored):
    """An app with 20 of each resource, and `stored` clusters and templates."""
    app = create_app(make_world("empty", plan="instant", seed=1))
    image = asked(app, "GET", "/images")["images"][0]["id"]
    place = {"default_image_id": image, "neutron_management_network": NETWORK}
    groups = [group("master", 1, "namenode"), group("worker", 3, "datanode")]
    for number in range(stored):
        name = {"name": f"n{number}"}
        asked(app, "POST", "/node-group-templates", {**name, **FAKE, "flavor_id": "2", "node_processes": ["namenode"]})
        asked(app, "POST", "/cluster-templates", {**name, **FAKE, **place, "node_groups": groups})
        cluster = asked(app, "POST", "/clusters", {**name, **FAKE, **place, "node_groups": groups})["cluster"]["id"]
    for number in range(20):
        name = {"name": f"n{number}"}
        asked(app, "POST", "/data-sources", {**name, "type": "hdfs", "url": "hdfs://node/in"})
        extra = {"user": "u", "password": "p"}
        binary = asked(app, "POST", "/job-binaries", {**name, "url": "swift://c/o", "extra": extra})["job_binary"]["id"]
        job = asked(app, "POST", "/jobs", {**name, "type": "Shell", "mains": [binary]})["job"]["id"]
        asked(app, "POST", f"/jobs/{job}/execute", {"cluster_id": cluster})
    return app


def measure(app, noun):
    """Of a show and a list by v1.1, and of the same by v2."""
    for prefix, path in ((PROJECT, f"/{noun}"), (V2, f"/{IN_V2.get(noun, noun)}")):
        page = path if noun in ("images", "plugins") else f"{path}?limit=20"
        listed = next(iter(asked(app, "GET", page, None, prefix).values()))
        one = listed[-1].get("id") or listed[-1]["name"]
        yield microseconds(app, [("GET", f"{path}/{one}", None, prefix)] * 2000, 200)
        yield microseconds(app, [("GET", page, None, prefix)] * 400, 200)


if __name__ == "__main__":
    served = filled(int(sys.argv[1]) if sys.argv[1:] else 20)
    print(f"{'':<24}{'show':>8}{'list':>8}{'by v2':>8}{'list':>8}  µs")
    for noun in ("jobs", "job-executions", "job-binaries", "data-sources", "node-group-templates",
                 "cluster-templates", "clusters", "images", "plugins"):  # fmt: skip
        print(f"  {noun:<22}", *(f"{spent:7.0f}" for spent in measure(served, noun)))

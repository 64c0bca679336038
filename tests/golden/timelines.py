"""What is seen of an execution, or of a cluster, in each second of a profile's plan.

`python -m tests.golden.timelines` writes the files in `timelines/` anew. A file has the plan, the seed, and a list of
`[second, {what has changed since the last second}]`.
"""

import json
from pathlib import Path

from jobsmock.http.app import create_app
from jobsmock.sahara.profiles import PROFILES
from jobsmock.samples.sample import Sample

FOLDER = Path(__file__).with_name("timelines")
SEED, START = 11, "2026-01-01T00:00:00"
LONGEST = 20 * 60  # seconds
API = "/v1.1/p"
CASES = [(kind, profile) for kind, profiles in PROFILES.items() for profile in profiles]
SAMPLE = {
    "images": [{"name": "fake", "tags": ["fake", "0.1"], "username": "u"}],
    "job_binaries": [{"name": "script", "url": "swift://c/o", "extra": {"user": "u", "password": "p"}}],
    "data_sources": [
        {"name": name, "type": "hdfs", "url": f"hdfs://h/{name}"} for name in ("in", "out")
    ],
    "jobs": [{"name": "job", "type": "Pig", "mains": ["script"]}],
    "clusters": [
        {
            "name": "lab",
            "plugin_name": "fake",
            "hadoop_version": "0.1",
            "default_image_id": "fake",
            "node_groups": [{"name": "all", "flavor_id": "2", "count": 2, "node_processes": ["namenode", "datanode"]}],
        }
    ],
}  # fmt: skip


class Timeline:
    """One thing, from the request that starts it on, by the clock of its world."""

    def __init__(self, kind, profile):
        self.client = create_app(
            Sample.from_document(SAMPLE, "sample").make_world(seed=SEED, freeze=START)
        ).test_client()
        self.headers = {"X-Jobsmock-Plan": profile}
        self.read = self.read_execution if kind == "execution" else self.read_cluster
        self.url = getattr(self, f"start_{kind}")()

    def play(self):
        """`[second, changes]` until nothing can change any more; of what never ends, a minute more."""
        seen, entries, quiet = {}, [], 0
        for second in range(LONGEST):
            now = self.read()
            if changes := {key: value for key, value in now.items() if seen.get(key) != value}:
                entries.append([second, changes])
                quiet = 0
            seen, quiet = now, quiet + 1
            if quiet > 9 * 60 or now["status"] in ("SUCCEEDED", "Active", "Gone", "GREEN"):
                break
            self.ask("POST", "/_jobsmock/clock", {"advance": "1s"})
        return entries

    def ask(self, method, path, body=None):
        response = self.client.open(path, method=method, json=body, headers=self.headers)
        assert response.status_code < 500, response.data
        return response

    def find(self, table):
        return self.ask("GET", f"{API}/{table}").json[table.replace("-", "_")]

    def start_execution(self):
        (job,), (cluster,), sources = self.find("jobs"), self.find("clusters"), self.find("data-sources")
        ids = {source["name"]: source["id"] for source in sources}
        body = {"cluster_id": cluster["id"], "input_id": ids["in"], "output_id": ids["out"]}
        started = self.ask("POST", f"{API}/jobs/{job['id']}/execute", body).json
        return f"{API}/job-executions/{started['job_execution']['id']}"

    def start_create(self):
        (cluster,) = self.find("clusters")
        keys = ("plugin_name", "hadoop_version", "default_image_id")
        group = {"name": "all", "flavor_id": "2", "count": 2, "node_processes": ["namenode", "datanode"]}
        network = self.ask("GET", "/network/v2.0/networks").json["networks"][0]["id"]
        body = {key: cluster[key] for key in keys} | {"neutron_management_network": network, "node_groups": [group]}
        return self.cluster_url(self.ask("POST", f"{API}/clusters", body | {"name": "new"}).json["cluster"]["id"])

    def start_scale(self):
        more = {"name": "more", "flavor_id": "2", "count": 1, "node_processes": ["tasktracker"]}
        return self.change("PUT", {"resize_node_groups": [{"name": "all", "count": 3}], "add_node_groups": [more]})

    def start_delete(self):
        return self.change("DELETE", None)

    def start_verify(self):
        return self.change("PATCH", {"verification": {"status": "START"}})

    def change(self, method, body):
        (cluster,) = self.find("clusters")
        url = self.cluster_url(cluster["id"])
        assert self.ask(method, url, body).status_code in (202, 204)
        return url

    def cluster_url(self, id):
        return f"{API}/clusters/{id}"

    def read_execution(self):
        execution = self.ask("GET", self.url).json["job_execution"]
        keys = ("start_time", "end_time", "return_code")
        return {"status": execution["info"]["status"], **{key: execution[key] for key in keys}}

    def read_cluster(self):
        response = self.ask("GET", self.url)
        if response.status_code == 404:
            return {"status": "Gone"}
        cluster = response.json["cluster"]
        if "verification" in cluster:
            return {"status": cluster["verification"]["status"], "checks": len(cluster["verification"]["checks"])}
        steps = [step["step_name"] for step in cluster["provision_progress"] if step["successful"]]
        instances = sum(len(group["instances"]) for group in cluster["node_groups"])
        return {"status": cluster["status"], "instances": instances, "steps done": steps}


def file_of(kind, profile):
    return FOLDER / f"{kind}-{profile}.json"


def write(kind, profile):
    head = {"plan": PROFILES[kind][profile], "seed": SEED}
    lines = ",\n".join(f"  {json.dumps(entry)}" for entry in Timeline(kind, profile).play())
    file_of(kind, profile).write_text(f'{json.dumps(head)[:-1]}, "seen": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    for case in CASES:
        write(*case)

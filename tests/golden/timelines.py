"""Timelines: what a client sees of an execution or a cluster in each second of the plan of a profile.

`python -m tests.golden.timelines` writes the files in `timelines/` anew. Run it after adding or changing a profile, and
review the difference. A file has the plan, the seed, and a list of `[second, {what has changed since the last entry}]`.
"""

import json
from pathlib import Path

from jobsmock.http.app import create_app
from jobsmock.sahara.profiles import PROFILES
from jobsmock.samples.sample import Sample

FOLDER = Path(__file__).with_name("timelines")
SEED, START = 11, "2026-01-01T00:00:00"
LAST_SECOND = 20 * 60
LONGEST_STEP = 9 * 60  # seconds, in any profile: what does not change for longer never will
FINAL = ("SUCCEEDED", "FAILED", "DONEWITHERROR", "Active", "Error", "Gone", "GREEN")
API = "/v1.1/p"
PURPOSES = {"execution-on-vanilla": "execution", "execution-on-spark": "execution"} | {
    purpose: purpose for purpose in PROFILES if purpose != "execution"
}
CASES = [(subject, profile) for subject, purpose in PURPOSES.items() for profile in PROFILES[purpose]]


def node_group(*processes):
    return {"name": "all", "flavor_id": "2", "count": 2, "node_processes": list(processes)}


FAKE = {
    "plugin_name": "fake",
    "hadoop_version": "0.1",
    "default_image_id": "fake",
    "node_groups": [node_group("namenode", "datanode")],
}
SAMPLE = {
    "images": [{"name": "fake", "tags": ["fake", "0.1"], "username": "u"}],
    "job_binaries": [{"name": "script", "url": "swift://c/o", "extra": {"user": "u", "password": "p"}}],
    "jobs": [{"name": "job", "type": "Shell", "mains": ["script"]}],
    "clusters": [
        {"name": "fake", **FAKE},
        {
            "name": "vanilla",
            "plugin_name": "vanilla",
            "hadoop_version": "2.8.2",
            "node_groups": [node_group("namenode", "oozie") | {"count": 1}],
        },
        {"name": "spark", "plugin_name": "spark", "hadoop_version": "2.3"},
    ],
}


class Timeline:
    """One execution or cluster, from the request that starts its plan. Its world has a frozen clock."""

    def __init__(self, subject, profile):
        world = Sample.from_document(SAMPLE, "sample").make_world(seed=SEED, freeze=START)
        self.client = create_app(world).test_client()
        self.headers = {"X-Jobsmock-Plan": profile}
        if subject.startswith("execution-on-"):
            self.read, self.url = self.read_execution, self.execute(subject.removeprefix("execution-on-"))
        else:
            self.read, self.url = self.read_cluster, getattr(self, subject)()

    def play(self):
        """Return `[second, changes]` up to a final status, or until nothing can change any more."""
        previous, entries = {}, []
        for second in range(LAST_SECOND):
            current = self.read()
            if changes := {key: value for key, value in current.items() if previous.get(key) != value}:
                entries.append([second, changes])
            previous = current
            if current["status"] in FINAL or second - entries[-1][0] > LONGEST_STEP:
                break
            self.ask("POST", "/_jobsmock/clock", {"advance": "1s"})
        return entries

    def ask(self, method, path, body=None):
        response = self.client.open(path, method=method, json=body, headers=self.headers)
        assert response.status_code in (200, 202, 204, 404), response.data
        return response

    def find_id(self, table, name):
        return next(
            record["id"] for record in self.ask("GET", f"{API}/{table}").json[table] if record["name"] == name
        )  # fmt: skip

    # --- the requests that start a plan

    def execute(self, cluster):
        body = {"cluster_id": self.find_id("clusters", cluster)}
        response = self.ask("POST", f"{API}/jobs/{self.find_id('jobs', 'job')}/execute", body)
        return f"{API}/job-executions/{response.json['job_execution']['id']}"

    def create(self):
        network = self.ask("GET", "/network/v2.0/networks").json["networks"][0]["id"]
        image = self.find_id("images", "fake")
        body = {**FAKE, "name": "new", "default_image_id": image, "neutron_management_network": network}
        return f"{API}/clusters/{self.ask('POST', f'{API}/clusters', body).json['cluster']['id']}"

    def scale(self):
        more = {"name": "more", "flavor_id": "2", "count": 1, "node_processes": ["tasktracker"]}
        return self.change("PUT", {"resize_node_groups": [{"name": "all", "count": 3}], "add_node_groups": [more]})

    def delete(self):
        return self.change("DELETE", None)

    def verify(self):
        return self.change("PATCH", {"verification": {"status": "START"}})

    def change(self, method, body):
        url = f"{API}/clusters/{self.find_id('clusters', 'fake')}"
        assert self.ask(method, url, body).status_code in (202, 204)
        return url

    # --- what a client sees

    def read_execution(self):
        execution = self.ask("GET", self.url).json["job_execution"]
        times_and_code = {key: execution[key] for key in ("start_time", "end_time", "return_code")}
        actions = [f"{action['name']} {action['status']}" for action in execution["info"].get("actions", [])]
        return {"status": execution["info"]["status"], **times_and_code, "actions": actions or None}

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


def make_document(subject, profile):
    """The content of a file, except for its layout."""
    return {"plan": PROFILES[PURPOSES[subject]][profile], "seed": SEED, "seen": Timeline(subject, profile).play()}


def find_file(subject, profile):
    return FOLDER / f"{subject}-{profile}.json"


def write_file(subject, profile):
    document = make_document(subject, profile)
    entries = ",\n".join(f"  {json.dumps(entry)}" for entry in document.pop("seen"))
    find_file(subject, profile).write_text(f'{json.dumps(document)[:-1]}, "seen": [\n{entries}\n]}}\n')


if __name__ == "__main__":
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for case in CASES:
        write_file(*case)

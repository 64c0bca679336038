"""One session with one seed: requests to a world whose clock stands still unless the session moves it.

`python -m tests.golden.session` writes `session.json` anew. Do so when ids or draws change on purpose, and say so in
CHANGES.md: whoever has recorded a run with a seed gets another one from then on.
"""

import base64
import json
from pathlib import Path

from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample

FILE = Path(__file__).with_name("session.json")
SEED, MOMENT = 7, "2026-01-01T00:00:00"
API, V2 = "/v1.1/shop", "/v2/shop"

LOGIN = {
    "auth": {
        "identity": {
            "methods": ["password"],
            "password": {"user": {"name": "demo", "password": "demo", "domain": {"id": "default"}}},
        },
        "scope": {"project": {"name": "demo", "domain": {"id": "default"}}},
    }
}
SOURCE = {
    "name": "in",
    "type": "swift",
    "url": "swift://c/in-%RANDSTR(6)%",
    "credentials": {"user": "u", "password": "p"},
}
CLUSTER = {
    "name": "lab",
    "plugin_name": "fake",
    "hadoop_version": "0.1",
    "default_image_id": "{image}",
    "neutron_management_network": "{network}",
    "node_groups": [
        {"name": "all", "flavor_id": "2", "count": 2, "node_processes": ["namenode", "datanode", "jobtracker"]}
    ],
}
RULE = {
    "when": {"operation": "jobs.list"},
    "on": {"probability": 0.5},
    "then": {"delay": "1ms..2ms", "status": 503},
}

# What is sent: method, path, body; and under which name the id in the response is kept for later steps.
STEPS = (
    ("POST", "/v3/auth/tokens", LOGIN, None),
    ("GET", "/compute/v2.1/flavors/detail", None, None),
    ("GET", "/network/v2.0/networks", None, "network"),
    ("GET", f"{API}/images?tags=fake", None, "image"),
    ("POST", f"{API}/data-sources", SOURCE, "input"),
    ("POST", f"{API}/data-sources", {**SOURCE, "name": "out", "url": "swift://c/out-%JOB_EXEC_ID%"}, "output"),
    ("PUT", f"{API}/job-binary-internals/script.pig", "A = LOAD '$INPUT';", "internal"),
    ("POST", f"{API}/job-binaries", {"name": "script", "url": "internal-db://{internal}"}, "binary"),
    ("POST", f"{API}/jobs", {"name": "count", "type": "Pig", "mains": ["{binary}"]}, "job"),
    ("POST", f"{API}/clusters", CLUSTER, "cluster"),
    ("POST", "/_jobsmock/clock", {"advance": "2s"}, None),
    ("GET", f"{API}/clusters/{{cluster}}?show_progress=true", None, None),
    ("POST", "/_jobsmock/clock", {"until": {"cluster": "{cluster}", "status": "Active"}}, None),
    (
        "POST",
        f"{API}/jobs/{{job}}/execute",
        {"cluster_id": "{cluster}", "input_id": "{input}", "output_id": "{output}", "job_configs": {
            "configs": {"jobsmock.plan": "PENDING 1s..9s > RUNNING 1m..9m > SUCCEEDED 50% | FAILED (disk full)"}}},
        "execution",
    ),
    ("POST", "/_jobsmock/clock", {"advance": "30s"}, None),
    ("GET", f"{API}/job-executions/{{execution}}", None, None),
    ("POST", "/_jobsmock/clock", {"advance": "1h"}, None),
    ("GET", f"{API}/job-executions/{{execution}}", None, None),
    ("GET", f"{V2}/jobs/{{execution}}", None, None),
    ("POST", "/_jobsmock/rules", RULE, None),
    *(("GET", f"{API}/jobs", None, None) for _ in range(6)),
    ("GET", f"{API}/jobs/none", None, None),
    ("POST", f"{API}/clusters", {"name": "lab"}, None),
    ("GET", f"{API}/job-executions?limit=1&sort_by=-start_time", None, None),
    ("DELETE", f"{API}/clusters/{{cluster}}", None, None),
    ("GET", f"{API}/clusters", None, None),
)  # fmt: skip


def play():
    """Each response of the session: status, headers, and body."""
    client = create_app(Sample.load("demo").make_world(seed=SEED, freeze=MOMENT)).test_client()
    names, responses = {}, []
    for method, path, body, kept in STEPS:
        content = fill(json.dumps(body) if not isinstance(body, str) else body, names)
        response = client.open(fill(path, names), method=method, data=content if body is not None else None)
        responses.append(
            {
                "request": f"{method} {path}",
                "status": response.status,
                "headers": [list(header) for header in response.headers],
                "body": as_text(response.data),
            }
        )
        if kept:
            names[kept] = find_id(response.json)
            assert names[kept], (path, response.data)
    return responses


def fill(text, names):
    for name, value in names.items():
        text = text.replace(f"{{{name}}}", value)
    return text


def find_id(content):
    """The first id in a response."""
    if isinstance(content, dict) and "id" in content:
        return content["id"]
    items = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    return next(filter(None, map(find_id, items)), None)


def as_text(data):
    try:
        return data.decode()
    except UnicodeDecodeError:
        return base64.b64encode(data).decode()


if __name__ == "__main__":
    FILE.write_text(json.dumps(play(), indent=1, ensure_ascii=False) + "\n")

"""CPU per request in process: a WSGI call, one core, no socket.

    python -m tests.bench.bench_in_process [STORED ...]

prints microseconds for show, list of two, create, execute and a page of 20, in a world with so many stored jobs
(two, and then 100,000).
"""

import io
import json
import statistics
import sys
import time

from jobsmock.http.app import create_app
from jobsmock.samples.sample import make_world

PROJECT = "/v1.1/bench"


def environ(method, path, body=None, project=PROJECT):
    path, _, query = path.partition("?")
    content = json.dumps(body).encode() if body is not None else b""
    return {
        "REQUEST_METHOD": method,
        "PATH_INFO": project + path,
        "QUERY_STRING": query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "8386",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": "127.0.0.1:8386",
        "HTTP_X_AUTH_TOKEN": "token",
        "HTTP_ACCEPT": "*/*",
        "HTTP_USER_AGENT": "bench",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(content),
        "wsgi.errors": sys.stderr,
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **({"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(content))} if content else {}),
    }


def call(app, *request):
    status = []
    answer = b"".join(app(environ(*request), lambda line, headers: status.append(line)))
    return int(status[0][:3]), answer


def asked(app, *request):
    """What is answered, once that is no error."""
    status, answer = call(app, *request)
    assert status < 300, answer
    return json.loads(answer)


def microseconds(app, requests, status):
    """CPU of a call: the median of batches, the making of the environ taken off."""
    requests = list(requests)
    answered: list[str] = []
    batch, spent = max(1, len(requests) // 20), []
    for start in range(0, len(requests) - batch + 1, batch):
        environs = [environ(*request) for request in requests[start : start + batch]]
        before = time.process_time()
        for one in environs:
            b"".join(app(one, lambda line, headers: answered.append(line)))
        spent.append((time.process_time() - before) / batch * 1e6)
    assert all(line.startswith(str(status)) for line in answered), answered[:3]
    return statistics.median(spent)


def measure(stored):
    world = make_world("empty", plan="PENDING 1h > RUNNING 1h > SUCCEEDED", seed=1)
    app = create_app(world)
    cluster = json.loads(call(app, "GET", "/clusters")[1])["clusters"][0]["id"]
    binary = {"name": "main.pig", "url": "swift://c/o", "extra": {"user": "u", "password": "p"}}
    binary_id = json.loads(call(app, "POST", "/job-binaries", binary)[1])["job_binary"]["id"]

    def job(name, type="Shell"):
        return ("POST", "/jobs", {"name": name, "type": type, "mains": [binary_id]})

    for number in range(stored):
        call(app, *job(f"job-{number:07d}", "Pig" if number % 2 else "Shell"))
    id = json.loads(call(app, "GET", "/jobs?limit=1")[1])["jobs"][0]["id"]
    run = {"cluster_id": cluster}
    shell = json.loads(call(app, *job("runs"))[1])["job"]["id"]
    figures = {
        "show": microseconds(app, [("GET", f"/jobs/{id}")] * 2000, 200),
        "list of two": microseconds(app, [("GET", "/jobs?limit=2")] * 2000, 200),
        "create": microseconds(app, (job(f"new-{number}") for number in range(2000)), 202),
        "execute": microseconds(app, [("POST", f"/jobs/{shell}/execute", run)] * 2000, 202),
    }
    for field in ("id", "name", "-name", "type", "-type", "created_at", "-created_at", "updated_at"):
        path = f"/jobs?limit=20&sort_by={field}"
        call(app, "GET", path)
        figures[f"page of 20 by {field}"] = microseconds(app, [("GET", path)] * 200, 200)
    return figures


if __name__ == "__main__":
    for stored in map(int, sys.argv[1:] or ("2", "100000")):
        print(f"{stored} jobs stored")
        for name, spent in measure(stored).items():
            print(f"  {name:<28}{spent:8.0f} µs")

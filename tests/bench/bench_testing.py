"""What the parts for tests cost, each beside what it has to be measured by where there is such a thing.

python -m tests.bench.bench_testing
"""

import re
import statistics
import subprocess
import sys
import time

import requests
import responses

import jobsmock


def microseconds(do, times=400, batches=7):
    """CPU of one call: the median of batches."""
    spent = []
    for _ in range(batches):
        before = time.process_time()
        for _ in range(times):
            do()
        spent.append((time.process_time() - before) / times * 1e6)
    return statistics.median(spent)


def gets():
    """A GET of one job: by our own Session, by any Session with our adapter, and as `responses` has it ready."""
    cloud, plain, theirs = jobsmock.Cloud(seed=1), requests.Session(), requests.Session()
    ours = cloud.session()
    plain.mount(cloud.url, cloud.adapter())
    url = f"{cloud.endpoint()}/jobs/{next(cloud.world.tables['jobs'].iterate_all())['id']}"
    yield "GET, jobsmock.session()", microseconds(lambda: ours.get(url))
    yield "GET, any Session with our adapter", microseconds(lambda: plain.get(url))
    body = ours.get(url).json()
    with responses.RequestsMock() as canned:
        canned.add("GET", url, json=body)
        yield "GET, canned by responses", microseconds(lambda: theirs.get(url))


def world_of_a_test(server):
    server.make_world("bench", seed=1)
    server.remove_world("bench")


def start_and_stop():
    with jobsmock.Server():
        pass


def import_of_the_plugin():
    """Microseconds; pytest is there already."""
    code = [sys.executable, "-X", "importtime", "-c", "import pytest, jobsmock.pytest_plugin"]
    told = subprocess.run(code, capture_output=True, text=True, check=True).stderr
    return int(re.search(r"\| +(\d+) \| jobsmock\.pytest_plugin\n", told)[1])


def figures():
    yield from gets()
    with jobsmock.Server(seed=1) as server:
        yield "world of a test, sample demo", microseconds(lambda: world_of_a_test(server), 20)
    yield "server, start and stop", microseconds(start_and_stop, 20)
    yield "import of the plugin", import_of_the_plugin()


if __name__ == "__main__":
    for name, spent in figures():
        print(f"{name:<36}{spent:8.0f} µs")

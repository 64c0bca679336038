"""Fixtures: a live server, the app without one, and a cloud whose clock the test moves."""

import gc
import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

from jobsmock import Cloud as CloudAtHand
from jobsmock.http.app import create_app
from jobsmock.samples.sample import Sample, make_world
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.server import HttpServer
from jobsmock.world.clock import Clock
from jobsmock.world.worlds import Worlds


def pytest_collection_finish():
    """What is there once all tests are found stays there; not to look for garbage in it saves a tenth of the time."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def serve():
    """Starts a server on a free port with the world that is asked for; returns its address."""
    servers = []

    def start(sample="demo", plan=None, seed=None, is_strict=False):
        servers.append(HttpServer(Worlds(WorldFactory(Sample.load(sample), plan, seed, is_strict=is_strict))))
        servers[-1].start()
        return servers[-1].url

    yield start
    for server in servers:
        server.stop()


@pytest.fixture
def started():
    """Starts the command; gives the process, what it greeted with, and the address it printed."""
    processes = []

    def start(*arguments, env=None, program=("-m", "jobsmock")):
        command = [sys.executable, *program, *arguments]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=env)
        processes.append(process)
        greeting = "".join(process.stdout.readline() for _ in range(3))
        return process, greeting, re.search(r"http://\S+:\d+", greeting)[0]

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def loaded():
    """A run of pytest within this process forgets what it had to load, so all that has to be there before."""
    CloudAtHand(sample="empty").client()


@pytest.fixture
def passes(loaded, pytester):
    """Runs a file of tests in this process; whether it passes."""

    def run(text):
        pytester.makepyfile(text)
        without = ("no:cacheprovider", "no:hypothesispytest", "no:anyio", "no:asyncio")
        result = pytester.runpytest_inprocess(*(f"-p{plugin}" for plugin in without))
        return result.ret == 0

    return run


@pytest.fixture
def client():
    """A test client of the app on the empty sample: one Active cluster of the fake plugin."""
    return create_app(make_world("empty", "instant", seed=1)).test_client()


class Hands(Clock):
    """A clock that stands still until it is moved, by its hand."""

    def __init__(self, moment):
        super().__init__()
        self.freeze()
        self.moment = moment

    @property
    def moment(self):
        return self.now()

    @moment.setter
    def moment(self, moment):
        self.set(moment)


class Cloud(SimpleNamespace):
    """A world, its clock, and short ways to ask it things as the project `p`."""

    def ask(self, method, path, body=None, **more):
        return self.client.open(f"/v1.1/p{path}", method=method, json=body, **more)

    def id_of(self, table, name):
        return next(record["id"] for record in self.world.tables[table].iterate_all() if record.get("name") == name)

    def execute(self, job, cluster="playground", plan=None, **body):
        """Runs a job of the sample on a cluster of it; the id of the execution."""
        headers = {"X-Jobsmock-Plan": plan} if plan else {}
        body["cluster_id"] = self.id_of("clusters", cluster)
        answer = self.ask("POST", f"/jobs/{self.id_of('jobs', job)}/execute", body, headers=headers)
        assert answer.status_code == 202, answer.json
        assert answer.json["job_execution"]["info"] == {"status": "PENDING"}
        return answer.json["job_execution"]["id"]

    def show(self, execution):
        return self.ask("GET", f"/job-executions/{execution}").json["job_execution"]

    def status(self, execution):
        return self.show(execution)["info"]["status"]


@pytest.fixture
def cloud_of():
    """Makes a cloud of a sample, its clock standing still at the present."""

    def make(sample="demo", plan=None, seed=1):
        world = make_world(sample, plan, seed)
        world.clock = Hands(world.clock.now())
        return Cloud(world=world, clock=world.clock, client=create_app(world).test_client())

    return make


@pytest.fixture
def cloud(cloud_of):
    """The sample `demo`, its clock standing still."""
    return cloud_of()

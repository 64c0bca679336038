"""Runs a job to its end, and asks again where the service is busy or the connection breaks."""

import time
from collections.abc import Callable
from typing import Any

import requests

BUSY = (429, 502, 503, 504)
RUNNING = ("PENDING", "RUNNING", "TOBEKILLED", "READYTORUN", "SUSPENDED", "PREP")


class JobFailed(Exception):
    """It ended, but not well. The message says how, and why if that is known."""


class JobRunner:
    def __init__(self, endpoint: str, session: requests.Session, sleep: Callable[[float], None] = time.sleep) -> None:
        self.endpoint, self.session, self.sleep = endpoint, session, sleep

    def run(self, job: str, cluster: str) -> dict[str, Any]:
        run = self.ask("POST", f"/jobs/{job}/execute", {"cluster_id": cluster})
        while run["info"]["status"] in RUNNING:
            self.sleep(2.0)
            run = self.ask("GET", f"/job-executions/{run['id']}")
        if run["info"]["status"] != "SUCCEEDED":
            raise JobFailed(f"{run['info']['status']}: {run['info'].get('reason', 'nobody knows why')}")
        return run

    def ask(self, method: str, path: str, body: Any = None, tries: int = 3) -> dict[str, Any]:
        try:
            answer = self.session.request(method, self.endpoint + path, json=body, timeout=5)
        except requests.RequestException:
            if method != "GET" or tries == 1:  # what was asked for may have been done: only a look can be repeated
                raise
        else:
            if answer.status_code not in BUSY or tries == 1:
                answer.raise_for_status()
                execution: dict[str, Any] = answer.json()["job_execution"]
                return execution
        self.sleep(1.0)
        return self.ask(method, path, body, tries - 1)

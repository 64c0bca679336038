"""Runs a job and waits until it ends. Retries if the service is busy or the connection breaks."""

import time
from collections.abc import Callable
from typing import Any

import requests

BUSY = (429, 502, 503, 504)
RUNNING = ("PENDING", "RUNNING", "TOBEKILLED", "READYTORUN", "SUSPENDED", "PREP")


class JobFailed(Exception):
    """The job ended without success. The message has its status, and the reason if there is one."""


class JobRunner:
    def __init__(self, endpoint: str, session: requests.Session, sleep: Callable[[float], None] = time.sleep) -> None:
        self.endpoint, self.session, self.sleep = endpoint, session, sleep

    def run(self, job: str, cluster: str) -> dict[str, Any]:
        execution = self.send("POST", f"/jobs/{job}/execute", {"cluster_id": cluster})
        while execution["info"]["status"] in RUNNING:
            self.sleep(2.0)
            execution = self.send("GET", f"/job-executions/{execution['id']}")
        if execution["info"]["status"] != "SUCCEEDED":
            raise JobFailed(f"{execution['info']['status']}: {execution['info'].get('reason', 'unknown reason')}")
        return execution

    def send(self, method: str, path: str, body: Any = None, attempts: int = 3) -> dict[str, Any]:
        try:
            response = self.session.request(method, self.endpoint + path, json=body, timeout=5)
        except requests.RequestException:
            if method != "GET" or attempts == 1:  # the job may have been started, so only a GET is repeated
                raise
        else:
            if response.status_code not in BUSY or attempts == 1:
                response.raise_for_status()
                execution: dict[str, Any] = response.json()["job_execution"]
                return execution
        self.sleep(1.0)
        return self.send(method, path, body, attempts - 1)

"""The log of requests."""

import re
import signal

import requests


def test_each_request_is_one_line_and_no_path_can_forge_another(started):
    process, _, url = started("--port", "0", "--sample", "empty")
    requests.get(f"{url}/v1.1/p/jobs?limit=1", timeout=5)
    requests.get(f"{url}/v1.1/p/jobs/x%0aforged%1b[31m", timeout=5)
    process.send_signal(signal.SIGTERM)
    first, second = process.communicate(timeout=5)[1].splitlines()
    assert re.fullmatch(r'127\.0\.0\.1 - - \[.+\] "GET /v1\.1/p/jobs\?limit=1" 200', first)
    assert r"x\nforged\x1b[31m" in second

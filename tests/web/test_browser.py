"""A page of another origin, in a real browser. Skipped where there is no Chromium."""

import functools
import http.server
import json
import re
import subprocess
import threading

import pytest

from tests.chromium import CHROMIUM, FLAGS

PAGE = """
<pre></pre><script>
async function story() {
  const api = "ADDRESS/v1.1/demo", job = "10b00000-0000-4000-8000-000000000010"
  const headers = {"X-Auth-Token": "t", "Content-Type": "application/json", "Prefer": "x",
                   "X-Jobsmock-Plan": "RUNNING 1 poll > FAILED (seen by a page)"}
  const listed = await fetch(`${api}/jobs?name=fail-restock`, {headers: {"X-Auth-Token": "t"}})
  const body = JSON.stringify({cluster_id: "c1000000-0000-4000-8000-000000000004"})
  const executed = await fetch(`${api}/jobs/${job}/execute`, {method: "POST", headers, body})
  const execution = `${api}/job-executions/${(await executed.json()).job_execution.id}`
  const infos = []
  for (let i = 0; i < 2; i++) infos.push((await (await fetch(execution)).json()).job_execution.info)
  const patched = await fetch(`${api}/jobs/${job}`, {method: "PATCH", headers, body: '{"name": ""}'})
  const refused = await patched.json()
  const deleted = await fetch(execution, {method: "DELETE"})
  return {jobs: (await listed.json()).jobs.length, infos, refused: refused.error_name, deleted: deleted.status,
          request: listed.headers.get("X-Openstack-Request-Id").slice(0, 4)}
}
story().catch(String).then(told => document.querySelector("pre").textContent = JSON.stringify(told))
</script>
"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        pass


@pytest.fixture
def site(tmp_path):
    """Serves a folder under an origin of its own; gives the folder and the origin."""
    handler = functools.partial(Quiet, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield tmp_path, f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_a_page_can_list_execute_watch_update_and_delete(serve, site, tmp_path_factory):
    folder, origin = site
    (folder / "index.html").write_text(PAGE.replace("ADDRESS", serve()))
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    command = [CHROMIUM, *FLAGS, "--dump-dom", profile, origin]
    shown = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert json.loads(re.search("<pre>(.*)</pre>", shown.stdout)[1]) == {
        "jobs": 1,
        "infos": [{"status": "RUNNING"}, {"status": "FAILED", "reason": "seen by a page"}],
        "refused": "VALIDATION_ERROR",
        "deleted": 204,
        "request": "req-",
    }

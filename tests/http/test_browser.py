"""A page of another origin, in a real browser. Skipped where there is no Chromium."""

import functools
import html
import http.server
import json
import re
import subprocess
import threading
from pathlib import Path

import pytest
import requests

from tests.chromium import CHROMIUM, FLAGS

README = Path(__file__).parents[2] / "README.md"
PAGE = """
<pre></pre><script>
async function story() {
%s
}
story().catch(String).then(told => document.querySelector("pre").textContent = JSON.stringify(told))
</script>
"""

# What a page does with the API, as the body of a function; ADDRESS is where the server is.
STORY = """
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
"""

CREDENTIALS = """
  const api = "ADDRESS/v1.1/demo"
  async function ask(url, header, more) {
    const headers = {"X-Auth-Token": "t", "X-Jobsmock-Plan": "instant"}
    const answer = await fetch(url, {credentials: "include", headers, ...more})
    return [answer.status, header ? answer.headers.get(header) : (await answer.json()).error_name]
  }
  const body = new Uint8Array(17 * 1024 * 1024)
  return {
    list: await ask(`${api}/jobs`),
    rule: [await ask(`${api}/clusters`, "Retry-After"), await ask(`${api}/clusters`, "X-Shop")],
    missing: await ask(`${api}/jobs/10b00000-0000-4000-8000-0000000000ff`),
    unknown: await ask("ADDRESS/v1.1/demo/nothing"),
    method: await ask(`${api}/jobs`, null, {method: "DELETE"}),
    doubled: await ask(`${api}//jobs`),
    world: await ask("ADDRESS/w/%20/v1.1/demo/jobs"),
    strict: await ask("STRICT/v1.1/demo/jobs", "WWW-Authenticate"),
    large: await ask(`${api}/job-binary-internals/large`, null, {method: "PUT", body}),
    version: await ask("ADDRESS/v2/demo/job-templates", "OpenStack-API-Version"),
  }
"""


needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")


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


def shown(page, folder, origin, profile):
    """What the story of a page came to."""
    (folder / "index.html").write_text(page)
    command = [CHROMIUM, *FLAGS, "--dump-dom", f"--user-data-dir={profile}", origin]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(html.unescape(re.search("<pre>(.*)</pre>", ran.stdout)[1]))


@needs_chromium
def test_a_page_can_list_execute_watch_update_and_delete(serve, site, tmp_path_factory):
    page = PAGE % STORY.replace("ADDRESS", serve())
    assert shown(page, *site, tmp_path_factory.mktemp("profile")) == {
        "jobs": 1,
        "infos": [{"status": "RUNNING"}, {"status": "FAILED", "reason": "seen by a page"}],
        "refused": "VALIDATION_ERROR",
        "deleted": 204,
        "request": "req-",
    }


@needs_chromium
def test_a_page_that_sends_credentials_can_read_answers_errors_and_their_headers(serve, site, tmp_path_factory):
    url, strict = serve(), serve(is_strict=True)
    then = {"status": 503, "headers": {"Retry-After": "7", "X-Shop": "closed"}}
    rule = {"when": {"operation": "clusters.list"}, "then": then}
    assert requests.post(f"{url}/_jobsmock/rules", json=rule, timeout=5).status_code == 201
    page = PAGE % CREDENTIALS.replace("ADDRESS", url).replace("STRICT", strict)
    told = shown(page, *site, tmp_path_factory.mktemp("profile"))
    assert told.pop("strict") == [401, f'Keystone uri="{strict}/identity"']
    assert told == {
        "list": [200, None],
        "rule": [[503, "7"], [503, "closed"]],
        "missing": [404, "NOT_FOUND"],
        "unknown": [404, None],
        "method": [405, None],
        "doubled": [200, None],
        "world": [404, None],
        "large": [413, "REQUEST_ENTITY_TOO_LARGE"],
        "version": [200, "data-processing 2.0"],
    }


@needs_chromium
def test_a_page_can_do_what_the_readme_shows(serve, site, tmp_path_factory):
    (block,) = re.findall(r"^```js\n(.*?)^```$", README.read_text(), re.MULTILINE | re.DOTALL)
    page = PAGE % (block.replace("http://127.0.0.1:8386", serve()) + "return names")
    assert "basket-pairs" in shown(page, *site, tmp_path_factory.mktemp("profile"))

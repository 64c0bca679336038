"""Runs Horizon with sahara-dashboard, from PyPI and unmodified, against a strict jobsmock, as a person uses it.

    python -m tests.clients.horizon FOLDER [PICTURE]

FOLDER keeps the environment. Looks at every list and every page of a thing in it, and deletes a job. With PICTURE,
Chromium takes one of the jobs for `docs/horizon.md`.
"""

import html
import re
import sys

import requests
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session

from tests.clients import stage
from tests.clients.horizon.dashboard import dashboard
from tests.clients.horizon.picture import take

USER, PASSWORD = "demo", "secret"
PANELS = "/project/data_processing"
LISTS = {
    "job-templates": f"{PANELS}/jobs/?tab=job_tabs__job_templates_tab",
    "data-sources": f"{PANELS}/jobs/?tab=job_tabs__data_sources_tab",
    "job-binaries": f"{PANELS}/jobs/?tab=job_tabs__job_binaries_tab",
    "clusters": f"{PANELS}/clusters/?tab=cluster_tabs__clusters_tab",
    "cluster-templates": f"{PANELS}/clusters/?tab=cluster_tabs__clusters_templates_tab",
    "node-group-templates": f"{PANELS}/clusters/?tab=cluster_tabs__node_group_templates_tab",
    "images": f"{PANELS}/clusters/?tab=cluster_tabs__image_registry_tab",
    "plugins": f"{PANELS}/data_plugins/",
}
JOBS = f"{PANELS}/jobs/?tab=job_tabs__jobs_tab"  # of which API v1.1 says executions
# By id only: the page of a node group template links to its plugin as if that were a job.
THINGS = (
    r"(?:job-execution|job-template|data-source|job-binary|cluster|cluster-template|node-group-template)/[\da-f-]{36}"
)
PAGE_OF_A_THING = re.compile(rf"href=\"({PANELS}/(?:(?:jobs|clusters)/{THINGS}|data_plugins/\w+))\"")
FAULT = re.compile(r"alert-danger[^>]*>(.*?)</div>", re.DOTALL)
WITHOUT_SCRIPTS = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)


def main(folder: str, picture: str | None = None) -> None:
    with stage.jobsmock("--auth", "strict") as url, dashboard(folder, f"{url}/v3") as address:
        browser, service = Browser(address), Service(url)
        browser.log_in(USER, PASSWORD)
        counted = {name: _look_at_list(browser, service, name) for name in LISTS}
        pages = _look_at_things(browser)
        print(f"Lists: {counted}. Pages of things: {len(pages)}.")
        if picture:
            take(address + JOBS, browser.session, picture)
        _delete_a_job(browser, service)
    print(f"{len(counted) + len(pages) + 2} passed, 0 failed")


class Service:
    """What the dashboard shows, asked without it."""

    def __init__(self, address: str) -> None:
        where = {"auth_url": f"{address}/v3", "project_name": "demo", "project_domain_id": "default"}
        login = Password(username=USER, password=PASSWORD, user_domain_id="default", **where)
        self.address, self.session = address, Session(login)

    def ask(self, path: str) -> requests.Response:
        return self.session.get(self.address + path, raise_exc=False)


class Browser:
    """Somebody who is logged in, and says so if a page tells of a fault."""

    def __init__(self, address: str) -> None:
        self.address, self.session = address, requests.Session()

    def log_in(self, user: str, password: str) -> None:
        page = self.session.get(f"{self.address}/auth/login/").text
        form = {"username": user, "password": password, "next": JOBS} | _hidden(page, "csrfmiddlewaretoken", "region")
        shown = self._send("/auth/login/", form)
        if "Log In" in shown:
            raise SystemExit(f"{user} is not let in.")

    def look(self, path: str) -> str:
        return _sound(path, self.session.get(self.address + path))

    def press(self, path: str, button: str) -> str:
        """Press a button of a table."""
        return self._send(path, {"action": button} | _hidden(self.look(path), "csrfmiddlewaretoken"))

    def _send(self, path: str, form: dict[str, str]) -> str:
        return _sound(path, self.session.post(self.address + path, form, headers={"Referer": self.address + path}))


def _hidden(page: str, *names: str) -> dict[str, str]:
    """What a form holds by such names, as far as it does."""
    found = {name: re.search(rf"name=\"{name}\"[^>]*value=\"([^\"]*)\"", page) for name in names}
    return {name: html.unescape(match[1]) for name, match in found.items() if match}


def _sound(path: str, response: requests.Response) -> str:
    shown = FAULT.findall(WITHOUT_SCRIPTS.sub("", response.text))
    faults = [re.sub(r"(<[^>]+>|\s)+", " ", fault).strip() for fault in shown]
    if response.status_code != requests.codes.ok or faults:
        raise SystemExit(f"{path}: {response.status_code} {faults}")
    return response.text


def _look_at_list(browser: Browser, service: Service, name: str) -> int:
    """Every name that the service lists is on the page."""
    page = browser.look(LISTS[name])
    listed = service.ask(f"/v2/{name}").json()
    (records,) = [value for value in listed.values() if isinstance(value, list)]
    missing = [record["name"] for record in records if html.escape(record["name"]) not in page]
    if missing or not records:
        raise SystemExit(f"{LISTS[name]} does not show {missing or 'anything'}.")
    return len(records)


def _look_at_things(browser: Browser) -> list[str]:
    """The pages to which the lists lead, and those to which these lead, all looked at."""
    seen: list[str] = []
    paths = [JOBS, *LISTS.values()]
    while paths:
        found = PAGE_OF_A_THING.findall(browser.look(paths.pop()))
        fresh = [path for path in dict.fromkeys(found) if path not in seen]
        seen += fresh
        paths += fresh
    for cluster in (path for path in seen if "/cluster/" in path):
        browser.look(f"{cluster}/verifications")  # which a script of the page fetches
    return seen


def _delete_a_job(browser: Browser, service: Service) -> None:
    """A button of the list, and then the service has it no longer."""
    job = re.search(r"/job-execution/([\w-]+)\"", browser.look(JOBS))
    assert job
    browser.press(JOBS, f"jobs__delete__{job[1]}")
    if service.ask(f"/v2/jobs/{job[1]}").status_code != requests.codes.not_found:
        raise SystemExit(f"The job {job[1]} has been deleted and is still there.")


if __name__ == "__main__":
    main(*sys.argv[1:])

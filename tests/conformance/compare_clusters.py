"""Compare jobsmock with a real service by random requests about templates and clusters.

    python -m tests.conformance.compare_clusters REAL_URL MOCK_URL FIRST LAST

For each seed from FIRST up to, but not including, LAST, the same forty requests go to both services. They are about the
plugins vanilla, spark, storm and fake, and most are valid. Each kind of difference is printed with its count and its
first case. Ids, times, addresses, keys, descriptions and steps of provisioning are not compared, and neither are
requests that the real service answers with a 500.

Both services must hold the two images of cloud-with-storm.json and let anybody in. Where the real service's engine
brings clusters up at once, jobsmock is told to do so as well, and scaling is compared, too.
"""

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import requests

from tests.conformance.cluster_requests import IMAGES, NETWORK, PROJECT, TAGS, Request, Requests

_EACH_SEED = 40
_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_NOT_COMPARED = (
    "description", "management_public_key", "provision_progress", "internal_ip", "management_ip", "instance_id",
    "plugin_labels", "version_labels",
)  # fmt: skip
_TIMES = ("created_at", "updated_at")
_CLEARED = ("clusters", "cluster-templates", "node-group-templates")


class Answer(NamedTuple):
    status: int
    content: Any


class Service:
    """One of the two. `ids` are its ids of what has been made, by name."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self._url = url.rstrip("/")
        self._session = requests.Session()
        self._session.headers.update({"X-Project-Id": PROJECT, "X-Roles": "member", **(headers or {})})
        self.ids: dict[str, str] = {}

    def send(self, method: str, path: str, body: Any = None) -> Answer:
        data = None if body is None else self._filled(json.dumps(body)).encode()
        headers = {} if data is None else {"Content-Type": "application/json"}
        answer = self._session.request(method, self._url + self._filled(path), data=data, headers=headers, timeout=60)
        try:
            return Answer(answer.status_code, answer.json())
        except ValueError:
            return Answer(answer.status_code, answer.text)

    def prepare(self) -> None:
        """Remove what an earlier run has left, and have an image that fits every plugin, and one that fits none."""
        for image in IMAGES:
            self.send("POST", f"/v1.1/{PROJECT}/images/{image}", {"username": "user"})
        self.send("POST", f"/v1.1/{PROJECT}/images/{IMAGES[0]}/tag", {"tags": TAGS})
        self.clear()

    def clear(self) -> None:
        for path in _CLEARED:
            for record in self._made(path):
                self.send("DELETE", f"/v1.1/{PROJECT}/{path}/{record['id']}")
            self._wait(lambda path=path: not self._made(path), f"what is in {path} is not deleted")
        self.ids = {}

    def brings_up(self) -> bool:
        """Whether a new cluster becomes Active by itself."""
        body = {"name": "first", "plugin_name": "fake", "hadoop_version": "0.1", "default_image_id": IMAGES[0]}
        self.send("POST", f"/v1.1/{PROJECT}/clusters", {**body, "neutron_management_network": NETWORK})
        time.sleep(1)
        return any(cluster["status"] == "Active" for cluster in self._made("clusters"))

    def settle(self) -> None:
        """Wait until no cluster is on its way."""
        self._wait(
            lambda: all(cluster["status"] != "Validating" for cluster in self._made("clusters")),
            "a cluster neither becomes Active nor fails",
        )

    def _wait(self, is_so: Callable[[], bool], complaint: str) -> None:
        deadline = time.monotonic() + 20
        while not is_so():
            if time.monotonic() > deadline:
                sys.exit(f"{self._url}: {complaint}")
            time.sleep(0.02)

    def _made(self, path: str) -> list[dict[str, Any]]:
        """What is there, less the clusters that belong to the cloud from its start."""
        found = self.send("GET", f"/v1.1/{PROJECT}/{path}").content[path.replace("-", "_")]
        return [record for record in found if not _is_seeded(record)]

    def _filled(self, text: str) -> str:
        return re.sub(r"\{(\w+)\}", lambda name: self.ids.get(name[1], name[0]), text)


def _is_seeded(record: Any) -> bool:
    """Whether it is a cluster that a cloud has from its start."""
    return isinstance(record, dict) and str(record.get("id")).startswith("811e1134")


class Difference(NamedTuple):
    seed: int
    request: Request
    what: str

    @property
    def kind(self) -> tuple[str, str, str]:
        path = re.sub(r"\{\w+\}|" + PROJECT, "…", self.request.path.split("?")[0])
        return self.request.method, path, re.sub(r"\d+|'[^']*'", "…", self.what)[:100]


def compare(real: Service, mock: Service, seed: int, is_up: bool) -> Iterator[Difference | None]:
    """The difference that each request of a seed shows, or None.

    A seed ends where one service does what the other refuses, and where the real one breaks down.
    """
    source = Requests(seed)
    for number in range(_EACH_SEED):
        request = source.draw()
        answers = [service.send(*request[:3]) for service in (real, mock)]
        if answers[0].status >= 500:
            return
        if answers[0].status != answers[1].status:
            yield Difference(seed, request, " | ".join(f"{status} {_brief(content)}" for status, content in answers))
            return
        if request.makes and answers[0].status < 300:
            name = f"{request.makes}{number}"
            source.names.append(name)
            for service, answer in zip((real, mock), answers, strict=True):
                service.ids[name] = next(iter(answer.content.values()))["id"]
        what = _first(answers, real, mock)
        yield Difference(seed, request, what) if what else None
        if is_up and "/clusters" in request.path:
            real.settle()
    yield _at_the_end(real, mock, seed)


def _at_the_end(real: Service, mock: Service, seed: int) -> Difference | None:
    """The difference between all clusters that there are, those included that were refused and stay in Error."""
    request = Request("GET", f"/v1.1/{PROJECT}/clusters")
    answers = [service.send(*request[:3]) for service in (real, mock)]
    what = _first(answers, real, mock)
    return Difference(seed, request, what) if what else None


def _brief(content: Any) -> str:
    return str(content.get("error_message", "accepted") if isinstance(content, dict) else content).split("\n")[0]


# --- comparing ------------------------------------------------------------------------------------------------------


def _first(answers: list[Answer], real: Service, mock: Service) -> str:
    """What differs first between two answers, and where; nothing if they are alike."""
    one, other = (_plain(answer.content, service) for answer, service in zip(answers, (real, mock), strict=True))
    return next(_unlike(one, other, "body"), "")


def _plain(content: Any, service: Service) -> Any:
    names = {id: name for name, id in service.ids.items()}

    def plain(value: Any, key: str = "") -> Any:
        if key in _NOT_COMPARED:
            return "(any)"
        if isinstance(value, dict):
            return {key: plain(one, key) for key, one in value.items()}
        if isinstance(value, list):
            return sorted((plain(one) for one in value if not _is_seeded(one)), key=_order)
        if not isinstance(value, str):
            return value
        if key in _TIMES:
            return "(time)"
        value = re.sub(r"\nError ID: [0-9a-f-]{36}", "\n(error id)", value)
        value = re.sub(r"\d+\.\d+\.\d+\.\d+(?=:)", "(address)", value)
        value = _ID.sub(lambda id: names.get(id[0], "(id)"), value)
        return "\n".join(sorted(map(_sorted_members, value.split("\n"))))

    return plain(content)


def _order(value: Any) -> str:
    if isinstance(value, dict) and "name" in value:
        return json.dumps([value["name"], value.get("applicable_target")])
    return json.dumps(value, sort_keys=True)


def _sorted_members(line: str) -> str:
    """A line with the members of a printed list in order, and the names of what uses something."""
    line = re.sub(r"(?<=\[)[^\[\]]*(?=\])", lambda members: _sorted(members[0]), line)
    return re.sub(
        r"(?<= in use by )[^:]*$|(?<=templates: )[^;]*|(?<=clusters: ).*", lambda users: _sorted(users[0]), line
    )


def _sorted(members: str) -> str:
    return ", ".join(sorted(members.split(", ")))


def _unlike(one: Any, other: Any, at: str) -> Iterator[str]:
    if isinstance(one, dict) and isinstance(other, dict):
        for key in [*one, *(key for key in other if key not in one)]:
            if key not in other or key not in one:
                yield f"{at}.{key} only {'real' if key in one else 'mock'}"
            else:
                yield from _unlike(one[key], other[key], f"{at}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for left, right in zip(one, other, strict=True):
            yield from _unlike(left, right, f"{at}[]")
    elif one != other or type(one) is not type(other):
        yield f"{at}: {json.dumps(one)[:200]} | {json.dumps(other)[:200]}"


# --- the program ----------------------------------------------------------------------------------------------------


def main(real_url: str, mock_url: str, first: int, last: int) -> None:
    real = Service(real_url)
    real.prepare()
    is_up = real.brings_up()
    mock = Service(mock_url, {"X-Jobsmock-Plan": "instant"} if is_up else None)
    mock.prepare()
    counts: Counter[tuple[str, str, str]] = Counter()
    firsts: dict[tuple[str, str, str], Difference] = {}
    sent = 0
    for seed in range(first, last):
        for service in (real, mock):
            service.clear()
        for difference in compare(real, mock, seed, is_up):
            sent += 1
            if difference:
                counts[difference.kind] += 1
                firsts.setdefault(difference.kind, difference)
    for kind, count in counts.most_common():
        seed, request, what = firsts[kind]
        print(f"{count} x {request.method} {request.path} (seed {seed})")
        print(f"    {json.dumps(request.body)[:1000]}\n    {what}")
    print(f"{sent} requests, {len(counts)} kinds of differences")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit("usage: python -m tests.conformance.compare_clusters REAL_URL MOCK_URL FIRST LAST")
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))

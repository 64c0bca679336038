"""The journal as a test: a pytest file that asks again what was asked, and wants the answers that were given.

The control API calls it. The test uses the fixture `jobsmock` and plain `requests`. It begins with the sample, plan and
seed that the world began with, and with its rules; its clock stands still, and jumps to where it was at a request.
"""

import re
from collections.abc import Iterator
from itertools import groupby, takewhile
from typing import Any

from jobsmock.api.operations import NAMES
from jobsmock.http.export.assertions import (
    SHOWN,
    IdNames,
    changes_over_time,
    find_ids,
    format_f_string,
    format_literal,
    read_statuses,
    write_assertions,
    write_captures,
)
from jobsmock.world.clock import format_time
from jobsmock.world.journal import BODY_BOUND, Entry, render_entry
from jobsmock.world.rules.matcher import Matcher
from jobsmock.world.secrets import MASK, mask_body, read_body
from jobsmock.world.world import World

_LATE = 0.004  # seconds by which requests that read come late, so as not to come before what they saw
_SHORT, _SHORT_MEANWHILE = 1.0, 0.05  # seconds that matter little; the other, once executions or clusters were seen
_BEGINNINGS = ("jobs.execute", "clusters.create", "clusters.create-multiple", "clusters.scale")  # of a course
_RAISES = {"truncate": "ChunkedEncodingError", "hang": "ReadTimeout"}  # by requests; else ConnectionError
_WIDTH = 100
_WISH_TO_CLOSE = re.compile(r"""^\s*wire\s*=\s*"?close"?\s*(,\s*|$)|,\s*wire\s*=\s*"?close"?\b""")  # a test has no pool
_LOOKED_AT = ("content-type", "openstack-api-version", "prefer")  # headers, beside those that begin with x-
_IDENTITY = ("/v3", "/identity")
_METHODS = ("get", "post", "put", "patch", "delete", "head", "options")
_PLACE = re.compile(r"/(v1\.1|v2)/([^/?]+)(?=/)")


def export_pytest(entries: list[Entry], world: World, prefix: str) -> str:
    """The text of a file. `prefix` is what the world's paths begin with."""
    newer = [entry for entry in entries if entry.number > world.beginning.after]
    known = [entry for entry in newer if not _is_about_login(entry, world, prefix)]
    told = list(takewhile(lambda entry: entry.body_size <= BODY_BOUND or not _is_json(entry), known))
    lines = _TestWriter(told, world, prefix).write_entry()
    needs = "import pytest\nimport requests\n" if any("requests." in line for line in lines) else "import pytest\n"
    body = (_indent(line).rstrip() for line in lines)
    return "\n".join([_write_docstring(newer, known, told, world), needs, *_write_head(world), *body, ""])


def _is_about_login(entry: Entry, world: World, prefix: str) -> bool:
    """What can be no part of a test: passwords and tokens are masked, and the mock of a test lets everybody in."""
    path = entry.url.removeprefix(prefix)
    return path.startswith(_IDENTITY) or (world.is_strict and entry.status in (401, 403))


def _write_docstring(newer: list[Entry], known: list[Entry], told: list[Entry], world: World) -> str:
    lines = [f'"""What jobsmock was asked, as a test: {len(told)} request{"s" * (len(told) != 1)}.']
    if not newer or newer[0].number > world.beginning.after + 1:
        lines.append("There were others before, which were left out or are forgotten; this may lack what they did.")
    if len(known) < len(newer):
        lines.append("How one logged in is left out: the mock of a test lets everybody in.")
    if len(told) < len(known):
        lines.append("The next one had a body too long for the journal to keep, so this ends before it.")
    return "\n\n".join(lines) + ('\n"""\n' if len(lines) > 1 else '"""\n')


def _write_head(world: World) -> Iterator[str]:
    begun, names = world.beginning, IdNames()
    sample = "SAMPLE" if isinstance(begun.sample, dict) else format_literal(begun.sample, names)
    if sample == "SAMPLE":
        yield f"SAMPLE = {format_literal(begun.sample, names)}\n\n"
    settings = {"sample": sample}
    settings |= {} if begun.plan is None else {"plan": format_literal(begun.plan, names)}
    settings |= {"seed": str(begun.seed), "freeze": format_literal(format_time(begun.moment), names)}
    yield f"\n@pytest.mark.jobsmock({', '.join(f'{key}={value}' for key, value in settings.items())})"
    yield "def test_what_was_asked(jobsmock):"
    if isinstance(begun.sample, dict) and "state" in begun.sample.get("simulation", {}):  # it has a clock of its own
        yield f"    jobsmock.clock.freeze({format_literal(format_time(begun.moment), names)})"
    yield "    session = jobsmock.session()"


class _TestWriter:
    """Tells entry by entry, and knows meanwhile what time it is, which rules there are, and which ids have names."""

    def __init__(self, entries: list[Entry], world: World, prefix: str) -> None:
        self._entries, self._prefix, self._began = entries, prefix, world.beginning.moment
        self._names, self._passed = IdNames(), 0.0
        self._there = set(world.beginning.rules)
        self._rules = {rule["id"]: rule for rule in world.rules.dump()}
        self._place = next((found for entry in entries if (found := _PLACE.match(self._format_path(entry)))), None)
        self._has_windows = any({"from", "until"} & rule.get("on", {}).keys() for rule in self._rules.values())
        self._seen: dict[str, str] = {}  # executions and clusters, and how they stood when they were last seen
        self._used: dict[str, int] = {}  # ids, and the last entry that asks for them
        for entry in entries:
            self._used |= dict.fromkeys(find_ids(entry.url + entry.body.decode("latin-1")), entry.number)

    def write_entry(self) -> list[str]:
        told = [f"api = {_format_endpoint(*self._place.groups())}"] if self._place else []
        blocks = (
            [*self._write_clock(entry), *self._write_rules(entry), *self._write_exchange(entry)]
            for entry in self._entries
        )
        for block, repeated in groupby(blocks):  # as of one who asks again and again
            times = len(list(repeated))
            told += ["", *block] if times == 1 else ["", f"for _ in range({times}):", *map(_indent, block)]
        return told

    # --- before a request

    def _write_clock(self, entry: Entry) -> Iterator[str]:
        """Go to the moment of a request, in thousandths of a second, where that may matter; leave out what is short."""
        begins = entry.operation in _BEGINNINGS
        step = round(entry.moment - self._began + (0.0 if begins else _LATE) - self._passed, 3)
        if -2 * _LATE <= step <= (_LATE if begins else 0) or not self._depends_on_time(entry, abs(step)):
            return
        self._passed += step
        length = f"{abs(step):.3f}".rstrip("0").rstrip(".") + "s"
        yield f'jobsmock.clock.advance("{length}")' if step > 0 else f'jobsmock.clock.set("-{length}")'

    def _depends_on_time(self, entry: Entry, step: float) -> bool:
        """What stands as it stood when it was last seen, stood so between, too: only news depend on the time.

        What changes something, or is refused, or shows what may vanish, perhaps does: after a while it is taken to.
        """
        stand = read_statuses(entry)
        is_news = any(self._seen.get(id) != status for id, status in stand.items())
        self._seen |= stand
        perhaps = entry.method != "GET" or entry.status != 200 or changes_over_time(entry)
        is_long = step >= (_SHORT_MEANWHILE if self._seen else _SHORT)
        return is_news or self._has_windows or entry.operation in _BEGINNINGS or (perhaps and is_long)

    def _write_rules(self, entry: Entry) -> Iterator[str]:
        """Rules that were looked at for the first time; in place of one that is gone, one that answers as it did."""
        for id in (line.partition(": ")[0] for line in entry.decisions):
            if self._is_known(id, entry) and id not in self._there and not _only_waits(self._rules[id]):
                self._there.add(id)
                yield self._write_rule(
                    {"id": id} | {key: value for key, value in self._rules[id].items() if key != "state"}
                )
        is_gone = any(not self._is_known(id, entry) and id not in self._there for id in entry.rules)
        if is_gone and (then := _make_outcome(entry)):
            when, id = {"operation": entry.operation}, f"of-request-{entry.number}"
            yield self._write_rule({"id": id, "when": when, "on": {"times": 1}, "then": then})

    def _is_known(self, id: str, entry: Entry) -> bool:
        """Whether the rule of that id is still the one that the entry means: ids are given anew."""
        rule = self._rules.get(id)
        if rule is None or rule["state"]["added"] > entry.moment:
            return False
        return id not in entry.rules or Matcher.parse(rule.get("when", {}), NAMES).matches(entry.request)

    def _write_rule(self, rule: dict[str, Any]) -> str:
        return f"jobsmock.rules.add({format_literal(rule, self._names)})"

    # --- a request and its answer

    def _write_exchange(self, entry: Entry) -> Iterator[str]:
        if wire := _describe_wire(entry):
            yield f"with pytest.raises(requests.exceptions.{_RAISES.get(wire, 'ConnectionError')}):"
            yield _indent(self._format_request(entry, timeout=wire == "hang"))
            return
        yield f"answer = {self._format_request(entry)}"
        yield from write_assertions(entry, self._names)
        later = {id for id, number in self._used.items() if number > entry.number}
        yield from write_captures(entry, self._names, later)

    def _format_request(self, entry: Entry, timeout: bool = False) -> str:
        method = entry.method.lower()
        call = (
            f"session.{method}("
            if method in _METHODS
            else f"session.request({format_literal(entry.method, self._names)}, "
        )
        words = [self._format_address(entry), *self._format_body(entry), *(["timeout=1"] if timeout else [])]
        line = f"{call}{', '.join(words)})"
        if len(line.partition("\n")[0]) <= _WIDTH:
            return line
        return f"{call}\n" + ",\n".join(map(_indent, words)) + ",\n)"

    def _format_address(self, entry: Entry) -> str:
        path = self._format_path(entry)
        if self._place and path.startswith(f"{self._place[0]}/"):
            return format_f_string(path.removeprefix(self._place[0]), self._names, "{api}")
        return format_f_string(path, self._names, "{jobsmock.url}")

    def _format_path(self, entry: Entry) -> str:
        return str(render_entry(entry)["url"]).removeprefix(self._prefix)

    def _format_body(self, entry: Entry) -> Iterator[str]:
        headers = dict(_select_headers(entry))
        if entry.body_size > SHOWN and not _is_json(entry):
            yield f"data=bytes({entry.body_size})"
        elif _is_json(entry):
            yield f"json={format_literal(read_body(entry.body), self._names)}"
            headers.pop("content-type", None)
        elif entry.body:
            yield f"data={mask_body(entry.body)!r}"
        if headers:
            told = (
                f"{format_literal(name, self._names)}: {self._format_header(value)}" for name, value in headers.items()
            )
            yield f"headers={{{', '.join(told)}}}"

    def _format_header(self, value: str) -> str:
        """In a header, requests takes what is beyond Latin-1 as bytes only."""
        return format_literal(value, self._names) + ("" if value.isascii() else ".encode()")


def _indent(source: str) -> str:
    return f"    {source}".replace("\n", "\n    ")


def _format_endpoint(version: str, project: str) -> str:
    """Source for where a version is for a project."""
    return (
        f"jobsmock.endpoint({format_literal(project, IdNames())})"
        if version == "v1.1"
        else f'f"{{jobsmock.url}}/{version}/{project}"'
    )


def _select_headers(entry: Entry) -> Iterator[tuple[str, str]]:
    """What the service looks at, but no token: a mock takes none for any. A project that only a token named is told."""
    headers = render_entry(entry)["headers"]
    for name, value in headers.items():
        if name == "prefer":
            value = _WISH_TO_CLOSE.sub("", value)
        if value not in ("", MASK) and (name in _LOOKED_AT or name.startswith("x-")):
            yield name, value
    if "x-auth-token" in headers and entry.operation and f"/{entry.project}/" not in entry.url:
        yield "x-project-id", entry.project


def _is_json(entry: Entry) -> bool:
    if not entry.body or entry.operation == "job-binary-internals.create":
        return False
    if "json" not in entry.request.headers.get("content-type", "json"):
        return False
    return entry.body_size > BODY_BOUND or entry.request.body is not None


def _describe_wire(entry: Entry) -> str | None:
    """How the wire was broken, if a client notices: an answer without a body has none to be truncated."""
    broken = [note.rpartition(": ")[2] for note in entry.notes if note.startswith("The wire was broken: ")]
    return broken[0] if broken and (entry.method, broken[0]) != ("HEAD", "truncate") else None


def _only_waits(rule: dict[str, Any]) -> bool:
    """Whether all that a rule does is to wait: a test is not to."""
    then = rule["then"] if isinstance(rule["then"], list) else [rule["then"]]
    return all(effect.keys() <= {"delay"} for effect in then)


def _make_outcome(entry: Entry) -> dict[str, Any] | None:
    """What a rule must do for the answer that was given; None if the service seems to have given it."""
    if wire := _describe_wire(entry):
        return {"wire": wire}
    if entry.status < 400:
        return None
    return {"status": entry.status, "body": read_body(entry.response_body)}

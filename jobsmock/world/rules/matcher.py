"""Which requests match: the `when` of a rule, and of a query to the journal.

In all strings of a `when` except methods, `*` matches any text.
"""

import fnmatch
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from jobsmock.world.store import copy_data
from jobsmock.world.validation import RuleError, check_depth, parse_keys, parse_object, parse_text, quote_value, suggest

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
LONGEST_PATTERN = 1000  # characters
KEYS = ("operation", "project", "method", "path", "header", "query", "body")


class RequestSummary(NamedTuple):
    """What rules can match. `path` is below version and project; header names are in lower case."""

    operation: str | None
    project: str
    method: str
    path: str
    headers: Mapping[str, str]
    query: Mapping[str, list[str]]
    body: Any  # parsed JSON, or None


class Pattern:
    """A string in which `*` matches any text, also none."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._regex = _compile_regex(text) if "*" in text else None

    def matches(self, text: str) -> bool:
        return text == self.text if self._regex is None else self._regex.match(text) is not None

    def includes(self, other: "Pattern") -> bool:
        """True only if this matches everything that the other one matches. False may also mean that it is unknown."""
        return self.matches(other.text)

    def overlaps(self, other: "Pattern") -> bool:
        """Whether some text matches both."""
        one, two = self.text, other.text
        reached, ahead = {(0, 0)}, [(0, 0)]
        while ahead:
            here = ahead.pop()
            if here == (len(one), len(two)):
                return True
            new = set(_step_pairs(one, two, *here)) - reached
            reached |= new
            ahead.extend(new)
        return False


def _compile_regex(text: str) -> re.Pattern[str]:
    if len(text) > LONGEST_PATTERN:  # Python remembers hundreds of them
        raise RuleError(f"invalid pattern {quote_value(text)}: expected at most {LONGEST_PATTERN} characters with a *")
    only_stars = re.sub(r"[?\[]", r"[\g<0>]", text)
    return re.compile(fnmatch.translate(only_stars))


def _step_pairs(one: str, two: str, i: int, j: int) -> Iterator[tuple[int, int]]:
    """The positions that two patterns can reach together from `i` and `j`: a star ends, or takes a character."""
    here, there = one[i : i + 1], two[j : j + 1]
    if here == "*":
        yield i + 1, j
    if there == "*":
        yield i, j + 1
    if here and there and (here == there or here == "*" or there == "*"):
        yield i + (here != "*"), j + (there != "*")


Shape = Any  # what a body must hold: dicts and lists of shapes, a Pattern for each string, other values as they are
Values = dict[str, Pattern | None]  # by name; None: must be absent


@dataclass(frozen=True)
class Matcher:
    """What a request must look like. None, or an empty mapping, matches all requests."""

    document: dict[str, Any]  # as given
    operations: frozenset[str] | None
    projects: frozenset[str] | None
    methods: frozenset[str] | None
    path: Pattern | None
    headers: Values
    query: Values
    body: Shape | None

    @classmethod
    def parse(cls, document: Any, operations: Collection[str]) -> "Matcher":
        """Parse a `when`. `operations` are the known names. RuleError if it is invalid."""
        check_depth(document, "when")
        given = parse_keys(document, KEYS, "when")
        return cls(
            document=copy_data(given),
            operations=_parse_operations(given["operation"], operations) if "operation" in given else None,
            projects=frozenset([parse_text(given["project"], "when.project")]) if "project" in given else None,
            methods=_parse_methods(given["method"]) if "method" in given else None,
            path=_parse_path(given["path"]) if "path" in given else None,
            headers={name.lower(): value for name, value in _parse_values(given, "header").items()},
            query=_parse_values(given, "query"),
            body=_parse_shape(parse_object(given["body"], "when.body")) if "body" in given else None,
        )

    def matches(self, request: RequestSummary) -> bool:
        return next(self._iterate_differences(request), None) is None

    def list_differences(self, request: RequestSummary) -> list[str]:
        """One line for each difference between a request and what is wanted; empty if it matches."""
        return list(self._iterate_differences(request))

    def includes(self, other: "Matcher") -> bool:
        """True only if this matches everything that the other one matches. False may also mean that it is unknown."""
        return (
            _covers_all(self.operations, other.operations)
            and _covers_all(self.projects, other.projects)
            and _covers_all(self.methods, other.methods)
            and (self.path is None or (other.path is not None and self.path.includes(other.path)))
            and _includes_values(self.headers, other.headers)
            and _includes_values(self.query, other.query)
            and (self.body is None or _includes_shape(self.body, other.body))
        )

    def _iterate_differences(self, request: RequestSummary) -> Iterator[str]:
        if self.operations is not None and request.operation not in self.operations:
            yield f"operation is {request.operation or 'none'}, not {self.document['operation']}"
        if self.projects is not None and request.project not in self.projects:
            yield f"project is {quote_value(request.project)}, not {quote_value(self.document['project'])}"
        if self.methods is not None and request.method.upper() not in self.methods:
            yield f"method is {request.method}, not {' or '.join(sorted(self.methods))}"
        if self.path is not None and not self.path.matches(request.path):
            yield f"path is {quote_value(request.path)}, not {quote_value(self.path.text)}"
        for name, wanted in self.headers.items():
            yield from _list_value_differences(f"header {name}", wanted, _describe_present(request.headers.get(name)))
        for name, wanted in self.query.items():
            yield from _list_value_differences(f"query {name}", wanted, request.query.get(name, []))
        if self.body is not None:
            yield from _list_shape_differences("body", self.body, request.body)


# --- reading --------------------------------------------------------------------------------------------------------


def _parse_operations(value: Any, known: Collection[str]) -> frozenset[str]:
    """The operations that a pattern means. If `known` is a mapping, its values are what the names mean."""
    pattern = Pattern(parse_text(value, "when.operation"))
    meant = known if isinstance(known, Mapping) else {name: name for name in known}
    found = frozenset(operation for name, operation in meant.items() if pattern.matches(name))
    if not found:
        near = {f"{name.partition('.')[0]}.*": None for name in known} if "*" in value else known
        raise RuleError(f"when.operation: unknown operation {quote_value(value)}: {suggest(value, near)}")
    return found


def _parse_methods(value: Any) -> frozenset[str]:
    methods = value if isinstance(value, list) else [value]
    if not methods:
        raise RuleError(f"when.method: empty list: {suggest('', METHODS)}")
    for method in methods:
        if parse_text(method, "when.method").upper() not in METHODS:
            raise RuleError(f"when.method: unknown method {quote_value(method)}: {suggest(method, METHODS)}")
    return frozenset(method.upper() for method in methods)


def _parse_path(value: Any) -> Pattern:
    path = parse_text(value, "when.path")
    if not path.startswith(("/", "*")):
        raise RuleError(f"when.path: invalid path {quote_value(path)}: expected /jobs, /jobs* or the like")
    if "?" in path:
        raise RuleError(
            f'when.path: unexpected query in {quote_value(path)}: expected it apart, as "query": {{"name": "value"}}'
        )
    return Pattern(path)


def _parse_values(given: dict[str, Any], key: str) -> Values:
    values = parse_object(given.get(key, {}), f"when.{key}")
    for name, value in values.items():
        if value is not None and not isinstance(value, str):
            expected = "a string, or null if it must be absent"
            raise RuleError(f"when.{key}.{name}: invalid value {quote_value(value)}: expected {expected}")
    return {name: None if value is None else Pattern(value) for name, value in values.items()}


def _parse_shape(value: Any) -> Shape:
    if isinstance(value, dict):
        return {name: _parse_shape(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_parse_shape(inner) for inner in value]
    return Pattern(value) if isinstance(value, str) else value


# --- comparing ------------------------------------------------------------------------------------------------------


def _describe_present(value: str | None) -> list[str]:
    return [] if value is None else [value]


def _list_value_differences(where: str, wanted: Pattern | None, values: list[str]) -> Iterator[str]:
    if wanted is None:
        if values:
            yield f"{where} is {quote_value(values[0])}, not absent"
    elif not values:
        yield f"{where} is missing"
    elif not any(wanted.matches(value) for value in values):
        yield f"{where} is {' and '.join(map(quote_value, values))}, not {quote_value(wanted.text)}"


def _list_shape_differences(where: str, wanted: Shape, value: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(value, dict):
        for name, inner in wanted.items():
            if name in value:
                yield from _list_shape_differences(f"{where}.{name}", inner, value[name])
            else:
                yield f"{where}.{name} is missing"
    elif isinstance(wanted, list) and isinstance(value, list) and len(wanted) == len(value):
        for number, (inner, item) in enumerate(zip(wanted, value, strict=True)):
            yield from _list_shape_differences(f"{where}[{number}]", inner, item)
    elif not _matches_value(wanted, value):
        yield f"{where} is {quote_value(value)}, not {_describe_shape(wanted)}"


def _matches_value(wanted: Shape, value: Any) -> bool:
    if isinstance(wanted, Pattern):
        return isinstance(value, str) and wanted.matches(value)
    return not isinstance(wanted, (dict, list)) and _is_equal(wanted, value)


def _is_equal(one: Any, other: Any) -> bool:
    """Equality as in JSON: 1 equals 1.0, but not true."""
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _describe_shape(shape: Shape) -> str:
    if isinstance(shape, dict):
        return "an object"
    if isinstance(shape, list):
        return f"a list of {len(shape)}"
    return quote_value(shape.text if isinstance(shape, Pattern) else shape)


def _covers_all(mine: frozenset[str] | None, others: frozenset[str] | None) -> bool:
    return mine is None or (others is not None and others <= mine)


def _includes_values(mine: Values, others: Values) -> bool:
    return all(name in others and _includes_value(value, others[name]) for name, value in mine.items())


def _includes_value(mine: Pattern | None, other: Pattern | None) -> bool:
    if mine is None or other is None:
        return mine is other
    return mine.includes(other)


def _includes_shape(mine: Shape, other: Shape) -> bool:
    if isinstance(mine, dict):
        return isinstance(other, dict) and all(n in other and _includes_shape(m, other[n]) for n, m in mine.items())
    if isinstance(mine, list):
        return isinstance(other, list) and len(mine) == len(other) and all(map(_includes_shape, mine, other))
    if isinstance(mine, Pattern):
        return isinstance(other, Pattern) and mine.includes(other)
    return _is_equal(mine, other)

"""The rules of a cloud at hand: what `/_jobsmock/rules` does, and short words for what tests mostly want."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

from jobsmock.http.control import rules as control

__tracebackhide__ = True  # as in cloud.py
_NONE: Any = object()  # for a body, which may be null


class RuleWarning(UserWarning):
    """A rule was added that can never act. The message says why."""


class RulesControl:
    """Adds and removes rules. `when` is what a rule's is, less the operation: `{"body": {"type": "Pig"}}`."""

    def __init__(self, ask: Callable[..., Any]) -> None:
        self._ask = ask

    def fail(
        self,
        operation: str,
        status: int = 500,
        *,
        times: int | None = None,
        skip: int | None = None,
        when: dict[str, Any] | None = None,
        error: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: Any = _NONE,
        commit: bool = False,
    ) -> str:
        """Requests for an operation, `jobs.create` or `jobs.*`, get an error. With `commit` they are done, too."""
        answer = {} if body is _NONE else {"body": body}
        then = {"status": status, **drop_none(error=error, headers=headers), **answer}
        return self._add_simple(operation, then, when, commit, times=times, skip=skip)

    def delay(
        self,
        operation: str,
        length: str,
        *,
        times: int | None = None,
        skip: int | None = None,
        when: dict[str, Any] | None = None,
    ) -> str:
        """Answers wait: `2s`, `200ms..2s` or `lognormal(100ms, 2s)`."""
        return self._add_simple(operation, {"delay": length}, when, times=times, skip=skip)

    def break_wire(
        self,
        operation: str,
        how: str = "reset",
        *,
        times: int | None = None,
        skip: int | None = None,
        when: dict[str, Any] | None = None,
        commit: bool = False,
    ) -> str:
        """The connection breaks: `reset`, `empty`, `garbage`, `truncate`, `hang`, or after the answer: `close`."""
        return self._add_simple(operation, {"wire": how}, when, commit, times=times, skip=skip)

    def plan(
        self,
        plan: str,
        *,
        times: int | None = None,
        skip: int | None = None,
        when: dict[str, Any] | None = None,
    ) -> str:
        """Executions that are started take a course: `RUNNING 1m > FAILED (disk full)`."""
        return self._add_simple("jobs.execute", {"plan": plan}, when, times=times, skip=skip)

    def add(self, rule: dict[str, Any]) -> str:
        """Add a rule as the control API takes it; its id. As for all of these: RuleWarning if it can never act."""
        return self._add(rule)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Every rule, with its `id` and, in `state`, how often it `matched` and `acted`."""
        return iter(self._ask(control.list_rules)["rules"])

    def __getitem__(self, id: str) -> dict[str, Any]:
        rule: dict[str, Any] = self._ask(control.show_rule, None, id)
        return rule

    def unused(self) -> list[dict[str, Any]]:
        """Those that have never acted, less what the sample brought."""
        return list(self._ask(control.list_unused))

    def remove(self, id: str) -> None:
        self._ask(control.remove_rule, None, id)

    def clear(self) -> None:
        self._ask(control.clear_rules)

    def _add_simple(
        self, operation: str, then: dict[str, Any], when: dict[str, Any] | None, commit: bool = False, **on: int | None
    ) -> str:
        rule = {"when": {**(when or {}), "operation": operation}, "on": drop_none(**on), "then": then, "commit": commit}
        return self._add({key: value for key, value in rule.items() if value}, 1)

    def _add(self, rule: dict[str, Any], depth: int = 0) -> str:
        added = self._ask(control.add_rule, rule)
        for warning in added["warnings"]:
            warnings.warn(f"{added['id']}: {warning}", RuleWarning, stacklevel=3 + depth)
        return str(added["id"])


def drop_none(**given: Any) -> dict[str, Any]:
    """What is given, less what is None: in a document, nothing is said by leaving it out."""
    return {key: value for key, value in given.items() if value is not None}

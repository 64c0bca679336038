"""`cloud.rules`: adds and removes rules, as `/_jobsmock/rules` does, with short methods for the most common ones."""

import warnings
from collections.abc import Callable, Iterator
from typing import Any

from jobsmock.http.control import rules as control

__tracebackhide__ = True  # see cloud.py
_NO_BODY: Any = object()  # unlike None, which stands for the JSON null


class RuleWarning(UserWarning):
    """Issued when a rule is added that can never act. The message says why."""


class RulesControl:
    """The rules of a world.

    Each method that adds a rule returns its id, and issues a RuleWarning if the rule can never act. A rule skips the
    first `skip` matching requests, and acts `times` times. `when` narrows the match as in a rule's document, without
    its operation: `{"body": {"type": "Pig"}}`.
    """

    def __init__(self, call_control: Callable[..., Any]) -> None:
        self._call = call_control

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
        body: Any = _NO_BODY,
        commit: bool = False,
    ) -> str:
        """Let requests for an operation, such as `jobs.create` or `jobs.*`, fail.

        With `commit`, the operation is carried out all the same.
        """
        then = {"status": status, **drop_none(error=error, headers=headers)}
        if body is not _NO_BODY:
            then["body"] = body
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
        """Delay the responses of an operation by `2s`, `200ms..2s` or `lognormal(100ms, 2s)`."""
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
        """Break the connection: `reset`, `empty`, `garbage`, `truncate`, `hang`, or `close` after the response.

        With `commit`, the operation is carried out all the same.
        """
        return self._add_simple(operation, {"wire": how}, when, commit, times=times, skip=skip)

    def plan(
        self,
        plan: str,
        *,
        times: int | None = None,
        skip: int | None = None,
        when: dict[str, Any] | None = None,
    ) -> str:
        """Let executions follow a plan from their start: `RUNNING 1m > FAILED (disk full)`."""
        return self._add_simple("jobs.execute", {"plan": plan}, when, times=times, skip=skip)

    def add(self, rule: dict[str, Any]) -> str:
        """Add a rule, given as the document that the control API takes."""
        return self._add(rule)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """All rules, each with its `id` and a `state` that counts how often it `matched` and `acted`."""
        return iter(self._call(control.list_rules)["rules"])

    def __getitem__(self, id: str) -> dict[str, Any]:
        rule: dict[str, Any] = self._call(control.show_rule, None, id)
        return rule

    def unused(self) -> list[dict[str, Any]]:
        """The rules that have never acted, except those of the sample."""
        return list(self._call(control.list_unused))

    def remove(self, id: str) -> None:
        self._call(control.remove_rule, None, id)

    def clear(self) -> None:
        self._call(control.clear_rules)

    def _add_simple(
        self, operation: str, then: dict[str, Any], when: dict[str, Any] | None, commit: bool = False, **on: int | None
    ) -> str:
        rule = {"when": {**(when or {}), "operation": operation}, "on": drop_none(**on), "then": then, "commit": commit}
        return self._add({key: value for key, value in rule.items() if value}, 1)

    def _add(self, rule: dict[str, Any], depth: int = 0) -> str:
        added = self._call(control.add_rule, rule)
        for warning in added["warnings"]:
            warnings.warn(f"{added['id']}: {warning}", RuleWarning, stacklevel=3 + depth)
        return str(added["id"])


def drop_none(**values: Any) -> dict[str, Any]:
    """The values that are not None. The control API takes a missing key for what None means in Python."""
    return {key: value for key, value in values.items() if value is not None}

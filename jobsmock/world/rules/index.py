"""What is known of all rules together, so that neither adding a rule nor a request has to look at each of them."""

import re
from collections.abc import Collection, Iterable

from sortedcontainers import SortedList

from jobsmock.world.rules.rule import Rule
from jobsmock.world.rules.shadows import ShadowIndex

_NUMBERED = re.compile(r"rule-([0-9]{1,18})")


class RuleIndex:
    """Rules by operation, in the order in which they were added. None stands for requests without an operation."""

    def __init__(self, operations: Collection[str]) -> None:
        self.by_operation: dict[str | None, dict[str, Rule]] = {name: {} for name in (None, *operations)}
        self.shadows = ShadowIndex()
        self.waiting = 0  # how many can make an answer wait
        self.size = 0  # bytes, about
        self._numbers: SortedList[int] = SortedList()

    def add(self, rule: Rule) -> None:
        for operation in self._list_operations(rule):
            self.by_operation[operation][rule.id] = rule
        self.shadows.add(rule)
        self.waiting += rule.may_wait()
        self.size += rule.size
        if number := _NUMBERED.fullmatch(rule.id):
            self._numbers.add(int(number[1]))

    def remove(self, rule: Rule) -> None:
        for operation in self._list_operations(rule):
            del self.by_operation[operation][rule.id]
        self.shadows.remove(rule)
        self.waiting -= rule.may_wait()
        self.size -= rule.size
        if number := _NUMBERED.fullmatch(rule.id):
            self._numbers.remove(int(number[1]))

    def next_free_id(self) -> str:
        """The id for a rule that has none."""
        return f"rule-{self._numbers[-1] + 1 if self._numbers else 1}"

    def _list_operations(self, rule: Rule) -> Iterable[str | None]:
        return self.by_operation if rule.when.operations is None else rule.when.operations

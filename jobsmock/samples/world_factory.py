"""Makes worlds with the options of the command line: from the sample of the server or another one.

`--delay` and `--error-rate` become rules of each world. The command, the control API and testing/ use the factory.
"""

from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any

from jobsmock.samples.sample import Sample
from jobsmock.world.delays import parse_delay
from jobsmock.world.limits import LIMITS, Limits
from jobsmock.world.world import World

DELAY, ERROR_RATE = "option-delay", "option-error-rate"  # the ids of the rules of these options


class WorldFactory:
    """Makes worlds from `sample`, which can be replaced. `rules` are added to every world that is not a snapshot."""

    def __init__(
        self,
        sample: Sample,
        plan: str | None = None,
        seed: int | None = None,
        journal: int = 1000,
        rules: Iterable[dict[str, Any]] = (),
        freeze: str | None = None,
        is_strict: bool = False,
        limits: Limits = LIMITS,
        filters: str | None = None,
    ) -> None:
        self.sample = sample
        self._plan, self._seed, self._journal, self._rules = plan, seed, journal, list(rules)
        self._freeze, self._filters, self._is_strict, self._limits = freeze, filters, is_strict, limits

    def __call__(
        self,
        plan: str | None = None,
        seed: int | None = None,
        sample: Sample | None = None,
        freeze: str | None = None,
        filters: str | None = None,
    ) -> World:
        """Make a world. The arguments override the options of the factory. RuleError, PlanError or SampleError."""
        freeze = freeze or self._freeze
        if seed is None:
            seed = self._seed
        if sample is None:
            return self._add_rules(self._make(self.sample, plan or self._plan, seed, freeze, filters or self._filters))
        if not sample.is_snapshot:
            filters = filters or self._filters
        world = self._make(sample, plan, seed, freeze, filters)
        return world if sample.is_snapshot else self._add_rules(world)

    def restore(self, path: Path) -> World:
        """Load a saved world. The options of this start replace the rules of the options that it was saved with."""
        sample = Sample.load(str(path))
        world = self._make(sample, self._plan, self._seed, None, self._filters)
        return self._add_rules(world, {DELAY, ERROR_RATE})

    def _make(
        self, sample: Sample, plan: str | None, seed: int | None, freeze: str | None, filters: str | None
    ) -> World:
        return sample.make_world(plan, seed, self._journal, freeze, filters, self._is_strict, self._limits)

    def _add_rules(self, world: World, outdated: Collection[str] = ()) -> World:
        """Add the rules of the factory to a world, in place of those with the same or `outdated` ids."""
        replaced = {rule["id"] for rule in self._rules}.union(outdated)
        for rule in world.rules.dump():
            if rule["id"] in replaced:
                world.rules.remove(rule["id"])
        for rule in self._rules:
            world.rules.add(rule, world.clock.now())
        return world


def make_simple_rules(delay: str | None, error_rate: str | None) -> list[dict[str, Any]]:
    """Return the rules for `--delay` and `--error-rate`. ValueError if one of them is invalid."""
    rules: list[dict[str, Any]] = []
    if delay is not None:
        _check_delay(delay)
        rules.append({"id": DELAY, "then": {"delay": delay}})
    if error_rate is not None:
        probability, status = _parse_error_rate(error_rate)
        rules.append({"id": ERROR_RATE, "on": {"probability": probability}, "then": {"status": status}})
    return rules


def _check_delay(text: str) -> None:
    try:
        parse_delay(text)
    except ValueError as error:
        raise ValueError(f"--delay: {error}") from None


def _parse_error_rate(text: str) -> tuple[float, int]:
    """Parse an error rate such as `0.1:503` into a probability and a status, which is 500 by default."""
    probability_text, _, status_text = text.partition(":")
    try:
        probability, status = float(probability_text), int(status_text or 500)
    except ValueError:
        probability, status = -1.0, 0
    if not (0 <= probability <= 1 and 400 <= status <= 599):
        raise ValueError(
            f"--error-rate: invalid error rate {text!r}: expected 0.1, or 0.1:503 with a status from 400 to 599"
        )
    return probability, status

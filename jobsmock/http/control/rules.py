"""`/_jobsmock/rules`: the rules of a world, to be added, read, replaced and removed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jobsmock.http import rule_warnings
from jobsmock.http.control.base import Context, ControlError
from jobsmock.world.limits import LimitReached, limit_of_count
from jobsmock.world.rules.engine import NoSuchRule
from jobsmock.world.validation import RuleError
from jobsmock.world.world import World


def list_rules(context: Context) -> dict[str, Any]:
    with context.world.lock:
        return {"rules": context.world.rules.dump()}


def list_unused(context: Context) -> list[dict[str, Any]]:
    """Rules that were added to the world's own and have never acted. For tests; it has no URL."""
    with context.world.lock:
        rules, brought = context.world.rules.dump(), context.world.beginning.rules
    return [rule for rule in rules if not rule["state"]["acted"] and rule["id"] not in brought]


def add_rule(context: Context) -> dict[str, Any]:
    """Add a rule. Warnings say what can never be: of it, or of a later one because of it."""
    with _translate_errors(context):
        _check_room(context.world)
        id, warnings = context.world.rules.add(context.body, context.world.clock.now())
        return {"id": id, "warnings": warnings + rule_warnings.list_warnings(context.body)}


def _check_room(world: World) -> None:
    world.check_room()
    if len(world.rules) >= world.limits.rules:
        raise limit_of_count("rules in this world", world.limits.rules, "--max-rules")


def clear_rules(context: Context) -> None:
    with context.world.lock:
        context.world.rules.clear()


def show_rule(context: Context, id: str) -> dict[str, Any]:
    with _translate_errors(context):
        return context.world.rules.show(id)


def replace_rule(context: Context, id: str) -> dict[str, Any]:
    with _translate_errors(context):
        context.world.check_room()
        warnings = context.world.rules.replace(id, context.body, context.world.clock.now())
        return {"id": id, "warnings": warnings + rule_warnings.list_warnings(context.body)}


def remove_rule(context: Context, id: str) -> None:
    with _translate_errors(context):
        context.world.rules.remove(id)


@contextmanager
def _translate_errors(context: Context) -> Iterator[None]:
    """What is done with rules is done under the world's lock, and what cannot be is told."""
    try:
        with context.world.lock:
            yield
    except RuleError as error:
        raise ControlError(400, str(error)) from None
    except NoSuchRule as error:
        raise ControlError(404, str(error)) from None
    except LimitReached as error:
        raise ControlError(409, str(error)) from None

"""What the command's options are made of: where they come from beside the command line, and types of their values."""

import re
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from jobsmock.world.clock import parse_duration

_Command = TypeVar("_Command", bound=Callable[..., Any])
_ADDRESS = re.compile(r"(tcp|udp|sctp)://")
_SIZE = re.compile(r"(\d{1,15})\s*(?:([KMGT])(i)?B?|B)?", re.IGNORECASE | re.ASCII)


def add_option(*names: str, **settings: Any) -> Callable[[_Command], _Command]:
    """An option that the environment can give, too: --port is JOBSMOCK_PORT."""
    envvar = f"JOBSMOCK_{names[0].strip('-').upper().replace('-', '_')}"
    return click.option(*names, cls=_Option, envvar=envvar, show_envvar=True, **settings)


class _Option(click.Option):
    """For a service that is named jobsmock, Kubernetes sets JOBSMOCK_PORT to an address in each container beside it."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        value = super().resolve_envvar_value(ctx)
        if value is None or not _ADDRESS.match(value):
            return value
        why = "Kubernetes sets it for a service of this name, and it is not taken for the option"
        print(f"jobsmock: {self.envvar}={value}: {why} {self.opts[0]}", file=sys.stderr)
        return None


def parse_size(text: str) -> int:
    """Bytes: the type of an option."""
    found = _SIZE.fullmatch(text.strip())
    if not found:
        raise click.BadParameter(f"invalid size {text!r}: expected a value such as 64MiB, 2GiB or 500MB")
    number, unit, is_binary = found.groups()
    power = " KMGT".index(unit.upper()) if unit else 0
    return int(number) * int((1024 if is_binary else 1000) ** power)


def parse_seconds(text: str) -> float:
    """Seconds: the type of an option."""
    try:
        return 0.0 if text.strip() == "0" else parse_duration(text.strip())
    except ValueError:
        expected = "expected 0, or a value such as 500ms, 2s or 1m"
        raise click.BadParameter(f"invalid duration {text!r}: {expected}") from None


def parse_host(text: str) -> str:
    """A name or an address: the type of an option. One of IPv6 may be in brackets, as it is in URLs."""
    return re.sub(r"\[(.*)\]", r"\1", text)

"""Options that can also be set as environment variables, and the types of their values. `cli.py` uses them."""

import re
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

from jobsmock.world.clock import parse_duration

_Command = TypeVar("_Command", bound=Callable[..., Any])
_KUBERNETES_ADDRESS = re.compile(r"(tcp|udp|sctp)://")
_SIZE = re.compile(r"(\d{1,15})\s*(?:([KMGT])(i)?B?|B)?", re.IGNORECASE | re.ASCII)


def add_option(*names: str, **settings: Any) -> Callable[[_Command], _Command]:
    """Add an option that can also be set as an environment variable: `--port` is JOBSMOCK_PORT."""
    envvar = f"JOBSMOCK_{names[0].strip('-').upper().replace('-', '_')}"
    return click.option(*names, cls=_Option, envvar=envvar, show_envvar=True, **settings)


class _Option(click.Option):
    """Ignores an address, to which Kubernetes sets JOBSMOCK_PORT in containers if a service is named jobsmock."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        value = super().resolve_envvar_value(ctx)
        if value is None or not _KUBERNETES_ADDRESS.match(value):
            return value
        reason = "ignored, since Kubernetes sets this variable for a service named jobsmock"
        print(f"jobsmock: {self.envvar}={value}: {reason}", file=sys.stderr)
        return None


def parse_size(text: str) -> int:
    """Parse a size in bytes."""
    match = _SIZE.fullmatch(text.strip())
    if not match:
        raise click.BadParameter(f"invalid size {text!r}: expected a value such as 64MiB, 2GiB or 500MB")
    number, unit, is_binary = match.groups()
    power = " KMGT".index(unit.upper()) if unit else 0
    return int(number) * int((1024 if is_binary else 1000) ** power)


def parse_seconds(text: str) -> float:
    """Parse a duration in seconds."""
    try:
        return 0.0 if text.strip() == "0" else parse_duration(text.strip())
    except ValueError:
        expected = "expected 0, or a value such as 500ms, 2s or 1m"
        raise click.BadParameter(f"invalid duration {text!r}: {expected}") from None


def parse_host(text: str) -> str:
    """Parse a host name or an address, which may be in brackets as an IPv6 address in a URL is."""
    return re.sub(r"\[(.*)\]", r"\1", text)

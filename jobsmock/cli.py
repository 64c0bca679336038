"""The `jobsmock` command: its options, its start and its stop."""

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import click

from jobsmock.cli_greeting import format_greeting
from jobsmock.cli_options import add_option, parse_host, parse_seconds, parse_size
from jobsmock.http import rule_warnings
from jobsmock.persistence.periodic import SECONDS, PeriodicTask
from jobsmock.persistence.reloading import SampleWatcher
from jobsmock.persistence.saving import WorldSaver, explain_write_error
from jobsmock.sahara.edp.execution_lifecycle import parse_execution_plan
from jobsmock.sahara.filters import CHOICES
from jobsmock.samples.file_format import SampleError
from jobsmock.samples.sample import BUILT_IN, Sample
from jobsmock.samples.world_factory import WorldFactory, make_simple_rules
from jobsmock.server import MOST_CONNECTIONS, THREADS, CannotListen, HttpServer
from jobsmock.version import VERSION
from jobsmock.world.clock import Clock, format_time, resolve_time
from jobsmock.world.limits import LIMITS, Limits, format_size
from jobsmock.world.plan import PlanError
from jobsmock.world.validation import RuleError
from jobsmock.world.worlds import MOST, Worlds


def main() -> NoReturn:
    """Run the command. An error in its use is reported in one line on stderr, with exit status 2."""
    arguments = sys.argv[1:]
    if not arguments or (arguments[0].startswith("-") and arguments[0] not in ("--help", "--version")):
        arguments = ["serve", *arguments]
    try:
        sys.exit(commands.main(arguments, prog_name="jobsmock", standalone_mode=False))
    except click.BadParameter as error:
        message = f"{error.param.opts[0]}: {error.message}" if error.param else error.format_message()
    except click.ClickException as error:
        message = error.format_message()
    except (CannotListen, PlanError, RuleError, SampleError) as error:
        message = str(error)
    except click.Abort:
        sys.exit(0)
    print(f"jobsmock: {message}", file=sys.stderr)
    sys.exit(2)


@click.group(
    context_settings={"help_option_names": ["-h", "--help"]}, epilog="Run `jobsmock serve --help` to see its options."
)
@click.version_option(VERSION, prog_name="jobsmock", message="%(prog)s %(version)s")
def commands() -> None:
    """A mock of OpenStack's data processing service (Sahara). Runs `serve` if no command is given."""


@commands.command()
@add_option(
    "--host", metavar="HOST", default="127.0.0.1", show_default=True, type=parse_host, help="Address to listen on."
)
@add_option(
    "--port",
    metavar="PORT",
    default=8386,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 picks a free one.",
)
@add_option(
    "--sample",
    metavar="NAME|FILE",
    default="demo",
    show_default=True,
    help="Initial contents of worlds: demo, reference, empty, or a JSON file.",
)
@add_option(
    "--plan",
    metavar="PLAN|PROFILE",
    help="Plan of executions, or a profile: instant, demo, realistic or stuck. Replaces the sample's plan.",
)
@add_option("--seed", metavar="N", type=int, help="Seed for ids and random choices; the same seed gives the same run.")
@add_option(
    "--threads",
    metavar="N",
    default=THREADS,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Number of threads for large uploads and delayed responses.",
)
@add_option(
    "--max-connections",
    metavar="N",
    default=MOST_CONNECTIONS,
    show_default=True,
    type=click.IntRange(1),
    help="Maximum number of open connections; the one that has been idle the longest is closed first.",
)
@add_option(
    "--max-worlds",
    metavar="N",
    default=MOST,
    show_default=True,
    type=click.IntRange(1),
    help="Maximum number of worlds; the least recently used one is discarded first.",
)
@add_option(
    "--max-world-size",
    metavar="SIZE",
    default=format_size(LIMITS.size),
    show_default=True,
    type=parse_size,
    help="Approximate memory limit for what clients add to a world. Its snapshots may take as much again.",
)
@add_option(
    "--max-rules",
    metavar="N",
    default=LIMITS.rules,
    show_default=True,
    type=click.IntRange(0),
    help="Maximum number of rules in each world.",
)
@add_option(
    "--max-snapshots",
    metavar="N",
    default=LIMITS.snapshots,
    show_default=True,
    type=click.IntRange(0),
    help="Maximum number of snapshots of each world.",
)
@add_option(
    "--auth",
    default="none",
    show_default=True,
    type=click.Choice(["none", "strict"]),
    help="Who may use the mock: none lets everyone in, strict only users of the sample, with a token.",
)
@add_option(
    "--control-token",
    metavar="TOKEN",
    help="Secret that lets other machines, and clients behind a proxy, use the control API.",
)
@add_option(
    "--trust-proxy",
    default=0,
    show_default=True,
    metavar="N",
    type=click.IntRange(0, 100),
    help="Number of proxies in front whose X-Forwarded-For, -Proto, -Host and -Prefix headers are trusted.",
)
@add_option(
    "--filters",
    type=click.Choice(CHOICES),
    help="How list filters match: as patterns, like with MySQL, or exactly, like with SQLite."
    "  [default: regex, or the sample's]",
)
@add_option("--freeze", metavar="TIME", help="Start with the clock frozen at this time, such as 2026-01-31T12:00:00.")
@add_option(
    "--delay",
    metavar="DELAY",
    help="Delay of every response: 200ms, a range such as 50ms..2s, or lognormal(median, p99).",
)
@add_option(
    "--error-rate",
    metavar="P[:STATUS]",
    help="Fraction of requests that fail, with an optional status: 0.1 or 0.1:503.",
)
@add_option(
    "--journal",
    metavar="N",
    default=1000,
    show_default=True,
    type=click.IntRange(0),
    help="Number of requests that the journal of each world keeps.",
)
@add_option(
    "--save",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Save the default world to this file, and continue from it if it exists.",
)
@add_option(
    "--save-every",
    metavar="DURATION",
    type=parse_seconds,
    help="Time between saves; 0 saves each change before its response is sent.  [default: 1s]",
)
@add_option("--watch", is_flag=True, help="Reload the sample file when it changes.")
@add_option("--quiet", is_flag=True, help="Do not log requests.")
def serve(
    sample: str, plan: str | None, seed: int | None, filters: str | None, freeze: str | None, delay: str | None,
    error_rate: str | None, journal: int, max_worlds: int, max_world_size: int, max_rules: int, max_snapshots: int,
    auth: str, save: Path | None, save_every: float | None, watch: bool, quiet: bool, **server_settings: Any,
) -> None:  # fmt: skip
    """Run the mock server until it is stopped with ctrl-c."""
    if save_every is not None and not save:
        raise click.UsageError("--save-every: nothing is saved: expected --save FILE as well")
    watched_path = _get_watched_path(sample) if watch else None
    _check_plan(plan)
    rules = _make_simple_rules(delay, error_rate)
    limits = Limits(max_rules, max_snapshots, max_world_size)
    factory = WorldFactory(
        Sample.load(sample), plan, seed, journal, rules, _parse_freeze(freeze), auth == "strict", limits, filters
    )
    worlds = Worlds(factory, max_worlds)
    if save and save.exists():
        worlds.default = factory.restore(save)
        sample = str(save)
    for warning in rule_warnings.list_all_warnings(worlds.default):
        print(f"{sample}: simulation: rules: {warning}", file=sys.stderr)
    saver = WorldSaver(worlds, save) if save else None
    middleware = saver.save_before_responses if saver and save_every == 0 else None
    server = HttpServer(worlds, **server_settings, log_requests=not quiet, middleware=middleware)
    _handle_signals(signal.default_int_handler)
    if saver and save:
        try:
            _save_at_start(saver, save)
        except click.UsageError:
            server.stop()
            raise
    with _start_background_tasks(
        SampleWatcher(worlds, factory, watched_path) if watched_path else None, saver, save_every or SECONDS
    ):
        with contextlib.suppress(KeyboardInterrupt):
            server.start()
            print(format_greeting(server.url, sample, worlds.default), flush=True)
            server.wait()
        _handle_signals(signal.SIG_IGN)  # so that the last save is not interrupted
        server.stop()


def _handle_signals(handler: Any) -> None:
    """Set the handler for ctrl-c, SIGTERM, a closed terminal (SIGHUP) and a closed Windows console (SIGBREAK)."""
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:  # nohup and some shells ignore some
            signal.signal(number, handler)


def _check_plan(plan: str | None) -> None:
    try:
        if plan is not None:
            parse_execution_plan(plan)
    except PlanError as error:
        raise click.UsageError(f"--plan: {error}") from None


def _parse_freeze(text: str | None) -> str | None:
    try:
        return text and format_time(resolve_time(text, Clock().now()))
    except ValueError as error:
        raise click.UsageError(f"--freeze: {error}") from None


def _get_watched_path(sample: str) -> Path:
    if sample in BUILT_IN:
        raise click.UsageError(f"--watch: the sample {sample} is built in and never changes: expected --sample FILE")
    return Path(sample)


def _make_simple_rules(delay: str | None, error_rate: str | None) -> list[dict[str, Any]]:
    try:
        return make_simple_rules(delay, error_rate)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


@contextlib.contextmanager
def _start_background_tasks(
    watcher: SampleWatcher | None, saver: WorldSaver | None, save_every: float
) -> Iterator[None]:
    """Save the world, and watch the sample, while the server runs."""
    tasks = []
    if watcher:
        tasks.append(PeriodicTask(watcher.reload_if_changed))
    if saver:
        tasks.append(PeriodicTask(saver.try_save, save_every, saver.save_finally))
    try:
        yield
    finally:
        for task in tasks:
            task.stop()


def _save_at_start(saver: WorldSaver, path: Path) -> None:
    try:
        saver.save()
    except OSError as error:
        raise click.UsageError(f"--save: {path} cannot be written: {explain_write_error(error, path)}") from None

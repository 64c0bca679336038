"""The lines that the command prints when the server has started."""

from jobsmock.version import VERSION
from jobsmock.world.world import World

_NOUNS = {
    "jobs": "job",
    "job_executions": "execution",
    "job_binaries": "job binary",
    "data_sources": "data source",
    "clusters": "cluster",
}


def format_greeting(url: str, sample: str, world: World) -> str:
    first_step = f"curl {url}/v1.1/demo/jobs       (any project name works in place of demo; no token is needed)"
    if world.is_strict:
        first_step = f"OS_AUTH_URL={url}/v3             (only users of the sample, with a token: see docs/identity.md)"
    return f"""\
jobsmock {VERSION} listens on {url} with the sample {sample}: {_describe_contents(world)}
Try:  {first_step}
Next: docs/quickstart.md. Press ctrl-c to stop."""


def _describe_contents(world: World) -> str:
    counts = {noun: sum(1 for _ in world.tables[table].iterate_all()) for table, noun in _NOUNS.items()}
    parts = [f"{count} {noun if count == 1 else _pluralize(noun)}" for noun, count in counts.items() if count]
    return ", ".join(parts) or "no records"


def _pluralize(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"

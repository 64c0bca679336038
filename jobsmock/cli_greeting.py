"""What the command prints when the server has started."""

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
    look = f"curl {url}/v1.1/demo/jobs       (any project name works in place of demo; no token is needed)"
    if world.is_strict:
        look = f"OS_AUTH_URL={url}/v3             (users of the sample only, with tokens: see docs/identity.md)"
    return f"""\
jobsmock {VERSION} listens on {url} with the sample {sample}: {_describe_contents(world)}
Try:  {look}
Next: docs/quickstart.md. Press ctrl-c to stop."""


def _describe_contents(world: World) -> str:
    counts = {noun: sum(1 for _ in world.tables[table].iterate_all()) for table, noun in _NOUNS.items()}
    held = [f"{count} {noun if count == 1 else _pluralize(noun)}" for noun, count in counts.items() if count]
    return ", ".join(held) or "nothing yet"


def _pluralize(noun: str) -> str:
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"

"""The profiles: plans with a name, for executions and for what happens to clusters. `data/profiles.json` has them."""

from importlib.resources import files

import orjson

# By what a plan is for: `execution`, or the `create`, `scale`, `delete` and `verify` of a cluster.
PROFILES: dict[str, dict[str, str]] = orjson.loads((files("jobsmock.data") / "profiles.json").read_bytes())

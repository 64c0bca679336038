"""The profiles: named plans for executions and clusters. To add one, add it to data/profiles.json.

edp/execution_lifecycle.py and clusters/cluster_plans.py parse them.
"""

from importlib.resources import files

import orjson

# By purpose: `execution`, or `create`, `scale`, `delete` and `verify` for clusters.
PROFILES: dict[str, dict[str, str]] = orjson.loads((files("jobsmock.data") / "profiles.json").read_bytes())

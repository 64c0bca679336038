"""The names of all operations, resource and verb: what rules are about, and the journal tells."""

from jobsmock.neighbours import operations as neighbours

OPERATIONS = (
    "jobs.list", "jobs.create", "jobs.show", "jobs.update", "jobs.delete", "jobs.execute", "jobs.config-hints",
    "job-executions.list", "job-executions.show", "job-executions.refresh", "job-executions.cancel",
    "job-executions.update", "job-executions.delete",
    "job-binaries.list", "job-binaries.create", "job-binaries.show", "job-binaries.data", "job-binaries.update",
    "job-binaries.delete",
    "job-binary-internals.list", "job-binary-internals.create", "job-binary-internals.show",
    "job-binary-internals.data", "job-binary-internals.update", "job-binary-internals.delete",
    "data-sources.list", "data-sources.create", "data-sources.show", "data-sources.update", "data-sources.delete",
    "job-types.list",
    "clusters.list", "clusters.show", "clusters.update",
    "plugins.list", "plugins.show", "plugins.update", "plugins.version",
    "node-group-templates.list", "node-group-templates.show",
    "cluster-templates.list", "cluster-templates.show",
)  # fmt: skip

# All names that a rule may use, and the operations they mean: API v2 calls a job a job template. What it calls a job,
# an execution, stays job-executions here, as one name cannot mean both.
NAMES = {name: name for name in (*OPERATIONS, *neighbours.OPERATIONS)} | {
    name.replace("jobs.", "job-templates."): name for name in OPERATIONS if name.startswith("jobs.")
}

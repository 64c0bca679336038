"""The names of all operations, resource and verb: what rules are about, and the journal tells."""

from jobsmock.openstack import operations as neighbours

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
    "clusters.list", "clusters.create", "clusters.create-multiple", "clusters.show", "clusters.scale",
    "clusters.update", "clusters.delete",
    "images.list", "images.show", "images.register", "images.tag", "images.untag", "images.unregister",
    "images.tags",
    "plugins.list", "plugins.show", "plugins.update", "plugins.version", "plugins.convert-config",
    "node-group-templates.list", "node-group-templates.create", "node-group-templates.show",
    "node-group-templates.export", "node-group-templates.update", "node-group-templates.delete",
    "cluster-templates.list", "cluster-templates.create", "cluster-templates.show",
    "cluster-templates.export", "cluster-templates.update", "cluster-templates.delete",
)  # fmt: skip

# All names that a rule may use, and the operations they mean: API v2 calls a job a job template. What it calls a job,
# an execution, stays job-executions here, as one name cannot mean both.
NAMES = {name: name for name in (*OPERATIONS, *neighbours.OPERATIONS)} | {
    name.replace("jobs.", "job-templates."): name for name in OPERATIONS if name.startswith("jobs.")
}

"""Steps that tests of executions share. They act on the fixture `cloud`, whose clock is frozen."""


def read_statuses(cloud, execution, *seconds):
    """Read the status at each of these times, in seconds from now."""
    start, statuses = cloud.clock.moment, []
    for after in seconds:
        cloud.clock.moment = start + after
        statuses.append(cloud.status(execution))
    return statuses


def execute_hive(cloud, plan, cluster="night-shift"):
    """Execute a Hive job, which Oozie runs on the cluster. Returns the id of the execution."""
    ids = {"input_id": find_source(cloud, "receipts"), "output_id": find_source(cloud, "takings")}
    return cloud.execute("daily-takings", cluster, plan, **ids)


def find_source(cloud, name):
    return cloud.id_of("data_sources", name)


def cancel(cloud, execution):
    return cloud.ask("GET", f"/job-executions/{execution}/cancel")


def update_status(cloud, execution, action):
    """Ask to `cancel` or `suspend` an execution."""
    return cloud.ask("PATCH", f"/job-executions/{execution}", {"info": {"status": action}})


def list_errors(response):
    """The lines of an error message; none if the request was accepted."""
    return [] if response.status_code == 202 else response.json["error_message"].split("\n")[:-1]

"""Records that the samples of tests consist of."""

CLUSTER = {"name": "c", "plugin_name": "vanilla", "hadoop_version": "2.8.2"}
BINARY = {"name": "main", "url": "swift://c/o"}
JOB = {"name": "j", "type": "Pig", "mains": ["main"]}
EXECUTION = {"job_id": "j", "cluster_id": "c"}


def find_only(client, path):
    """The only record of a list."""
    (records,) = client.get(f"/v1.1/p{path}").json.values()
    (record,) = records
    return record

"""Steps that tests of clusters share."""

NETWORK = "d9a3bebc-f788-4b81-9a93-aa048022c1ca"


PLAN = "Validating 1s > Spawning 2s > Waiting 2s > Active"


def group(name, count, *processes):
    return {"name": name, "count": count, "flavor_id": "2", "node_processes": list(processes)}


def wanted(cloud, name="new", **more):
    return {
        "name": name,
        "plugin_name": "fake",
        "hadoop_version": "0.1",
        "default_image_id": next(
            one["id"] for one in cloud.world.tables["images"].iterate_all() if "fake" in one["tags"]
        ),
        "neutron_management_network": NETWORK,
        "node_groups": [group("master", 1, "namenode"), group("worker", 2, "datanode")],
        **more,
    }


def made(cloud, plan=None, name="new", **more):
    """Creates a cluster; its id."""
    headers = {"X-Jobsmock-Plan": plan} if plan else {}
    answer = cloud.ask("POST", "/clusters", wanted(cloud, name, **more), headers=headers)
    assert answer.status_code == 202, answer.json
    assert answer.json["cluster"]["status"] == "Validating"
    return answer.json["cluster"]["id"]


def seen(cloud, id, progress=False):
    """A cluster as it is shown; None if it is not there."""
    answer = cloud.ask("GET", f"/clusters/{id}", query_string={"show_progress": "true"} if progress else {})
    return answer.json["cluster"] if answer.status_code == 200 else None


def status(cloud, id):
    cluster = seen(cloud, id)
    return cluster and cluster["status"]


def course(cloud, id, *moments):
    began, found = cloud.clock.moment, []
    for after in moments:
        cloud.clock.moment = began + after
        found.append(status(cloud, id))
    return found


def instances(cluster, name):
    return next(one["instances"] for one in cluster["node_groups"] if one["name"] == name)


def scale(cloud, id, *added, plan=None, **sizes):
    resized = [{"name": name, "count": count} for name, count in sizes.items()]
    body = {**({"resize_node_groups": resized} if sizes else {}), **({"add_node_groups": added} if added else {})}
    return cloud.ask("PUT", f"/clusters/{id}", body, headers={"X-Jobsmock-Plan": plan} if plan else {})

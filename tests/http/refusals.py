"""What the tests of bad input send, and what they ask of an answer."""

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from jobsmock.api import v1_1

READING = [row for row in v1_1.ROUTES if row.method == "GET"]
WRITING = [row for row in v1_1.ROUTES if row.method in ("POST", "PUT", "PATCH")]
LISTS = [row for row in READING if row.name.endswith(".list") and "query" in row.inputs]
STRICT_LISTS = [
    row for row in LISTS if row.name not in ("job-types.list", "images.list")
]  # these pass over the unknown
BY_NAME = {row.name: row for row in v1_1.ROUTES}
BODIES = ["jobs.create", "jobs.update", "jobs.execute", "job-executions.update", "job-binaries.create",
          "job-binaries.update", "job-binary-internals.update", "data-sources.create", "data-sources.update",
          "clusters.create", "clusters.create-multiple", "clusters.scale", "clusters.update",
          "images.register", "images.tag", "images.untag", "node-group-templates.create",
          "node-group-templates.update", "cluster-templates.create", "cluster-templates.update",
          "plugins.update"]  # fmt: skip
NAMELESS = ("clusters.scale", "images.register", "images.tag", "images.untag", "plugins.update")
SWIFT = {"user": "u", "password": "p"}


def each(rows):
    return pytest.mark.parametrize("row", rows, ids=lambda row: row.name)


def each_body():
    return pytest.mark.parametrize("name", BODIES)


def fuzz(examples, **strategies):
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    chosen = settings(max_examples=examples, deadline=None, derandomize=True, suppress_health_check=checks)
    return lambda test: chosen(given(**strategies)(test))


def path_of(cloud, row, id=None, version="0.1"):
    """The path of a row, with the id of a record that is there unless another is given."""
    table = row.path.split("/")[1].replace("-", "_")
    there = "Pig" if row.name == "jobs.config-hints" else cloud.ids.get(table, "nothing")
    given = {"version": version, "template": "t"}
    return re.sub(r"<(\w+)>", lambda part: given.get(part[1], there if id is None else id), row.path)


def send(cloud, name, body, **more):
    """Bytes as they are, and anything else as JSON, NaN and lone surrogates included."""
    row = BY_NAME[name]
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {"content_type": "application/json", "headers": {"X-Roles": "admin"}, **more}
    return cloud.ask(row.method, path_of(cloud, row), data=data, **given)


def good_body(cloud, name):
    """A body that the service takes, with as many keys as it may have."""
    argument = {"name": "N", "description": "d", "mapping_type": "params", "location": "n", "required": False}
    group = {
        "flavor_id": "2", "node_processes": ["namenode"], "image_id": cloud.ids["images"], "use_autoconfig": True,
        "node_configs": {"general": {"Enable XFS": False}}, "volumes_per_node": 1, "volumes_size": 1,
        "volume_type": "t", "volumes_availability_zone": "z", "volume_mount_prefix": "/v",
        "volume_local_to_instance": False, "floating_ip_pool": "p", "security_groups": ["s"],
        "auto_security_group": True, "availability_zone": "z", "is_proxy_gateway": False,
        "shares": [{"id": cloud.ids["clusters"], "path": "/s", "access_level": "ro"}],
    }  # fmt: skip
    of_plugin = {"name": "new", "description": "d", "plugin_name": "fake", "hadoop_version": "0.1"}
    template = {**of_plugin, **group}
    from_template = {"name": "b", "count": 2, "node_group_template_id": cloud.ids["node_group_templates"]}
    whole = {
        **of_plugin, "node_groups": [{"name": "a", "count": 1, **group}, from_template], "use_autoconfig": False,
        "cluster_configs": {"general": {"Enable XFS": False}}, "default_image_id": cloud.ids["images"],
        "anti_affinity": ["namenode"], "neutron_management_network": cloud.ids["clusters"], "domain_name": "d.",
        "shares": [{"id": cloud.ids["clusters"]}],
    }  # fmt: skip
    cluster = {
        **whole, "cluster_template_id": cloud.ids["cluster_templates"], "user_keypair_id": "k", "is_transient": True,
    }  # fmt: skip
    bodies = {
        "jobs.create": {
            "name": "new", "description": "d", "type": "Pig", "mains": [cloud.ids["job_binaries"]], "libs": [],
            "interface": [{**argument, "value_type": "number", "default": "1"}], "streaming": False,
        },
        "jobs.update": {"name": "new", "description": "d"},
        "jobs.execute": {
            "cluster_id": cloud.ids["clusters"], "input_id": cloud.ids["data_sources"], "interface": {},
            "job_configs": {"configs": {"a": "1", "jobsmock.plan": "stuck"}, "params": {"b": 2}, "args": ["c"]},
        },
        "job-executions.update": {"info": {"status": "cancel"}},
        "job-binaries.create": {"name": "new", "description": "d", "url": "swift://c/o", "extra": SWIFT},
        "job-binaries.update": {"name": "new", "description": "d", "url": "swift://c/o", "extra": SWIFT},
        "job-binary-internals.update": {"name": "new"},
        "data-sources.create": {
            "name": "new", "description": "d", "type": "s3", "url": "s3://b/%RANDSTR(4)%", "credentials": {"ssl": True},
        },
        "data-sources.update": {"name": "new", "description": "d", "type": "swift", "url": "swift://c/o",
                                "credentials": SWIFT},
        "images.register": {"username": "u", "description": "d"},
        "images.tag": {"tags": ["a", "b"]},
        "images.untag": {"tags": ["a", "b"]},
        "node-group-templates.create": template,
        "node-group-templates.update": template,
        "cluster-templates.create": whole,
        "cluster-templates.update": whole,
        "plugins.update": {"plugin_labels": {"enabled": {"status": False}}, "version_labels": {"0.1": {"enabled": {}}}},
        "clusters.create": cluster,
        "clusters.create-multiple": {**cluster, "count": 2},
        "clusters.scale": {"add_node_groups": whole["node_groups"]},
        "clusters.update": {"name": "new", "description": "d", "shares": [{"id": cloud.ids["clusters"]}]},
    }  # fmt: skip
    flags = (
        {}
        if name in ("job-executions.update", "clusters.scale", *NAMELESS)
        else {"is_public": False, "is_protected": False}
    )
    return {**bodies[name], **flags}


def kept(cloud):
    return repr([list(table.iterate_all()) for table in cloud.world.tables.values()])


# --- what is asked of an answer


def check_sound(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code < 400:
        return
    assert answer.mimetype == "application/json"
    assert "Traceback" not in answer.text
    error = answer.json
    if "error" in error:
        assert error.keys() == {"error", "error_message"}
        assert error["error"] == answer.status_code in (404, 405)
    else:
        assert error.keys() == {"error_code", "error_message", "error_name"}
        assert error["error_code"] == answer.status_code
        assert isinstance(error["error_message"], str)
        assert error["error_name"]


def check_refused(answer, status, *words):
    check_sound(answer)
    assert answer.status_code == status, answer.text
    assert all(word in answer.json["error_message"] for word in words), answer.text


def check_all_or_nothing(cloud, name, body, **more):
    """Sends a body: it is taken, or refused with nothing changed."""
    before = kept(cloud)
    answer = send(cloud, name, body, **more)
    check_sound(answer)
    if answer.status_code >= 400:
        assert kept(cloud) == before
    return answer


def check_nothing(cloud, name, body, *words, **more):
    """Sends a body: it is refused, and nothing has changed."""
    answer = check_all_or_nothing(cloud, name, body, **more)
    check_refused(answer, 400, *words)
    return answer


def check_readable(cloud):
    for row in LISTS:
        answer = cloud.ask("GET", row.path)
        assert answer.status_code == 200, (row.path, answer.text)


def places(value, place=()):
    """Where something may be replaced: the keys and numbers that lead to each part of a body, the whole included."""
    yield place
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inner:
        yield from places(part, (*place, key))


def replaced(value, place, part):
    """A copy of a body with another part at a place, which may be a key that is not there yet."""
    if not place:
        return part
    copy = value.copy()
    copy[place[0]] = replaced(value[place[0]], place[1:], part) if place[1:] else part
    return copy

"""What a node group may be, and what becomes of it, asked of the modules themselves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.sahara.clusters import node_group_schemas, node_groups, standard_plugins
from jobsmock.sahara.errors import InvalidData, InvalidReference
from jobsmock.sahara.validation import Configs, Integer
from jobsmock.samples.sample import make_world

WORLD = make_world("empty", seed=1)
VANILLA = standard_plugins.make_standard("vanilla")


@pytest.mark.parametrize("id", ["2", 2, -1, " 1", "1_0", "d9a3bebc-f788-4b81-9a93-aa048022c1ca"])
def test_a_flavor_is_a_number_or_a_uuid(id):
    assert node_group_schemas.FlavorId().faults(id) == []


@pytest.mark.parametrize("id", [None, "", "m1.small", 1.5, True, [], "1.0", "9" * 5000])
def test_anything_else_is_no_flavor(id):
    assert node_group_schemas.FlavorId().faults(id) == [f"{id!r} is not of type 'flavor'"]


@pytest.mark.parametrize("number", [2**63, -(2**63), 10**400])
def test_a_number_that_no_database_holds_is_refused(number):
    assert Integer().faults(number) == [f"{number!r} is greater than the maximum of {2**63 - 1}"]


def test_configs_are_objects_of_simple_values():
    assert Configs().faults({"HDFS": {"a": 1, "b": "x", "c": True}, "YARN": {}}) == []
    for wrong in ({"HDFS": 1}, {"HDFS": {"a": 1.5}}, {"HDFS": {"a": None}}, {"HDFS": {"a": []}}, [], 1):
        assert Configs().faults(wrong) == [f"{wrong!r} is not of type 'configs'"]


def test_a_group_is_told_in_full_or_by_its_template():
    field = node_group_schemas.node_group_field()
    plain = {"name": "a", "count": 1, "flavor_id": "2", "node_processes": ["namenode"]}
    derived = {"name": "a", "count": 1, "node_group_template_id": "d9a3bebc-f788-4b81-9a93-aa048022c1ca"}
    assert field.faults(plain) == field.faults(derived) == []
    for group, key in [*((plain, key) for key in plain), *((derived, key) for key in derived)]:
        assert field.faults({k: v for k, v in group.items() if k != key}) != []


def test_processes_are_the_plugins_own_and_named_once():
    node_groups.check_processes(VANILLA, ["namenode", "oozie"])
    with pytest.raises(InvalidReference, match=r"\['tasktracker', 'x'\]"):
        node_groups.check_processes(VANILLA, ["namenode", "tasktracker", "x"])
    with pytest.raises(InvalidData, match=r"\['oozie'\]"):
        node_groups.check_processes(VANILLA, ["oozie", "oozie"])


@given(
    st.dictionaries(st.sampled_from(sorted(set(node_groups.COLUMNS) - {"use_autoconfig", "flavor_id"})), st.integers())
)
def test_a_group_says_what_it_was_given_and_the_rest_by_default(given_values):
    values = {"flavor_id": 2, **given_values, "node_group_template_id": None}
    group = node_groups.create_node_group(WORLD, "p", values)
    assert group.keys() == set(node_groups.COLUMNS)
    set_by_us = ("id", "created_at", "flavor_id")
    assert all(group[key] == value for key, value in values.items() if key not in set_by_us)
    assert group["flavor_id"] == "2"


def test_a_group_follows_its_template_but_in_what_is_its_own():
    was = {"flavor_id": "2", "volumes_per_node": 0, "image_id": None}
    group = {"name": "g", "flavor_id": "5", "volumes_per_node": 0, "count": 3}
    becomes = {**was, "flavor_id": "3", "volumes_per_node": 2}
    assert node_groups.follow_template(group, was, becomes) == {**group, "volumes_per_node": 2}

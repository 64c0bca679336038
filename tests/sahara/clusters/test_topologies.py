"""What plugins make of a cluster: processes, settings, links to its services. Their words are in the recordings."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.sahara.clusters import autoconfig, cluster_settings, service_links, topologies
from jobsmock.sahara.clusters.standard_plugins import STANDARD
from jobsmock.sahara.errors import ServiceError
from jobsmock.samples.sample import make_world

WORLD = make_world("empty", seed=1)
PROCESSES = sorted(
    {process for plugin in STANDARD.values() for these in plugin.node_processes.values() for process in these}
)


def group(name, count, *processes, configs=None, **more):
    group = {"id": name, "name": name, "count": count, "node_processes": list(processes), "node_configs": configs or {}}
    instances = [{"instance_name": f"{name}-{number}", "management_ip": f"10.0.0.{number}"} for number in range(count)]
    return {**group, "use_autoconfig": True, "flavor_id": "2", "updated_at": None, "instances": instances, **more}


def cluster(plugin, *groups, configs=None, version=None):
    version = version or max(STANDARD[plugin].versions)
    record = {"name": "c", "plugin_name": plugin, "hadoop_version": version, "use_autoconfig": True}
    return {**record, "cluster_configs": configs or {}, "node_groups": list(groups)}


def vanilla(copies, datanodes=2):
    groups = group("m", 1, "namenode", "resourcemanager"), group("w", datanodes, "datanode")
    return cluster("vanilla", *groups, configs={"HDFS": {"dfs.replication": copies}})


# --- new clusters


@pytest.mark.parametrize("copies", [2, "2", " 2", True, 0, -1])
def test_copies_of_a_block_may_be_any_number_up_to_that_of_the_datanodes(copies):
    topologies.check_topology(vanilla(copies))


@pytest.mark.parametrize("copies", [3, "3"])
def test_copies_that_are_text_count_as_well(copies):
    with pytest.raises(ServiceError, match="should contain 3 datanode") as refusal:
        topologies.check_topology(vanilla(copies))
    assert refusal.value.name == "INVALID_COMPONENT_COUNT"


@pytest.mark.parametrize("copies", ["", "many", "1.5"])
def test_copies_that_are_no_number_are_refused(copies):
    with pytest.raises(ServiceError, match=f"dfs.replication: expected a whole number, not '{re.escape(copies)}'"):
        topologies.check_topology(vanilla(copies))


@given(
    st.sampled_from(sorted(STANDARD)),
    st.lists(st.tuples(st.integers(-1, 5), st.lists(st.sampled_from(PROCESSES), unique=True)), max_size=6),
    st.one_of(st.integers(-1, 4), st.booleans(), st.text(max_size=3)),
)
def test_a_cluster_is_taken_or_refused_whatever_it_consists_of(plugin, groups, copies):
    groups = [group(f"g{number}", count, *processes) for number, (count, processes) in enumerate(groups)]
    try:
        topologies.check_topology(cluster(plugin, *groups, configs={"HDFS": {"dfs.replication": copies}}))
    except ServiceError:
        assert plugin != "fake"


# --- scaling


def test_datanodes_that_come_do_not_make_up_for_those_that_go():
    record = vanilla(3, datanodes=4)
    record["node_groups"].append(group("v", 1, "datanode"))
    topologies.check_scaling(record, {"w": 3}, record["node_groups"])
    with pytest.raises(ServiceError, match="not enough nodes for replicas"):
        topologies.check_scaling(record, {"w": 1, "v": 9}, record["node_groups"])


def test_a_group_without_zookeepers_can_be_added_to_a_cluster_that_has_some():
    record = vanilla(1)
    record["node_groups"].append(group("z", 3, "zookeeper"))
    topologies.check_scaling(record, {"new": 2}, [*record["node_groups"], group("new", 0, "datanode")])


# --- settings


def test_vanilla_takes_a_setting_from_the_first_group_that_has_it_and_others_from_the_cluster():
    groups = group("a", 1), group("b", 1, configs={"HDFS": {"dfs.replication": 2}})
    wholes = {"HDFS": {"dfs.replication": 5}}
    found = {
        (plugin, whole): cluster_settings.get_value(
            cluster(plugin, *order, configs=wholes if whole else {}), "HDFS", "dfs.replication"
        )
        for plugin, order in (("vanilla", groups), ("spark", groups[::-1]))
        for whole in (True, False)
    }
    assert found == {("vanilla", True): 5, ("vanilla", False): 2, ("spark", True): 5, ("spark", False): 2}
    assert cluster_settings.get_value(cluster("vanilla", *groups[::-1], configs=wholes), "HDFS", "dfs.replication") == 2
    assert cluster_settings.get_value(cluster("spark"), "HDFS", "dfs.replication") == 3


# --- settings that a plugin recommends


def memory(record, group):
    return autoconfig.set_memory(WORLD, record, group)["node_configs"]


def test_a_group_of_vanilla_gets_the_memory_of_its_flavor():
    configs = memory(cluster("vanilla"), group("w", 1, "nodemanager", flavor_id="5", configs={"HDFS": {"a": 1}}))
    assert configs["HDFS"] == {"a": 1}
    assert configs["YARN"]["yarn.nodemanager.resource.memory-mb"] == 16384
    assert configs["MapReduce"]["mapreduce.reduce.java.opts"] == "-Xmx1638m"


def test_memory_is_left_alone_where_it_is_given_or_nobody_wants_it_or_knows_it():
    given_memory = {"YARN": {"yarn.nodemanager.vmem-check-enabled": True}}
    for record, one in [
        (cluster("spark"), group("w", 1)),
        (cluster("vanilla", configs=given_memory), group("w", 1)),
        (cluster("vanilla"), group("w", 1, configs=given_memory)),
        (cluster("vanilla"), group("w", 1, use_autoconfig=False)),
        ({**cluster("vanilla"), "use_autoconfig": False}, group("w", 1)),
        (cluster("vanilla"), group("w", 1, flavor_id="unknown")),
    ]:
        assert autoconfig.set_memory(WORLD, record, one) is one


@given(st.integers(1, 512), st.integers(0, 2**22))
def test_containers_have_between_256_and_2048_mib(processors, mib):
    configs = autoconfig._recommend_memory(processors, mib)
    assert 256 <= configs["YARN"]["yarn.scheduler.minimum-allocation-mb"] <= 2048
    assert configs["YARN"]["yarn.nodemanager.resource.memory-mb"] >= 8 * 256


@pytest.mark.parametrize(("datanodes", "copies"), [(0, 0), (2, 2), (3, 3), (9, 3)])
def test_there_are_no_more_copies_than_datanodes_unless_it_is_said(datanodes, copies):
    for plugin in ("vanilla", "spark"):
        record = cluster(plugin, group("w", datanodes, "datanode"))
        assert autoconfig.set_replication(record)["cluster_configs"] == {"HDFS": {"dfs.replication": copies}}
        said = {**record, "cluster_configs": {"HDFS": {"dfs.replication": 7}}}
        assert autoconfig.set_replication(said) == said


# --- links


def test_ports_of_links_follow_the_settings_of_spark():
    groups = group("m", 1, "namenode", "master"), group("w", 1, "slave")
    usual = {
        "HDFS": {"Web UI": "http://10.0.0.0:50070", "NameNode": "hdfs://m-0:8020"},
        "Spark": {"Web UI": "http://10.0.0.0:8080"},
    }
    assert service_links.list_links(cluster("spark", *groups)) == usual
    configs = {"HDFS": {"dfs.http.address": "0.0.0.0:1"}, "Spark": {"Master webui port": 2}}
    changed = service_links.list_links(cluster("spark", *groups, configs=configs))
    assert (changed["HDFS"]["Web UI"], changed["Spark"]["Web UI"]) == ("http://10.0.0.0:1", "http://10.0.0.0:2")


def test_there_are_links_to_what_has_instances_only():
    groups = group("m", 0, "namenode"), group("r", 1, "resourcemanager"), group("z", 2, "zookeeper")
    assert service_links.list_links(cluster("vanilla", *groups)).keys() == {"YARN"}
    assert service_links.list_links(cluster("fake", *groups)) == {}

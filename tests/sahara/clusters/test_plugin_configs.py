"""The settings of plugins, asked of the modules themselves and over the wire."""

import pytest

from jobsmock.sahara.clusters import node_groups, plugin_configs, plugins, standard_plugins
from jobsmock.sahara.clusters.standard_plugins import STANDARD
from jobsmock.sahara.errors import InvalidReference

EVERY = [(name, version) for name, plugin in STANDARD.items() for version in plugin.versions]


def in_version(name, version):
    return plugins.select_version(standard_plugins.make_standard(name), version)


def of(name, version, target, setting):
    """The settings of that name, of which Hadoop has some twice."""
    configs = plugin_configs.list_configs(in_version(name, version))
    return [one for one in configs if (one["applicable_target"], one["name"]) == (target, setting)]


@pytest.mark.parametrize(("name", "version"), EVERY)
def test_each_setting_that_a_plugin_offers_may_be_given(name, version):
    plugin = in_version(name, version)
    for config in plugin_configs.list_configs(plugin):
        node_groups.check_configs(plugin, {config["applicable_target"]: {config["name"]: 1}})


@pytest.mark.parametrize(("name", "version"), EVERY)
def test_a_setting_has_the_type_of_its_default(name, version):
    types = {"bool": bool, "int": int, "string": str}
    for config in plugin_configs.list_configs(in_version(name, version)):
        if config["applicable_target"] != "ZooKeeper":
            assert type(config["default_value"]) is types[config["config_type"]]
        assert config["scope"] in ("cluster", "node")
        assert config["priority"] in (1, 2)


@pytest.mark.parametrize(("name", "version"), EVERY)
def test_settings_of_nodes_belong_to_services_that_the_plugin_has(name, version):
    plugin = in_version(name, version)
    targets = {config["applicable_target"] for config in plugin_configs.list_configs(plugin)} - {plugin_configs.GENERAL}
    assert targets <= standard_plugins.list_node_processes(plugin).keys()


def test_a_setting_that_a_plugin_or_version_has_not_is_refused():
    for plugin, configs, words in [
        (("fake", "0.1"), {"HDFS": {}}, "applicable target 'HDFS'"),
        (("storm", "1.2"), {"Storm": {"nimbus.childopts": ""}}, "applicable target 'Storm'"),
        (("vanilla", "2.8.2"), {"HDFS": {"Heap": 1}}, "config with name 'Heap'"),
        (("vanilla", "2.8.2"), {"HDFS": {"dfs.unheard.of": 1}}, r"config with name 'dfs\.unheard\.of'"),
        (("vanilla", "2.8.2"), {"general": {"dfs.replication": 1}}, r"config with name 'dfs\.replication'"),
        (("vanilla", "2.7.1"), {"Hadoop": {"fs.adl.impl": ""}}, r"config with name 'fs\.adl\.impl'"),
        (("vanilla", "2.8.2"), {"Hadoop": {"fs.defaultFS": ""}}, r"config with name 'fs\.defaultFS'"),
    ]:
        with pytest.raises(InvalidReference, match=words):
            node_groups.check_configs(in_version(*plugin), configs)


def test_settings_differ_by_version():
    assert of("vanilla", "2.7.1", "Hadoop", "fs.adl.impl") == []
    assert len(of("vanilla", "2.8.2", "Hadoop", "fs.adl.impl")) == 2
    (classpath,) = of("vanilla", "2.7.5", "Spark", "Executor extra classpath")
    assert classpath["default_value"].endswith("hadoop-openstack-2.7.5.jar")


def test_a_plugin_of_a_sample_has_heap_sizes_and_takes_any_property():
    own = {"name": "own", "versions": ["1"], "node_processes": {"HDFS": ["namenode"]}}
    plugin = plugins.select_version(standard_plugins.complete(own), "1")
    assert [one["name"] for one in plugin_configs.list_configs(plugin)][-1] == "namenode Heap Size"
    node_groups.check_configs(plugin, {"HDFS": {"dfs.unheard.of": 1, "namenode Heap Size": 1}})
    for wrong in ("general", "YARN"):
        with pytest.raises(InvalidReference):
            node_groups.check_configs(plugin, {wrong: {"dfs.unheard.of": 1}})


def test_a_sample_may_give_a_plugin_of_the_service_a_version_of_its_own():
    assert plugin_configs.list_configs(in_version("vanilla", "9.9")) == plugin_configs.list_configs(
        in_version("vanilla", "2.8.2")
    )

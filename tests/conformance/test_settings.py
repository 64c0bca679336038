"""All settings of all plugins and versions, held against what the real service listed.

`settings.json` has, for each version of a plugin, how many settings there are and a digest of all that the service says
of them but for descriptions, which are prose.
"""

import hashlib
import json
from pathlib import Path

import pytest

from jobsmock.sahara.clusters import plugin_configs, plugins, standard_plugins

LISTED = json.loads(Path(__file__).with_name("settings.json").read_text())


def digest(configs):
    plain = [{key: value for key, value in config.items() if key != "description"} for config in configs]
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


@pytest.mark.parametrize("listed", LISTED)
def test_settings_are_those_of_the_service(listed):
    name, version = listed.split("/")
    configs = plugin_configs.list_configs(plugins.select_version(standard_plugins.make_standard(name), version))
    assert len(configs) == LISTED[listed]["count"]
    assert digest(configs) == LISTED[listed]["digest"]


def test_every_version_of_every_plugin_is_listed():
    every = {f"{name}/{version}" for name, plugin in standard_plugins.STANDARD.items() for version in plugin.versions}
    assert every == LISTED.keys()

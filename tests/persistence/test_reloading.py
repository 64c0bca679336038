"""SampleWatcher: a changed sample replaces the default world, unless it is invalid."""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.persistence.reloading import SampleWatcher
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


def list_sources(worlds, prefix=""):
    response = create_app(worlds).test_client().get(f"{prefix}/v1.1/p/data-sources")
    return [source["name"] for source in response.json["data_sources"]]


@pytest.fixture
def watched(tmp_path):
    """A sample file, the worlds that were created from it, and its watcher."""
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"data_sources": [SOURCE]}))
    factory = WorldFactory(Sample.load(str(path)))
    worlds = Worlds(factory)
    return path, worlds, SampleWatcher(worlds, factory, path)


def test_worlds_start_with_the_changed_sample(watched, capsys):
    path, worlds, watcher = watched
    key = worlds.default.key
    path.write_text(json.dumps({"data_sources": [{**SOURCE, "name": "another"}]}))
    watcher.reload_if_changed()
    assert list_sources(worlds) == list_sources(worlds, "/w/new") == ["another"]
    assert worlds.default.key == key, "tokens stay valid"
    assert capsys.readouterr().err == f"jobsmock: {path}: reloaded, since it has changed\n"


@pytest.mark.parametrize(
    "content", ["{", '{"data_sources": [{"name": "another"}]}', '{"simulation": {"plan": "fast"}}']
)
def test_an_invalid_sample_changes_nothing(watched, capsys, content):
    path, worlds, watcher = watched
    path.write_text(content)
    watcher.reload_if_changed()
    assert list_sources(worlds) == list_sources(worlds, "/w/new") == ["mine"]
    assert "; continuing with the previous sample\n" in capsys.readouterr().err


def test_an_unchanged_sample_changes_nothing(watched, capsys):
    _, worlds, watcher = watched
    world = worlds.default
    watcher.reload_if_changed()
    assert worlds.default is world
    assert capsys.readouterr().err == ""


def test_a_deleted_sample_changes_nothing(watched, capsys):
    path, worlds, watcher = watched
    path.unlink()
    watcher.reload_if_changed()
    assert list_sources(worlds) == ["mine"]
    assert "cannot be read" in capsys.readouterr().err

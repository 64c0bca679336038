"""Samples that change while a server runs."""

import json

import pytest

from jobsmock.http.app import create_app
from jobsmock.persistence.reloading import SampleWatcher
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "kept", "type": "hdfs", "url": "hdfs://node/kept"}


def names(worlds, prefix=""):
    listed = create_app(worlds).test_client().get(f"{prefix}/v1.1/p/data-sources").json["data_sources"]
    return [source["name"] for source in listed]


@pytest.fixture
def watched(tmp_path):
    """A file with one data source, the worlds made of it, and a watcher of both."""
    path = tmp_path / "sample.json"
    path.write_text(json.dumps({"data_sources": [SOURCE]}))
    maker = WorldFactory(Sample.load(str(path)))
    worlds = Worlds(maker)
    return path, worlds, SampleWatcher(worlds, maker, path)


def test_a_changed_sample_is_what_worlds_begin_with(watched, capsys):
    path, worlds, watcher = watched
    key = worlds.default.key
    path.write_text(json.dumps({"data_sources": [{**SOURCE, "name": "another"}]}))
    watcher.reload_if_changed()
    assert names(worlds) == names(worlds, "/w/new") == ["another"]
    assert worlds.default.key == key, "tokens are as good as before"
    assert capsys.readouterr().err == f"jobsmock: {path}: reloaded, since it has changed\n"


@pytest.mark.parametrize(
    "content", ["{", '{"data_sources": [{"name": "another"}]}', '{"simulation": {"plan": "fast"}}']
)
def test_a_changed_sample_with_a_fault_changes_nothing(watched, capsys, content):
    path, worlds, watcher = watched
    path.write_text(content)
    watcher.reload_if_changed()
    assert names(worlds) == names(worlds, "/w/new") == ["kept"]
    assert "; continuing with the previous sample\n" in capsys.readouterr().err


def test_a_sample_that_has_not_changed_begins_nothing_anew(watched, capsys):
    _, worlds, watcher = watched
    world = worlds.default
    watcher.reload_if_changed()
    assert worlds.default is world
    assert capsys.readouterr().err == ""


def test_a_sample_that_is_gone_changes_nothing(watched, capsys):
    path, worlds, watcher = watched
    path.unlink()
    watcher.reload_if_changed()
    assert names(worlds) == ["kept"]
    assert "cannot be read" in capsys.readouterr().err

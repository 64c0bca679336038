"""WorldSaver: when it writes the file, and what it says if it cannot."""

import errno
import os
import stat

import pytest

from jobsmock.http.app import create_app
from jobsmock.persistence.saving import WorldSaver
from jobsmock.samples.sample import Sample
from jobsmock.samples.world_factory import WorldFactory
from jobsmock.world.worlds import Worlds

SOURCE = {"name": "mine", "type": "hdfs", "url": "hdfs://node/mine"}


def list_sources(worlds, prefix=""):
    response = create_app(worlds).test_client().get(f"{prefix}/v1.1/p/data-sources")
    return [source["name"] for source in response.json["data_sources"]]


def add_source(worlds):
    assert create_app(worlds).test_client().post("/v1.1/p/data-sources", json=SOURCE).status_code == 202


@pytest.fixture
def worlds():
    return Worlds(WorldFactory(Sample.load("empty"), seed=1))


def test_a_saved_world_can_be_restored(worlds, tmp_path):
    saver, path = WorldSaver(worlds, tmp_path / "saved.json"), tmp_path / "saved.json"
    add_source(worlds)
    saver.try_save()
    worlds.default = WorldFactory(Sample.load("demo")).restore(path)
    assert list_sources(worlds) == ["mine"]
    assert list(tmp_path.iterdir()) == [path]


def test_an_unchanged_world_is_not_saved_again(worlds, tmp_path):
    saver, path = WorldSaver(worlds, tmp_path / "saved.json"), tmp_path / "saved.json"
    saver.try_save()
    path.unlink()
    saver.try_save()
    assert not path.exists()
    add_source(worlds)
    saver.try_save()
    assert path.exists()


def test_each_change_is_saved_before_its_response_and_reading_saves_nothing(worlds, tmp_path, monkeypatch):
    saves = []
    monkeypatch.setattr("jobsmock.samples.file_format.replace_file", lambda path, content: saves.append(content))
    app = create_app(worlds)
    saver = WorldSaver(worlds, tmp_path / "saved.json")
    saver.save()
    app.wsgi_app = saver.save_before_responses(app.wsgi_app)
    client = app.test_client()
    for path in ("/v1.1/p/jobs", "/v1.1/p/clusters", "/v3", "/_jobsmock/health", "/w/other/v1.1/p/jobs", "/nothing"):
        client.get(path)
    assert len(saves) == 1
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert len(saves) == 2
    client.post("/v1.1/p/data-sources", json=SOURCE)
    assert len(saves) == 2, "a refused request changes nothing"


def test_file_and_folder_are_synced(worlds, tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(stat.S_ISDIR(os.fstat(number).st_mode)))
    WorldSaver(worlds, tmp_path / "saved.json").save()
    assert synced == [False, True]


# --- a file that cannot be written


@pytest.fixture
def fail_writes(monkeypatch):
    """Lets writes to the disk fail with the error of a number."""

    def fail(number):
        def write(*_):
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "fsync", write)

    return fail


def test_a_world_that_cannot_be_saved_is_saved_later(worlds, tmp_path, capsys):
    saver = WorldSaver(worlds, tmp_path / "later" / "saved.json")
    saver.try_save()
    assert "saved.json: cannot be saved: No such file or directory" in capsys.readouterr().err
    (tmp_path / "later").mkdir()
    saver.try_save()
    assert (tmp_path / "later" / "saved.json").exists()


def test_a_full_disk_is_reported_once_and_health_shows_it_until_it_is_over(
    worlds, tmp_path, fail_writes, capsys, monkeypatch
):
    saver, client = WorldSaver(worlds, tmp_path / "saved.json"), create_app(worlds).test_client()
    assert client.get("/_jobsmock/health").json == {"status": "ok"}
    fail_writes(errno.ENOSPC)
    for _ in range(3):
        worlds.default.clock.advance(1)
        saver.try_save()
    saver.save_finally()
    message = f"jobsmock: {tmp_path / 'saved.json'}: cannot be saved: No space left on device; make room in {tmp_path}."
    first, last = capsys.readouterr().err.splitlines()
    assert first.startswith(message)
    assert "changes since the last save are lost" in last
    health = client.get("/_jobsmock/health").json
    assert health["status"] == "degraded"
    assert health["save"]["problem"] == f"No space left on device; make room in {tmp_path}"
    assert list(tmp_path.iterdir()) == [], "no part of the file is left behind"
    monkeypatch.undo()
    saver.try_save()
    saver.try_save()
    assert capsys.readouterr().err == f"jobsmock: {tmp_path / 'saved.json'}: can be saved again\n"
    health = client.get("/_jobsmock/health").json
    assert (health["status"], health["save"]["problem"]) == ("ok", None)
    assert (tmp_path / "saved.json").exists()


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.EACCES, "let this user write to the folder"),
        (errno.EROFS, "writable, or use another file for --save"),
        (errno.EBUSY, "mount the folder"),
        (errno.EFBIG, "raise the limit"),
        (errno.EIO, "Input/output error. The server keeps running"),
    ],
)
def test_a_write_error_is_reported_with_what_to_do(worlds, tmp_path, fail_writes, capsys, number, advice):
    fail_writes(number)
    WorldSaver(worlds, tmp_path / "saved.json").try_save()
    assert advice in capsys.readouterr().err

"""Filters of lists: patterns where the service's database would have them, equal values elsewhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock import Cloud, ControlError
from jobsmock.sahara import filters
from jobsmock.sahara.errors import InvalidQuery
from jobsmock.sahara.filters import make_filter


def accepts(text, value, searchable=("name",)):
    keep = make_filter({"name": [text]}, "p", ("name",), searchable, dict.get)
    return keep({"name": value})


def names(cloud, query, noun="jobs", version="1.1"):
    answer = cloud.session().get(f"{cloud.endpoint(version=version)}/{noun}?{query}")
    assert answer.status_code == 200, answer.text
    [records] = (value for value in answer.json().values() if isinstance(value, list))
    return [record["name"] for record in records]


@pytest.fixture
def cloud():
    cloud = Cloud(sample="empty", seed=1)
    for name, url in (("sales.in", "hdfs://h/sales"), ("Sales-out", "hdfs://h/out"), ("stock", "hdfs://h/stock")):
        body = {"name": name, "type": "hdfs", "url": url, "description": f"about {name}"}
        assert cloud.session().post(f"{cloud.endpoint()}/data-sources", json=body).status_code == 202
    return cloud


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=sales", ["sales.in", "Sales-out"]),
        ("name=SALES", ["sales.in", "Sales-out"]),
        ("name=^sa.*n$", ["sales.in"]),
        ("name=s.o", ["Sales-out", "stock"]),
        ("name=s\\.i", ["sales.in"]),
        ("name=stock|in", ["sales.in", "stock"]),
        ("name=[[:alpha:]]*[.]", ["sales.in"]),
        ("name=%s%", []),
        ("name=", ["sales.in", "Sales-out", "stock"]),
        ("name=[sales", []),
        ("description=about s", ["sales.in", "Sales-out", "stock"]),
        ("url=h/s", ["sales.in", "stock"]),
        ("type=hdf", []),
        ("type=hdfs&name=out", ["Sales-out"]),
    ],
)
def test_a_name_a_description_or_a_url_is_searched_for_a_pattern(cloud, query, found):
    assert sorted(names(cloud, query, "data-sources"), key=str.lower) == sorted(found, key=str.lower)


def test_api_v2_searches_alike(cloud):
    assert names(cloud, "type=hdfs", "data-sources", "2") != []
    body = {"name": "binary", "url": "swift://c/o", "extra": {"user": "u", "password": "p"}}
    cloud.session().post(f"{cloud.endpoint()}/job-binaries", json=body)
    assert names(cloud, "name=^bin", "job-binaries", "2") == ["binary"]


def test_executions_are_searched_by_the_names_of_their_job_and_cluster():
    cloud = Cloud(sample="demo", seed=1)
    session, url = cloud.session(), f"{cloud.endpoint()}/job-executions"
    job = session.get(f"{cloud.endpoint()}/jobs?limit=1&name=basket").json()["jobs"][0]
    found = session.get(f"{url}?job.name=^basket").json()["job_executions"]
    assert found
    assert {execution["job_id"] for execution in found} == {job["id"]}
    assert session.get(f"{url}?cluster.name=no-such").json() == {"job_executions": []}


def test_clusters_are_searched_by_their_plugin(cloud):
    assert names(cloud, "plugin_name=^FA", "clusters") == ["cluster"]
    assert names(cloud, "hadoop_version=0", "clusters") == []


def test_a_world_may_compare_exactly_and_change_its_mind():
    cloud = Cloud(sample="demo", seed=1, filters="exact")
    assert names(cloud, "name=basket") == []
    assert names(cloud, "name=basket-pairs") == ["basket-pairs"]
    cloud.session().patch(f"{cloud.url}/_jobsmock/world", json={"filters": "regex"})
    assert names(cloud, "name=basket") == ["basket-pairs"]
    cloud.session().post(f"{cloud.url}/_jobsmock/reset")
    assert names(cloud, "name=basket") == ["basket-pairs"]
    assert names(cloud.make_world(), "name=basket") == []
    assert names(cloud.make_world(filters="regex"), "name=basket") == ["basket-pairs"]


def test_a_snapshot_and_a_sample_keep_how_filters_compare():
    cloud = Cloud(sample={"simulation": {"filters": "exact"}, "jobs": []})
    document = cloud.snapshot()
    assert document["simulation"]["filters"] == "exact"
    assert Cloud(sample=document).world.settings["filters"] == "exact"


def test_a_choice_that_is_none_is_refused_with_those_that_there_are(cloud):
    with pytest.raises(ControlError, match=r"filters: 'like' is not one of \['regex', 'exact'\]"):
        cloud.make_world(filters="like")


@pytest.mark.parametrize("pattern", ["(a|a|aa)*$", "((a|aa)+)+$"])
def test_a_pattern_that_would_run_away_is_given_up(pattern, monkeypatch):
    monkeypatch.setattr(filters, "_PATIENCE", 0.05)
    with pytest.raises(InvalidQuery, match="takes too long to match"):
        accepts(pattern, "a" * 80 + "x" * 80)


@pytest.mark.parametrize("pattern", ["a{999999999}", "((a{255}){255}){255}", "(a{0,99}){11,}", "a" * 1001 + "."])
def test_a_pattern_that_would_fill_the_memory_is_refused(pattern):
    with pytest.raises(InvalidQuery, match="is too large"):
        accepts(pattern, "a")


@given(st.text(max_size=30), st.text(max_size=30))
def test_text_without_special_letters_is_found_wherever_it_stands(text, around):
    plain = re.sub(r"[][.^$*+?{}\\|()]", "", text)
    value = f"{around}{plain.upper()}{around}"
    assert accepts(plain, value) == (plain.lower() in value.lower())


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_a_filter(text, value):
    assert accepts(text, value) in (True, False)
    assert accepts(text, value, searchable=()) == (text == value)

"""Tables: who sees what, in which order, page by page; held against a list that is sorted anew each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.store import Table, UnknownMarker


def record(id, name="", project="ours", public=False, **more):
    return {"id": id, "name": name, "tenant_id": project, "is_public": public, **more}


def table(*records):
    made = Table()
    for one in records:
        made.put(one)
    return made


def ids(page):
    return [one["id"] for one in page.records]


def test_a_project_sees_its_own_and_what_others_made_public():
    held = table(record("a"), record("b", project="theirs"), record("c", project="theirs", public=True))
    assert ids(held.page("ours")) == ["a", "c"]
    assert ids(held.page("theirs")) == ["b", "c"]
    assert held.get("ours", "b") is None


def test_what_is_public_no_more_is_seen_no_more():
    held = table(record("c", project="theirs", public=True))
    held.put(record("c", project="theirs"))
    assert held.get("ours", "c") is None


def test_shared_records_belong_to_every_project_and_each_changes_its_own():
    held = Table()
    held.share(record("a", "one", project=None))
    assert held.get("ours", "a")["tenant_id"] == "ours"
    held.put({**held.get("ours", "a"), "name": "changed", "is_public": True})
    held.drop("theirs", "a")
    assert held.get("ours", "a")["name"] == "changed"
    assert held.get("theirs", "a") is None
    assert held.get("somebody", "a")["name"] == "one"


def test_what_a_table_gives_out_is_its_callers_to_change():
    held = table(record("a", nested={"list": [{"deep": 1}]}))
    held.get("ours", "a")["nested"]["list"][0]["deep"] = 2
    held.page("ours").records[0]["nested"]["list"].clear()
    assert held.get("ours", "a")["nested"] == {"list": [{"deep": 1}]}


def test_what_is_given_in_can_be_changed_afterwards():
    given_in = record("a", nested=[1])
    held = table(given_in)
    given_in["nested"].append(2)
    assert held.get("ours", "a")["nested"] == [1]


def test_an_unknown_marker_is_refused():
    with pytest.raises(UnknownMarker):
        table(record("a")).page("ours", marker="z")


def test_an_order_that_has_been_asked_for_follows_changes():
    held = table(record("a", "x"), record("b", "y"))
    assert ids(held.page("ours", field="name")) == ["a", "b"]
    held.put(record("a", "z"))
    held.put(record("c", "m"))
    held.drop("ours", "b")
    assert ids(held.page("ours", field="name")) == ["c", "a"]
    assert held.own("ours", "name", "z")["id"] == "a"
    assert held.own("ours", "name", "x") is None


few_names = st.lists(st.sampled_from("abcd"), max_size=12)


@given(few_names, st.booleans(), st.integers(1, 5), st.booleans())
def test_pages_put_together_are_the_list(names, descending, limit, by_id):
    held = table(*(record(f"{number:02d}", name, public=True) for number, name in enumerate(names)))
    field = "id" if by_id else "name"
    whole, pages, marker = ids(held.page("ours", field=field, descending=descending)), [], None
    while True:
        page = held.page("ours", field=field, descending=descending, limit=limit, marker=marker)
        pages += ids(page)
        if page.next is None:
            break
        marker = page.next
    assert pages == whole


@given(few_names, st.booleans())
def test_equals_come_by_age_whichever_way_the_order_goes(names, descending):
    held = table(*(record(str(number), name) for number, name in enumerate(names)))
    by_age = sorted(range(len(names)), key=lambda number: names[number], reverse=descending)
    assert ids(held.page("ours", field="name", descending=descending)) == [str(number) for number in by_age]


@given(few_names, st.integers(1, 4), st.booleans(), st.booleans())
def test_the_previous_pages_marker_leads_back_to_the_present_page(names, limit, descending, ties_follow):
    names = names if ties_follow else sorted(set(names))
    held = table(*(record(f"{number:02d}", name) for number, name in enumerate(names)))
    options = {"field": "name", "descending": descending, "limit": limit, "ties_follow": ties_follow}
    first = held.page("ours", **options)
    if first.next is None:
        return
    second = held.page("ours", **options, marker=first.next)
    assert second.prev is None
    if second.next is not None:
        third = held.page("ours", **options, marker=second.next)
        assert ids(held.page("ours", **options, marker=third.prev)) == ids(second)


@given(few_names, st.integers(1, 4))
def test_a_filter_keeps_pages_full(names, limit):
    held = table(*(record(f"{number:02d}", name) for number, name in enumerate(names)))
    page = held.page("ours", keep=lambda one: one["name"] in "ab", field="name", limit=limit)
    wanted = [number for number, name in sorted(enumerate(names), key=lambda pair: (pair[1], pair[0])) if name in "ab"]
    assert ids(page) == [f"{number:02d}" for number in wanted[:limit]]
    assert (page.next is not None) == (len(wanted) > limit)

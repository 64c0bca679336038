"""Tables: who sees what, in which order, page by page; held against a list that is sorted anew each time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobsmock.world.limits import Usage, estimate_size
from jobsmock.world.store import Table


def record(id, name="", project="ours", public=False, **more):
    return {"id": id, "name": name, "tenant_id": project, "is_public": public, **more}


def table(*records):
    made = Table()
    for one in records:
        made.save(one)
    return made


def ids(page):
    return [one["id"] for one in page.records]


def test_a_project_sees_its_own_and_what_others_made_public():
    held = table(record("a"), record("b", project="theirs"), record("c", project="theirs", public=True))
    assert ids(held.list_page("ours")) == ["a", "c"]
    assert ids(held.list_page("theirs")) == ["b", "c"]
    assert held.get("ours", "b") is None


def test_what_is_public_no_more_is_seen_no_more():
    held = table(record("c", project="theirs", public=True))
    held.save(record("c", project="theirs"))
    assert held.get("ours", "c") is None


def test_shared_records_belong_to_every_project_and_each_changes_its_own():
    held = Table()
    held.insert_shared(record("a", "one", project=None))
    assert held.get("ours", "a")["tenant_id"] == "ours"
    held.save({**held.get("ours", "a"), "name": "changed", "is_public": True})
    held.delete("theirs", "a")
    assert held.get("ours", "a")["name"] == "changed"
    assert held.get("theirs", "a") is None
    assert held.get("somebody", "a")["name"] == "one"


def test_what_a_table_gives_out_is_its_callers_to_change():
    held = table(record("a", nested={"list": [{"deep": 1}]}))
    held.get("ours", "a")["nested"]["list"][0]["deep"] = 2
    held.list_page("ours").records[0]["nested"]["list"].clear()
    assert held.get("ours", "a")["nested"] == {"list": [{"deep": 1}]}


def test_what_is_given_in_can_be_changed_afterwards():
    given_in = record("a", nested=[1])
    held = table(given_in)
    given_in["nested"].append(2)
    assert held.get("ours", "a")["nested"] == [1]


def test_an_unknown_marker_is_refused():
    with pytest.raises(KeyError):
        table(record("a")).list_page("ours", marker="z")


def test_an_order_that_has_been_asked_for_follows_changes():
    held = table(record("a", "x"), record("b", "y"))
    assert ids(held.list_page("ours", field="name")) == ["a", "b"]
    held.save(record("a", "z"))
    held.save(record("c", "m"))
    held.delete("ours", "b")
    assert ids(held.list_page("ours", field="name")) == ["c", "a"]
    assert held.find_own("ours", "name", "z")["id"] == "a"
    assert held.find_own("ours", "name", "x") is None


few_names = st.lists(st.sampled_from("abcd"), max_size=12)


@given(few_names, st.booleans(), st.integers(1, 5))
def test_pages_put_together_are_the_list(names, descending, limit):
    held = table(*(record(f"{number:02d}", name, public=True) for number, name in enumerate(names)))
    options = {"field": "name", "descending": descending}
    whole, pages, page = ids(held.list_page("ours", **options)), [], None
    while page is None or page.records:
        marker = page.records[-1]["id"] if page else None
        page = held.list_page("ours", **options, limit=limit, marker=marker)
        pages += ids(page)
    assert pages == whole


@given(few_names, st.booleans(), st.booleans())
def test_equals_come_by_age_downwards_too_unless_values_differ(names, descending, values_differ):
    held = table(*(record(str(number), name) for number, name in enumerate(names)))
    ages = range(len(names))
    if values_differ:
        wanted = sorted(ages, key=lambda age: (names[age], age), reverse=descending)
    else:
        wanted = sorted(ages, key=lambda age: names[age], reverse=descending)
    page = held.list_page("ours", field="name", descending=descending, values_differ=values_differ)
    assert ids(page) == [str(age) for age in wanted]


@given(few_names, st.booleans(), st.integers(1, 4))
def test_a_page_skips_what_equals_its_marker_where_values_may_be_shared(names, descending, limit):
    held = table(*(record(str(number), name) for number, name in enumerate(names)))
    for marker, name in enumerate(names):
        page = held.list_page(
            "ours", field="name", descending=descending, limit=limit, marker=str(marker), values_differ=False
        )
        assert all((one["name"] < name) if descending else (one["name"] > name) for one in page.records)


@given(few_names, st.integers(1, 4), st.booleans(), st.sampled_from(["abcd", "ab", "d"]))
def test_markers_are_counted_by_places_in_the_whole_list(names, limit, descending, wanted):
    held = table(*(record(f"{number:02d}", name) for number, name in enumerate(names)))
    options = {"field": "name", "descending": descending, "keep": lambda one: one["name"] in wanted}
    whole = [
        f"{age:02d}" for age in sorted(range(len(names)), key=lambda age: (names[age], age)) if names[age] in wanted
    ]
    whole = whole[::-1] if descending else whole
    first = held.list_page("ours", **options, limit=limit)
    assert (first.prev, first.next) == (None, whole[limit - 1] if limit < len(whole) else None)
    for marker in range(len(names)):
        page = held.list_page("ours", **options, limit=limit, marker=f"{marker:02d}")
        place = whole.index(f"{marker:02d}") if f"{marker:02d}" in whole else None
        before = whole[place - limit] if place is not None and place >= limit else None
        after = whole[place + limit] if place is not None and place + limit < len(whole) else None
        assert (page.prev, page.next) == (before, after)


def test_what_has_no_value_comes_first_and_as_a_marker_begins_anew():
    held = table(record("a", when=None), record("b", when="1"), record("c", when="2"))
    assert ids(held.list_page("ours", field="when")) == ["a", "b", "c"]
    assert ids(held.list_page("ours", field="when", marker="a")) == ["a", "b", "c"]
    assert ids(held.list_page("ours", field="when", descending=True, marker="c")) == ["b"]
    held.save(record("d", when=None))
    assert ids(held.list_page("ours", field="when", descending=True)) == ["c", "b", "a", "d"]


def test_what_a_record_refers_to_is_found_even_if_made_private_since():
    held = table(record("a", project="theirs", public=True))
    held.save(record("a", project="theirs"))
    assert held.get("ours", "a") is None
    assert held.get_referred("ours", "a")["id"] == "a"
    assert held.get_referred("ours", "z") is None


# --- how much it holds


changes = st.lists(
    st.tuples(st.sampled_from(["ours", "theirs"]), st.sampled_from("abc"), st.none() | st.text(max_size=30)),
    max_size=12,
)


@given(changes)
def test_what_projects_write_is_counted_and_let_go_of_again(steps):
    usage = Usage()
    held = Table(usage)
    held.insert_shared(record("a", "of the sample", project=None))
    for project, letter, text in steps:
        id = "a" if letter == "a" else f"{project}-{letter}"
        if text is not None:
            held.save(record(id, text, project, public=len(text) % 2 == 0))
        elif held.get(project, id) and (id == "a" or held.find_own(project, "id", id)):
            held.delete(project, id)
    written = usage.size
    own = [(owner, id) for owner, ids in owned(held).items() for id in ids if id != "a"]
    weights = sum(estimate_size(held.get(owner, id)) + 128 for owner, id in own)
    assert written >= weights
    for owner, id in own:
        held.delete(owner, id)
    assert usage.size == written - weights


def owned(held):
    return {owner: list(shelf.records) for owner, shelf in held._own.items()}


def test_lists_of_ever_more_projects_take_no_ever_more_room(monkeypatch):
    monkeypatch.setattr("jobsmock.world.store._MOST_MERGED_ROWS", 1000)
    held = table(record("c", project="theirs", public=True))
    for number in range(50):
        assert ids(held.list_page(f"p{number}")) == ["c"]
    assert len(held._merged._orders) <= 10
    held.save(record("d", project="theirs", public=True))
    assert ids(held.list_page("p49")) == ["c", "d"]

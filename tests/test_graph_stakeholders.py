"""The stakeholder register: kept with the map, undone with it, and a sign-off that knows what has changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.errors import DataError, EditError
from crmwidget.formats import map_json
from crmwidget.graph.elements import Elements
from crmwidget.graph.stakeholders import ATTRIBUTE, register_of, state_of
from crmwidget.vocabulary import LIMITS
from crmwidget.workshop import Stakeholders

SIGNED_AT = "2026-03-02T15:00:00Z"


@pytest.fixture
def m() -> crm.CrmMap:
    return crm.from_text("Lead -> Offer -> Won", name="Sales")


@pytest.fixture
def people(m: crm.CrmMap) -> Stakeholders:
    register = Stakeholders(m)
    register.add("Ada", role="Marketing", stages="Lead")
    register.add("Ben", role="Sales", stages=["offer", "WON"])
    return register


def row(people: Stakeholders, name: str) -> dict[str, Any]:
    return dict(people.table.set_index("name").loc[name])


def test_stages_are_named_by_id_or_label_and_shown_by_label(people: Stakeholders) -> None:
    assert people.table["stages"].tolist() == [("lead",), ("offer", "won")]
    assert "Ben   Sales      Offer, Won  not signed" in repr(people)


def test_a_name_that_is_there_gets_a_new_role_and_keeps_its_sign_off(people: Stakeholders) -> None:
    people.sign("Ada", at=SIGNED_AT)
    people.add(" Ada ", role="Head of marketing")
    assert row(people, "Ada")["role"] == "Head of marketing"
    assert row(people, "Ada")["standing"] == "signed"
    assert len(people) == 2


def test_a_sign_off_says_who_when_and_how_many_changes_ago(m: crm.CrmMap, people: Stakeholders) -> None:
    people.sign("Ada", by="Cleo for Ada", at="2026-03-02T16:00:00+01:00")
    signed = row(people, "Ada")
    assert (signed["signed_by"], signed["standing"], signed["n_changes"]) == ("Cleo for Ada", "signed", 0)
    assert signed["signed_at"] == pd.Timestamp("2026-03-02 15:00", tz="UTC")
    m.graph.nodes["lead"]["owner"] = "Ada"
    m.remove("won")  # and the flow to it
    stale = row(people, "Ada")
    assert (stale["standing"], stale["n_changes"]) == ("signed an earlier version", 3)
    assert "signed an earlier version by Cleo for Ada on 2026-03-02, 3 changes since" in repr(people)


def test_an_edit_that_is_undone_makes_the_sign_off_good_again(m: crm.CrmMap, people: Stakeholders) -> None:
    people.sign("Ada")
    m.update("lead", label="Prospect")
    assert row(people, "Ada")["standing"] == "signed an earlier version"
    m.undo()
    assert row(people, "Ada")["standing"] == "signed"


@pytest.mark.parametrize(
    "edit",
    [
        lambda m: m.move("lead", 900, 900),
        lambda m: m.comment("lead", "Why?", author="Ada"),
        lambda m: m.vote("lead", by="Ada"),
        lambda m: setattr(m, "votes_each", 3),
        lambda m: m.update("lead", locked=True),
        lambda m: m.layout(lanes="team"),
        lambda m: Stakeholders(m).add("Cleo"),
        lambda m: Stakeholders(m).sign("Ben"),
    ],
    ids=["move", "comment", "vote", "votes each", "lock", "lanes", "register", "another sign-off"],
)
def test_what_says_nothing_about_customers_leaves_a_sign_off_good(
    m: crm.CrmMap, people: Stakeholders, edit: Any
) -> None:
    people.sign("Ada")
    edit(m)
    assert row(people, "Ada")["standing"] == "signed"


@pytest.mark.parametrize(
    "edit",
    [
        lambda m: m.update("lead", owner="Ada"),
        lambda m: m.update("f1", label="qualified"),
        lambda m: m.update("f1", target="won"),
        lambda m: m.add_stage("Demo"),
        lambda m: m.remove("f1"),
        lambda m: m.graph.graph.update(name="Selling"),
        lambda m: m.graph.graph.update(goal="find the leak"),
    ],
    ids=["node", "flow", "rewired", "added", "removed", "name", "attribute of the map"],
)
def test_each_edit_of_content_makes_a_sign_off_one_of_an_earlier_version(
    m: crm.CrmMap, people: Stakeholders, edit: Any
) -> None:
    people.sign("Ada")
    edit(m)
    assert (row(people, "Ada")["standing"], row(people, "Ada")["n_changes"]) == ("signed an earlier version", 1)


def test_it_comes_back_from_the_file_and_from_the_code_with_stale_sign_offs_still_stale(
    m: crm.CrmMap, people: Stakeholders, tmp_path: Path
) -> None:
    people.sign("Ada", at=SIGNED_AT)
    m.update("lead", owner="Ada")
    people.sign("Ben", at=SIGNED_AT)
    path = m.save(tmp_path / "sales.crm.json")
    opened = crm.open(path)
    made: dict[str, Any] = {}
    exec(m.to_code(), made)
    for again in (opened, made["m"]):
        pd.testing.assert_frame_equal(Stakeholders(again).table, people.table)
        again.add_stage("Demo")
        assert Stakeholders(again).table["n_changes"].tolist() == [2, 1]
    assert map_json.dumps(map_json.read(path)) == path.read_text(encoding="utf-8")


def test_only_states_that_somebody_signed_are_kept(m: crm.CrmMap, people: Stakeholders) -> None:
    people.sign("Ada")
    m.update("lead", owner="Ada")
    people.sign("Ben")
    assert len(register_of(m.elements).states) == 2
    people.withdraw("Ada")
    assert len(register_of(m.elements).states) == 1
    people.remove("Ben")
    assert register_of(m.elements).states == {}
    people.remove("Ada")
    assert ATTRIBUTE not in m.graph.graph


def test_each_entry_is_one_step_of_undo(m: crm.CrmMap, people: Stakeholders) -> None:
    people.sign("Ada")
    assert m.undo() == "sign-off of Ada"
    assert row(people, "Ada")["standing"] == "not signed"
    assert m.undo() == "stakeholder Ben"
    assert people.table["name"].tolist() == ["Ada"]


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_a_table_goes_in_and_comes_out(people: Stakeholders, make: Any) -> None:
    people.sign("Ada")
    people.fill(make({"name": ["Ada", "Cleo"], "role": ["Marketing", None], "stages": ["Lead, offer", ""]}))
    assert people.table["name"].tolist() == ["Ada", "Cleo"]
    assert people.table["stages"].tolist() == [("lead", "offer"), ()]
    assert people.table["standing"].tolist() == ["signed", "not signed"]
    before = people.table
    people.fill(before)
    pd.testing.assert_frame_equal(people.table, before)


def test_nobody_is_in_an_empty_register(m: crm.CrmMap) -> None:
    people = Stakeholders(m)
    assert len(people) == 0 and people.table.empty and not people.are_all_signed
    assert "Nobody is in it yet" in repr(people)


def test_all_have_signed_only_while_nothing_changes(m: crm.CrmMap, people: Stakeholders) -> None:
    people.sign("Ada")
    assert not people.are_all_signed
    people.sign("Ben")
    assert people.are_all_signed
    m.update("lead", owner="Ada")
    assert not people.are_all_signed


def test_names_are_escaped_in_the_notebook(m: crm.CrmMap) -> None:
    people = Stakeholders(m)
    people.add("<img src=x>", role="a & b")
    html = people._repr_html_()
    assert "&lt;img src=x&gt;" in html and "<img" not in html and "a &amp; b" in html


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda p: p.add(""), "a stakeholder's name is a text"),
        (lambda p: p.add(7), "a stakeholder's name is a text"),
        (lambda p: p.add("Cleo", stages="Leed"), "did you mean 'Lead'"),
        (lambda p: p.sign("Adda"), "did you mean 'Ada'"),
        (lambda p: p.sign("Ada", at="yesterday"), "at= is a time such as"),
        (lambda p: p.sign("Ada", by=" "), "who signs is a text"),
        (lambda p: p.withdraw("Cleo"), "nobody in the register is called 'Cleo'"),
        (lambda p: p.remove(None), "nobody in the register is called None"),
        (lambda p: p.fill(pd.DataFrame({"nam": ["Ada"]})), "did you mean 'nam'"),
        (lambda p: p.fill(pd.DataFrame({"name": ["Ada", "Ada"]})), "stands there twice"),
        (lambda p: Stakeholders("sales"), "one of a map; given 'sales'"),
    ],
)
def test_an_error_says_what_is_wrong_and_leaves_the_register(people: Stakeholders, wrong: Any, said: str) -> None:
    before = people.table
    with pytest.raises(EditError, match=said):
        wrong(people)
    pd.testing.assert_frame_equal(people.table, before)


def test_what_is_no_table_is_refused(people: Stakeholders) -> None:
    with pytest.raises(DataError, match="no table"):
        people.fill("Ada")


@pytest.mark.parametrize(
    "held", ["Ada and Ben", ("Ada",), {"people": 3}, {"people": ({"name": 7},), "states": {}}, {"people": ("Ada",)}]
)
def test_an_attribute_that_is_no_register_is_named_and_left(m: crm.CrmMap, held: Any) -> None:
    m.graph.graph[ATTRIBUTE] = held
    with pytest.raises(EditError, match="is no register"):
        Stakeholders(m).add("Ada")
    assert "stakeholders" in m.graph.graph


def test_a_stage_that_is_gone_is_said_to_be(m: crm.CrmMap, people: Stakeholders) -> None:
    m.remove("lead")
    assert "lead (no longer on the map)" in repr(people)


def test_of_a_map_too_large_to_keep_it_is_known_that_but_not_how_much_has_changed() -> None:
    n = LIMITS.nested_items + 1
    elements = Elements(nodes={f"n{i}": {"kind": "stage", "label": f"N{i}"} for i in range(n)})
    m = crm.CrmMap(elements=elements)
    people = Stakeholders(m)
    people.add("Ada")
    people.sign("Ada")
    assert row(people, "Ada")["standing"] == "signed"
    m.graph.nodes["n7"]["owner"] = "Ada"
    assert row(people, "Ada")["standing"] == "signed an earlier version"
    assert people.table["n_changes"].isna().all()


names = st.text("aÖ<&\"' 李🚲", min_size=1, max_size=12).filter(str.strip)


@settings(deadline=None, max_examples=50)
@given(st.dictionaries(names, names, max_size=5), st.sets(st.integers(0, 4)))
def test_any_names_come_back_from_the_file(said: dict[str, str], signing: set[int]) -> None:
    m = crm.from_text("Lead -> Won")
    people = Stakeholders(m)
    for place, (name, role) in enumerate(said.items()):
        people.add(name, role=role, stages=["lead"])
        if place in signing:
            people.sign(name, at=SIGNED_AT)
    again = crm.CrmMap(elements=map_json.loads(map_json.dumps(m.elements)))
    pd.testing.assert_frame_equal(Stakeholders(again).table, people.table)


attributes = st.dictionaries(st.sampled_from(["owner", "team", "mine"]), st.text("ab", max_size=2), max_size=2)
maps = st.dictionaries(st.sampled_from("abcde"), attributes, max_size=5)


@settings(deadline=None)
@given(maps, maps)
def test_the_number_of_changes_is_that_of_the_elements_that_differ(one: Any, other: Any) -> None:
    before, after = (
        Elements(nodes={node: {"kind": "stage", "label": node, **about} for node, about in nodes.items()})
        for nodes in (one, other)
    )
    differing = {f"node {node}" for node in {*one, *other} if one.get(node) != other.get(node)}
    now = state_of(after)
    assert set(now.changed_since(state_of(before).digests)) == differing
    assert (now.fingerprint == state_of(before).fingerprint) == (not differing)

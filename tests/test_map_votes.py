"""Votes on nodes: one of each person on each, counted, limited, undone, saved, compared and shown."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from commands import NoCommands
from hypothesis import given, settings
from hypothesis import strategies as st
from view_client import View

import crmwidget as crm
from crmwidget.command_line import main
from crmwidget.design import THEMES
from crmwidget.formats import map_json
from crmwidget.graph.versions import compare
from crmwidget.sync.session import Session


@pytest.fixture
def sales() -> crm.CrmMap:
    m = crm.CrmMap("Sales")
    m.add_text("Lead -> Deal -> Won")
    return m


def counts(m: crm.CrmMap) -> dict[str, int]:
    return dict(m.votes()[["id", "votes"]].itertuples(index=False, name=None))


def test_votes_are_listed_the_most_first_with_who_voted(sales: crm.CrmMap) -> None:
    for node, by in [("won", "Cleo"), ("lead", "Bo"), ("deal", "Cleo"), ("deal", "Ada")]:
        sales.vote(node, by=by)
    assert [tuple(row) for row in sales.votes().itertuples(index=False)] == [
        ("deal", "Deal", 2, ("Ada", "Cleo")),
        ("lead", "Lead", 1, ("Bo",)),
        ("won", "Won", 1, ("Cleo",)),
    ]
    empty = crm.CrmMap("Empty").votes()
    assert empty.empty and dict(empty.dtypes) == dict(sales.votes().dtypes)


def test_who_has_voted_has_voted_and_no_step_is_made_of_a_second_time(sales: crm.CrmMap) -> None:
    sales.author = "Ada"
    sales.vote("lead")
    n_steps = len(sales.history.done)
    sales.vote("lead", by="Ada")
    assert counts(sales) == {"lead": 1} and len(sales.history.done) == n_steps


def test_each_call_is_one_step_of_undo(sales: crm.CrmMap) -> None:
    sales.vote("lead", by="Ada")
    sales.vote("deal", by="Bo")
    sales.clear_votes()
    assert counts(sales) == {}
    sales.undo()
    assert counts(sales) == {"lead": 1, "deal": 1}
    sales.undo()
    assert counts(sales) == {"lead": 1}
    sales.redo()
    sales.take_back_vote("lead", by="Ada")
    assert counts(sales) == {"deal": 1}


def test_votes_go_and_come_back_with_their_node(sales: crm.CrmMap) -> None:
    sales.vote("deal", by="Ada")
    sales.remove("deal")
    assert sales.votes().empty
    sales.undo()
    assert counts(sales) == {"deal": 1}
    with sales.edit("in one step"):
        sales.vote("won", by="Ada")
        sales.graph.remove_node("won")
    assert counts(sales) == {"deal": 1}


@pytest.mark.parametrize(
    ("edit", "error", "message"),
    [
        (lambda m: m.vote("laed", by="Ada"), crm.EditError, "did you mean 'lead'"),
        (lambda m: m.vote("lead", by=" "), crm.EditError, "by='Ada'"),
        (lambda m: m.vote("lead", by=7), crm.EditError, "given 7"),
        (lambda m: m.vote("lead", by="two\nlines"), crm.EditError, "one line"),
        (lambda m: m.vote("lead"), crm.EditError, "say who votes"),
        (lambda m: m.take_back_vote("lead", by="Bo"), crm.EditError, "'Bo' has not voted for 'lead'"),
        (lambda m: m.take_back_vote("lad", by="Bo"), crm.EditError, "did you mean 'lead'"),
        (lambda m: m.vote("won", by="Ada"), crm.RuleError, "each has 2 votes, and 'Ada' would have 3"),
        (lambda m: setattr(m, "votes_each", 1), crm.RuleError, "take one back first"),
        (lambda m: setattr(m, "votes_each", 0), crm.EditError, "at least 1"),
        (lambda m: setattr(m, "votes_each", 1.5), crm.EditError, "a whole number"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    sales: crm.CrmMap, edit: object, error: type[Exception], message: str
) -> None:
    sales.author = ""
    sales.votes_each = 2
    sales.vote("lead", by="Ada")
    sales.vote("deal", by="Ada")
    before = map_json.dumps(sales.elements)
    with pytest.raises(error, match=message):
        edit(sales)  # type: ignore[operator]
    assert map_json.dumps(sales.elements) == before and sales.votes_each == 2


def test_a_limit_binds_each_by_themselves_and_goes_with_none(sales: crm.CrmMap) -> None:
    sales.votes_each = 1
    sales.vote("lead", by="Ada")
    sales.vote("lead", by="Bo")
    sales.votes_each = None
    sales.vote("deal", by="Ada")
    assert counts(sales) == {"lead": 2, "deal": 1}
    sales.graph.graph["votes_each"] = 1
    with pytest.raises(crm.RuleError, match="'Ada' would have 2"):
        sales.flush()
    assert sales.votes_each is None


@given(st.lists(st.tuples(st.sampled_from(["vote", "back", "clear", "undo", "redo", "limit"]), st.integers(0, 8))))
@settings(deadline=None, max_examples=60)
def test_undo_and_redo_never_meet_a_limit_that_was_kept(steps: list[tuple[str, int]]) -> None:
    m = crm.CrmMap("Sales", id="sales-undo")
    m.add_text("Lead -> Deal -> Won")
    for what, n in steps:
        node, by = ["lead", "deal", "won"][n % 3], "ABC"[n // 3]
        with suppress(*() if what in ("undo", "redo") else (crm.EditError, crm.RuleError)):
            if what == "vote":
                m.vote(node, by=by)
            elif what == "back":
                m.take_back_vote(node, by=by)
            elif what == "limit":
                m.votes_each = n or None
            else:
                {"clear": m.clear_votes, "undo": m.undo, "redo": m.redo}[what]()
        text = map_json.dumps(m.elements)
        assert map_json.dumps(map_json.loads(text)) == text


def test_the_file_holds_names_by_node_and_says_what_is_wrong_with_them(sales: crm.CrmMap) -> None:
    assert "votes" not in json.loads(map_json.dumps(sales.elements))
    sales.vote("deal", by="Bo")
    sales.vote("deal", by="Ada")
    text = map_json.dumps(sales.elements)
    assert json.loads(text)["votes"] == {"deal": ["Ada", "Bo"]}
    assert map_json.loads(text).votes == sales.elements.votes
    for votes, message in [
        ({"dael": ["Ada"]}, "did you mean 'deal'"),
        ({"deal": "Ada"}, "must be a list of names"),
        ({"deal": []}, "must be a list of names"),
        ({"deal": ["Ada", "Ada"]}, "stands twice"),
        ({"deal": [""]}, "is a name"),
        (["deal"], "must be an object"),
    ]:
        with pytest.raises(crm.FileFormatError, match=message):
            map_json.loads(json.dumps({**json.loads(text), "votes": votes}))
    limited = {**json.loads(text), "attributes": {"votes_each": 1}, "votes": {"deal": ["Ada"], "won": ["Ada"]}}
    with pytest.raises(crm.FileFormatError, match="'Ada' would have 2"):
        map_json.loads(json.dumps(limited))


def test_two_versions_are_compared_by_vote(
    sales: crm.CrmMap, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sales.vote("lead", by="Ada")
    before = sales.save(tmp_path / "before.crm.json")
    one = map_json.read(before)
    sales.take_back_vote("lead", by="Ada")
    sales.vote("deal", by="Bo")
    after = sales.save(tmp_path / "after.crm.json")
    found = [(each.what, each.sort, each.id, dict(each.attributes)) for each in compare(one, map_json.read(after))]
    assert found == [
        ("removed", "vote", "lead", {"by": ("Ada", None)}),
        ("added", "vote", "deal", {"by": (None, "Bo")}),
    ]
    main(["diff", str(before), str(after)])
    assert "+ added vote deal: 'Bo'" in capsys.readouterr().out


def test_the_question_says_no_names_and_follows_each_vote(sales: crm.CrmMap) -> None:
    with pytest.raises(crm.AnalysisError, match="Nobody has voted"):
        crm.votes(sales)
    sales.vote("deal", by="Ada Quill")
    sales.vote("deal", by="Bo Reed")
    sales.vote("lead", by="Ada Quill")
    result = crm.votes(sales).show(live=True)
    table = result.table
    assert list(table["node"]) == ["deal", "lead"] and list(table["votes"]) == [2, 1]
    assert list(table["vote_rate"]) == [2 / 3, 1 / 3] and set(table["all_votes"]) == {3}
    assert "Quill" not in repr(result.to_dict()) + repr(sales.overlays["votes"]) + result._repr_html_()
    sales.vote("won", by="Bo Reed")
    sales.vote("won", by="Cleo")
    sales.vote("won", by="Ada Quill")
    assert [finding.nodes for finding in sales.overlays["votes"].findings] == [["won"], ["deal"], ["lead"]]
    assert sales.overlays["votes"].nodes["won"].heat == 1.0
    sales.clear_votes()
    assert "Nobody has voted" in sales.overlays["votes"].subtitle


def test_a_page_holds_numbers_of_votes_and_names_only_where_comments_are_asked_for(sales: crm.CrmMap) -> None:
    for by in ("Zora Quill", "Cleo Clark"):
        sales.vote("deal", by=by)
    without, everything = sales.to_html(), sales.to_html(comments=True)
    assert "Quill" not in without and "Clark" not in without and '"votes":{"deal":{"1":{},"2":{}}}' in without
    assert "Zora Quill" in everything


def test_the_picture_shows_how_many_votes_a_card_and_a_group_have(sales: crm.CrmMap) -> None:
    sales.add_group("Selling", members=["lead", "deal"])
    sales.vote("selling", by="Ada")
    for by in ("Ada", "Bo", "Cleo"):
        sales.vote("won", by=by)
    picture = sales.to_svg()
    assert "Won (Stage), 3 votes" in picture and "Selling (Group), 2 inside, 1 vote" in picture
    dot = f'rx="4.5" fill="{THEMES["light"]["accent"]}"'
    assert picture.count(dot) == 2 and dot not in crm.from_text("Lead -> Deal", name="None").to_svg()


def test_a_view_votes_and_what_breaks_the_limit_is_refused(sales: crm.CrmMap) -> None:
    sales.votes_each = 1
    sales.graph.nodes["deal"]["locked"] = True  # a vote is no change of the node
    sales.flush()
    commands, sent = NoCommands(), []
    session = Session(sales, commands, sent.append)
    view = View(session.document(), "c1")

    def settle() -> None:
        while view.outbox:
            session.receive(view.outbox.popleft())
        view.inbox.extend(sent)
        sent.clear()
        while view.inbox:
            view.receive()

    def vote(node: str, by: str, **change: object) -> None:
        view.edit("Vote", [{"at": ["vote", node, by], **(change or {"add": {}})}])
        settle()

    settle()
    vote("deal", "Ada")
    vote("lead", "~1")  # a name, whatever it looks like
    assert counts(sales) == {"lead": 1, "deal": 1} and ("vote", "lead", "~1") in view.effective()
    vote("lead", "Ada")
    assert view.refusals.pop().startswith("each has 1 vote, and 'Ada' would have 2")
    vote("lead", "Bo", set={"n": 2})
    assert "has no attributes" in view.refusals.pop()
    vote("lead", "")
    assert "is a name" in view.refusals.pop()
    vote("deal", "Ada", remove=True)
    assert counts(sales) == {"lead": 1} and view.effective() == view.base
    commands.read_only = True
    vote("deal", "Ada")
    assert "read-only" in view.refusals.pop()

"""What a map leaves open is found on it, and says where."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest

import crmwidget as crm
from crmwidget.analysis.registry import ask


@pytest.fixture
def settled() -> crm.CrmMap:
    """A map on which nothing is open."""
    m = crm.from_text("Lead -> Fit?\nFit? -> Offer: yes\nFit? -> Lost: no", name="Sales")
    m.update("fit", kind="decision")
    m.update("lost", kind="end", outcome="lost")
    m.add("start", "Start")
    m.add_flow("start", "lead")
    m.add("end", "Won", outcome="won")
    m.add_flow("offer", "won")
    m.update("lead", owner="Marketing", target_cases=100)
    m.update("offer", owner="Sales", tags=["internal"])
    m.resolve(m.comment("lead", "Why so few?", author="Ada"))
    people = crm.workshop.Stakeholders(m)
    people.add("Ada", role="Marketing", stages=["lead", "offer"])
    people.sign("Ada")
    return m


def opened(m: crm.CrmMap) -> list[tuple[str, str]]:
    return list(crm.open_questions(m).table[["sort", "element"]].itertuples(index=False, name=None))


def test_of_a_map_on_which_all_is_settled_it_says_so(settled: crm.CrmMap) -> None:
    result = crm.open_questions(settled)
    assert result.table.empty
    assert [(f.severity, f.sentence) for f in result.findings] == [("good", "Nothing is open.")]


CASES: dict[str, tuple[Callable[[crm.CrmMap], Any], list[tuple[str, str]]]] = {
    "owner": (lambda m: m.update("lead", owner=None), [("no owner", "lead")]),
    "target": (lambda m: m.update("lead", target_cases=None), [("no measure", "lead")]),
    "tag": (lambda m: m.update("offer", tags=["Gold"]), [("no measure", "offer")]),
    "outcome": (lambda m: m.update("won", outcome=None, label="Done"), [("undecided end", "won")]),
    "stage that leads nowhere": (
        lambda m: m.remove("won"),
        [("undecided end", "offer")],
    ),
    "stage off every way": (lambda m: m.update("f1", source="start"), [("no way", "lead")]),
    "way of a decision": (lambda m: m.update("f3", label=None), [("unnamed way", "f3")]),
    "thread": (lambda m: m.reopen("c1"), [("comment", "lead")]),
    "reply": (lambda m: (m.comment("lead", "Yes.", reply_to="c1"), m.reopen("c1")), [("comment", "lead")]),
}


@pytest.mark.parametrize("name", CASES)
def test_each_thing_that_is_taken_away_is_open_at_its_place(settled: crm.CrmMap, name: str) -> None:
    edit, expected = CASES[name]
    edit(settled)
    crm.workshop.Stakeholders(settled).sign("Ada")
    if name == "stage off every way":
        settled.remove("f4")
        crm.workshop.Stakeholders(settled).sign("Ada")
    assert opened(settled) == expected


def test_a_figure_on_the_card_is_a_measure(settled: crm.CrmMap) -> None:
    settled.update("lead", target_cases=None)
    settled.attach(pd.DataFrame({"id": range(9)}), to="lead", key="id")
    crm.workshop.Stakeholders(settled).sign("Ada")
    assert opened(settled) == [("no measure", "lead")]
    settled.show_metric("lead", label="open", value="count")
    assert opened(settled) == []


def test_an_owner_of_the_group_answers_for_what_is_in_it(settled: crm.CrmMap) -> None:
    settled.update("lead", owner=None)
    settled.add_group("Selling", members=["lead", "offer"], owner="Sales")
    crm.workshop.Stakeholders(settled).sign("Ada")
    assert opened(settled) == []


def test_a_sign_off_of_an_earlier_version_and_one_that_is_missing_are_open(settled: crm.CrmMap) -> None:
    people = crm.workshop.Stakeholders(settled)
    people.add("Ben", role="Sales")
    settled.update("lead", description="All that come in")
    texts = crm.open_questions(settled).table["text"].tolist()
    assert texts == ["Ada signed an earlier version, 1 change since", "Ben has not signed"]


def test_a_stage_in_the_register_that_is_gone_is_open(settled: crm.CrmMap) -> None:
    settled.add_stage("Demo", owner="Sales", target_cases=3)
    settled.add_flow("start", "demo")
    settled.add_flow("demo", "won")
    people = crm.workshop.Stakeholders(settled)
    people.add("Ben", stages=["demo"])
    settled.remove("demo")
    for name in ("Ada", "Ben"):
        people.sign(name)
    assert crm.open_questions(settled).table["text"].tolist() == ["Ben cares for 'demo', which is no longer on the map"]


def test_an_attribute_that_is_no_register_is_said_to_be_none(settled: crm.CrmMap) -> None:
    settled.graph.graph["stakeholders"] = ("Ada", "Ben")
    (finding,) = crm.open_questions(settled).findings
    assert "is no register" in finding.evidence


def test_each_thread_is_a_finding_that_flies_to_its_node_and_those_beyond_twelve_are_one(settled: crm.CrmMap) -> None:
    for i in range(14):
        settled.comment("offer", f"Question {i}", author="Ben")
    threads = [f for f in crm.open_questions(settled).findings if "offer" in f.nodes]
    assert len(threads) == 13
    assert threads[0].sentence == "A comment on 'Offer' is not resolved."
    assert threads[-1].sentence == "2 more comments are not resolved."


def test_nodes_that_share_the_most_votes_are_open_until_one_is_ahead(settled: crm.CrmMap) -> None:
    settled.vote("lead", by="Ada")
    assert opened(settled) == []
    settled.vote("offer", by="Ben")
    assert opened(settled) == [("tie", "lead"), ("tie", "offer")]
    (finding,) = crm.open_questions(settled).findings
    assert finding.sentence == "2 nodes share the most votes." and finding.nodes == ["lead", "offer"]
    settled.vote("offer", by="Ada")
    assert opened(settled) == []


def test_findings_name_only_what_is_on_the_map(settled: crm.CrmMap) -> None:
    for edit, _ in CASES.values():
        edit(settled)
    for finding in crm.open_questions(settled).findings:
        assert set(finding.nodes) <= set(settled.elements.nodes) and set(finding.flows) <= set(settled.elements.flows)
        assert finding.nodes or finding.flows or "sign-off" in finding.sentence


def test_it_is_in_the_menu_of_the_canvas_and_painted_like_any_question(settled: crm.CrmMap) -> None:
    assert ask(settled, "open_questions").show().name == "open_questions"
    assert list(settled.overlays) == ["open_questions"]


def test_a_name_that_says_won_or_lost_decides_as_it_does_for_conversion() -> None:
    m = crm.from_text("Lead -> Closed won\nLead -> Lost", name="Sales")
    m.update("lead", owner="Sales", target_cases=9)
    assert opened(m) == []
    m.update("lost", label="Gone")
    assert opened(m) == [("no owner", "lost"), ("no measure", "lost"), ("undecided end", "lost")]


def test_what_somebody_wrote_and_who_is_in_the_register_stay_in_the_kernel(settled: crm.CrmMap) -> None:
    settled.comment("lead", "Only between us", author="Beatrice")
    people = crm.workshop.Stakeholders(settled)
    people.add("Cleopatra", role="Sales", stages=["offer"])
    settled.remove("offer")
    result = crm.open_questions(settled).show()
    exact = " ".join(result.table["text"])
    assert "Beatrice on Lead: “Only between us”" in exact and "Cleopatra cares for 'offer'" in exact
    handed_on = (
        repr(result),
        result._repr_html_(),
        json.dumps(result.to_dict()),
        repr(settled.overlays),
        settled.to_svg(),
        settled.to_html(),
    )
    for text in handed_on:
        assert not [secret for secret in ("Beatrice", "between us", "Cleopatra") if secret in text]
    assert "Cleopatra" in settled.to_html(comments=True)
    assert [f.evidence for f in result.findings if "sign-off" in f.sentence] == [
        "1 signed an earlier version, 3 changes since; 1 not signed."
    ]

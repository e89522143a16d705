"""Quick entry: typed chains, lists and pasted tables become maps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmwidget.errors import EditError
from crmwidget.formats.typed_text import from_text


def drawn(text: str) -> list[tuple[str, str, str]]:
    return [(f["source"], f["target"], f.get("label", "")) for f in from_text(text).flows.values()]


@pytest.mark.parametrize("arrow", ["->", "-->", "=>", "→", " -> "])
def test_arrows_draw_a_chain(arrow: str) -> None:
    assert drawn(arrow.join(["Lead", "Qualified", "Won"])) == [("lead", "qualified", ""), ("qualified", "won", "")]


def test_lines_branch_at_equal_names_whatever_their_case() -> None:
    text = "Lead -> Qualified -> Won\nqualified -> Lost: too dear\n\nArchive"
    assert drawn(text) == [("lead", "qualified", ""), ("qualified", "won", ""), ("qualified", "lost", "too dear")]
    assert [a["label"] for a in from_text(text).nodes.values()] == ["Lead", "Qualified", "Won", "Lost", "Archive"]


def test_the_same_flow_is_drawn_once_and_a_flow_back_is_kept() -> None:
    assert drawn("a -> b\na -> b\nb -> a\na -> a") == [("a", "b", ""), ("b", "a", ""), ("a", "a", "")]


def test_a_plain_list_becomes_a_chain_without_its_bullets_and_numbers() -> None:
    text = "1. Lead\n2) Nurture\n- Won\n• Done\n[x] Paid\n"
    assert [a["label"] for a in from_text(text).nodes.values()] == ["Lead", "Nurture", "Won", "Done", "Paid"]
    assert len(drawn(text)) == 4


def test_a_name_keeps_what_only_looks_like_a_bullet() -> None:
    labels = [a["label"] for a in from_text("360° view\nA/B test\n2nd call\nQ: A").nodes.values()]
    assert labels == ["360° view", "A/B test", "2nd call", "Q: A"]


@pytest.mark.parametrize(
    "text",
    [
        "Stage\tDescription\tActions\nLead\tFind them\tSEO, mail\nWon\t\t",
        "| Stage | Description | Actions |\n|---|:--|--:|\n| Lead | Find them | SEO, mail |\n| Won | | |",
        "Actions|stage|description\nSEO, mail|Lead|Find them\n|Won|",
    ],
)
def test_a_pasted_table_is_read_as_a_table(text: str) -> None:
    nodes = from_text(text).nodes
    assert nodes["lead"] == {"kind": "stage", "label": "Lead", "description": "Find them", "actions": ("SEO", "mail")}
    assert nodes["won"] == {"kind": "stage", "label": "Won"}


def test_a_first_cell_that_is_empty_keeps_its_place() -> None:
    assert from_text("Actions\tStage\n\tLead").nodes["lead"] == {"kind": "stage", "label": "Lead"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("  \n ", "nothing in the text"),
        ("a ->", "line 1: an arrow leads from one name to another"),
        ("x\n-> b", "line 2: an arrow"),
        ("a -> -> b", "an arrow leads"),
        ("a\x07 -> b", "line 1: .*control character"),
        ("x" * 501, "line 1: 'label' holds at most 500"),
        ("a\n" * 60_000, "at most 100,000 characters"),
        ("\n".join(f"n{n}" for n in range(5_001)), "line 5001: .*more than 5,000 stages"),
        ("Stage\tAction\na\tb", "did you mean 'Actions'"),
        ("Stage\tActions\na\tb\tc", "more cells than the 2 headings"),
    ],
)
def test_wrong_text_is_refused_with_the_line(text: str, message: str) -> None:
    with pytest.raises(EditError, match=message):
        from_text(text)


@given(st.text(max_size=200))
def test_any_text_gives_a_map_or_a_sentence(text: str) -> None:
    try:
        elements = from_text(text)
    except EditError:
        return
    assert elements.nodes
    assert all(f["source"] in elements.nodes and f["target"] in elements.nodes for f in elements.flows.values())

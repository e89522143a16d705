"""The journal: every cut of it gives the map after its last whole line, and damage is never taken for an edit."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmwidget.crm_map import CrmMap
from crmwidget.errors import CrmWidgetError, FileFormatError
from crmwidget.formats import journal, map_json
from crmwidget.formats.journal_file import JournalFile, is_held
from crmwidget.formats.replay import replay
from crmwidget.graph.changes import Proposal

STEPS = (
    "add",
    "flow",
    "move",
    "frame",
    "comment",
    "reply",
    "vote",
    "unvote",
    "label",
    "remove",
    "undo",
    "redo",
    "rename",
)


def followed(steps: list[tuple[str, int]]) -> tuple[str, bytes, list[str]]:
    """The file that the journal continues, the journal, and the map after each of its edits, as its file would be."""
    m = CrmMap("Sales")
    m.add_stage("Lead")
    m.add_stage("Won")
    m.flush()
    start = map_json.dumps(m.elements)
    chain = journal.Chain()
    lines = [chain.line(journal.header("d1", {}))]
    states = [start]

    def written(event: object) -> None:
        lines.append(chain.line(journal.edit(event.changes, m.elements)))  # type: ignore[attr-defined]
        states.append(map_json.dumps(m.elements))

    m.on_change(written)
    for step, number in steps:
        try:
            taken(m, step, number)
        except CrmWidgetError:
            continue  # refused, so nothing was told
    return start, b"".join(lines), states


def taken(m: CrmMap, step: str, number: int) -> None:
    nodes, comments = list(m.elements.nodes), list(m.elements.comments)
    node = nodes[number % len(nodes)] if nodes else ""
    place = {"x": float(number), "y": 1.0, "pinned": True}
    first = comments[number % len(comments)] if comments else ""
    proposals = {
        "add": [Proposal(("node", f"n{number}"), add={"kind": "stage", "label": f"ä {number}"})],
        "flow": [Proposal(("flow", f"e{number}"), add={"source": node, "target": nodes[0] if nodes else ""})],
        "move": [Proposal(("position", m.lens, node), add=place)],
        "frame": [Proposal(("position", m.lens, node), add={**place, "width": 90.0, "height": 40.0})],
        "vote": [Proposal(("vote", node, f"v{number % 3}"), add={})],
        "unvote": [Proposal(("vote", node, f"v{number % 3}"), remove=True)],
        "comment": [Proposal(("comment", f"c{number}"), add={"on": node, "text": "why?\n", "author": "Ann", "at": ""})],
        "reply": [
            Proposal(
                ("comment", f"r{number}"),
                add={"on": m.elements.comments.get(first, {}).get("on", ""), "text": "so", "reply_to": first},
            )
        ],
        "label": [Proposal(("node", node), set={"label": str(number), "owner": "Bo"})],
        "remove": [Proposal(("node", node), remove=True)],
        "rename": [Proposal(("map",), set={"name": f"Sales {number}"})],
    }
    if step == "undo":
        m.undo()
    elif step == "redo":
        m.redo()
    else:
        m.propose(proposals[step], alone=True)


def recovered(start: str, found: journal.Journal) -> str:
    pending = found.pending("d1")
    assert pending is not None
    return map_json.dumps(map_json.from_document(replay(json.loads(start), pending)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 9)), max_size=25), st.data())
def test_a_journal_cut_anywhere_gives_the_map_after_its_last_whole_line(
    steps: list[tuple[str, int]], data: st.DataObject
) -> None:
    start, content, states = followed(steps)
    header_end = content.index(b"\n") + 1
    cut = content[: data.draw(st.integers(header_end, len(content)))]
    assert recovered(start, journal.read(cut)) == states[cut.count(b"\n") - 1]
    assert recovered(start, journal.read(content)) == states[-1]


def test_what_undo_brings_back_has_its_old_place_after_a_replay() -> None:
    steps = [("comment", 1), ("comment", 3), ("flow", 1), ("remove", 0), ("undo", 0), ("remove", 1), ("undo", 0)]
    start, content, states = followed(steps)
    assert len(states) == 8 and recovered(start, journal.read(content)) == states[-1]


@settings(deadline=None)
@given(st.data())
def test_a_damaged_byte_in_a_whole_line_is_an_error_that_names_the_line(data: st.DataObject) -> None:
    _, content, _ = followed([("add", 1), ("move", 0), ("add", 2)])
    at = data.draw(st.integers(0, len(content) - 2).filter(lambda place: content[place] != 10))
    flipped = content[at] ^ 1
    if flipped == 10:
        flipped ^= 2
    with pytest.raises(FileFormatError, match=r"line \d+"):
        journal.read(content[:at] + bytes([flipped]) + content[at + 1 :])


def test_a_missing_line_is_an_error() -> None:
    _, content, _ = followed([("add", 1), ("add", 2), ("add", 3)])
    first, _, *rest = content.splitlines(keepends=True)
    with pytest.raises(FileFormatError, match="line 2 is damaged, or a line before it is missing"):
        journal.read(b"".join([first, *rest]))


def test_edits_that_continue_another_state_of_the_file_are_not_taken_for_its_own() -> None:
    _, content, _ = followed([("add", 1)])
    assert journal.read(content).pending("d2") is None


def test_a_journal_has_one_holder_and_what_it_appended_is_there_for_the_next(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json.journal"
    first = JournalFile(path)
    first.append(b"one\n")
    assert is_held(path)
    with pytest.raises(BlockingIOError):
        JournalFile(path)
    first.close()
    assert not is_held(path)
    second = JournalFile(path)
    assert second.read() == b"one\n"
    second.remove()
    assert not path.exists()

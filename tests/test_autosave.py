"""A map that saves itself: what was acknowledged is there after any end, and nobody's edits are written over."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from hypothesis import strategies as st

import crmwidget as crm
from crmwidget.errors import CrmWidgetError, EditError, FileFormatError
from crmwidget.formats import journal
from crmwidget.formats.journal_file import JournalFile


def state(m: crm.CrmMap) -> Any:
    """All that a map holds, its order too."""
    e = m.elements
    positions = {lens: dict(places) for lens, places in e.positions.items() if places}
    return [list(e.nodes.items()), list(e.flows.items()), positions, list(e.comments.items()), dict(e.attributes)]


def reopened(path: Path) -> crm.CrmMap:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return crm.open(path)


def sales(path: Path) -> crm.CrmMap:
    m = crm.from_text("Lead -> Qualified -> Won", name="Sales")
    m.autosave(path)
    return m


@given(st.integers(0, 10**9), st.data())
@settings(deadline=None, max_examples=25)
def test_cut_off_anywhere_the_map_is_that_of_the_last_whole_line(
    tmp_path_factory: pytest.TempPathFactory, seed: int, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("cut") / "sales.crm.json"
    m = sales(path)
    r = random.Random(seed)
    beside = journal.beside(path)
    states = {beside.stat().st_size: state(m)}
    m.on_change(lambda _: states.update({beside.stat().st_size: state(m)}))  # as each batch is told of
    for _ in range(12):
        roll = r.random()
        with suppress(CrmWidgetError):
            if roll < 0.2:
                m.undo()
            elif roll < 0.3:
                m.redo()
            elif roll < 0.5 and len(m.graph):
                node = r.choice(list(m.graph))
                m.move(node, r.randrange(999), 0)
                m.comment(node, f"Why {r.random()}?")
            else:
                EDITS[r.choice(sorted(EDITS))](m.graph, r)
            m.flush()
    content = beside.read_bytes()
    ends = sorted(states)
    cut = data.draw(st.integers(ends[0], len(content)))
    other = path.with_name("copy.crm.json")
    other.write_bytes(path.read_bytes())
    journal.beside(other).write_bytes(content[:cut])
    assert state(reopened(other)) == states[max(size for size in ends if size <= cut)]
    m.stop_autosave()
    assert state(reopened(path)) == state(m)
    assert not beside.exists()


VICTIM = """
import sys, warnings
import crmwidget as crm
from crmwidget.sync.session import Session
from crmwidget.view_commands import ViewCommands
m = crm.from_text("Lead -> Won", name="Sales")
path = m.autosave(sys.argv[1])
def tell(message):
    answered = message["ack"][1] if message.get("ack") else message["id"] if message["op"] == "ack" else None
    if answered:
        print(answered, flush=True)
session = Session(m, ViewCommands(m), tell)
session.receive({"op": "hello", "client": "c"})
for i in range(1, 100_000):
    change = {"at": ["node", f"~{i}"], "add": {"kind": "stage", "label": f"Stage {i}"}}
    session.receive({"op": "edit", "client": "c", "id": i, "base": session.seq, "label": "add", "changes": [change]})
"""


@pytest.mark.parametrize("acknowledged", [1, 7, 60])
def test_every_edit_that_a_view_was_told_of_survives_kill_9(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "sales.crm.json"
    process = subprocess.Popen([sys.executable, "-c", VICTIM, str(path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = 0
    for line in process.stdout:
        last = int(line)
        if last >= acknowledged:
            process.send_signal(signal.SIGKILL)
            break
    last = max([last, *map(int, process.stdout.read().split())])
    process.wait()
    with pytest.warns(UserWarning, match="came back from its journal"):
        m = crm.open(path)
    labels = {attributes["label"] for attributes in m.graph.nodes.values()}
    assert {f"Stage {i}" for i in range(1, last + 1)} <= labels


def test_what_came_back_is_saved_once_more_and_then_no_news(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)
    m.add_stage("Lost")
    beside = journal.beside(path)
    copy = tmp_path / "copy.crm.json"
    copy.write_bytes(path.read_bytes())
    journal.beside(copy).write_bytes(beside.read_bytes())
    back = reopened(copy)
    assert "lost" in back.graph and back.saved == "edited"
    back.save()
    assert not journal.beside(copy).exists()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert state(crm.open(copy)) == state(back)


def test_two_maps_cannot_save_to_one_file_by_themselves(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)
    other = crm.CrmMap("Other")
    with pytest.raises(EditError, match=f"saved by the map 'Sales' in process {os.getpid()}"):
        other.autosave(path)
    assert other.path is None
    m.stop_autosave()
    other.autosave(path)
    assert other.saved == "saved"


def test_a_journal_of_another_state_of_the_file_is_never_applied_and_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)
    m.add_stage("Lost")
    content = journal.beside(path).read_bytes()
    m.stop_autosave()
    journal.beside(path).write_bytes(content)
    with pytest.raises(FileFormatError, match="continues another state of the map file"):
        crm.open(path)
    fresh = crm.CrmMap("Fresh")
    fresh.autosave(path)
    assert (tmp_path / "sales.crm.json.left-1").read_bytes() == content


def test_a_damaged_line_in_the_middle_is_an_error_that_keeps_both_files(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)
    for label in ("Lost", "Parked"):
        m.add_stage(label)
    content = journal.beside(path).read_bytes()
    copy = tmp_path / "copy.crm.json"
    copy.write_bytes(path.read_bytes())
    journal.beside(copy).write_bytes(content.replace(b"Lost", b"Lust"))
    with pytest.raises(FileFormatError, match="its line 2 is damaged"):
        crm.open(copy)
    assert journal.beside(copy).exists()


def test_a_full_disk_is_told_and_tried_again_and_never_raises_into_an_edit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(JournalFile, "append", full)
        m.add_stage("Lost")
        assert m.saved == f"not saved: {os.strerror(errno.ENOSPC)}"
    m.add_stage("Parked")
    assert m.saved == "saved"
    assert state(reopened(path)) == state(m)


def test_a_deleted_journal_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "sales.crm.json"
    m = sales(path)
    journal.beside(path).unlink()
    m.add_stage("Lost")
    m.add_stage("Parked")
    assert m.saved == "saved"
    assert state(reopened(path)) == state(m)


def test_a_map_without_a_file_says_where_to(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="no file yet"):
        crm.CrmMap("New").autosave()
    m = crm.CrmMap("New")
    m.save(tmp_path / "new.crm.json")
    assert m.autosave() == tmp_path / "new.crm.json"

"""Write the golden wire scripts, `tests/wire/*.json`: what a real session answers to a view, step by step.

Both languages replay them: the Python session must still give these messages, and both view models must come to the
expected map. `python scripts/record_wire.py` writes them; `--check` says whether they are current.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from wire_script import Script

from crmwidget.errors import AnalysisError
from crmwidget.graph.changes import Proposal
from crmwidget.shown import Card, Figure, Overlay, Paint

ANSWER = Overlay("Conversion", "1 000 cases", None, {"lead": Paint(heat=0.5, text="20 % lost")}, {}, [], None)
FOLDER = Path(__file__).parent.parent / "tests" / "wire"


def move(node: str, x: float) -> dict[str, Any]:
    return {"at": ["position", "lifecycle", node], "set": {"x": x, "y": 8.0, "pinned": True}}


def edits_and_acks(s: Script) -> None:
    s.edit("move lead", move("lead", 80.0))
    s.expect(unsaved=1)
    s.kernel()
    s.expect(unsaved=0)
    s.edit("rename", {"at": ["node", "deal"], "set": {"label": "Opportunity", "owner": "Ann"}})
    s.edit("clear owner", {"at": ["node", "deal"], "unset": ["owner"]})
    s.kernel()
    s.expect(unsaved=0)
    s.view("undo")
    s.kernel()
    s.view("redo")
    s.kernel()
    s.expect(unsaved=0)


def refusal(s: Script) -> None:
    s.edit("bad", {"at": ["node", "lead"], "set": {"emotion": 9}})
    s.expect(unsaved=1, nodes={"lead": {"emotion": 9}})
    s.kernel()
    s.expect(unsaved=0)
    s.edit("link", {"at": ["flow", "~1"], "add": {"source": "won", "target": "lead", "kind": "mapping"}})
    s.kernel()
    s.expect(unsaved=0)


def locked_refusal(s: Script) -> None:
    s.model.graph.nodes["deal"]["locked"] = True
    s.model.flush()
    s.kernel()
    s.edit("move two", move("lead", 80.0), move("deal", 432.0))
    s.expect(
        unsaved=1,
        positions={
            "lead": {"x": 80.0, "y": 8.0, "pinned": True},
            "deal": {"x": 432.0, "y": 8.0, "pinned": True},
        },
    )
    s.kernel()
    s.expect(unsaved=0)
    s.edit("unlock", {"at": ["node", "deal"], "unset": ["locked"]})
    s.edit("move deal", move("deal", 432.0))
    s.kernel()
    s.expect(unsaved=0)


def new_elements(s: Script) -> None:
    s.edit(
        "add",
        {"at": ["node", "~1"], "add": {"kind": "stage", "label": "Deal"}},
        {"at": ["position", "lifecycle", "~1"], "set": {"x": 0.0, "y": 200.0, "pinned": True}},
        {"at": ["flow", "~2"], "add": {"source": "lead", "target": "~1", "kind": "flow"}},
    )
    s.kernel()
    s.expect(unsaved=0)
    s.edit("reconnect", {"at": ["flow", "f1"], "set": {"target": "won"}})
    s.kernel()
    s.expect(unsaved=0)


def removal_takes_all_that_hangs_on_it(s: Script) -> None:
    s.edit("remove", {"at": ["node", "deal"], "remove": True})
    s.expect(unsaved=1)
    s.kernel()
    s.expect(unsaved=0)
    s.view("undo")
    s.kernel()
    s.expect(unsaved=0)


def a_removed_group_leaves_its_content_one_level_up(s: Script) -> None:
    s.model.graph.add_node("outer", kind="group")
    s.model.graph.add_node("inner", kind="group", parent="outer")
    s.model.graph.nodes["deal"]["parent"] = "inner"
    s.model.flush()
    s.kernel()
    s.expect(unsaved=0)
    s.edit("ungroup", {"at": ["node", "inner"], "remove": True})
    s.kernel()
    s.expect(unsaved=0)
    s.view("undo")
    s.kernel()
    s.expect(unsaved=0)


def comments_with_replies(s: Script) -> None:
    said = {"author": "Ada", "at": "2026-01-31T09:00:00Z"}
    s.edit("comment", {"at": ["comment", "~1"], "add": {"on": "deal", "text": "Why so few?", **said}})
    s.edit("reply", {"at": ["comment", "~2"], "add": {"on": "deal", "text": "Ask Bea.", "reply_to": "~1", **said}})
    s.kernel()
    s.expect(unsaved=0)
    s.edit("resolve", {"at": ["comment", "c1"], "set": {"resolved": True}})
    s.edit("reopen", {"at": ["comment", "c1"], "unset": ["resolved"]})
    s.kernel()
    s.expect(unsaved=0)
    s.edit("remove comment", {"at": ["comment", "c1"], "remove": True})
    s.kernel()
    s.expect(unsaved=0)
    s.view("undo")
    s.kernel()
    s.expect(unsaved=0)


def votes(s: Script) -> None:
    s.edit("vote", {"at": ["vote", "deal", "Ada"], "add": {}})
    s.expect(unsaved=1, votes={"deal": {"Ada": {}}})
    s.model.propose([Proposal(("vote", "deal", "Bo"), add={})])
    s.kernel()
    s.expect(unsaved=0)
    s.edit("vote again", {"at": ["vote", "deal", "Ada"], "add": {}})
    s.edit("take back", {"at": ["vote", "deal", "Ada"], "remove": True})
    s.kernel()
    s.expect(unsaved=0)
    s.model.propose([Proposal(("map",), set={"votes_each": 1})])
    s.edit("one too many", {"at": ["vote", "lead", "Bo"], "add": {}})
    s.kernel()
    s.expect(unsaved=0)
    s.edit("remove deal", {"at": ["node", "deal"], "remove": True})
    s.kernel()
    s.expect(unsaved=0)
    s.view("undo")
    s.kernel()
    s.expect(unsaved=0)


def progress_and_an_edit_meanwhile(s: Script) -> None:
    s.view("ask", question="conversion")
    s.edit("move lead", move("lead", 40.0))
    s.kernel()
    s.expect(unsaved=0)
    s.under_way.tell(None, "Conversion and drop-off")
    s.under_way.tell(0.5, "Case 500 of 1 000")
    s.kernel()
    s.under_way.end(lambda: s.model.paint("conversion", ANSWER))
    s.kernel()
    s.expect(unsaved=0)


def other_numbers_tried(s: Script) -> None:
    s.view("what_if", nodes={"lead": {"inflow": 120, "capacity": None}}, flows={"f1": 0.5})
    s.edit("move lead", move("lead", 40.0))
    s.expect(unsaved=1, positions={"lead": {"x": 40.0, "y": 8.0, "pinned": True}})
    s.kernel()
    s.expect(unsaved=0)
    s.view("what_if", nodes={"laed": {"inflow": 120}}, flows={})
    s.kernel()
    s.expect(unsaved=0)


def code_of_the_last_edits(s: Script) -> None:
    s.edit("rename", {"at": ["node", "lead"], "set": {"label": "Leads"}})
    s.view("code")
    s.kernel()
    s.expect(unsaved=0)


def an_answer_painted_again(s: Script) -> None:
    """Whole at first, then what is otherwise of it; a view that has missed a part waits for the whole document."""

    def answer(heat: float, n_stages: int = 12, title: str = "Conversion") -> Overlay:
        nodes = {f"s{i}": Paint(heat=0.5, text=f"{i} in progress") for i in range(n_stages)}
        return Overlay(title, "1 000 cases", None, {**nodes, "lead": Paint(heat=heat)}, {}, [], None)

    def paint(overlay: Overlay | None) -> None:
        s.model.paint("conversion", overlay)

    paint(answer(0.5))
    paint(answer(0.75))
    s.kernel()
    s.expect(unsaved=0, has_painted=True)
    paint(answer(0.75))
    paint(answer(0.25, n_stages=10, title="Drop-off"))
    s.kernel()
    s.expect(unsaved=0, has_painted=True)
    paint(answer(0.125))
    paint(answer(1.0))
    s.kernel(lose=1)
    s.resync()
    s.kernel()
    s.expect(unsaved=0, has_painted=True)
    paint(None)
    paint(answer(0.5, n_stages=1))
    s.kernel()
    s.expect(unsaved=0, has_painted=True)
    paint(None)
    s.kernel()
    s.expect(unsaved=0, has_painted=True)


def cancel(s: Script) -> None:
    s.view("ask", question="conversion")
    s.under_way.tell(0.5, "Case 500 of 1 000")
    s.kernel()
    s.cancel(1)
    s.under_way.end(lambda: s.model.paint("conversion", ANSWER))
    s.kernel()
    s.edit("move lead", move("lead", 40.0))
    s.kernel()
    s.expect(unsaved=0)


def lost_patch_while_a_question_goes_on(s: Script) -> None:
    s.view("ask", question="conversion")
    asked = s.steps[-1]["expect"]
    s.model.graph.nodes["lead"]["label"] = "Leads"
    s.model.flush()
    s.model.graph.nodes["won"]["label"] = "Won"
    s.model.flush()
    s.kernel(lose=1)
    s.resync()
    s.kernel()
    s.under_way.tell(0.5, "Case 500 of 1 000")
    s.resent(asked)
    s.kernel()
    s.under_way.fail(AnalysisError("Attach a table first."))
    s.kernel()
    s.expect(unsaved=0)


def python_edits_meanwhile(s: Script) -> None:
    s.model.graph.nodes["lead"]["label"] = "Leads"
    s.model.graph.add_edge("won", "lead", label="again")
    s.model.flush()
    s.edit("move lead", move("lead", 40.0))
    s.expect(
        unsaved=1,
        nodes={"lead": {"label": "lead"}},
        flows={"f3": None},
    )
    s.kernel()
    s.expect(unsaved=0)
    s.model.show_card("lead", Card(figures=[Figure("leads", 8300.0, "8 300")], tables=["deals"]))
    s.model.graph.remove_node("won")
    s.model.flush()
    s.kernel()
    s.expect(unsaved=0)


def lost_patch(s: Script) -> None:
    s.model.graph.nodes["lead"]["label"] = "Leads"
    s.model.flush()
    s.model.graph.nodes["won"]["label"] = "Won"
    s.model.flush()
    s.kernel(lose=1)
    s.resync()
    s.kernel()
    s.expect(unsaved=0)


def lost_patch_with_an_edit_under_way(s: Script) -> None:
    s.edit("move lead", move("lead", 40.0), deliver=False)
    s.model.graph.nodes["lead"]["label"] = "Leads"
    s.model.flush()
    s.model.graph.nodes["won"]["label"] = "Won"
    s.model.flush()
    s.kernel(lose=1)
    s.resync()
    s.kernel()
    s.resent(s.steps[0]["expect"])
    s.expect(unsaved=1, positions={"lead": {"x": 40.0, "y": 8.0, "pinned": True}})
    s.kernel()
    s.expect(unsaved=0)


def lost_answer_and_an_ack(s: Script) -> None:
    s.edit("move lead", move("lead", 40.0))
    moved = s.steps[-1]["expect"]
    s.waiting.clear()
    s.steps.append({"from": "view", "resend": {}, "expect": moved})
    s.session.receive(moved)
    s.kernel()
    s.resync()
    s.expect(unsaved=1)
    s.kernel()
    s.expect(unsaved=0)


def replayed_patch(s: Script) -> None:
    s.edit("move lead", move("lead", 40.0))
    s.kernel()
    again = s.steps[-1]
    s.model.graph.nodes["lead"]["label"] = "Leads"
    s.model.flush()
    s.kernel()
    s.steps.append(again)
    s.expect(unsaved=0)


SCRIPTS: dict[str, Callable[[Script], None]] = {
    function.__name__: function
    for function in (
        edits_and_acks,
        refusal,
        locked_refusal,
        new_elements,
        removal_takes_all_that_hangs_on_it,
        a_removed_group_leaves_its_content_one_level_up,
        comments_with_replies,
        votes,
        progress_and_an_edit_meanwhile,
        other_numbers_tried,
        an_answer_painted_again,
        cancel,
        code_of_the_last_edits,
        lost_patch_while_a_question_goes_on,
        python_edits_meanwhile,
        lost_patch,
        lost_patch_with_an_edit_under_way,
        lost_answer_and_an_ack,
        replayed_patch,
    )
}


def record(name: str) -> str:
    script = Script()
    SCRIPTS[name](script)
    golden = {"name": name.replace("_", " "), "document": script.document, "steps": script.steps}
    return json.dumps(golden, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def main() -> int:
    stale = []
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        path, wanted = FOLDER / f"{name}.json", record(name)
        if not path.exists() or path.read_text(encoding="utf-8") != wanted:
            stale.append(path.name)
            if "--check" not in sys.argv[1:]:
                path.write_text(wanted, encoding="utf-8")
    if stale and "--check" in sys.argv[1:]:
        print(f"not what the session says now: {', '.join(stale)}; run `make schema`", file=sys.stderr)
        return 1
    print(f"{len(SCRIPTS)} wire scripts, {len(stale)} written")
    return 0


if __name__ == "__main__":
    sys.exit(main())

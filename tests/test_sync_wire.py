"""The golden wire scripts: the session says what they say, and a view that replays them shows what they expect.

TypeScript replays the same files in js/tests/model/wire.test.ts.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from view_client import View

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
import record_wire  # noqa: E402

_SHELVES = {
    "nodes": "node",
    "flows": "flow",
    "positions": "position",
    "comments": "comment",
    "overlays": "overlay",
}
FILES = sorted((ROOT / "tests" / "wire").glob("*.json"))


def test_there_is_a_file_for_each_script() -> None:
    assert [f.stem for f in FILES] == sorted(record_wire.SCRIPTS)


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_the_session_gives_the_recorded_messages(file: Path) -> None:
    assert file.read_text(encoding="utf-8") == record_wire.record(file.stem), (
        "run `make schema` and read the difference"
    )


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_a_view_that_replays_the_script_shows_what_is_expected(file: Path) -> None:
    script: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    view = View(script["document"], "c1")
    for step in script["steps"]:
        view.outbox.clear()
        if step.get("from") == "kernel":
            view.inbox.append(step["message"])
            view.receive()
        elif step.get("from") == "view":
            if "edit" in step:
                view.edit(**step["edit"])
            elif "resend" in step:
                view.resend()
            else:
                op = next(op for op in ("undo", "redo", "ask", "cancel", "code", "what_if") if op in step)
                view.operate(op, **step[op])
        else:
            _check(view, step["expect"])
            continue
        if "expect" in step:
            wanted = step["expect"]
            assert list(view.outbox) == (wanted if isinstance(wanted, list) else [wanted])


def _check(view: View, expected: dict[str, Any]) -> None:
    shown = view.effective()
    assert len(view.pending) == expected["unsaved"]
    for shelf, kind in _SHELVES.items():
        for name, wanted in expected.get(shelf, {}).items():
            path = (kind, "lifecycle", name) if kind == "position" else (kind, name)
            assert shown.get(path) == wanted, path
    for node, voters in expected["votes"].items():
        assert {path[2] for path in shown if path[:2] == ("vote", node)} == set(voters or ()), node

"""The README says what is true: its ten lines run, its pictures and rooms are there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_ten_lines_run_and_do_what_they_say() -> None:
    code = CODE[0]
    assert len([line for line in code.splitlines() if line.strip()]) <= 10
    names: dict[str, Any] = {}
    exec(code, names)
    m = names["m"]
    assert m.graph.nodes["demo"]["owner"] == "Ann"
    assert m.cards["proposal"].figures[0].label == "open"
    assert list(m.overlays) == ["conversion"]


def test_the_lines_about_event_logs_run_and_do_what_they_say() -> None:
    names: dict[str, Any] = {}
    exec("import crmwidget as crm\n" + CODE[1], names)
    m = names["m"]
    assert list(m.overlays) == ["bottlenecks", "conformance"]
    assert "Enterprise" in str(m.filters)


def test_pictures_rooms_and_commands_that_it_names_exist() -> None:
    for path in re.findall(r'(?:src|srcset)="([^"]+)"', TEXT):
        assert (ROOT / path).is_file(), path
    rooms = [
        name for cell in re.findall(r"^\| (`.*?) \|", TEXT, re.MULTILINE) for name in re.findall(r"`([^`]+)`", cell)
    ]
    assert len(rooms) > 10
    for room in rooms:
        assert (ROOT / room).exists() or (ROOT / "crmwidget" / room).exists(), room
    targets = re.findall(r"^([a-z-]+):.*?## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in re.findall(r"make ([a-z-]+)", TEXT):
        assert command in targets, command

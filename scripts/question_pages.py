"""A page for each question: its docstring, and an answer asked while the page is written."""

from __future__ import annotations

import contextlib
import inspect
import io
from pathlib import Path
from typing import Any

from crmwidget import discover, questions
from crmwidget.errors import CrmWidgetError

__all__ = ["asks_a_log", "write_questions"]

GROUND = """\
import crmwidget as crm

m = crm.discover(crm.samples.events(2000, seed=7).log(), name="Sales, as it happens")
"""
PLANNED = """\
import crmwidget as crm

m = crm.template("lifecycle")
"""
DRAWN = """\
import crmwidget as crm

m = crm.from_text("Lead -> Qualification -> Demo -> Offer -> Contract -> Won", name="Sales, as it was meant")
m.attach(crm.samples.events(2000, seed=7).log())
"""
# Of what the others are asked as a matter of course: some need more to have something to say.
ASKED = {
    "conformance": (DRAWN, "crm.conformance(m)"),
    "conversion": (GROUND, 'crm.conversion(m, within="30 days")'),
    "kpis": (GROUND + 'm.update("contract", target_conversion_rate=0.8)\n', 'crm.kpis(m, every="quarter", periods=2)'),
    "votes": (PLANNED + 'm.vote("support", by="Ada")\n', "crm.votes(m)"),
    "what_if": (GROUND, 'crm.what_if(m, {"demo": {"delay_days": 5}})'),
}
FINDINGS = 'for finding in answer.findings:\n    print("•", finding.sentence, finding.evidence)\n'


def write_questions(folder: Path) -> None:
    """The pages, their pictures, and the page that lists them by group."""
    folder.mkdir()
    groups: dict[str, list[tuple[str, str, str]]] = {}
    for question in questions().values():
        if not question.origin.startswith("crmwidget."):
            continue  # somebody's own, in the process that builds
        usual = GROUND if asks_a_log(question.function) else PLANNED
        ground, call = ASKED.get(question.name, (usual, f"crm.{question.name}(m)"))
        write_page(folder, question.name, question.title, f"{ground}answer = {call}.show()\n{FINDINGS}", question.needs)
        first = _first_line(question.function)
        groups.setdefault(question.group, []).append((question.name, question.title, first))
    write_page(folder, "discover", "Discover: a map of what happens", GROUND, None)
    groups["flow"] = [("discover", "Discover", _first_line(discover)), *groups["flow"]]
    parts = [
        "# Questions\n\nEach is a plain function of the map, and a line in **Ask the map** on the canvas. Its answer "
        "is a table, findings in sentences, and a picture painted on the live map.\n"
    ]
    for group, entries in groups.items():
        parts.append(f"\n## {group[:1].upper()}{group[1:]}\n")
        parts += [f"- [{title}]({name}.md): {first}" for name, title, first in entries]
    listed = "\n".join(name for entries in groups.values() for name, _, _ in entries)
    parts.append(f"\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n")
    (folder / "index.md").write_text("\n".join(parts), encoding="utf-8")


def asks_a_log(function: Any) -> bool:
    """Whether it can be asked of an event log."""
    return "log" in inspect.signature(function).parameters


def write_page(folder: Path, name: str, title: str, code: str, needs: object) -> None:
    """One page: an answer with its picture, then the docstring."""
    names: dict[str, Any] = {}
    told = io.StringIO()
    try:
        with contextlib.redirect_stdout(told):
            exec(code, names)  # what the page says is what these lines say
    except CrmWidgetError as error:
        raise SystemExit(f"{__file__}: ASKED has to say of what {name!r} is asked. {error}") from error
    for theme in ("light", "dark"):
        names["m"].to_svg(folder / f"{name}-{theme}.svg", theme=theme)
    said = told.getvalue().strip()
    needed = f"It needs {' and '.join(_NEEDED[need] for need in needs)}.\n\n" if isinstance(needs, tuple) else ""
    answer = f"```text\n{said}\n```\n\n" if said else ""
    pictures = "\n".join(
        f"![The map of this example, with the answer painted on it]({name}-{theme}.svg){{.only-{theme}}}"
        for theme in ("light", "dark")
    )
    page = (
        f"# {title}\n\n{needed}```python\n{code.rstrip()}\n```\n\n{answer}{pictures}\n\n"
        f"## What it counts, and how\n\n```{{eval-rst}}\n.. autofunction:: crmwidget.{name}\n```\n"
    )
    (folder / f"{name}.md").write_text(page, encoding="utf-8")


_NEEDED = {
    "nodes": "a node on the map",
    "flows": "a flow on the map",
    "table": "an attached table",
    "log": "an event log",
    "stages": "a table that says stages",
}


def _first_line(function: Any) -> str:
    return str(function.__doc__).partition("\n")[0]

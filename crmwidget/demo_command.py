"""The command `crmwidget demo`: a map, a log and a notebook to begin with, opened in JupyterLab where there is one."""

from __future__ import annotations

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from crmwidget.errors import EditError
from crmwidget.formats import whole_file
from crmwidget.formats.notebook_file import code_cell, notebook_json, text_cell

if TYPE_CHECKING:
    from crmwidget.crm_map import CrmMap

__all__ = ["add_demo", "write_demo"]

MAP, LOG, NOTEBOOK = "sales.crm.json", "sales_events.csv", "first_steps.ipynb"
_TEAMS = {
    "lead": ("Marketing", "Ada"),
    "qualification": ("Marketing", "Ada"),
    "demo": ("Sales", "Bela"),
    "offer": ("Sales", "Bela"),
    "contract": ("Legal", "Chidi"),
}
_EPILOG = f"""\
It writes {MAP} (a map), {LOG} (made-up events, the same each time) and {NOTEBOOK} into FOLDER,
a new one among the temporary files if none is given, and opens the notebook in JupyterLab. Ctrl+C ends JupyterLab.

examples:
  crmwidget demo                        look around, keep nothing
  crmwidget demo ~/crm                  keep the files
  crmwidget demo ~/crm --no-browser     JupyterLab prints its address, for a browser elsewhere
  crmwidget demo ~/crm --files          write the files, start nothing
"""


def add_demo(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Say what the command takes; `command` makes a parser of a name, what it runs, a title and an epilog."""
    demo = command("demo", _demo, "write an example and open it in JupyterLab", _EPILOG)
    demo.add_argument("folder", metavar="FOLDER", type=Path, nargs="?", help="where to (a new temporary one)")
    how = demo.add_mutually_exclusive_group()
    how.add_argument("--no-browser", action="store_true", help="start JupyterLab without opening a browser")
    how.add_argument("--files", action="store_true", help="write the files and start nothing")
    demo.add_argument("--force", action="store_true", help="overwrite the files if they are there")


def _demo(given: argparse.Namespace) -> int:
    folder = given.folder or Path(tempfile.mkdtemp(prefix="crmwidget-demo-"))
    notebook = write_demo(folder, is_forced=given.force)
    for name in (MAP, LOG, NOTEBOOK):
        sys.stdout.write(f"{folder / name}\n")
    if given.files:
        return 0
    if importlib.util.find_spec("jupyterlab") is None:
        sys.stdout.write(
            f"JupyterLab is not installed here: pip install 'crmwidget[lab]', then: jupyter lab \"{notebook}\"\n"
        )
        return 0
    sys.stdout.write("Starting JupyterLab (Ctrl+C ends it) …\n")
    sys.stdout.flush()
    as_root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    # the address that it prints leads to the notebook, as the browser would have
    quietly = ["--no-browser", f"--LabApp.default_url=/lab/tree/{NOTEBOOK}"] if given.no_browser else []
    command = [sys.executable, "-m", "jupyter", "lab", *as_root, *quietly, NOTEBOOK]
    try:
        return 0 if subprocess.run(command, cwd=folder, check=False).returncode == 0 else 2
    except KeyboardInterrupt:  # which has ended JupyterLab, too
        return 0


def write_demo(folder: Path, *, is_forced: bool = False) -> Path:
    """Write the three files and give the notebook's path.

    Raises
    ------
    EditError
        One of them is there already.
    """
    for name in (MAP, LOG, NOTEBOOK):
        if (folder / name).exists() and not is_forced:
            raise EditError(f"{folder / name} is there already; --force overwrites it")
    folder.mkdir(parents=True, exist_ok=True)
    from crmwidget.data.samples import events

    sample = events(1000, seed=7)
    rows = sample.events.rename(columns={"started_at": "start", "finished_at": "timestamp"})
    whole_file.write(rows.to_csv(index=False, lineterminator="\n").encode(), folder / LOG)
    _map(folder / LOG, sample.ends).save(folder / MAP)
    whole_file.write(_notebook(sample.ends).encode(), folder / NOTEBOOK)
    return folder / NOTEBOOK


def _map(log: Path, ends: tuple[str, ...]) -> CrmMap:
    from crmwidget.data.event_log import EventLog
    from crmwidget.making import discover

    m = discover(EventLog(log, case="case_id", activity="activity", timestamp="timestamp", ends=ends), name="Sales")
    m.detach("log")
    for node, (team, owner) in _TEAMS.items():
        m.update(node, team=team, owner=owner)
    m.layout(unpin=True)
    m.elements.id = "sales"  # in the file, whatever other map of this name is open in this process
    return m


def _notebook(ends: tuple[str, ...]) -> str:
    return notebook_json(
        [
            text_cell(
                "# First steps\n\nA sales pipeline that 1 000 made-up cases went through. Run the cells one by one "
                "(Shift+Enter), and look at the map after each."
            ),
            code_cell(f'import crmwidget as crm\n\nm = crm.open("{MAP}")\nm'),
            text_cell(
                "That is the canvas. Drag a card, pull a flow out of a card's edge, double-click to rename; `?` shows "
                "all keys. The map is a networkx graph at the same time, and each sees what the other does:"
            ),
            code_cell('m.graph.nodes["demo"]["owner"] = "Dana"  # look at the inspector of Demo\nlist(m.graph.edges)'),
            text_cell(
                "## What really happens\n\nAn event log says who was where, and when. Its rows stay in the kernel."
            ),
            code_cell(
                f'log = crm.EventLog(\n    "{LOG}",\n    case="case_id",\n    activity="activity",\n'
                f'    start="start",\n    timestamp="timestamp",\n    attributes=["segment", "owner"],\n'
                f"    ends={list(ends)!r},\n)\n"
                "m.attach(log)"
            ),
            code_cell("crm.bottlenecks(m).show()  # painted on the map above"),
            code_cell('m.filter(segment="Enterprise")  # and asked again, of some of the cases\nm.filter()  # of all'),
            text_cell(
                "## What if\n\nSelect a stage on the map and drag its sliders; "
                "nothing is changed until you take it over."
            ),
            code_cell("crm.what_if(m).show()"),
            text_cell(
                "## Hand it in\n\nEverything that can be asked of this map, on one page that needs nothing to be read."
            ),
            code_cell('report = crm.report(m, path="report.html")\nreport.plan'),
            code_cell("report"),
        ]
    )

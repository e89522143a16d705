"""A map in a notebook: what a cell puts out, one cell as one step, and messages on other threads."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.testing.globalipapp import start_ipython
from small_maps import lead_and_deal

import crmwidget as crm


@pytest.fixture
def m() -> crm.CrmMap:
    return lead_and_deal()


def test_the_mime_bundle_has_the_canvas_a_picture_and_a_line(m: crm.CrmMap) -> None:
    bundle, _ = m._repr_mimebundle_()
    assert set(bundle) >= {"application/vnd.jupyter.widget-view+json", "image/svg+xml", "text/plain"}
    assert bundle["text/plain"] == "<CrmMap 'Sales': 2 nodes, 1 flow>"
    assert "Lead" in bundle["image/svg+xml"]


def test_displays_of_an_unchanged_map_share_one_picture(m: crm.CrmMap) -> None:
    first = m._repr_mimebundle_()[0]["image/svg+xml"]
    assert m._repr_mimebundle_()[0]["image/svg+xml"] is first
    m.update("lead", label="Leads")
    assert "Leads" in m._repr_mimebundle_()[0]["image/svg+xml"]


def test_the_widget_is_an_ordinary_ipywidget(m: crm.CrmMap) -> None:
    import ipywidgets

    seen: list[Any] = []
    m.widget.observe(lambda change: seen.append(change["new"]), "revision")
    m.add_stage("Won")
    assert seen == [m.revision]
    label = ipywidgets.IntText()
    ipywidgets.dlink((m.widget, "revision"), (label, "value"))
    m.add_stage("Lost")
    assert label.value == m.revision
    ipywidgets.HBox([m.widget, label])
    m.widget.observe(lambda change: seen.append(change["new"]), "selection")
    m.selection = ["lead"]
    assert seen[-1] == ("lead",) == m.selection


TWO_THREADS = """
import asyncio, threading
import crmwidget as crm

async def cell():
    made = crm.CrmMap("Threads")
    made.add_stage("Lead")
    change = {"at": ["node", "lead"], "set": {"label": "Leads"}}
    edit = {"op": "edit", "client": "c", "id": 1, "base": 0, "label": "rename", "changes": [change]}
    for message in ({"op": "hello", "client": "c"}, edit):
        thread = threading.Thread(target=made.widget._on_message, args=(made.widget, message, None))
        thread.start()
        thread.join()
    print(made.graph.nodes["lead"]["label"])
    await asyncio.sleep(0)
    print(made.graph.nodes["lead"]["label"])

asyncio.run(cell())
"""


def test_a_message_on_another_thread_waits_for_the_main_threads_loop() -> None:
    """JupyterLab sends a widget's messages to a subshell's thread after a reload: a running cell must not see them.

    In a process of its own: the browser tests keep a loop running on this one's main thread.
    """
    done = subprocess.run([sys.executable, "-c", TWO_THREADS], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["Lead", "Leads"]


def test_the_map_lives_on_when_its_widget_is_closed(m: crm.CrmMap) -> None:
    first = m.widget
    first.close()
    m.add_stage("Won")
    assert m.widget is not first
    assert "won" in m.widget.session.document()["nodes"]


@pytest.fixture(scope="module")
def ipython() -> Iterator[InteractiveShell]:
    yield start_ipython() or InteractiveShell.instance()
    InteractiveShell.clear_instance()  # in the tests after these there are no cells


def test_one_cell_is_one_step_of_undo(ipython: InteractiveShell) -> None:
    ipython.run_cell("import crmwidget as crm\nm = crm.CrmMap('Cells')").raise_error()
    ipython.run_cell("m.add_stage('Lead')\nm.graph.add_edge('lead', 'won')\nm.add_stage('Lost')").raise_error()
    ipython.run_cell("m.graph.nodes['won']['owner'] = 'Ann'").raise_error()
    m: crm.CrmMap = ipython.user_ns["m"]
    assert len(m.history.done) == 2
    m.undo()
    assert set(m.elements.nodes) == {"lead", "won", "lost"}
    m.undo()
    assert not m.elements.nodes


def test_a_rule_broken_in_one_cell_is_raised_in_the_next(ipython: InteractiveShell) -> None:
    ipython.run_cell("import crmwidget as crm\nn = crm.CrmMap('Rules')\nn.add_stage('Lead')").raise_error()
    ipython.run_cell("n.graph.add_edge('lead', 'won', kind='mapping')").raise_error()
    assert set(ipython.user_ns["n"].graph) == {"lead"}
    result = ipython.run_cell("n.add_stage('Won')")
    assert isinstance(result.error_in_exec, crm.RuleError)
    ipython.run_cell("n.add_stage('Won')").raise_error()

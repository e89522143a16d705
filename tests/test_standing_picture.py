"""The picture beside a canvas follows the map: at the end of a cell if nobody looks, else once the hands rest."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

import crmwidget as crm
from crmwidget import notebook, standing_picture

VIEW = "application/vnd.jupyter.widget-view+json"


class Shell:
    """What this package uses of IPython's shell in a kernel, and what came out of it."""

    def __init__(self) -> None:
        self.kernel = self.events = self.display_pub = self
        self.outputs: list[tuple[Mapping[str, str], str, bool]] = []
        self.told = asyncio.Event()
        self._callbacks: dict[str, Callable[[], None]] = {}

    def register(self, event: str, callback: Callable[[], None]) -> None:
        self._callbacks[event] = callback

    def publish(self, data: Mapping[str, str], metadata: object, *, transient: Mapping[str, str], update: bool) -> None:
        self.outputs.append((data, transient.get("display_id", ""), update))
        self.told.set()

    def end_cell(self) -> None:
        self._callbacks["post_run_cell"]()

    def pictures(self) -> list[str]:
        """The SVG of each picture that was put out or updated."""
        html = [data["text/html"] for data, _, _ in self.outputs if "text/html" in data]
        return [base64.b64decode(re.findall('base64,([^"]*)"', text)[0]).decode() for text in html]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch) -> Shell:
    made = Shell()
    monkeypatch.setattr(notebook, "shell", lambda: made)
    return made


@pytest.fixture
def m(shell: Shell) -> crm.CrmMap:
    return crm.from_text("Lead -> Deal -> Won", name="Standing")


def test_a_map_puts_out_its_canvas_and_after_it_the_picture(m: crm.CrmMap, shell: Shell) -> None:
    m._ipython_display_()
    (canvas, no_id, _), (picture, display_id, update) = shell.outputs
    assert VIEW in canvas and "text/html" not in canvas and no_id == ""
    assert VIEW not in picture and display_id and not update
    assert picture["text/plain"] == "Standing. A map of 3 nodes and 2 flows: Lead, Deal, Won."
    assert shell.pictures() == [m.to_svg()]


def test_outside_of_a_kernel_a_map_leaves_its_display_to_the_bundle(m: crm.CrmMap, shell: Shell) -> None:
    shell.kernel = None  # type: ignore[assignment]
    with pytest.raises(NotImplementedError):
        m._ipython_display_()
    assert shell.outputs == []


def test_where_nobody_looks_the_end_of_a_cell_updates_every_display_at_once(m: crm.CrmMap, shell: Shell) -> None:
    m._ipython_display_()
    m._ipython_display_()
    shell.end_cell()
    assert len(shell.outputs) == 4, "nothing has changed since"
    m.update("lead", label="Leads")
    m.paint("later", crm.shown.Overlay("Painted later", "", None, {}, {}, [], None))
    assert len(shell.outputs) == 4
    shell.end_cell()
    shell.end_cell()
    assert len({display_id for data, display_id, _ in shell.outputs if "text/html" in data}) == 1
    assert len(shell.outputs) == 5 and shell.outputs[-1][2]
    assert shell.pictures()[-1] == m.to_svg() and "Leads" in m.to_svg() and "Painted later" in m.to_svg()


def test_an_edit_that_no_picture_shows_updates_none(m: crm.CrmMap, shell: Shell) -> None:
    m._ipython_display_()
    m.update("lead", description="Not on the card")
    m.update("lead", description="")
    shell.end_cell()
    assert len(shell.outputs) == 2


def test_where_nobody_looks_the_stored_document_follows_too_even_of_a_canvas_in_a_box(
    m: crm.CrmMap, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Any] = []
    monkeypatch.setattr(type(m.widget), "send_state", lambda self, key: told.append(self.get_state(key)["document"]))
    shell.end_cell()
    assert told == []
    m.update("lead", label="Leads")
    shell.end_cell()
    (document,) = told
    assert '"Leads"' in document and shell.outputs == []


def test_where_somebody_looks_the_picture_comes_once_the_hands_rest(
    m: crm.CrmMap, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited() -> None:
        m._ipython_display_()
        m.widget.session.receive({"op": "hello", "client": "c"})
        for n in range(20):
            m.update("lead", label=f"Lead {n}")
            shell.end_cell()
        assert len(shell.outputs) == 2, "no cell waits for it"
        shell.told.clear()
        await asyncio.wait_for(shell.told.wait(), 60)

    monkeypatch.setattr(standing_picture, "REST_S", 0.001)
    asyncio.run(edited())
    assert len(shell.outputs) == 3 and shell.outputs[-1][2]
    assert shell.pictures()[-1] == m.to_svg() and "Lead 19" in m.to_svg()


def test_what_is_edited_while_a_picture_is_drawn_is_on_the_next(
    m: crm.CrmMap, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def edited() -> None:
        m._ipython_display_()
        m.widget.session.receive({"op": "hello", "client": "c"})
        drawing, is_first = m.drawing, iter([True])

        def drawn_slowly() -> Callable[[], str]:
            draw = drawing()
            if next(is_first, False):
                m.update("lead", label="Edited meanwhile")
            return draw

        monkeypatch.setattr(m, "drawing", drawn_slowly)
        m.update("lead", label="Edited first")
        while not shell.pictures() or "Edited meanwhile" not in shell.pictures()[-1]:
            shell.told.clear()
            await asyncio.wait_for(shell.told.wait(), 60)

    monkeypatch.setattr(standing_picture, "REST_S", 0.001)
    asyncio.run(edited())
    assert ["Edited first" in picture for picture in shell.pictures()] == [False, True, False]


def test_the_picture_in_html_can_break_out_of_nothing(shell: Shell) -> None:
    m = crm.CrmMap('"><script>alert(1)</script>')
    m.add_stage("'\"></style><img src=x onerror=alert(1)>")
    m._ipython_display_()
    html = shell.outputs[-1][0]["text/html"]
    assert re.findall("<(\\w+)", html) == ["style", "div", "img"]
    assert "onerror=alert(1)>" not in html and html.count('"') == 8

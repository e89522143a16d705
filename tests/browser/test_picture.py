"""The still picture against the canvas, in one browser: cards, flows, labels and heat are the same to the eye."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lab import page_of
from playwright.sync_api import Browser
from test_large import CHANGED
from test_page import opened_in

import crmwidget as crm

pytestmark = pytest.mark.browser

SIZE = {"width": 1400, "height": 800}
SVG = "{http://www.w3.org/2000/svg}"


def pipeline() -> crm.CrmMap:
    """Cards of every outline, figures, badges, parallel, looping and returning flows, a frame, and a painted answer."""
    m = crm.from_text("Prospecting -> Qualification -> Demo -> Proposal -> Won", name="Sales")
    m.add("decision", "Fit?")
    m.add("system", "Salesforce", owner="Ann")
    m.add("end", "Lost", outcome="lost")
    m.add_flow("qualification", "lost")
    m.add_flow("proposal", "lost", label="declined")
    m.add_flow("qualification", "fit", label="checks")
    m.add_flow("fit", "prospecting", label="again")
    m.add_flow("demo", "demo")
    m.add_flow("salesforce", "demo", kind="supports")
    m.add_flow("qualification", "demo", key="second", label="by phone")
    for column, nodes in enumerate(
        (["prospecting", "fit"], ["qualification", "salesforce"], ["demo", "lost"], ["proposal", "won"])
    ):
        for row, node in enumerate(nodes):
            m.move(node, 330 * column, 220 * row)
    m.update("proposal", parent=m.add("group", "Closing"))
    m.attach(crm.samples.opportunities(400, seed=7), key="opportunity_id", stage="stage")
    m.show_metric("proposal", label="open", value=("amount", "sum"), unit="€", target=400_000)
    m.show_metric("demo", label="deals", value="count")
    m.comment("demo", "Ask Bo")
    m.update("won", locked=True)
    crm.conversion(m).show()
    return m


BARE = """(() => {
    const { view, surface } = document.getElementById("map").__crmwidget;
    surface.setCamera({ x: AT_X, y: AT_Y, k: 1 });
    view.flush();
    const stage = view.root.querySelector(".crm-stage");
    for (const panel of view.root.children) if (panel !== stage) panel.style.visibility = "hidden";
})()"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_picture_is_what_the_canvas_shows(browser: Browser, tmp_path: Path, shots: Path, theme: str) -> None:
    m = pipeline()
    path, svg = m.to_html(tmp_path / "map.html", comments=True), m.to_svg(theme=theme)
    drawn = ElementTree.fromstring(svg)
    x, y, width, _ = (float(n) for n in drawn.attrib["viewBox"].split())
    # Above is the picture's title, below the legend: both are panels on the canvas.
    clip = {"x": 2, "y": 60, "width": width - 4, "height": 290 - 60 - y}
    framed = {**clip, "x": clip["x"] + 1, "y": clip["y"] + 1}  # the canvas lies within a border
    with page_of(browser, offline=True, color_scheme=theme) as (_, page):
        page.set_viewport_size(SIZE)
        opened = opened_in(page, path)
        opened.until("v.surface.painted > 0 && v.store.overlays.size === 1")
        page.evaluate(BARE.replace("AT_X", str(-x)).replace("AT_Y", str(-y)))
        canvas = page.screenshot(path=shots / f"picture-canvas-{theme}.png", clip=framed)
        cards = opened.js("[...v.store.nodes.keys()].map(id => v.surface.nodeRect(id))")
        words = opened.js("[...v.view.root.querySelectorAll('.card')].map(card => card.innerText)")
        labels = opened.js("v.surface.scene().labels")
    with page_of(browser, offline=True) as (_, page):
        page.set_viewport_size(SIZE)
        page.set_content(f"<body style='margin:0'>{svg}</body>")
        still = page.screenshot(path=shots / f"picture-still-{theme}.png", clip=clip)
        shifted = page.screenshot(clip={**clip, "x": clip["x"] + 1})
        pictures = [base64.b64encode(png).decode() for png in (canvas, still, shifted)]
        changed = page.evaluate(CHANGED, pictures[:2])
        assert changed < 0.004
        assert page.evaluate(CHANGED, [pictures[0], pictures[2]]) > 2 * changed  # it would see a shift by one pixel

    boxes = {(float(r.attrib["x"]), float(r.attrib["y"])) for r in drawn.iter(f"{SVG}rect")}
    assert [card for card in cards if card["width"] == 200 and (card["x"] + 0.5, card["y"] + 0.5) not in boxes] == []
    texts = ["".join(text.itertext()) for text in drawn.iter(f"{SVG}text")]
    assert len(labels) >= 8
    written = re.sub(r"\W", "", "".join(texts))
    said = [label["text"] for label in labels] + [line for card in words for line in card.splitlines()]
    assert len(said) > 30 and [line for line in said if re.sub(r"\W", "", line) not in written] == []

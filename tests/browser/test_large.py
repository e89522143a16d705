"""Ten thousand nodes in a real JupyterLab: thinned when far, found and edited as any, no jump where cards come near."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence

import pytest
from lab import Notebook, View
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

Open = Callable[[Sequence[str]], Notebook]

N = 10_000
FLOWS = 15_000
# Placed on a grid by hand, so that no test waits for the layout of so many.
LARGE = f"""
import crmwidget as crm
from crmwidget.graph.elements import Elements
nodes = {{f"n{{i}}": {{"kind": "stage", "label": f"Stage {{i}}", "team": f"Team {{i % 4}}"}} for i in range({N})}}
def ends(i):
    return f"n{{i % {N}}}", f"n{{(i * 7 + 1) % {N} if i % 3 else (i + 1) % {N}}}"
flows = {{
    f"f{{i}}": {{"source": ends(i)[0], "target": ends(i)[1], "kind": "flow", "label": f"{{i}} %"}}
    for i in range({FLOWS})
}}
places = {{f"n{{i}}": {{"x": 352.0 * (i % 100), "y": 192.0 * (i // 100), "pinned": True}} for i in range({N})}}
attributes = {{"name": "Large"}}
m = crm.CrmMap(elements=Elements(attributes=attributes, nodes=nodes, flows=flows, positions={{"lifecycle": places}}))
"""

# The share of a picture that changes. Edges are painted a little otherwise by canvas and page, so each point is one of
# four by four pixels: of a text that moves by a pixel, or is bolder or gone, eight times as much would change.
CHANGED = """async ([one, other]) => {
    const points = async (png) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob());
        const canvas = new OffscreenCanvas(bitmap.width >> 2, bitmap.height >> 2);
        const context = canvas.getContext("2d");
        context.imageSmoothingQuality = "high";
        context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        return context.getImageData(0, 0, canvas.width, canvas.height).data;
    };
    const [a, b] = [await points(one), await points(other)];
    let n = 0;
    for (let i = 0; i < a.length; i += 4) {
        const most = Math.max(Math.abs(a[i] - b[i]), Math.abs(a[i + 1] - b[i + 1]), Math.abs(a[i + 2] - b[i + 2]));
        if (most > 32) n += 1;
    }
    return n / (a.length / 4);
}"""


@pytest.fixture
def large(notebook: Open) -> View:
    nb = notebook([LARGE, "m"])
    nb.run_all(2)
    view = nb.view()
    view.show()
    assert view.js("[v.store.nodes.size, v.store.flows.size]") == [N, FLOWS]
    return view


def at_zoom(view: View, k: float, node: str = "n5050") -> None:
    """This node in the middle."""
    view.js(
        """(() => {
        const { x, y } = v.store.positions.get(arg[0]);
        const { width, height } = v.surface.element.getBoundingClientRect();
        v.surface.setCamera({ x: width / 2 - x * arg[1], y: height / 2 - y * arg[1], k: arg[1] });
        v.view.flush();
    })()""",
        [node, k],
    )


OVERLAPS = """(() => {
    const { cards, labels } = v.surface.scene();
    const meet = (a, b) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
    const isMet = ({ rect }, i) =>
        cards.some((card) => meet(rect, card.rect)) || labels.slice(i + 1).some((other) => meet(rect, other.rect));
    return labels.filter(isMet).map(({ key }) => key);
})()"""


def test_labels_are_thinned_and_overlap_nothing_and_only_near_cards_are_elements(large: View) -> None:
    large.js("(v.surface.fit(), v.view.flush())")
    facts = "({labels: v.surface.scene().labels.length, cards: v.view.root.querySelectorAll('.card').length})"
    far = large.js(facts)
    assert far == {"labels": 0, "cards": 0}
    at_zoom(large, 0.4)
    middle = large.js(facts)
    assert middle["cards"] == 0 and 0 < middle["labels"] < 200
    at_zoom(large, 1)
    near = large.js(facts)
    assert 0 < near["cards"] < 80 and near["labels"] < 60
    for k in (0.32, 0.4, 1):
        at_zoom(large, k)
        assert large.js(OVERLAPS) == []


def test_one_of_ten_thousand_is_found_dragged_and_in_the_outline(large: View) -> None:
    large.js("v.surface.element.focus()")
    large.page.keyboard.press("/")
    large.page.keyboard.type("Stage 8765")
    large.until("v.surface.state.found?.active === 'n8765'")
    large.page.keyboard.press("Enter")
    large.until("v.view.session.nodes.has('n8765')")
    large.js("v.surface.flush()")
    x, y = large.at("n8765")
    box = large.host.bounding_box()
    assert box["x"] < x < box["x"] + box["width"] and box["y"] < y < box["y"] + box["height"]

    at_zoom(large, 1, "n8765")
    x, y = large.at("n8765", 0, -0.3)
    large.drag((x, y), (x + 80, y + 160))
    large.settled()
    assert large.notebook.value("list(m.positions['n8765'])") == [352.0 * 65 + 80, 192.0 * 87 + 160]

    large.js("v.surface.element.focus()")
    large.page.keyboard.press("o")
    large.locator("[role=treeitem]").first.wait_for()
    assert 5 < large.js("v.view.root.querySelectorAll('[role=treeitem]').length") < 100
    expect(large.locator("[role=treeitem]").first).to_have_attribute("aria-setsize", str(N))


def test_nothing_jumps_where_painted_cards_become_elements(large: View) -> None:
    for theme in ("light", "dark"):
        large.notebook.kernel(f"m.widget.theme = {theme!r}")
        large.until("v.view.settings.theme === arg", theme)
        pictures = []
        for k in (0.5499, 0.5501):
            at_zoom(large, k)
            pictures.append(base64.b64encode(large.host.screenshot()).decode())
        assert large.js("v.view.root.querySelectorAll('.card').length") > 0
        assert large.page.evaluate(CHANGED, pictures) < 0.004

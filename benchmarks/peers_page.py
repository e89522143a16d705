"""What a page tells of any library's view: whether all is drawn, what a node is called, where a colour is."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from typing import Any

from playwright.sync_api import Page

from benchmarks import canvas_page

__all__ = ["centres", "install", "wants"]

# A picture is counted when a canvas is cleared or WebGL draws, in each frame's own window. `look` is the library's
# view as its adapter sees it; while it is half there, looking may fail.
SCRIPT = r"""
(() => {
  if (window.__peers) return;
  const peers = window.__peers = { pictures: 0, most: 0, painted: {} };
  const counted = (prototype, name, count) => {
    const native = prototype[name];
    prototype[name] = function (...given) {
      peers.pictures += 1;
      if (count) peers.most = Math.max(peers.most, count(given));
      return native.apply(this, given);
    };
  };
  counted(CanvasRenderingContext2D.prototype, 'clearRect');
  for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
    counted(prototype, 'drawArrays', ([, , n]) => n);
    counted(prototype, 'drawElements', ([, n]) => n);
  }
  counted(WebGL2RenderingContext.prototype, 'drawArraysInstanced', ([, , n, times]) => n * times);
  counted(WebGL2RenderingContext.prototype, 'drawElementsInstanced', ([, n, , , times]) => n * times);

  peers.output = () => __lab.notebook().widgets[1].node;
  peers.look = () => {
    try { return peers.view(peers.output(), peers.wanted) ?? {}; } catch { return {}; }
  };
  /** Whether everything is there, and a picture has been drawn since it was not. */
  peers.painting = () => {
    let before = 0;
    return () => {
      const { isWhole, pictures = 0 } = peers.look();
      if (!isWhole) before = pictures;
      return { isThere: !!isWhole, isPainted: !!isWhole && pictures > before };
    };
  };
  /** From now on: when each new label of the marked node was on the screen. */
  peers.watch = () => {
    let { label, pictures: before } = peers.look();
    let isAwaited = false;
    const check = () => {
      const seen = peers.look();
      if (seen.label !== label) { label = seen.label; isAwaited = true; }
      if (isAwaited && seen.pictures > before) { peers.painted[label] = Date.now(); isAwaited = false; }
      if (!isAwaited) before = seen.pictures;
      requestAnimationFrame(step);
    };
    const step = () => __bench.painted(check);
    requestAnimationFrame(step);
  };
  peers.box = () => {
    const { x, y, width, height } = peers.look().element.getBoundingClientRect();
    return { x, y, width, height };
  };
  /** For each colour the middle of its largest spot in a picture, or null. */
  peers.centres = async (png, colours) => {
    const bitmap = await createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const middle = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
    return colours.map((colour) => {
      let spots = [];
      for (let i = 0; i < data.length; i += 4)
        if (colour.every((c, k) => Math.abs(data[i + k] - c) < 50))
          spots.push([(i / 4) % bitmap.width, Math.floor(i / 4 / bitmap.width)]);
      if (spots.length < 3) return null;
      const [mx, my] = [0, 1].map((k) => middle(spots.map((spot) => spot[k])));
      spots = spots.filter(([x, y]) => Math.abs(x - mx) < 60 && Math.abs(y - my) < 60);
      return [0, 1].map((k) => spots.reduce((sum, spot) => sum + spot[k], 0) / spots.length + 0.5);
    });
  };
})();
"""


def install(page: Page) -> None:
    """Before the page loads."""
    canvas_page.install(page)
    page.add_init_script(SCRIPT)


def wants(page: Page, view: str, **wanted: Any) -> None:
    """From now on the page looks for the view by `view`, a function of the cell's output and of what is `wanted`."""
    page.evaluate(f"() => {{ __peers.view = {view}; __peers.wanted = {json.dumps(wanted)}; }}")


def centres(page: Page, colours: Sequence[tuple[int, int, int]]) -> list[tuple[float, float] | None]:
    """Where on the page each colour is; None for one that is not there."""
    box = page.evaluate("() => __peers.box()")
    picture = base64.b64encode(page.screenshot(clip=box)).decode()
    found = page.evaluate("([png, colours]) => __peers.centres(png, colours)", [picture, [list(c) for c in colours]])
    return [at and (box["x"] + at[0], box["y"] + at[1]) for at in found]

"""What the page tells of itself: bytes on the websocket, frames, and the moments at which things are on the screen."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

__all__ = ["heap_megabytes", "install"]

# Counts the kernel's messages from before JupyterLab opens its websocket. `__bench.paint` waits for what a cell shows;
# `start` and `stop` collect the intervals between animation frames and what scripts took of each.
SCRIPT = r"""
(() => {
  if (window.__bench) return;
  const bench = window.__bench = { bytes: 0, messages: 0, work: 0, edits: {}, drops: [], sent: [] };
  const text = new TextEncoder();
  const size = (data) => typeof data === 'string' ? text.encode(data).length : data.byteLength ?? data.size ?? 0;
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(...given) {
      super(...given);
      if (/\/api\/kernels\/[^/]+\/channels/.test(String(given[0])))
        this.addEventListener('message', (event) => { bench.bytes += size(event.data); bench.messages += 1; });
    }
    send(data) { bench.sent.push(Date.now()); super.send(data); }
  };
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (work) => ask((now) => {
    const start = performance.now();
    try { work(now); } finally { bench.work += performance.now() - start; }
  });
  /** After this frame has been painted. */
  const painted = bench.painted = (tell) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = tell;
    channel.port2.postMessage(0);
  };

  /** A map that was not there before: whether it is there, and painted. */
  const newMap = () => {
    const before = new Set(__lab.views());
    return () => {
      const element = __lab.views().find((view) => !before.has(view));
      return { isThere: !!element, isPainted: !!element && element.__crmwidget.surface.painted > 0 };
    };
  };
  /** Runs a cell; how long until what `look` looks at has been painted, and what came over the wire. */
  bench.paint = (cell, look = newMap()) => new Promise((resolve) => {
    const [bytes, messages, start] = [bench.bytes, bench.messages, performance.now()];
    let mounted = 0;
    const seen = () => {
      const { isThere, isPainted } = look();
      if (isThere && !mounted) mounted = performance.now();
      return isPainted;
    };
    // Behind each frame too: what is asked within one runs before the canvas paints, and would see it one frame late.
    const step = () => {
      seen();
      painted(() => {
        if (!seen()) { ask(step); return; }
        resolve({ ms: performance.now() - start, mounted: mounted - start,
          bytes: bench.bytes - bytes, messages: bench.messages - messages });
      });
    };
    __lab.start(cell);
    ask(step);
  });

  /** What a user sees of the first map: the camera, and where a node is. */
  bench.sight = (id) => {
    const { store, surface } = __lab.view(0);
    return () => JSON.stringify([surface.camera, store.positions.get(id)]);
  };
  /** From now on each frame is noted, and what `sight` gives in it. */
  bench.start = (sight) => {
    const run = bench.run = { intervals: [], work: [], sights: new Set(), on: true };
    let last = 0;
    const tick = (now) => {
      if (!run.on) return;
      run.sights.add(sight());
      if (last) { run.intervals.push(now - last); run.work.push(bench.work); }
      last = now; bench.work = 0;
      ask(tick);
    };
    ask(tick);
  };
  bench.stop = () => { bench.run.on = false; return { ...bench.run, sights: bench.run.sights.size }; };

  /** From now on: when each edit that Python made had arrived here, and when it was on the screen. */
  bench.watch = () => {
    const { store, surface } = __lab.view(0);
    store.subscribe((touched) => {
      if (!(touched.everything || touched.nodes.size || touched.positions.size)) return;
      const [seq, was, arrived] = [store.seq, surface.painted, Date.now()];
      const look = () => painted(() => {
        if (surface.painted === was) ask(look);
        else bench.edits[seq] ??= { arrived, painted: Date.now() };
      });
      ask(look);
    });
  };
  window.addEventListener('pointerup', () => bench.drops.push(Date.now()), { capture: true });
})();
"""


def install(page: Page) -> None:
    """Before the page loads."""
    page.add_init_script(SCRIPT)


def heap_megabytes(page: Page) -> float:
    """What the page's scripts keep, garbage not counted."""
    session = page.context.new_cdp_session(page)
    try:
        session.send("HeapProfiler.collectGarbage")
        used: dict[str, Any] = session.send("Runtime.getHeapUsage")
        return float(used["usedSize"]) / 1e6
    finally:
        session.detach()

"""A real Jupyter server with real kernels, driven through a real Chromium. Waits are for conditions, never for time."""

from __future__ import annotations

import json
import os
import secrets
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
from playwright.sync_api import Browser, BrowserContext, Page, expect

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TIMEOUT_MS = 60_000
expect.set_options(timeout=TIMEOUT_MS)
# Behind its first line, which says what it is, an expression of a view `v`.
READABLE = (Path(__file__).parent / "readable.js").read_text(encoding="utf-8").partition("\n")[2]

# In the page: waits until for some frames neither the place of a view nor its camera has changed.
STILL = """async (i) => {
    const place = () => {
        const { x, y, width, height } = __lab.views()[i].getBoundingClientRect();
        return JSON.stringify([x, y, width, height, __lab.view(i).surface.camera]);
    };
    for (let n = 0, last = ''; n < 5; ) {
        await new Promise(requestAnimationFrame);
        const now = place();
        n = now === last ? n + 1 : 0;
        last = now;
    }
}"""


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class Server:
    """JupyterLab (or Notebook 7) on a loopback port, with settings of its own and no news from the network."""

    def __init__(self, folder: Path, *, app: str = "jupyterlab") -> None:
        self.folder = folder
        self.notebooks = folder / "notebooks"
        self.notebooks.mkdir(parents=True, exist_ok=True)
        self.app = app
        self.port, self.token = free_port(), secrets.token_hex(8)
        self.base = f"http://127.0.0.1:{self.port}"
        settings = folder / "settings" / "@jupyterlab" / "apputils-extension"
        settings.mkdir(parents=True, exist_ok=True)
        (settings / "notification.jupyterlab-settings").write_text('{"fetchNews": "false", "checkForUpdates": false}')
        environment = {
            **os.environ,
            "JUPYTER_CONFIG_DIR": str(folder / "config"),
            "JUPYTER_DATA_DIR": str(folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
            "JUPYTERLAB_SETTINGS_DIR": str(folder / "settings"),
            "JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"),
            "IPYTHONDIR": str(folder / "ipython"),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        }
        self.log = (folder / "server.log").open("a")
        command = [
            sys.executable,
            "-m",
            app,
            "--no-browser",
            "--ip=127.0.0.1",
            "--allow-root",
            f"--port={self.port}",
            f"--IdentityProvider.token={self.token}",
            f"--ServerApp.root_dir={self.notebooks}",
            "--expose-app-in-browser",
            "--LabServerApp.extra_labextensions_path=[]",
        ]
        self.process = subprocess.Popen(command, env=environment, stdout=self.log, stderr=self.log)
        self._await_start()

    def _await_start(self) -> None:
        for _ in range(600):
            if self.process.poll() is not None:
                break
            with suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                self.api("/api")
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(0.1)
        raise RuntimeError(f"{self.app} did not start: {(self.folder / 'server.log').read_text()[-2000:]}")

    def api(self, path: str, method: str = "GET") -> Any:
        request = urllib.request.Request(
            self.base + path, method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as response:
            body = response.read()
        return json.loads(body) if body else None

    def shut_kernels(self) -> None:
        for session in self.api("/api/sessions"):
            with suppress(urllib.error.HTTPError):
                self.api(f"/api/sessions/{session['id']}", "DELETE")

    def write(self, name: str, cells: Sequence[str]) -> Path:
        notebook = nbformat.v4.new_notebook()  # type: ignore[no-untyped-call]
        notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]  # type: ignore[no-untyped-call]
        path = self.notebooks / name
        nbformat.write(notebook, path)  # type: ignore[no-untyped-call]
        return path

    def stop(self) -> None:
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        if self.process.poll() is None:
            self.process.kill()
        self.log.close()


# In the page: the notebook, its cells' texts, code run in the kernel, and the map views that are there.
PAGE_SCRIPT = r"""
(() => {
  if (window.__lab) return;
  const views = () => {
    const found = [];
    for (const e of document.querySelectorAll('*')) if (e.__crmwidget && e.isConnected) found.push(e);
    return found;
  };
  window.__lab = {
    panel: () => window.jupyterapp.shell.currentWidget,
    notebook: () => window.jupyterapp.shell.currentWidget.content,
    ready() {
      const panel = window.jupyterapp && window.jupyterapp.shell && window.jupyterapp.shell.currentWidget;
      const kernel = panel?.sessionContext?.session?.kernel;
      return !!(kernel && kernel.status === 'idle' && panel.content.widgets && panel.content.widgets.length);
    },
    async run(index) {
      const notebook = this.notebook();
      notebook.deselectAll(); notebook.activeCellIndex = index;
      await window.jupyterapp.commands.execute('notebook:run-cell');
    },
    start(index) { this.finished = false; this.run(index).then(() => { this.finished = true; }); },
    text(index) {
      const outputs = this.notebook().widgets[index].model.outputs; let text = '';
      for (let i = 0; i < outputs.length; i++) {
        const output = outputs.get(i).toJSON();
        if (output.text) text += Array.isArray(output.text) ? output.text.join('') : output.text;
        if (output.output_type === 'error') text += '\nERROR ' + output.ename + ': ' + output.evalue;
      }
      return text;
    },
    async execute(code) {
      const kernel = this.panel().sessionContext.session.kernel;
      const future = kernel.requestExecute({ code, store_history: false });
      let text = '';
      future.onIOPub = (m) => {
        if (m.header.msg_type === 'stream') text += m.content.text;
        if (m.header.msg_type === 'error') text += '\nERROR ' + m.content.ename + ': ' + m.content.evalue;
      };
      await future.done;
      return text;
    },
    views,
    view(i) { return views()[i] && views()[i].__crmwidget; },
  };
})();
"""


class Notebook:
    """One notebook open in one page."""

    def __init__(self, page: Page, server: Server, name: str) -> None:
        self.page, self.server, self.name = page, server, name
        self.foreign: list[str] = []
        self.console: list[str] = []
        own = server.base.replace("http", "", 1)
        page.on(
            "request",
            lambda r: None if own in r.url or r.url.startswith(("data:", "blob:")) else self.foreign.append(r.url),
        )
        page.on("console", lambda m: self.console.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda e: self.console.append(str(e)))
        page.set_default_timeout(TIMEOUT_MS)
        page.add_init_script(PAGE_SCRIPT)  # also after the reload by which JupyterLab gives a tab its own workspace

    def open(self) -> Notebook:
        place = "doc/tree" if self.server.app == "jupyterlab" else "notebooks"
        self.page.goto(f"{self.server.base}/{place}/{self.name}?token={self.server.token}")
        self.page.wait_for_function("() => window.__lab && __lab.ready()")
        return self

    def run(self, index: int) -> str:
        """Run a cell to its end; what it printed."""
        self.page.evaluate("i => __lab.run(i)", index)
        text: str = self.page.evaluate("i => __lab.text(i)", index)
        if "ERROR" in text:
            raise AssertionError(text)
        return text

    def run_all(self, n: int) -> None:
        for index in range(n):
            self.run(index)

    def kernel(self, code: str) -> str:
        """What `code` prints in the kernel."""
        text: str = self.page.evaluate("code => __lab.execute(code)", code)
        if "ERROR" in text:
            raise AssertionError(text)
        return text.strip()

    def value(self, expression: str) -> Any:
        """The value of a Python expression in the kernel, by way of JSON."""
        return json.loads(self.kernel(f"import json as _json; print(_json.dumps({expression}))"))

    def await_value(self, expression: str, wanted: Any) -> None:
        """Ask the kernel until `expression` is `wanted`."""
        for _ in range(200):
            if self.value(expression) == wanted:
                return
        raise AssertionError(f"{expression} is {self.value(expression)!r}, not {wanted!r}")

    def view(self, index: int = 0) -> View:
        self.page.wait_for_function("i => __lab.view(i) && __lab.view(i).surface.painted > 0", arg=index)
        return View(self, index)


class View:
    """One map on the screen, with the hands of a user."""

    def __init__(self, notebook: Notebook, index: int) -> None:
        self.notebook, self.page, self.index = notebook, notebook.page, index

    def js(self, body: str, arg: Any = None) -> Any:
        """`body` is a JavaScript expression of `v` ({store, surface, view}) and `arg`."""
        return self.page.evaluate(f"([i, arg]) => {{ const v = __lab.view(i); return ({body}); }}", [self.index, arg])

    def until(self, body: str, arg: Any = None) -> None:
        """Wait until the JavaScript expression `body` of `v` and `arg` holds."""
        self.page.wait_for_function(
            f"([i, arg]) => {{ const v = __lab.view(i); return !!v && !!({body}); }}", arg=[self.index, arg]
        )

    def settled(self) -> None:
        """Wait until every edit has been answered and the frame is painted."""
        self.until("v.store.unsaved() === 0")
        self.js("v.surface.flush()")

    def rest(self) -> None:
        """Wait until nothing grows or fades any more."""
        self.until(
            "v.view.root.getAnimations({subtree: true}).every(a => a.effect.getTiming().iterations === Infinity)"
        )

    def texts(self) -> list[dict[str, Any]]:
        """Every text that the view shows once it has come to rest: its contrast, its place, whether it is cut off."""
        self.rest()
        return list(self.js(READABLE))

    @property
    def host(self) -> Any:
        return self.page.evaluate_handle("i => __lab.views()[i]", self.index).as_element()

    def show(self) -> None:
        """Scroll it into sight, and wait until it lies still: a page that has just opened still finds its widths."""
        self.host.scroll_into_view_if_needed()
        self.page.evaluate(STILL, self.index)

    def at(self, node: str, dx: float = 0, dy: float = 0) -> tuple[float, float]:
        """Client coordinates of a node's centre, plus (dx, dy) of its half width and height."""
        place = self.js(
            """(() => { const r = v.surface.nodeRect(arg[0]);
            const x = r.x + r.width * (1 + arg[1]) / 2, y = r.y + r.height * (1 + arg[2]) / 2;
            return v.surface.toClient({x, y}); })()""",
            [node, dx, dy],
        )
        return place["x"], place["y"]

    def world(self, x: float, y: float) -> tuple[float, float]:
        place = self.js("v.surface.toClient({x: arg[0], y: arg[1]})", [x, y])
        return place["x"], place["y"]

    def label(self, key: str) -> tuple[float, float]:
        """Client coordinates of the middle of a flow's label."""
        place = self.js(
            """(() => { const r = v.surface.flowLabel(arg);
            return v.surface.toClient({x: r.x + r.width / 2, y: r.y + r.height / 2}); })()""",
            key,
        )
        return place["x"], place["y"]

    def click(self, node: str, **options: Any) -> None:
        self.page.mouse.click(*self.at(node, 0, -0.3), **options)

    def drag(self, start: tuple[float, float], end: tuple[float, float], *, steps: int = 8, drop: bool = True) -> None:
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move(*end, steps=steps)
        if drop:
            mouse.up()

    def position(self, node: str) -> tuple[float, float]:
        place = self.js("v.store.positions.get(arg)", node)
        return place["x"], place["y"]

    def labels(self) -> dict[str, str]:
        return dict(self.js("[...v.store.nodes].map(([id, n]) => [id, n.label])"))

    def flows(self) -> list[list[str]]:
        """[source, target] of every flow, sorted."""
        return sorted(self.js("[...v.store.flows.values()].map(f => [f.source, f.target])"))

    def locator(self, selector: str) -> Any:
        return self.page.locator(".jp-OutputArea, .jp-Notebook").locator(selector)


@contextmanager
def one_notebook(
    browser: Browser, server: Server, name: str, cells: Sequence[str], **options: Any
) -> Iterator[Notebook]:
    """A notebook in a page of its own, for many tests: each runs the cells anew and has a new map."""
    with page_of(browser, **options) as (_, page):
        server.write(name, cells)
        yield Notebook(page, server, name).open()
    server.shut_kernels()


@contextmanager
def page_of(browser: Browser, **options: Any) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, **options)
    try:
        yield context, context.new_page()
    finally:
        context.close()

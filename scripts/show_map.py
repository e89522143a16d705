"""Show a map as a notebook would, and fail if what is displayed is not the widget with the built canvas in it."""

from __future__ import annotations

import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

CELL = """
from IPython.display import display
import crmwidget as crm

m = crm.template("lifecycle")
display(m)
"""
VIEW = "application/vnd.jupyter.widget-view+json"


def main() -> int:
    shell = InteractiveShell.instance()
    with capture_output() as captured:
        shell.run_cell(CELL, store_history=False).raise_error()  # type: ignore[no-untyped-call]
    import crmwidget

    home = Path(crmwidget.__file__).parent
    shown = {mime for output in captured.outputs for mime in output.data}
    model = shell.user_ns["m"].widget.get_state()
    bundle = (home / "static" / "widget.js").read_text(encoding="utf-8")
    problems = [
        *([] if sys.prefix in str(home) else [f"crmwidget came from {home}, not from this environment"]),
        *([] if VIEW in shown else [f"no widget was displayed, only {sorted(shown)}"]),
        *([] if bundle in model["_esm"] else ["the widget does not carry the built canvas"]),
    ]
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 1
    print(f"{home} shows a map: {', '.join(sorted(shown))}; canvas {len(bundle):,} characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())

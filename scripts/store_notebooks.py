"""Run the example notebooks and store their outputs, so that two runs give the same bytes.

What a map puts out is stored as one picture (`image/svg+xml`), which every viewer of notebooks shows. `make notebooks`.
"""

from __future__ import annotations

import base64
import re
import sys
from pathlib import Path
from typing import Any

import nbclient
import nbformat

FOLDER = Path(__file__).parent.parent / "example_notebooks"
VIEW = "application/vnd.jupyter.widget-view+json"
PICTURE = re.compile(r'class="crmwidget-picture"><img [^>]*?src="data:image/svg\+xml;base64,([^"]*)"')


def stored(path: Path) -> Any:
    """The notebook after a run, without what is of this run alone."""
    notebook = nbformat.read(path, as_version=4)
    folder = {"metadata": {"path": str(path.parent)}}
    client = nbclient.NotebookClient(
        notebook,
        timeout=300,
        store_widget_state=False,
        coalesce_streams=True,  # in how many pieces a text arrives is chance
        resources=folder,
    )
    client.execute()
    notebook.metadata.pop("widgets", None)
    for cell in notebook.cells:
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [_still(output) for output in cell.outputs if VIEW not in output.get("data", {})]
    return notebook


def _still(output: Any) -> Any:
    """A picture beside a canvas as a picture alone."""
    found = PICTURE.search(output.get("data", {}).get("text/html", ""))
    if found is None:
        return output
    data = {"image/svg+xml": base64.b64decode(found[1]).decode(), "text/plain": output["data"]["text/plain"]}
    return nbformat.v4.new_output("display_data", data)


def main(*names: str) -> int:
    """Store these notebooks, or all of them."""
    for path in sorted(FOLDER / name for name in names) if names else sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(stored(path), path)
        print(path.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))

"""A notebook file of text and code, without outputs; the same cells give the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["Cell", "code_cell", "notebook_json", "text_cell"]

Cell = dict[str, Any]


def text_cell(source: str) -> Cell:
    """A cell of Markdown."""
    return {"cell_type": "markdown", "metadata": {}, "source": source.splitlines(keepends=True)}


def code_cell(source: str, *, tags: Sequence[str] = ()) -> Cell:
    """A cell of Python that has not run."""
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {"tags": list(tags)} if tags else {},
        "outputs": [],
        "source": source.strip("\n").splitlines(keepends=True),
    }


def notebook_json(cells: Iterable[Cell]) -> str:
    """The text of the file (format 4.5), its cells numbered.

    Examples
    --------
    >>> document = json.loads(notebook_json([text_cell("# Sales"), code_cell("1 + 1")]))
    >>> [cell["id"] for cell in document["cells"]], document["nbformat"]
    (['cell-1', 'cell-2'], 4)
    """
    document = {
        "cells": [{**cell, "id": f"cell-{n}"} for n, cell in enumerate(cells, start=1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n"

"""The workshops without their solutions: the notebook runs, and says of every exercise that it is still to come."""

from __future__ import annotations

from pathlib import Path

import nbformat
import papermill
import pytest

NOTEBOOKS = Path(__file__).parent.parent / "example_notebooks"


def outputs(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """The source of each cell that shows a text, and that text."""
    return {
        cell.source: output["data"]["text/plain"]
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "text/plain" in output.get("data", {})
    }


def test_without_its_solutions_the_first_workshop_runs_on_an_empty_map_and_passes_nothing(tmp_path: Path) -> None:
    ran = papermill.execute_notebook(
        NOTEBOOKS / "workshop_1_map_your_lifecycle.ipynb",
        tmp_path / "mine.ipynb",
        parameters={"solutions": False},
        progress_bar=False,
    )
    shown = outputs(ran)
    checks = [text for source, text in shown.items() if source.startswith("crm.workshop.check(")]
    assert len(checks) == 9 and all(text.startswith("Not yet: ") for text in checks)
    assert "0 of 9 are passed." in shown['crm.workshop.progress(m, "1")']
    assert "Nobody is in it yet" in shown["people"]


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("workshop_*.ipynb")), ids=lambda path: path.stem)
def test_a_solution_is_folded_and_only_done_if_it_is_asked_for(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    solutions = [cell for cell in cells if "solution" in cell.metadata.get("tags", [])]
    assert len(solutions) >= 6
    for cell in solutions:
        assert cell.metadata["jupyter"]["source_hidden"]
        assert cell.source.startswith("if solutions:\n")
    others = [cell.source for cell in cells if cell.cell_type == "code" and cell not in solutions]
    assert not any(source.startswith("if solutions") for source in others)


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("workshop_*.ipynb")), ids=lambda path: path.stem)
def test_every_exercise_of_a_workshop_is_in_its_notebook_and_in_its_time_plan(path: Path) -> None:
    import crmwidget as crm

    notebook = nbformat.read(path, as_version=4)
    numbers = crm.workshop.exercises(path.stem.split("_")[1]).table["number"].tolist()
    code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
    plan = next(cell.source for cell in notebook.cells if cell.source.startswith("| minutes"))
    for number in numbers:
        assert f'check(m, "{number}"' in code
        assert number in plan

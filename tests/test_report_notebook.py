"""The report notebook, run by papermill with other parameters: another report, at the place that was asked for."""

from __future__ import annotations

from pathlib import Path

import papermill

import crmwidget as crm

NOTEBOOK = Path(__file__).parent.parent / "example_notebooks" / "04_report_by_papermill.ipynb"


def test_papermill_makes_the_report_of_one_segment_where_it_is_told_to(tmp_path: Path) -> None:
    path = tmp_path / "enterprise.html"
    ran = papermill.execute_notebook(
        NOTEBOOK,
        tmp_path / "enterprise.ipynb",
        parameters={"n": 600, "segment": "Enterprise", "path": str(path)},
        progress_bar=False,
    )
    told = "".join(output.get("text", "") for cell in ran.cells for output in cell.get("outputs", []))
    assert "Sales, Enterprise · enterprise.html" in told
    page = path.read_text(encoding="utf-8")
    events = crm.samples.events(600, seed=7).events
    n_cases = events.loc[events["segment"] == "Enterprise", "case_id"].nunique()
    assert n_cases < 600 and f"{n_cases} cases" in page.replace("\u202f", " ")
    assert not any(case in page for case in events["case_id"].unique())
    (parameters,) = [cell for cell in ran.cells if "injected-parameters" in cell.metadata.get("tags", [])]
    assert 'segment = "Enterprise"' in parameters.source


def test_papermill_lists_the_parameters_each_with_what_it_is() -> None:
    known = papermill.inspect_notebook(NOTEBOOK)
    assert {name: bool(one["help"]) for name, one in known.items()} == dict.fromkeys(
        ("n", "seed", "segment", "path"), True
    )

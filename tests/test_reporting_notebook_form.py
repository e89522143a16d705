"""A report as a notebook: it is executed here, and says the same as the page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from report_reading import secret_map

import crmwidget as crm

SETUP = """\
EVENTS = "events.csv"
SEGMENT = None
import crmwidget as crm

m = crm.open("sales.crm.json")
log = crm.EventLog(
    EVENTS,
    case="case_id",
    activity="activity",
    timestamp="finished_at",
    attributes=["segment"],
    ends=["Won", "Lost"],
)
if SEGMENT:
    log = log.where(segment=SEGMENT)
m.attach(log)
"""


@pytest.fixture
def sales(tmp_path: Path) -> crm.CrmMap:
    """A map with a log, both also in files."""
    crm.samples.events(100).events.to_csv(tmp_path / "events.csv", index=False)
    log = crm.EventLog(
        tmp_path / "events.csv",
        case="case_id",
        activity="activity",
        timestamp="finished_at",
        attributes=["segment"],
        ends=["Won", "Lost"],
    )
    m = crm.discover(log, name="Sales *one*")
    m.save(tmp_path / "sales.crm.json")
    return m


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in found if cell["cell_type"] == kind]


def run(path: Path, **replaced: str) -> Any:
    """The notebook executed where it lies, some of its parameters set as papermill does it: in a cell behind them."""
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    at = next(n for n, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", []))
    told = "\n".join(f"{name} = {value!r}" for name, value in replaced.items())
    notebook.cells.insert(at + 1, nbformat.v4.new_code_cell(told))
    client = nbclient.NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    return client.execute()


def test_executed_it_writes_the_page_that_the_report_is(sales: crm.CrmMap, tmp_path: Path) -> None:
    told: dict[str, Any] = {"at": "January 2026", "paint": "flows", "plan": ["Call"]}
    made = crm.report(sales, path=tmp_path / "sales.ipynb", setup=SETUP, **told)
    ran = run(tmp_path / "sales.ipynb")
    page = (tmp_path / "sales.html").read_text(encoding="utf-8")
    names = [q.name for q in crm.questions().values() if q.title not in set(made.left_out["question"])]
    assert page == crm.report(sales, names, **told).html
    # What was left out is told in the notebook itself.
    assert made.left_out["question"].tolist() == ["Most votes first", "Hand-offs"]
    assert "- Hand-offs: Nothing says who" in cells(tmp_path / "sales.ipynb", "markdown")[-2]["source"]
    outputs = [output for cell in ran.cells if cell.cell_type == "code" for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "error"]
    shown = json.dumps(outputs)
    for sentence in made.findings["sentence"]:
        assert json.dumps(sentence)[1:-1] in shown or json.dumps(sentence.replace("<", "&lt;"))[1:-1] in shown


def test_a_parameter_that_is_replaced_makes_another_report(sales: crm.CrmMap, tmp_path: Path) -> None:
    crm.report(sales, ["variants"], tmp_path / "sales.ipynb", setup=SETUP)
    run(tmp_path / "sales.ipynb", SEGMENT="Enterprise", TITLE="Enterprise", REPORT="enterprise.html")
    page = (tmp_path / "enterprise.html").read_text(encoding="utf-8")
    n = sales.logs["log"].log.where(segment="Enterprise").n_cases
    assert "<h1>Enterprise</h1>" in page and f"{n} cases" in page and not (tmp_path / "sales.html").exists()


def test_plain_assignments_at_the_beginning_are_the_parameters_and_each_question_has_text_and_code(
    sales: crm.CrmMap, tmp_path: Path
) -> None:
    path = tmp_path / "sales.ipynb"
    made = crm.report(sales, ["variants", "bottlenecks"], path, setup=SETUP)
    assert made.path == path
    (parameters, setup, *others) = cells(path, "code")
    assert parameters["metadata"] == {"tags": ["parameters"]}
    assert parameters["source"].splitlines() == [
        'EVENTS = "events.csv"',
        "SEGMENT = None",
        "TITLE = 'Sales *one*'",
        "REPORT = 'sales.html'  # where the page is written",
    ]
    assert setup["source"].startswith("import crmwidget as crm")
    assert [cell["source"] for cell in others if "=" in cell["source"]] == [
        "variants = crm.variants(m)\nvariants",
        "bottlenecks = crm.bottlenecks(m)\nbottlenecks",
        "report = crm.report(\n    m,\n    [variants, bottlenecks],\n    path=REPORT,\n    title=TITLE,\n)\n"
        "report.plan",
    ]
    titles = [cell["source"].splitlines()[0] for cell in cells(path, "markdown")]
    assert titles == ["# Sales \\*one\\*", "## The map", "## Variants", "## Bottlenecks", "## Plan"]


def test_the_same_report_is_the_same_notebook_without_outputs_and_without_a_row(tmp_path: Path) -> None:
    m = secret_map(100)
    texts = []
    for _ in range(2):
        crm.report(m, ["variants", "conversion"], tmp_path / "r.ipynb", setup="m = 1")
        texts.append((tmp_path / "r.ipynb").read_text(encoding="utf-8"))
    assert texts[0] == texts[1] and "ZoraQuill" not in texts[0] and "@" not in texts[0]
    assert all(
        cell["outputs"] == [] and cell["execution_count"] is None for cell in cells(tmp_path / "r.ipynb", "code")
    )


def test_a_map_without_data_brings_itself(tmp_path: Path) -> None:
    m = crm.from_text("Lead -> Deal -> Won", name="Sales")
    m.update("lead", owner="Ann")
    made = crm.report(m, path=tmp_path / "sales.ipynb")
    run(tmp_path / "sales.ipynb")
    page = (tmp_path / "sales.html").read_text(encoding="utf-8")
    assert set(made.findings["question"]) == {"What is still open?"} and "<h1>Sales</h1>" in page


def test_what_a_notebook_cannot_do_is_said_before_anything_is_written(sales: crm.CrmMap, tmp_path: Path) -> None:
    path = tmp_path / "sales.ipynb"
    for setup, message in (
        (None, "needs the code that makes the map"),
        ("m = (", "no Python"),
        ("n = 1", "makes no map"),
        (7, "as text; given 7"),
    ):
        with pytest.raises(crm.AnalysisError, match=message):
            crm.report(sales, ["variants"], path, setup=setup)  # type: ignore[arg-type]
    with pytest.raises(crm.AnalysisError, match="A notebook asks anew"):
        crm.report(sales, [crm.variants(sales)], path, setup=SETUP)
    assert not path.exists()


def test_a_question_without_an_answer_is_text_in_the_notebook_and_is_asked_again_by_name(
    sales: crm.CrmMap, tmp_path: Path
) -> None:
    path = tmp_path / "sales.ipynb"
    crm.report(sales, ["hand_offs", "variants"], path, setup=SETUP)
    assert "No answer: Nothing says who does the work" in cells(path, "markdown")[3]["source"]
    assert "['hand_offs', variants]" in cells(path, "code")[-2]["source"]
    run(path)
    assert (tmp_path / "sales.html").read_text(encoding="utf-8") == crm.report(sales, ["hand_offs", "variants"]).html

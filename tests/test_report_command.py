"""The commands `crmwidget report` and `crmwidget demo`: what they write, what they say, and how they end."""

from __future__ import annotations

import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import crmwidget as crm
from crmwidget import demo_command
from crmwidget.command_line import main
from crmwidget.report_command import ProgressLine

Say = pytest.CaptureFixture[str]
COLUMNS = ["--case", "deal", "--activity", "stage", "--timestamp", "moved"]


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a map and its log, in which the command runs."""
    sample = crm.samples.events(100)
    rows = sample.events.rename(columns={"case_id": "deal", "activity": "stage", "finished_at": "moved"})
    rows.to_csv(tmp_path / "moves.csv", index=False)
    m = crm.discover(
        crm.EventLog(rows, case="deal", activity="stage", timestamp="moved", ends=sample.ends), name="Sales"
    )
    m.save(tmp_path / "sales.crm.json")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_map_and_a_log_become_the_page_that_python_makes_of_them(files: Path, capsys: Say) -> None:
    arguments = ["report", "sales.crm.json", "--log", "moves.csv", *COLUMNS, "--end", "Won", "--end", "Lost"]
    assert main([*arguments, "--attribute", "owner", "--title", "March", "--at", "1 April"]) == 0
    m = crm.open("sales.crm.json")
    log = crm.EventLog(
        "moves.csv", case="deal", activity="stage", timestamp="moved", attributes=["owner"], ends=["Won", "Lost"]
    )
    m.attach(log, name="log")
    made = crm.report(m, title="March", at="1 April")
    assert Path("sales-report.html").read_text(encoding="utf-8") == made.html
    said = capsys.readouterr()
    assert said.out == f"sales-report.html: {len(made.findings)} findings, {len(made.plan)} steps\n"
    assert said.err == ""


def test_a_notebook_is_written_that_names_the_files_as_seen_from_it(files: Path) -> None:
    (files / "out").mkdir()
    arguments = ["report", "sales.crm.json", "--log", "moves.csv", *COLUMNS, "--question", "variants", "--end", "Won"]
    assert main([*arguments, "-o", "out/sales.ipynb"]) == 0
    parameters = "".join(json.loads(Path("out/sales.ipynb").read_text(encoding="utf-8"))["cells"][1]["source"])
    assert parameters.splitlines()[:6] == [
        "MAP = '../sales.crm.json'",
        "LOG = '../moves.csv'",
        "CASE = 'deal'",
        "ACTIVITY = 'stage'",
        "TIMESTAMP = 'moved'",
        "ENDS = ['Won']",
    ]
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read("out/sales.ipynb", as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": "out"}}).execute()
    assert main([*arguments, "-o", "direct.html"]) == 0
    assert Path("out/sales.html").read_bytes() == Path("direct.html").read_bytes()


def test_a_question_without_an_answer_ends_with_status_1(files: Path, capsys: Say) -> None:
    arguments = ["report", "sales.crm.json", "--log", "moves.csv", *COLUMNS, "--question", "hand_offs"]
    assert main(arguments) == 1
    assert capsys.readouterr().out == "sales-report.html: 0 findings, 0 steps, 1 without an answer\n"
    assert "Nothing says who does the work" in Path("sales-report.html").read_text(encoding="utf-8")


def test_columns_are_found_by_their_names_where_these_leave_no_doubt(files: Path, real_data: Path, capsys: Say) -> None:
    m = crm.from_text("Register -> Decide -> Pay", name="Claims")
    m.save("claims.crm.json")
    for log in ("running-example.csv", "running-example.xes"):
        path = str(real_data / "eventlogs" / log)
        assert main(["report", "claims.crm.json", "--log", path, "--question", "variants", "--force"]) == 0
        assert "6 cases" in Path("claims-report.html").read_text(encoding="utf-8").replace("\u202f", " ")
    rows = pd.DataFrame({"Case ID": ["a", "a"], "Activity": ["x", "y"], "timestamp": ["2026-01-01", "2026-01-02"]})
    rows.to_csv("plain.csv", index=False)
    assert main(["report", "claims.crm.json", "--log", "plain.csv", "--question", "variants", "--force"]) == 0
    rows.assign(case="b").to_csv("doubtful.csv", index=False)
    assert main(["report", "claims.crm.json", "--log", "doubtful.csv", "--force"]) == 2
    assert capsys.readouterr().err == (
        "crmwidget: which column of doubtful.csv is the case? Say it by --case; "
        "its columns: Case ID, Activity, timestamp, case\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--log", "moves.csv"], "which column of moves.csv is the case, which the activity, which the timestamp?"),
        (["--log", "moves.csv", *COLUMNS[:-1], "movd"], "did you mean 'moved'?"),
        (["--log", "moves.txt"], "There is no file 'moves.txt'"),
        (["--case", "deal"], "--case says something of a log; --log FILE says of which"),
        (["--question", "varients"], "did you mean 'variants'?"),
        (["-o", "report.pdf"], "a report is written as .html or .ipynb; given 'report.pdf'"),
        (["-o", "moves.html"], "moves.html is there already; --force overwrites it"),
        (["-o", "nowhere/report.html"], "there is no folder nowhere to write report.html into"),
    ],
)
def test_what_cannot_be_done_is_one_sentence_and_status_2(
    files: Path, capsys: Say, arguments: list[str], message: str
) -> None:
    Path("moves.html").write_text("mine")
    assert main(["report", "sales.crm.json", *arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.err.startswith("crmwidget: ") and said.err.count("\n") == 1 and said.out == ""
    assert sorted(p.name for p in files.iterdir()) == ["moves.csv", "moves.html", "sales.crm.json"]


def test_it_can_be_stopped(files: Path, capsys: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("crmwidget.making.open", stop)
    assert main(["report", "sales.crm.json"]) == 2 and capsys.readouterr().err == "crmwidget: stopped\n"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_one_line_on_a_terminal_and_nothing_elsewhere(files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    asked = ["--question", "variants", "--question", "flows"]
    assert main(["report", "sales.crm.json", "--log", "moves.csv", *COLUMNS, *asked]) == 0
    lines = terminal.getvalue().split("\r\x1b[K")
    assert "  0% Variants" in lines and " 50% Flows and their times" in lines and lines[-1] == ""
    assert any(line.startswith("moves.csv: ") for line in lines) and "\n" not in terminal.getvalue()
    with ProgressLine(quiet := io.StringIO()) as progress:
        progress(0.5, "Half")
    assert quiet.getvalue() == ""


# ---- demo ------------------------------------------------------------------------------------------------


def test_the_demonstration_is_three_files_the_same_each_time(tmp_path: Path, capsys: Say) -> None:
    for name in ("one", "two"):
        assert main(["demo", str(tmp_path / name), "--files"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:3] == [str(tmp_path / "one" / n) for n in ("sales.crm.json", "sales_events.csv", "first_steps.ipynb")]
    for path in map(Path, told[:3]):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    assert main(["demo", str(tmp_path / "one"), "--files"]) == 2
    assert "--force overwrites it" in capsys.readouterr().err
    assert main(["demo", str(tmp_path / "one"), "--files", "--force"]) == 0


def test_the_notebook_of_the_demonstration_runs_and_its_files_are_reported_as_the_help_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")
    notebook = nbformat.read(demo_command.write_demo(tmp_path), as_version=4)
    nbformat.validate(notebook)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert "Demo takes the most time" in (tmp_path / "report.html").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    # its columns are called so that they need not be said
    assert main(["report", "sales.crm.json", "--log", "sales_events.csv", "--question", "bottlenecks"]) == 0
    m = crm.open("sales.crm.json")
    assert m.graph.nodes["demo"]["owner"] == "Bela" and not m.logs


def test_the_demonstration_opens_in_jupyterlab_where_it_is_and_says_how_where_it_is_not(
    tmp_path: Path, capsys: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[tuple[list[str], Any]] = []

    def run(command: list[str], *, cwd: Path, check: bool) -> subprocess.CompletedProcess[bytes]:
        started.append((command, cwd))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(demo_command.subprocess, "run", run)
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(demo_command.tempfile, "tempdir", str(tmp_path))
    assert main(["demo", "--no-browser"]) == 0
    ((command, folder),) = started
    assert command[:4] == [sys.executable, "-m", "jupyter", "lab"] and command[-1] == "first_steps.ipynb"
    assert command[-3:-1] == ["--no-browser", "--LabApp.default_url=/lab/tree/first_steps.ipynb"]
    assert folder.parent == tmp_path and (folder / "first_steps.ipynb").is_file()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    capsys.readouterr()
    assert main(["demo", str(tmp_path / "here")]) == 0 and len(started) == 1
    assert "pip install 'crmwidget[lab]', then: jupyter lab" in capsys.readouterr().out

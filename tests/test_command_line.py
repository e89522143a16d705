"""The command `crmwidget`: what it writes, what it says, and with which status it ends."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from random_maps import maps

import crmwidget as crm
from crmwidget.analysis.structure_rules import RULES, problems
from crmwidget.command_line import main
from crmwidget.formats import map_json
from crmwidget.graph.elements import Elements
from crmwidget.graph.versions import compare

Say = pytest.CaptureFixture[str]


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    m = crm.from_text("Lead -> Deal -> Won", name="Sales")
    for node in list(m.graph):
        m.update(node, owner="Ann")
    return m.save(tmp_path / "sales.crm.json")


def test_the_command_is_one_and_runs_by_itself(sales: Path) -> None:
    program = "import sys; from crmwidget.command_line import main; sys.exit(main())"
    ran = subprocess.run([sys.executable, "-c", program, "check", str(sales)], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, f"{sales}: 0 errors, 0 warnings\n", "")
    root = Path(__file__).parent.parent
    assert 'crmwidget = "crmwidget.command_line:main"' in (root / "pyproject.toml").read_text()


@pytest.mark.parametrize("command", [[], *([name] for name in ("convert", "check", "diff", "new", "report", "demo"))])
def test_help_teaches_with_examples(command: list[str], capsys: Say) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*command, "--help"])
    said = capsys.readouterr().out
    assert ended.value.code == 0 and ("example" in said or not command)
    if command == ["check"]:
        assert all(code in said for code in RULES)
    if command == ["convert"]:
        assert ".bpmn" in said and ".xlsx" in said


# ---- convert and new -------------------------------------------------------------------------------


def test_convert_goes_there_and_back(sales: Path, tmp_path: Path, capsys: Say) -> None:
    assert main(["convert", str(sales), str(tmp_path / "sales.bpmn")]) == 0
    assert "3 nodes, 2 flows" in capsys.readouterr().out
    assert main(["convert", str(tmp_path / "sales.bpmn"), str(tmp_path / "back"), "--to", "map"]) == 0
    assert dict(crm.open(tmp_path / "back").graph.nodes(data=True)) == dict(crm.open(sales).graph.nodes(data=True))


def test_nothing_is_overwritten_unless_it_is_said(sales: Path, tmp_path: Path, capsys: Say) -> None:
    (tmp_path / "there.mmd").write_text("mine")
    assert main(["convert", str(sales), str(tmp_path / "there.mmd")]) == 2
    assert "is there already; --force" in capsys.readouterr().err and (tmp_path / "there.mmd").read_text() == "mine"
    assert main(["convert", str(sales), str(tmp_path / "there.mmd"), "--force"]) == 0
    assert main(["new", "lifecycle", str(sales)]) == 2 and crm.open(sales).name == "Sales"


def test_new_begins_a_template_or_lists_them(tmp_path: Path, capsys: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", "lifecycle"]) == 0 and len(crm.open("lifecycle.crm.json").graph) == 7
    capsys.readouterr()
    assert main(["new"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(crm.templates())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check", "nowhere.crm.json"], "nowhere.crm.json: No such file"),
        (["check", "{sales}", "--ignore", "dead-ends"], "did you mean 'dead-end'"),
        (["convert", "{sales}", "sales.grapml"], "did you mean '.graphml'"),
        (["convert", "{sales}", "x", "--to", "bpnm"], "did you mean 'bpmn'"),
        (["new", "lifecycel"], "did you mean 'lifecycle'"),
        (["diff", "{sales}", "nowhere"], "nowhere: No such file"),
    ],
)
def test_what_cannot_be_done_is_said_on_stderr_with_status_2(
    arguments: list[str], message: str, sales: Path, capsys: Say
) -> None:
    assert main([argument.format(sales=sales) for argument in arguments]) == 2
    said = capsys.readouterr()
    assert message in said.err and said.err.startswith("crmwidget: ") and said.out == ""


# ---- check -----------------------------------------------------------------------------------------


def drawn(*flows: str, **kinds: str) -> Elements:
    """A map of flows such as `"a b"` or `"a b label"`; nodes are stages of Ann unless a kind is given."""
    names = dict.fromkeys(name for flow in flows for name in flow.split()[:2]) | dict.fromkeys(kinds)
    return Elements(
        attributes={"name": "x"},
        nodes={name: {"kind": kinds.get(name, "stage"), "label": name.upper(), "owner": "Ann"} for name in names},
        flows={
            f"f{n}": {"source": a, "target": b, "kind": "flow", **({"label": label[0]} if label else {})}
            for n, (a, b, *label) in enumerate(flow.split() for flow in flows)
        },
    )


GOOD = drawn("a b", "b c", "c d yes", "c e no", "e b", a="start", c="decision", d="end")


@pytest.mark.parametrize(
    ("elements", "found"),
    [
        (GOOD, []),
        (drawn("a b", "b c"), []),
        (drawn("a b", "b a"), [("no-start", ""), ("no-end", "")]),
        (drawn("s a", "a e", "x y", "y e", s="start", e="end"), [("unreachable", "x"), ("unreachable", "y")]),
        (drawn("s a", "a e", "a x", s="start", e="end"), [("dead-end", "x")]),
        (drawn("s a", "a e", "a x", "x y", "y x", s="start", e="end"), [("endless", "x"), ("endless", "y")]),
        (drawn("s a", "a s", "a e", s="start", e="end"), [("start-with-inflow", "s")]),
        (drawn("s a", "a e", "e a", s="start", e="end"), [("end-with-outflow", "e")]),
        (drawn("s d", "d e", s="start", d="decision", e="end"), [("one-way-decision", "d")]),
        (drawn("s a", "a d", "s d", "d e", s="start", d="decision", e="end"), []),
        (drawn("s d", "d e yes", "d f", s="start", d="decision", e="end", f="end"), [("unnamed-way", "f2")]),
        (drawn("a b", c="stage"), [("lonely", "c")]),
        (drawn(a="stage", b="stage"), []),
    ],
)
def test_each_rule_finds_what_it_is_about_and_nothing_else(elements: Elements, found: list[tuple[str, str]]) -> None:
    assert [(problem.code, problem.element) for problem in problems(elements)] == found


def test_who_answers_around_a_step_answers_for_it() -> None:
    elements = drawn("a b")
    for node in ("a", "b"):
        elements.nodes[node] = {**elements.nodes[node], "owner": ""}
    assert [problem.element for problem in problems(elements)] == ["a", "b"]
    elements.nodes["g"] = {"kind": "group", "label": "G", "accountable": "Bea"}
    elements.nodes["a"] = {**elements.nodes["a"], "parent": "g"}
    assert [problem.element for problem in problems(elements)] == ["b"]


def test_the_map_behind_a_step_is_judged_by_itself() -> None:
    elements = drawn("a b", "x y", "y x")
    for node in ("x", "y"):
        elements.nodes[node] = {**elements.nodes[node], "parent": "a"}
    assert [(problem.code, problem.element) for problem in problems(elements)] == [("no-start", "a"), ("no-end", "a")]


@given(maps())
@settings(deadline=None, max_examples=20)
def test_any_map_can_be_checked_and_only_what_is_there_is_named(elements: Elements) -> None:
    there = {"", *elements.nodes, *elements.flows}
    found = problems(elements)
    assert {problem.element for problem in found} <= there
    codes = {problem.code for problem in found}
    assert [problem for code in RULES if code in codes for problem in problems(elements, only=[code])] == found
    assert problems(elements, ignore=codes) == []


def test_check_ends_with_1_for_an_error_and_for_a_warning_if_strict(sales: Path, tmp_path: Path, capsys: Say) -> None:
    m = crm.open(sales)
    m.add_stage("Nobody's")
    path = str(m.save(tmp_path / "warned.crm.json"))
    assert main(["check", path]) == 0
    assert "warning no-owner: nobody answers for 'Nobody's' (nobody_s)" in capsys.readouterr().out
    assert main(["check", path, "--strict"]) == 1
    assert main(["check", path, "--strict", "--ignore", "no-owner", "--ignore", "lonely"]) == 0
    m.add_flow("won", "lead")
    path = str(m.save(tmp_path / "wrong.crm.json"))
    capsys.readouterr()
    assert main(["check", path, "--json", "--only", "no-end"]) == 1
    (told,) = json.loads(capsys.readouterr().out)
    assert (told["code"], told["level"], told["element"]) == ("no-end", "error", "")


# ---- diff ------------------------------------------------------------------------------------------


def test_diff_says_what_came_went_changed_was_rewired_and_moved(sales: Path, tmp_path: Path, capsys: Say) -> None:
    m = crm.open(sales)
    m.update("lead", owner="Bea")
    m.update("f1", target="won", label="quick")
    m.add("end", "Lost", outcome="lost")
    m.remove("f2")
    m.move("won", 900, 10)
    other = m.save(tmp_path / "other.crm.json")
    assert main(["diff", str(sales), str(other), "--places"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert "+ added node lost: 'Lost'" in lines
    assert "~ changed node lead: owner 'Ann' → 'Bea'" in lines
    assert "- removed flow f2: deal → won" in lines
    assert "> rewired flow f1: target 'deal' → 'won'" in lines
    assert "~ changed flow f1: label nothing → 'quick'" in lines
    assert any(line.startswith(". moved node won: (") and line.endswith("→ (900, 10)") for line in lines)
    assert lines[-1] == "1 added, 1 removed, 2 changed, 1 rewired, 1 moved"
    assert main(["diff", str(sales), str(other), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert {"what": "changed", "sort": "node", "id": "lead", "attributes": {"owner": ["Ann", "Bea"]}} in told
    assert main(["diff", str(sales), str(sales)]) == 0


@given(maps(), maps())
@settings(deadline=None, max_examples=25)
def test_the_difference_is_nothing_only_between_equal_maps_and_undoes_itself(one: Elements, other: Elements) -> None:
    one, other = (map_json.loads(map_json.dumps(found)) for found in (one, other))
    assert compare(one, one) == []
    there, back = compare(one, other), compare(other, one)
    opposite = {"added": "removed", "removed": "added"}
    turned = {(opposite.get(d.what, d.what), d.sort, d.id, d.lens) for d in back}
    assert {(d.what, d.sort, d.id, d.lens) for d in there} == turned
    same = (one.attributes, one.nodes, one.flows, one.comments) == (
        other.attributes, other.nodes, other.flows, other.comments,
    )  # fmt: skip
    assert same == (not [d for d in there if d.what != "moved"])

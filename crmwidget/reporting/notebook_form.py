"""A report as a notebook: text between short cells that ask the same questions, to run again and to write around."""

from __future__ import annotations

import ast
import datetime as dt
import keyword
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crmwidget.errors import AnalysisError, shorten
from crmwidget.formats.notebook_file import Cell, code_cell, notebook_json, text_cell
from crmwidget.reporting.answers import Answer

if TYPE_CHECKING:
    from crmwidget.analysis.attached_log import LogChoice
    from crmwidget.crm_map import CrmMap
    from crmwidget.reporting.answers import LeftOut
    from crmwidget.reporting.plan import StepLike

__all__ = ["notebook", "setup_of"]

_MARKDOWN = str.maketrans({c: f"\\{c}" for c in "\\`*_{}[]<>#|$~"})


def setup_of(m: CrmMap, setup: str | None) -> str:
    """The code that makes the map: what was given, or, for a map without data, the map's own.

    Raises
    ------
    AnalysisError
        There is data, whose rows no notebook holds, and no code to get it; or the code is none.
    """
    if setup is None:
        if m.tables or m.logs:
            raise AnalysisError(
                "A notebook holds no row of what is attached, so it needs the code that makes the map with its data: "
                "setup=\"import crmwidget as crm\\nm = crm.open('sales.crm.json')\\nm.attach(…)\"."
            )
        locale = f"m.write_in({m.locale!r})\n" if m.locale else ""
        return f"{m.to_code().rstrip()}\n{locale}"
    if not isinstance(setup, str):
        raise AnalysisError(f"setup= is the code that makes the map, as text; given {shorten(setup)}.")
    try:
        parsed = ast.parse(setup)
    except SyntaxError as error:
        raise AnalysisError(f"setup= is no Python: {error.msg}, in line {error.lineno}.") from error
    made = {node.id for node in ast.walk(parsed) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    if "m" not in made:
        raise AnalysisError("setup= makes no map: it ends with `m = …`, such as m = crm.open('sales.crm.json').")
    return setup


def notebook(
    answers: Sequence[Answer],
    left_out: Sequence[LeftOut],
    *,
    title: str,
    setup: str,
    log: LogChoice,
    plan: StepLike | Iterable[StepLike] | None,
    at: dt.date | str | None,
    paint: str | None,
    target: Path,
) -> str:
    """The text of the notebook; it has no outputs, and running it writes the page of that name beside it.

    Assignments of plain values with which the setup begins stand in a cell of parameters, as papermill replaces them.

    Raises
    ------
    AnalysisError
        An answer was asked before: a notebook asks anew.
    """
    for answer in answers:
        if answer.is_given:
            raise AnalysisError(
                f"A notebook asks anew, so questions= are names; given the answer of {answer.name!r}. Its options can "
                "be written into its cell."
            )
    parameters, rest = _parted(setup)
    parameters += f"TITLE = {title!r}\nREPORT = {f'{target.stem}.html'!r}  # where the page is written\n"
    names = _variables(answers)
    cells = [
        text_cell(
            f"# {_plain(title)}\n\nRun all cells, and the report is written again from the data as it is then. "
            "Write around the answers what they mean; change a question in its cell."
        ),
        code_cell(parameters, tags=["parameters"]),
        code_cell(rest if "import crmwidget as crm" in rest else f"import crmwidget as crm\n\n{rest}"),
        text_cell("## The map"),
        code_cell("m"),
    ]
    for answer, name in zip(answers, names, strict=True):
        cells += _question(answer, name, log)
    if left_out:
        reasons = "\n".join(f"- {_plain(one.title)}: {_plain(one.reason)}" for one in left_out)
        cells.append(text_cell(f"## Questions that were not asked\n\n{reasons}"))
    cells += [
        text_cell("## Plan\n\nWhat the findings suggest, and the page with all of it."),
        code_cell(_closing(answers, names, log, plan, at, paint)),
        code_cell("report"),
    ]
    return notebook_json(cells)


def _question(answer: Answer, name: str, log: LogChoice) -> list[Cell]:
    told = text_cell(f"## {_plain(answer.title)}\n\n{_plain(answer.asked)}".rstrip())
    if answer.result is None:
        return [told, text_cell(f"No answer: {_plain(answer.trouble)}")]
    asked = f"crm.{answer.name}" if answer.is_built_in else f"crm.questions()[{answer.name!r}].function"
    cells = [told, code_cell(f"{name} = {asked}(m{_log_option(log) if answer.reads_log else ''})\n{name}")]
    return [*cells, code_cell(f"{name}.chart()")] if answer.chart is not None else cells


def _closing(
    answers: Sequence[Answer],
    names: Sequence[str],
    log: LogChoice,
    plan: StepLike | Iterable[StepLike] | None,
    at: dt.date | str | None,
    paint: str | None,
) -> str:
    asked = [name if one.result is not None else repr(one.name) for one, name in zip(answers, names, strict=True)]
    options = ["path=REPORT", "title=TITLE"]
    if log is not None:
        options.append(_log_option(log).removeprefix(", "))
    if plan is not None:
        options.append(f"plan={plan!r}")
    if at is not None:
        options.append(f"at={str(at)!r}")
    if paint is not None:
        options.append(f"paint={paint!r}")
    lines = "".join(f"    {option},\n" for option in (f"[{', '.join(asked)}]", *options))
    return f"report = crm.report(\n    m,\n{lines})\nreport.plan"


def _log_option(log: LogChoice) -> str:
    return "" if log is None else f", log={log!r}" if isinstance(log, str) else ", log=log"


def _variables(answers: Sequence[Answer]) -> list[str]:
    """A name for each answer, none of them one that the notebook uses."""
    taken = {"m", "crm", "log", "report", *keyword.kwlist, *keyword.softkwlist}
    names = []
    for answer in answers:
        name = answer.name
        while name in taken:
            name += "_"
        taken.add(name)
        names.append(name)
    return names


def _parted(setup: str) -> tuple[str, str]:
    """The assignments of plain values at the beginning of some code, and the rest of it."""
    lines = setup.splitlines(keepends=True)
    end = 0
    for statement in ast.parse(setup).body:
        if not isinstance(statement, ast.Assign) or not _is_plain(statement.value):
            break
        end = statement.end_lineno or 0
    parameters = "".join(lines[:end])
    return parameters if not parameters or parameters.endswith("\n") else f"{parameters}\n", "".join(lines[end:]).strip(
        "\n"
    )


def _is_plain(value: ast.expr) -> bool:
    try:
        ast.literal_eval(value)
    except ValueError:
        return False
    return True


def _plain(text: str) -> str:
    """Text that Markdown shows as it is."""
    return " ".join(text.split()).translate(_MARKDOWN)

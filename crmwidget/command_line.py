"""The command `crmwidget`: convert, check, compare, begin and report maps from a shell or in a build."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from crmwidget import catalog, making
from crmwidget.analysis.structure_rules import RULES, problems
from crmwidget.data.numerals import counted
from crmwidget.demo_command import add_demo
from crmwidget.errors import CrmWidgetError, EditError
from crmwidget.formats import by_name
from crmwidget.graph.elements import Elements
from crmwidget.graph.versions import Difference, compare
from crmwidget.json_values import encode
from crmwidget.report_command import add_report

__all__ = ["main"]

_FINE, _FOUND, _TROUBLE = 0, 1, 2
_SIGNS = {"added": "+", "removed": "-", "changed": "~", "rewired": ">", "moved": "."}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 fine, 1 something was found, 2 it could not be done."""
    given = _parser().parse_args(arguments)
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")  # a label must not end a build on a terminal of few characters
    try:
        status: int = given.run(given)
    except CrmWidgetError as error:
        return _trouble(str(error))
    except OSError as error:
        return _trouble(f"{error.filename or 'the file'}: {error.strerror or error}")
    except KeyboardInterrupt:
        return _trouble("stopped")
    return status


def _trouble(text: str) -> int:
    sys.stderr.write(f"crmwidget: {text}\n")
    return _TROUBLE


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


# ---- convert ---------------------------------------------------------------------------------------


def _convert(given: argparse.Namespace) -> int:
    _refuse_to_overwrite(given.to, force=given.force)
    by_name.for_writing(given.to, given.to_format)  # before anything is read
    m = making.open(given.source, format=given.from_format)
    m.save(given.to, format=given.to_format)
    _say(f"{given.to}: {len(m.graph):,} nodes, {m.graph.number_of_edges():,} flows")
    return _FINE


def _refuse_to_overwrite(path: Path, *, force: bool) -> None:
    if path.exists() and not force:
        raise EditError(f"{path} is there already; --force overwrites it")


# ---- check -----------------------------------------------------------------------------------------


def _check(given: argparse.Namespace) -> int:
    found = problems(_elements(given.map, given.format), only=given.only or None, ignore=given.ignore)
    errors = [problem for problem in found if RULES[problem.code].is_error]
    if given.json:
        _say(
            json.dumps(
                [
                    {
                        "code": problem.code,
                        "level": "error" if RULES[problem.code].is_error else "warning",
                        "element": problem.element,
                        "text": problem.text,
                    }
                    for problem in found
                ],
                ensure_ascii=False,
                indent=2,
            )
        )
    else:
        for problem in found:
            level = "error" if RULES[problem.code].is_error else "warning"
            at = f" ({problem.element})" if problem.element else ""
            _say(f"{given.map}: {level} {problem.code}: {problem.text}{at}")
        n_warnings = len(found) - len(errors)
        _say(f"{given.map}: {counted(len(errors), 'error')}, {counted(n_warnings, 'warning')}")
    return _FOUND if errors or (given.strict and found) else _FINE


def _elements(path: Path, format: str | None) -> Elements:
    return making.open(path, format=format).elements


# ---- diff ------------------------------------------------------------------------------------------


def _diff(given: argparse.Namespace) -> int:
    before, after = _elements(given.before, None), _elements(given.after, None)
    found = [one for one in compare(before, after) if given.places or one.what != "moved"]
    if given.json:
        _say(json.dumps([_as_json(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            _say(_line(one, before, after))
        _say(", ".join(f"{sum(one.what == what for one in found):,} {what}" for what in _SIGNS))
    return _FOUND if found else _FINE


def _as_json(one: Difference) -> dict[str, Any]:
    pairs = {name: [encode(before), encode(after)] for name, (before, after) in one.attributes.items()}
    told = {"what": one.what, "sort": one.sort, "id": one.id, "attributes": pairs}
    return {**told, "lens": one.lens} if one.lens else told


def _line(one: Difference, before: Elements, after: Elements) -> str:
    head = f"{_SIGNS[one.what]} {one.what} {one.sort}"
    if one.what in ("added", "removed"):
        own = {name: pair[one.what == "added"] for name, pair in one.attributes.items()}
        if one.sort == "flow":
            return f"{head} {one.id}: {own['source']} → {own['target']}" + (
                f" '{own['label']}'" if "label" in own else ""
            )
        return f"{head} {one.id}: {_short(own.get('label', own.get('text', own.get('by', ''))))}"
    if one.what == "moved":
        (x, y), (to_x, to_y) = (
            (found.positions[one.lens][one.id]["x"], found.positions[one.lens][one.id]["y"])
            for found in (before, after)
        )
        return f"{head} {one.id}: ({x:g}, {y:g}) → ({to_x:g}, {to_y:g})"
    pairs = ", ".join(f"{name} {_short(old)} → {_short(new)}" for name, (old, new) in one.attributes.items())
    return f"{head} {one.id or after.attributes['name']}: {pairs}"


def _short(value: object) -> str:
    text = "nothing" if value is None else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


# ---- new -------------------------------------------------------------------------------------------


def _new(given: argparse.Namespace) -> int:
    if given.template is None:
        for name, title in catalog.templates().items():
            _say(f"{name:16} {title}")
        return _FINE
    path = given.to or Path(f"{given.template}.crm.json")
    m = making.template(given.template)
    _refuse_to_overwrite(path, force=given.force)
    m.save(path)
    _say(f"{path}: {len(m.graph):,} nodes, {m.graph.number_of_edges():,} flows")
    return _FINE


# ---- what can be said ------------------------------------------------------------------------------


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="crmwidget",
        description="Convert, check, compare, begin and report CRM maps.",
        epilog="Exit status: 0 fine, 1 something was found (check, diff, report), 2 it could not be done.\n"
        "`crmwidget COMMAND --help` explains a command.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    readable = ", ".join(found.name for found in by_name.FORMATS.values() if found.is_read)
    written = ", ".join(found.name for found in by_name.FORMATS.values() if found.is_written)
    formats = "\n".join(
        f"  {found.name:8} {found.title} ({', '.join(found.suffixes)})" + ("" if found.is_read else ", written only")
        for found in by_name.FORMATS.values()
    )

    convert = _command(
        commands,
        "convert",
        _convert,
        "write a map in another format",
        f"formats, by the suffix of the file:\n{formats}\n\nexamples:\n"
        "  crmwidget convert order.bpmn order.crm.json     a process model becomes a map\n"
        "  crmwidget convert sales.crm.json sales.mmd      a map becomes a diagram for a README\n"
        "  crmwidget convert edges.txt sales.xlsx --from csv",
    )
    convert.add_argument("source", metavar="A", type=Path, help="the file to read")
    convert.add_argument("to", metavar="B", type=Path, help="the file to write")
    convert.add_argument("--from", dest="from_format", metavar="FORMAT", help=f"the format of A: {readable}")
    convert.add_argument("--to", dest="to_format", metavar="FORMAT", help=f"the format of B: {written}")
    convert.add_argument("--force", action="store_true", help="overwrite B if it is there")

    rules = "\n".join(
        f"  {rule.code:18} {'error' if rule.is_error else 'warning':8} {rule.title}" for rule in RULES.values()
    )
    check = _command(
        commands,
        "check",
        _check,
        "look for what is wrong with the structure of a map",
        f"rules:\n{rules}\n\nIt ends with status 1 if there is an error, with --strict also for a warning.\n\n"
        "examples:\n"
        "  crmwidget check sales.crm.json\n"
        "  crmwidget check order.bpmn --ignore no-owner --strict      in a build",
    )
    check.add_argument("map", metavar="MAP", type=Path, help="the file of a map, of any format that is read")
    check.add_argument("--only", metavar="RULE", action="append", default=[], help="this rule alone (repeatable)")
    check.add_argument("--ignore", metavar="RULE", action="append", default=[], help="not this rule (repeatable)")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.add_argument("--format", metavar="FORMAT", help=f"the format of the file: {readable}")
    check.add_argument("--json", action="store_true", help="a JSON list of code, level, element and text")

    diff = _command(
        commands,
        "diff",
        _diff,
        "say how two maps differ",
        "Elements are the same if their ids are. A flow whose ends changed is `rewired`; in JSON each attribute\n"
        "that differs has a list of two: before and after.\n\nexamples:\n"
        "  crmwidget diff before.crm.json after.crm.json\n"
        "  crmwidget diff before.bpmn after.bpmn --json | jq '.[] | select(.what == \"added\")'",
    )
    diff.add_argument("before", metavar="A", type=Path, help="the older map")
    diff.add_argument("after", metavar="B", type=Path, help="the newer map")
    diff.add_argument("--places", action="store_true", help="list what has only moved, too")
    diff.add_argument("--json", action="store_true", help="a JSON list of what, sort, id, attributes")

    new = _command(
        commands,
        "new",
        _new,
        "begin a map from a template",
        "templates:\n"
        + "\n".join(f"  {name:16} {title}" for name, title in catalog.templates().items())
        + "\n\nexample:\n  crmwidget new lifecycle sales.crm.json",
    )
    new.add_argument("template", metavar="TEMPLATE", nargs="?", help="its name; without one the templates are listed")
    new.add_argument("to", metavar="FILE", type=Path, nargs="?", help="where to (TEMPLATE.crm.json)")
    new.add_argument("--force", action="store_true", help="overwrite FILE if it is there")

    add_report(partial(_command, commands))
    add_demo(partial(_command, commands))
    return parser


def _command(commands: Any, name: str, run: Any, title: str, epilog: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(
        name,
        help=title,
        description=f"{title[:1].upper()}{title[1:]}.",
        epilog=epilog,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=run)
    return parser

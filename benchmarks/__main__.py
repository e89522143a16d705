"""Run the claims, all or those named, and tell at the end which budgets were kept: `make bench ARGS="--quick"`."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Measure, Table, summary, table
from benchmarks.report import machine, page

CLAIMS = (
    "imports",
    "bundle",
    "live_graph",
    "layout",
    "wire",
    "asking",
    "event_log",
    "what_if",
    "canvas",
    "memory",
    "peers",
)
ON_REQUEST = {"peers"}  # it takes half an hour, and packages that are installed for it alone
OUTPUT = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    usual = f"by default all but {', '.join(ON_REQUEST)}"
    parser.add_argument("claims", nargs="*", metavar="claim", help=f"which to run: {', '.join(CLAIMS)}; {usual}")
    parser.add_argument("--only", action="append", default=[], metavar="claim", help="the same, as an option")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    parser.add_argument("--markdown", type=Path, metavar="PATH", help="write the tables into this file as well")
    given = parser.parse_args()
    for name in [*given.claims, *given.only]:
        if name not in CLAIMS:
            parser.error(f"there is no claim {name!r}; there are {', '.join(CLAIMS)}")
    return given


def main() -> int:
    given = arguments()
    named = {*given.claims, *given.only} or {*CLAIMS} - ON_REQUEST
    told = machine()
    found: dict[str, list[Measure]] = {}
    shown: dict[str, tuple[str, list[Table]]] = {}
    failed = False
    started = time.monotonic()
    print("\n".join(f"{name}: {value}" for name, value in told.items()))
    for claim in (claim for claim in CLAIMS if claim in named):
        module = import_module(f"benchmarks.{claim}")
        found[claim] = []
        try:
            found[claim].extend(module.run(quick=given.quick))  # what came before an error stays
        except Exception:
            traceback.print_exc()
            print(f"\n{claim}: could not be measured to the end", file=sys.stderr)
            failed = True
        text = (module.__doc__ or "").strip()
        own = getattr(module, "tables", None)  # a claim about several libraries has a table for each question
        shown[claim] = text, own(found[claim]) if own else [table(found[claim])]
        print("", f"{claim}: {text.splitlines()[0]}", *(one.text() for one in shown[claim][1]), sep="\n\n")
        sys.stdout.flush()
    print(f"\n{summary([measure for measures in found.values() for measure in measures]).text()}")
    OUTPUT.parent.mkdir(exist_ok=True)
    report = {
        **told,
        "quick": given.quick,
        "seconds": round(time.monotonic() - started, 1),
        "claims": {claim: [measure.as_dict() for measure in measures] for claim, measures in found.items()},
    }
    OUTPUT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(f"{report['seconds']} s; all values are in {OUTPUT}")
    if given.markdown:
        command = f'make bench ARGS="{shlex.join(sys.argv[1:])}"'
        given.markdown.write_text(page(command, told, shown), encoding="utf-8")
        print(f"The tables are in {given.markdown}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

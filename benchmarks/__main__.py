"""Run the claims, all or those named, and tell at the end which budgets were kept: `make bench ARGS="--quick"`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Measure, print_summary, print_table

CLAIMS = ("imports", "bundle", "live_graph", "layout", "wire", "event_log", "canvas")
OUTPUT = Path(__file__).resolve().parent.parent / "build" / "bench.json"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("claims", nargs="*", metavar="claim", help=f"which to run: {', '.join(CLAIMS)}; all by default")
    parser.add_argument("--only", action="append", default=[], metavar="claim", help="the same, as an option")
    parser.add_argument("--quick", action="store_true", help="fewer repeats")
    given = parser.parse_args()
    for name in [*given.claims, *given.only]:
        if name not in CLAIMS:
            parser.error(f"there is no claim {name!r}; there are {', '.join(CLAIMS)}")
    return given


def main() -> int:
    given = arguments()
    named = {*given.claims, *given.only} or {*CLAIMS}
    found: dict[str, list[Measure]] = {}
    failed = False
    started = time.monotonic()
    for claim in (claim for claim in CLAIMS if claim in named):
        module = import_module(f"benchmarks.{claim}")
        found[claim] = []
        try:
            found[claim].extend(module.run(quick=given.quick))  # what came before an error stays
        except Exception:
            traceback.print_exc()
            print(f"\n{claim}: could not be measured to the end", file=sys.stderr)
            failed = True
        print_table(f"{claim}: {(module.__doc__ or '').strip()}", found[claim])
        sys.stdout.flush()
    print_summary([measure for measures in found.values() for measure in measures])
    OUTPUT.parent.mkdir(exist_ok=True)
    report = {
        "python": platform.python_version(),
        "machine": f"{platform.machine()}, {os.cpu_count()} cores",
        "quick": given.quick,
        "seconds": round(time.monotonic() - started, 1),
        "claims": {claim: [measure.as_dict() for measure in measures] for claim, measures in found.items()},
    }
    OUTPUT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
    print(f"{report['seconds']} s; all values are in {OUTPUT}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())

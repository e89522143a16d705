"""Build the documentation as a site: `python scripts/build_docs.py` writes build/docs; a warning is an error.

`python scripts/build_docs.py SOURCE TARGET` puts its pages together in SOURCE and builds into TARGET.

What is written by hand lies in docs/. What can be said by the package itself is written anew each time: a page for each
question and for each public name from its docstring, with an answer that is asked while building; the lessons as they
are stored; the decisions; the changelog.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from question_pages import write_questions
from reference_pages import write_reference

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TARGET = ROOT / "build" / "docs_source", ROOT / "build" / "docs"
LESSONS = ROOT / "example_notebooks"


def gather(source: Path = SOURCE) -> None:
    """Put all pages together in one folder."""
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(ROOT / "docs", source)
    shutil.copy(ROOT / "CHANGELOG.md", source / "changelog.md")
    write_lessons(source / "lessons")
    write_decisions(source / "adr")
    write_questions(source / "questions")
    write_reference(source / "reference")


def write_lessons(folder: Path) -> None:
    """Each notebook as a page, and a page that lists them with the goal that each states."""
    folder.mkdir()
    entries = []
    for path in sorted(LESSONS.glob("*.ipynb")):
        shutil.copy(path, folder / path.name)
        first = "".join(json.loads(path.read_text(encoding="utf-8"))["cells"][0]["source"])
        title, goal = first.splitlines()[0].removeprefix("# "), first.partition("**You will** ")[2].partition("\n\n")[0]
        entries.append(f"- [{title}]({path.name}): {' '.join(goal.split())}" if goal else f"- [{title}]({path.name})")
    listed = "\n".join(path.stem for path in sorted(LESSONS.glob("*.ipynb")))
    page = (
        "# Lessons\n\nEach lesson is a notebook that runs; here it is shown with the outputs that are stored in it. "
        "The files are in `example_notebooks/`.\n\n"
    )
    toctree = f"\n\n```{{toctree}}\n:hidden:\n\n{listed}\n```\n"
    (folder / "index.md").write_text(page + "\n".join(entries) + toctree, encoding="utf-8")


def write_decisions(folder: Path) -> None:
    """A page that lists the decisions by what they decide."""
    listed = "\n".join(path.stem for path in sorted(folder.glob("*.md")))
    (folder / "index.md").write_text(
        "# Decisions\n\nWhat would be asked about again, what was decided, and what was measured.\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{listed}\n```\n",
        encoding="utf-8",
    )


def main(source: Path = SOURCE, target: Path = TARGET) -> int:
    """Gather and build; the number of what is wrong, 0 for nothing."""
    from sphinx.cmd.build import main as build

    gather(source)
    shutil.rmtree(target, ignore_errors=True)
    options = ["-q", "-W", "--keep-going", "-d", str(source.with_name(f"{source.name}_trees"))]
    status = build([*options, "-b", "html", str(source), str(target)])
    if not status:
        print(f"{target / 'index.html'}: {len(list(target.rglob('*.html')))} pages")
    return status


if __name__ == "__main__":
    raise SystemExit(main(*map(Path, sys.argv[1:])))

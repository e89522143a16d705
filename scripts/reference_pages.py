"""The reference: a page for each class, each module and each family of functions, from the docstrings."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from pathlib import Path

from public_names import PublicName, Sort, public_names

from crmwidget import questions

__all__ = ["write_reference"]

DIRECTIVES = {Sort.FUNCTION: "autofunction", Sort.METHOD: "automethod", Sort.PROPERTY: "autoproperty"}
FAMILIES = {
    "crmwidget.making": ("new_maps", "Ways to a new map"),
    "crmwidget.analysis.registry": ("own_questions", "Questions of your own"),
}
FIRST = ("new_maps", "crmmap", "eventlog", "result", "finding", "own_questions", "samples", "shown")


def write_reference(folder: Path) -> None:
    """All pages, and the one that lists them."""
    folder.mkdir()
    pages: dict[str, tuple[str, list[str]]] = {}
    names = list(public_names())
    for name in names:
        if "." in name.path and not _is_in_a_module(name):
            continue
        page, title, text = _entry(name, names)
        if text:
            pages.setdefault(page, (title, []))[1].append(text)
    place = {page: i for i, page in enumerate(FIRST)}
    listed = sorted(pages, key=lambda page: (page == "errors", place.get(page, len(place))))
    for page, (title, texts) in pages.items():
        body = "\n\n".join(texts)
        (folder / f"{page}.rst").write_text(f"{title}\n{'=' * len(title)}\n\n{body}\n", encoding="utf-8")
    (folder / "index.md").write_text(
        "# Reference\n\nEvery public name, with an example that runs. The functions that ask a question have a page "
        "each among the [questions](../questions/index.md).\n\n"
        f"```{{toctree}}\n:maxdepth: 1\n\n{chr(10).join(listed)}\n```\n",
        encoding="utf-8",
    )


def _entry(name: PublicName, names: Iterable[PublicName]) -> tuple[str, str, str]:
    """The page that a name stands on, its title, and what stands there; nothing for what stands elsewhere."""
    thing, path = name.thing, name.path
    if "." in path:
        module = path.partition(".")[0]
        return module, f"crmwidget.{module}", _directive(name, names)
    if name.sort is Sort.MODULE:
        return (
            path,
            f"crmwidget.{path}",
            f".. automodule:: {thing.__name__}\n   :no-members:\n\n.. py:currentmodule:: None",
        )
    if name.sort is Sort.CLASS and issubclass(thing, BaseException):
        return "errors", "Errors", _directive(name, names)
    if name.sort is Sort.CLASS:
        return path.lower(), path, _directive(name, names)
    if path in questions() or path == "discover":
        return "", "", ""
    page, title = FAMILIES.get(thing.__module__, (path, path))
    return page, title, _directive(name, names)


def _directive(name: PublicName, names: Iterable[PublicName]) -> str:
    where = _address(name)
    if name.sort is Sort.VALUE:
        return f".. py:data:: {where}\n   :type: {type(name.thing).__name__}"
    if name.sort is not Sort.CLASS:
        return f".. {DIRECTIVES[name.sort]}:: {where}"
    lines, part = [f".. autoclass:: {where}"], name.thing
    for inner in names:
        if inner.path.startswith(f"{name.path}.") and inner.sort in (Sort.METHOD, Sort.PROPERTY):
            last = inner.path.rpartition(".")[2]
            holder = next(one for one in name.thing.__mro__ if last in vars(one))
            if holder is not part:  # a large class is put together from parts, each with a job of its own
                part = holder
                lines.append(f"\n   .. rubric:: {_job(part)}")
            lines.append(f"\n   .. {DIRECTIVES[inner.sort]}:: {where}.{last}")
    return "\n".join(lines)


def _job(part: type) -> str:
    """What the module of a part of a class is for, in the words of its first line."""
    return str(inspect.getdoc(inspect.getmodule(part))).partition("\n")[0].rstrip(".")


def _address(name: PublicName) -> str:
    """Where a name is found: under the package, or, for what calls give back, in its module."""
    import crmwidget

    first = name.path.partition(".")[0]
    if hasattr(crmwidget, first) and first in crmwidget.__all__:
        return f"crmwidget.{name.path}"
    return f"{name.thing.__module__}.{name.thing.__qualname__}"


def _is_in_a_module(name: PublicName) -> bool:
    return inspect.ismodule(name.owner) and name.path.count(".") == 1

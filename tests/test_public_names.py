"""Every public name has an example that runs, and every question says what its page has to say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from crmwidget import discover, questions

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "scripts"))
from public_names import PublicName, Sort, examples_in, public_names  # noqa: E402
from question_pages import asks_a_log  # noqa: E402

NAMES = list(public_names())
ASKED: dict[str, Callable[..., object]] = {
    **{question.name: question.function for question in questions().values()},
    "discover": discover,
}


@pytest.mark.parametrize("name", NAMES, ids=lambda name: name.path)
def test_a_public_name_has_an_example(name: PublicName) -> None:
    where = "its docstring" if name.sort not in (Sort.FIELD, Sort.VALUE) else "the docstring of its class or module"
    assert name.has_example, f"crmwidget's {name.path} needs an example in {where}: `>>> …`, see CONTRIBUTING.md"


@pytest.mark.parametrize("name", [name for name in NAMES if examples_in(name.docstring)], ids=lambda name: name.path)
def test_its_example_is_one_that_runs(name: PublicName) -> None:
    """`--doctest-modules` runs what the finder finds in a module of the package; networkx's own run there."""
    inner = inspect.unwrap(getattr(name.thing, "fget", None) or getattr(name.thing, "__func__", name.thing))
    module = inspect.getmodule(inner)
    assert module is not None
    if not module.__name__.startswith("crmwidget") or not examples_in(inspect.unwrap(inner).__doc__ or ""):
        pytest.skip("the docstring is inherited from another package, which runs it")
    assert inner.__doc__ in found_in(module.__name__)


@cache
def found_in(module: str) -> frozenset[str]:
    """The docstrings of a module that have examples which are run."""
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(module))
    return frozenset(test.docstring for test in found if test.examples)


def test_names_that_only_some_classes_add_are_walked_too() -> None:
    paths = {name.path for name in NAMES}
    assert {
        "CrmMap.add_stage",
        "CrmMap.update",
        "CrmMap.undo",
        "EventLog.where",
        "Result.show",
        "Finding.sentence",
    } <= paths
    assert {"samples.events", "shown.Paint.heat", "LiveGraph.plain", "EditError", "Chart.to_json"} <= paths
    assert not paths & {"LiveGraph.nodes", "LiveGraph.update", "EditError.args", "CrmMap._element"}


def test_a_name_without_an_example_is_noticed() -> None:
    class Shelf:
        """A shelf.

        >>> Shelf().shown
        """

        shown = 1
        hidden = 2

        def put(self) -> None:
            """Put it there."""

    def has_example(name: str, sort: Sort) -> bool:
        return PublicName(f"Shelf.{name}", sort, getattr(Shelf, name), Shelf).has_example

    assert has_example("shown", Sort.FIELD)
    assert not has_example("hidden", Sort.FIELD)
    assert not has_example("put", Sort.METHOD)


@pytest.mark.parametrize("name", ASKED)
def test_a_question_says_what_it_counts_and_where_its_method_comes_from(name: str) -> None:
    said = inspect.getdoc(ASKED[name]) or ""
    sections = dict(re.findall(r"^(\w+)\n-+\n(.*?)(?=^\w+\n-+$|\Z)", said, re.MULTILINE | re.DOTALL))
    assert sections.keys() >= {"Parameters", "Returns", "Examples"}
    if not asks_a_log(ASKED[name]):
        return  # it counts no cases
    assert sections.keys() >= {"Raises", "Notes"}
    notes = dict(re.findall(r"^\*([A-Z][\w -]+)\.\*(.*?)(?=^\*|\Z)", sections["Notes"], re.MULTILINE | re.DOTALL))
    assert notes.keys() >= {"Open cases", "Missing values", "Small groups", "Source"}
    assert notes.keys() & {"Definition", "Closed form", "From a log"}, "what it is that is counted"
    assert notes.keys() & {"Ties", "Simulation"}, "which of two at one moment comes first"
    assert re.search(r"[A-Z]\w+.*\*[A-Z][^*]+\*,\s(1[89]|20)\d\d\b", notes["Source"], re.DOTALL), "*title*, year"
    if name != "discover":
        assert "one row per" in sections["Returns"] or "a first row for the whole map" in sections["Returns"]

"""Every public name has an example that runs, and every question says what its page has to say."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from collections.abc import Callable

import pytest

from crmwidget import discover, questions
from crmwidget.analysis.result import Result
from scripts.public_names import PublicName, Sort, examples_in, public_names

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
    found = doctest.DocTestFinder(exclude_empty=True).find(importlib.import_module(module.__name__))
    assert any(test.examples and test.docstring == inner.__doc__ for test in found)


def test_names_that_only_some_classes_add_are_walked_too() -> None:
    paths = {name.path for name in NAMES}
    assert {"CrmMap.add_stage", "CrmMap.undo", "EventLog.where", "Result.show", "Finding.sentence"} <= paths
    assert {"samples.events", "shown.Paint.heat", "LiveGraph.plain", "EditError", "Chart.to_json"} <= paths
    assert not paths & {"LiveGraph.nodes", "EditError.args", "CrmMap._element"}


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
    assert sections.keys() >= {"Parameters", "Returns", "Raises", "Notes", "Examples"}
    told = sections["Returns"] + sections["Notes"]
    assert re.search(r"one row per|Flows with", told), "what a row of its table is"
    assert re.search(r"missing|never 0", told), "what is undefined"
    assert re.search(r"[Ss]mall groups|fewer than|1 to 4|single cases", told), "what becomes of small groups"
    assert re.search(r"[Oo]pen case|still open|closed cases|[Cc]ases are closed|is closed", told), "what open cases are"
    assert re.search(r"\*[A-Z][^*]+\*,? [^)]*?\b(1[89]|20)\d\d\b", sections["Notes"]), "a source: *title*, year"


def test_a_question_gives_a_result() -> None:
    for question in questions().values():
        returned = inspect.signature(inspect.unwrap(question.function)).return_annotation
        assert returned in {"Result", "Conformance"}, question.name
        assert issubclass(Result, Result)

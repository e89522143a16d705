"""Questions are plain functions; their own and the user's stand in one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pandas as pd
import pytest

from crmwidget.analysis import registry
from crmwidget.analysis.registry import ask, missing, question, questions
from crmwidget.analysis.result import Result
from crmwidget.errors import AnalysisError
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel


@pytest.fixture(autouse=True)
def _forget_own_questions() -> Iterator[None]:
    before = set(questions())
    yield
    for name in set(questions()) - before:
        registry.forget(name)


def a_map(*nodes: str) -> MapModel:
    return MapModel(Elements(nodes={node: {"kind": "stage", "label": node} for node in nodes}))


def nodes_of(m: MapModel) -> Result:
    return Result("anything", "Nodes", pd.DataFrame({"node": list(m.graph)}), grain="node")


def test_a_question_is_listed_asked_and_painted_under_its_name() -> None:
    @question(title="How many?", group="own", needs="nodes")
    def how_many(m: MapModel, *, factor: int = 1) -> Result:
        """Count."""
        return nodes_of(m)

    m = a_map("a", "b")
    assert questions()["how_many"].title == "How many?"
    assert how_many.__doc__ == "Count."
    result = ask(m, "how_many").show()
    assert result.name == "how_many"
    assert list(m.overlays) == ["how_many"]
    assert how_many(m, factor=2).table["node"].tolist() == ["a", "b"]


def test_the_built_in_question_comes_first_and_says_what_it_needs() -> None:
    assert next(iter(questions())) == "conversion"
    m = a_map("lead")
    assert "m.attach" in missing(m, "conversion")
    with pytest.raises(AnalysisError, match=r"m\.attach"):
        ask(m, "conversion")
    m.tables.attach(pd.DataFrame({"stage": ["lead"] * 9}), stage="stage", node_ids=m.graph)
    assert missing(m, "conversion") == ""
    assert ask(m, "conversion").table["n_entered"].tolist() == [9]


def test_what_a_question_needs_may_be_a_function() -> None:
    question(title="T", needs=lambda m: "" if "x" in m.graph else "Add x.", name="needs_x")(nodes_of)
    assert missing(a_map("a"), "needs_x") == "Add x."
    assert missing(a_map("x"), "needs_x") == ""


def test_running_a_cell_again_replaces_and_another_function_of_the_name_is_refused() -> None:
    def define(title: str) -> None:
        @question(title=title)
        def mine(m: MapModel) -> Result:
            return nodes_of(m)

    define("First")
    define("Second")
    assert questions()["mine"].title == "Second"
    with pytest.raises(AnalysisError, match=r"registered already, by .*define.*mine"):
        question(title="T", name="mine")(nodes_of)
    with pytest.raises(AnalysisError, match=r"by crmwidget\.analysis\.conversion"):
        question(title="T", name="conversion")(nodes_of)


@pytest.mark.parametrize("name", ["", "Mine", "my question", "1st", "<lambda>", "x" * 61, 7])
def test_a_name_that_is_none_is_refused(name: Any) -> None:
    with pytest.raises(AnalysisError, match="lower case"):
        question(title="T", name=name)(nodes_of)


def test_a_lambda_needs_a_name() -> None:
    with pytest.raises(AnalysisError, match="lower case"):
        question(title="T")(lambda m: nodes_of(m))


async def later(m: MapModel) -> Result:
    return nodes_of(m)


@pytest.mark.parametrize(
    ("function", "said"),
    [
        (lambda: None, "must take the map first"),
        (lambda m, segment: None, "without one: segment"),
        (lambda *, m: None, "must take the map first"),
        (later, "async"),
    ],
)
def test_a_function_that_cannot_be_asked_with_the_map_alone_is_refused(function: Callable[..., Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        question(title="T", name="odd")(function)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"title": ""}, "title"), ({"group": " "}, "group"), ({"needs": "tabel"}, "did you mean 'table'")],
)
def test_a_question_without_title_group_or_with_unknown_needs_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(AnalysisError, match=said):
        question(**{"title": "T", "name": "odd", **options})(nodes_of)


def test_an_answer_that_is_no_result_is_refused() -> None:
    wrong: Any = question(title="T", name="wrong")(lambda m: 42)  # type: ignore[arg-type, return-value]
    with pytest.raises(AnalysisError, match="must return a Result; it returned int"):
        wrong(a_map("a"))
    with pytest.raises(AnalysisError, match="asked of a map; given str"):
        wrong("a")


def test_an_unknown_question_is_answered_with_the_nearest() -> None:
    with pytest.raises(AnalysisError, match="did you mean 'conversion'"):
        ask(a_map("a"), "convertion")

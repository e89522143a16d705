"""A result is painted, follows the map while it is live, and never carries single cases away."""

from __future__ import annotations

import json
import pickle
from collections.abc import Iterator
from html.parser import HTMLParser

import pandas as pd
import pytest

from crmwidget.analysis import registry
from crmwidget.analysis.chart import Chart
from crmwidget.analysis.conversion import conversion
from crmwidget.analysis.result import Result
from crmwidget.errors import AnalysisError
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel
from crmwidget.shown import Finding

SECRET = "ann.secret@mail.example"


@pytest.fixture
def m() -> MapModel:
    m = MapModel(
        Elements(
            nodes={name.lower(): {"kind": "stage", "label": name} for name in ("Lead", "Offer", "Won", "Lost")},
            flows={
                "f1": {"source": "lead", "target": "offer", "kind": "flow"},
                "f2": {"source": "offer", "target": "won", "kind": "flow"},
                "f3": {"source": "offer", "target": "lost", "kind": "flow"},
            },
        )
    )
    data = pd.DataFrame({"stage": ["Lead"] * 20 + ["Offer"] * 10 + ["Won"] * 40 + ["Lost"] * 30})
    m.tables.attach(data, stage="stage", node_ids=m.graph)
    return m


@pytest.fixture(autouse=True)
def _forget_own_questions() -> Iterator[None]:
    before = set(registry.questions())
    yield
    for name in set(registry.questions()) - before:
        registry.forget(name)


def counts() -> pd.DataFrame:
    return pd.DataFrame({"team": ["North", "South"], "n_deals": [120, 3], "sum": [5.5, 7.5]})


def test_a_chart_is_drawn_by_the_notebook_and_one_that_is_not_there_is_an_error(m: MapModel) -> None:
    result = conversion(m)
    result.drawing = None
    with pytest.raises(AnalysisError, match="'conversion' has no chart"):
        result.chart()
    result.drawing = Chart("Teams", {"mark": "bar", "data": {"values": []}})
    shown = result.chart()._repr_mimebundle_()
    assert shown["application/vnd.vegalite.v5+json"] == result.chart().spec == json.loads(result.chart().to_json())
    assert shown["text/plain"] == "<Chart: Teams>"


def test_show_paints_and_hide_takes_it_off(m: MapModel) -> None:
    result = conversion(m).show()
    assert m.overlays["conversion"] == result.painted
    result.hide()
    assert "conversion" not in m.overlays


def test_a_live_answer_follows_the_map_until_it_is_hidden(m: MapModel) -> None:
    result = conversion(m).show(live=True)
    m.graph.add_node("demo", kind="stage", label="Demo")
    m.graph.add_edge("offer", "demo", kind="flow")
    m.flush()
    assert "demo" in m.overlays["conversion"].nodes
    assert "demo" in result.table["node"].tolist()
    result.hide()
    m.graph.remove_node("demo")
    m.flush()
    assert "conversion" not in m.overlays


def test_a_still_answer_stays_as_it_was_asked(m: MapModel) -> None:
    conversion(m).show()
    m.graph.remove_node("lost")
    m.flush()
    assert "lost" in m.overlays["conversion"].nodes


def test_a_live_answer_stops_when_it_is_taken_off_or_painted_over_elsewhere(m: MapModel) -> None:
    result = conversion(m).show(live=True)
    m.paint("conversion", None)
    m.graph.nodes["lead"]["label"] = "Leads"
    m.flush()
    assert "conversion" not in m.overlays
    assert result.table["label"].tolist()[0] == "Lead"


def test_a_live_answer_survives_a_map_that_has_none_and_comes_back(m: MapModel) -> None:
    result = conversion(m).show(live=True)
    m.graph.remove_nodes_from(list(m.graph))
    m.flush()
    assert m.overlays["conversion"].nodes == {}
    assert result.findings[0].sentence == "There is no answer for the map as it is now."
    m.undo()
    assert "offer" in m.overlays["conversion"].nodes


def test_moving_a_card_asks_nothing_again(m: MapModel) -> None:
    result = conversion(m).show(live=True)
    before = result.table
    m.place({"lead": (10.0, 20.0)}, label="move", origin="python")
    assert result.table is before


def test_a_result_made_by_hand_belongs_to_no_map() -> None:
    with pytest.raises(AnalysisError, match="belongs to no map"):
        Result("x", "X", counts()).show()


def test_what_is_no_result_is_refused() -> None:
    with pytest.raises(AnalysisError, match="DataFrame; given list"):
        Result("x", "X", [1, 2])  # type: ignore[arg-type]
    with pytest.raises(AnalysisError, match="did you mean 'case'"):
        Result("x", "X", counts(), grain="cases")  # type: ignore[arg-type]


def test_a_table_of_cases_shows_shape_and_columns_alone() -> None:
    people = pd.DataFrame({"mail": [SECRET], "score": [0.7]})
    result = Result("people", "People", people, grain="case")
    for text in (repr(result), result._repr_html_(), json.dumps(result.to_dict()), str(result.painted)):
        assert SECRET not in text
        assert "mail" in text or "tables" in text or "Overlay" in text
    assert result.to_dict()["rows"] is None
    with pytest.raises(AnalysisError, match="not pickled"):
        pickle.dumps(result)


def test_small_groups_of_any_question_are_held_back() -> None:
    result = Result("teams", "Teams", counts())
    assert result.to_dict()["rows"][1] == {"team": "South", "n_deals": None, "sum": None}
    assert result.painted.table is not None
    assert result.painted.table.rows == [["North", "120", "5.5"], ["South", "<5", "<5"]]
    assert result.table["n_deals"].tolist() == [120, 3]


def test_the_plain_values_are_json(m: MapModel) -> None:
    odd = pd.DataFrame(
        {
            "at": [pd.Timestamp("2025-01-31", tz="UTC"), pd.NaT],
            "took": [pd.Timedelta(hours=1), pd.NaT],
            "n": pd.array([7, None], dtype="Int64"),
            "rate": [float("inf"), float("nan")],
            "ids": [["a", 1], ("b", float("nan"))],
            "is_ok": [True, False],
        }
    )
    rows = json.loads(json.dumps(Result("odd", "Odd", odd).to_dict(), allow_nan=False))["rows"]
    assert rows[0] == {
        "at": "2025-01-31T00:00:00+00:00",
        "took": 3600.0,
        "n": 7,
        "rate": None,
        "ids": ["a", 1],
        "is_ok": True,
    }
    assert rows[1]["at"] is rows[1]["took"] is rows[1]["n"] is rows[1]["rate"] is None
    json.dumps(conversion(m).to_dict(), allow_nan=False)


def test_the_html_is_escaped_and_says_severity_in_words() -> None:
    evil = '<img src=x onerror="alert(1)">'
    finding = Finding("bad", evil, evil, evil, [], [])
    result = Result("x", evil, pd.DataFrame({evil: [evil], "n_x": [9]}), [finding], notes=[evil])
    tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)
            assert not [name for name, _ in attrs if name.startswith("on")]

    html = result._repr_html_()
    Reader().feed(html)
    assert "img" not in tags
    assert {"caption", "th", "h4", "section"} <= set(tags)
    assert "Problem:" in html

"""Conversion counts what is certain, with its denominators, and shows no small group."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from crmwidget.analysis.conversion import conversion
from crmwidget.data import samples
from crmwidget.errors import AnalysisError
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel


def a_map(*flows: tuple[str, str], **outcomes: str) -> MapModel:
    names = list(dict.fromkeys(name for flow in flows for name in flow))
    return MapModel(
        Elements(
            nodes={
                name.lower(): {"kind": "end", "label": name, "outcome": outcomes[name.lower()]}
                if name.lower() in outcomes
                else {"kind": "stage", "label": name}
                for name in names
            },
            flows={
                f"f{i}": {"source": a.lower(), "target": b.lower(), "kind": "flow"} for i, (a, b) in enumerate(flows)
            },
        )
    )


def deals(**n: int) -> pd.DataFrame:
    return pd.DataFrame({"stage": [name for name, count in n.items() for _ in range(count)]})


def funnel(data: pd.DataFrame, **options: Any) -> MapModel:
    m = a_map(("Lead", "Offer"), ("Offer", "Won"), ("Offer", "Lost"))
    m.tables.attach(data, stage="stage", node_ids=m.graph, **options)
    return m


def at(table: pd.DataFrame, node: str) -> dict[str, Any]:
    return dict(table.set_index("node").loc[node])


def test_the_real_opportunities_give_the_known_figures(real_data: Path) -> None:
    m = a_map(("Prospecting", "Engaging"), ("Engaging", "Won"), ("Engaging", "Lost"))
    data = pd.read_csv(real_data / "crm_opportunities" / "sales_pipeline.csv")
    m.tables.attach(data, key="opportunity_id", name="deals", node_ids=m.graph)  # the stage column is found
    result = conversion(m)
    first, second = at(result.table, "prospecting"), at(result.table, "engaging")
    assert (first["n_entered"], first["n_forward"], first["n_open"]) == (8800, 8300, 500)
    assert (second["n_entered"], second["n_won"], second["n_lost"], second["n_open"]) == (8300, 4238, 2473, 1589)
    assert round(second["won_of_entered"], 4) == 0.5106
    assert round(second["win_rate_of_closed"], 4) == 0.6315
    assert second["won_amount"] == 10_005_534
    assert pd.isna(second["open_amount"])  # nothing open has a value yet: undefined, not 0
    assert result.flows is not None
    assert result.flows["n_taken"].tolist() == [8300, 4238, 2473]
    assert "'deal_stage'" in " ".join(result.notes)
    assert "'close_value'" in " ".join(result.notes)
    (drop_off,) = [finding for finding in result.findings if finding.severity == "bad"]
    assert drop_off.nodes == ["engaging", "lost"]
    assert "2\u202f473 of 8\u202f300" in drop_off.evidence


def test_the_planted_drop_off_is_found() -> None:
    sample = samples.crm()
    outcomes = {name.lower(): outcome for name, outcome in samples.STAGES.items() if outcome}
    m = a_map(*samples.FLOWS, **outcomes)
    m.tables.attach(sample.opportunities, stage="stage", node_ids=m.graph)
    result = conversion(m)
    truth = sample.truths["drop_off"]
    row = at(result.table, truth["stage"].lower())
    assert (row["n_entered"], row["n_lost_here"]) == (truth["n_entered"], truth["n_lost"])
    assert result.findings[0].nodes[0] == truth["stage"].lower()
    assert at(result.table, "prospecting")["won_amount"] == sample.truths["won"]["amount"]


def test_what_entered_is_here_forward_lost_or_cannot_be_placed() -> None:
    m = a_map(("A", "B"), ("B", "C"), ("C", "Won"), ("B", "Lost"), ("C", "Lost"), ("A", "Void"), won="won", lost="lost")
    m.tables.attach(deals(A=10, B=20, C=30, Won=40, Lost=50, Void=7), stage="stage", node_ids=m.graph)
    result = conversion(m)
    table = result.table
    parts = table[["n_current", "n_forward", "n_lost_here", "n_unplaced"]].sum(axis=1)
    assert parts.tolist() == table["n_entered"].tolist()
    b, c = at(table, "b"), at(table, "c")
    assert (b["n_entered"], b["n_unplaced"], b["n_forward"]) == (140, 50, 70)
    assert pd.isna(b["forward_rate"])
    assert pd.isna(b["lost_rate"])
    assert (c["n_entered"], c["n_undetermined"]) == (70, 50)  # the lost perhaps came through C
    assert c["lost_rate"] == 0.0
    assert any("cannot be told" in finding.sentence for finding in result.findings)


def test_after_winning_one_is_won_and_no_longer_open() -> None:
    m = a_map(("Lead", "Deal"), ("Deal", "Onboarding"), ("Onboarding", "Support"), deal="won")
    m.tables.attach(deals(Lead=10, Deal=5, Onboarding=20, Support=30), stage="stage", node_ids=m.graph)
    table = conversion(m).table
    assert (at(table, "lead")["n_won"], at(table, "lead")["n_open"]) == (55, 10)
    assert (at(table, "onboarding")["n_current"], at(table, "onboarding")["n_open"]) == (20, 0)
    assert at(table, "onboarding")["forward_rate"] == 0.6
    assert table["n_lost"].isna().all()  # no end says lost
    assert table["win_rate_of_closed"].isna().all()


def test_parallel_flows_share_and_flows_back_have_no_number() -> None:
    m = a_map(("Lead", "Offer"), ("Lead", "Offer"), ("Offer", "Lead"), ("Offer", "Won"))
    m.tables.attach(deals(Lead=10, Offer=10, Won=20), stage="stage", node_ids=m.graph)
    result = conversion(m)
    assert result.flows is not None
    flows = result.flows.set_index("flow")
    assert flows.loc[["f0", "f1"], "n_taken"].tolist() == [30, 30]
    assert flows.loc[["f0", "f1"], "n_parallel"].tolist() == [2, 2]
    assert pd.isna(flows.loc["f2", "n_taken"])
    assert bool(flows.loc["f2", "is_returning"])
    assert result.painted.flows["f0"].width == 15.0


def test_undefined_is_missing_and_never_nothing() -> None:
    table = conversion(funnel(deals(Won=10))).table
    lost = at(table, "lost")
    assert lost["n_entered"] == 0
    assert pd.isna(lost["won_of_entered"])
    empty = conversion(funnel(deals(Lead=1).iloc[:0]))
    assert empty.table["forward_rate"].isna().all()
    assert [finding.sentence for finding in empty.findings] == ["The table has no rows."]


def test_rows_without_a_stage_and_with_an_unknown_one_are_told() -> None:
    data = pd.concat([deals(Lead=10, Ofer=20, won=30), pd.DataFrame({"stage": [None] * 6})])
    result = conversion(funnel(data))
    (finding,) = [one for one in result.findings if "not on the map" in one.sentence]
    assert finding.severity == "bad"
    assert "20 of 66 rows: “Ofer” 20, nearest: Offer" in finding.evidence
    assert finding.nodes == ["offer"]
    assert any(note.startswith("6 rows name no stage") for note in result.notes)


def test_a_rare_unknown_value_is_counted_but_not_named() -> None:
    result = conversion(funnel(pd.concat([deals(Lead=50, Won=50), pd.DataFrame({"stage": ["ann@mail.example"] * 2})])))
    for text in (json.dumps(result.to_dict()), repr(result), result._repr_html_(), str(result.painted)):
        assert "ann@mail.example" not in text


def test_no_small_group_leaves_the_kernel_nor_can_be_worked_out() -> None:
    result = conversion(funnel(deals(Lead=50, Offer=40, Won=60, Lost=3)))
    assert at(result.table, "lost")["n_entered"] == 3  # the table itself is exact
    painted = result.painted
    assert painted.nodes["lost"].text == "<5 lost"
    assert painted.nodes["offer"].heat is None
    assert painted.flows["f2"].width is None
    shown = result.to_dict()["rows"]
    offer = next(row for row in shown if row["node"] == "offer")
    assert offer["n_lost_here"] is None
    # 103 entered, 60 won, 40 open would say 3: one of them is held back
    assert None in (offer["n_entered"], offer["n_won"], offer["n_open"])
    assert offer["lost_rate"] is None


def test_a_sum_over_few_amounts_is_held_back_though_the_count_is_not() -> None:
    data = deals(Lead=50, Won=60).assign(amount=[float("nan")] * 108 + [500.0, 700.0])
    result = conversion(funnel(data))
    assert at(result.table, "won")["won_amount"] == 1200.0
    assert next(row for row in result.to_dict()["rows"] if row["node"] == "won")["won_amount"] is None
    assert "1\u202f200" not in repr(result)
    assert "1\u202f200" not in str(result.painted)


def test_every_library_gives_the_same_answer() -> None:
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    columns = {
        "stage": ["Lead"] * 9 + ["Won"] * 9 + [None] * 6,
        "amount": [None] * 9 + [float("nan"), *map(float, range(8))] + [1.0] * 6,
    }
    tables = [conversion(funnel(make(columns))).table for make in (pd.DataFrame, pl.DataFrame, pa.table)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])
    assert at(tables[0], "won")["won_amount"] == 28.0


def test_stages_of_mixed_types_are_compared_as_text() -> None:
    m = a_map(("1", "2"), ("2", "Won"))
    data = pd.DataFrame({"stage": pd.Series([1, "1", 2.0, "won"] * 5, dtype=object)})
    m.tables.attach(data, stage="stage", node_ids=m.graph)
    assert conversion(m).table["n_entered"].tolist() == [20, 10, 5]


def test_what_is_unclear_is_asked_for_by_name() -> None:
    m = a_map(("Lead", "Won"))
    with pytest.raises(AnalysisError, match=r"m\.attach\(frame, stage="):
        conversion(m)
    two_columns = deals(Lead=9, Won=9).assign(again=lambda frame: frame["stage"])
    m.tables.attach(two_columns, name="one", node_ids=m.graph)
    with pytest.raises(AnalysisError, match="stage= one of 'stage', 'again'"):
        conversion(m)
    assert conversion(m, stage="again").table["n_entered"].tolist() == [18, 9]
    m.tables.attach(deals(Lead=9), name="two", node_ids=m.graph)
    with pytest.raises(AnalysisError, match="table= one of 'one', 'two'"):
        conversion(m, stage="stage")
    with pytest.raises(AnalysisError, match="did you mean 'two'"):
        conversion(m, table="too")
    with pytest.raises(AnalysisError, match="did you mean 'stage'"):
        conversion(m, table="one", stage="stages")
    with pytest.raises(AnalysisError, match="did you mean 'stage'"):
        conversion(m, table="one", stage="stage", amount="stag")
    with pytest.raises(AnalysisError, match="not numbers"):
        conversion(m, table="one", stage="stage", amount="again")
    m.tables.attach(pd.DataFrame({"who": ["ann", "bob"]}), name="people", node_ids=m.graph)
    with pytest.raises(AnalysisError, match="means a node") as error:
        conversion(m, table="people", stage="who")
    assert "ann" not in str(error.value)


def test_text_from_the_map_and_the_data_is_escaped() -> None:
    evil = "<script>alert(1)</script>"
    m = funnel(pd.concat([deals(Lead=20, Won=20, Lost=20), pd.DataFrame({"stage": [f"{evil}!"] * 9})]))
    m.graph.nodes["offer"]["label"] = evil
    html = conversion(m)._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html

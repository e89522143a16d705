"""The table of peers leaves nobody out, and its ratios are against crmwidget in the same run."""

from __future__ import annotations

import pytest

from benchmarks import peers
from benchmarks.measuring import Table
from benchmarks.peers_trial import Answer

SHOWN = {"crmwidget": (200.0, 100.0, 300.0), "quick": (50.0, 50.0), "slow": (1_000.0,)}


def seen(n: int, **answers: Answer) -> list[peers.Seen]:
    """What a run at one size gives, of the question of first paint."""
    return list(peers.measures(n, {("paint", library): answer for library, answer in answers.items()}))


def paint(measures: list[peers.Seen]) -> Table:
    return next(table for table in peers.tables(measures) if table.title.startswith("First paint"))


def test_a_ratio_is_of_medians_of_the_same_size() -> None:
    small = seen(100, **{library: Answer(values) for library, values in SHOWN.items()})
    large = seen(1_000, crmwidget=Answer((500.0,)), slow=Answer((1_000.0,)))
    assert paint([*small, *large]).rows == [
        ["crmwidget", "200 ms", "500 ms"],
        ["quick", "50 ms · 0.25×", ""],
        ["slow", "1,000 ms · 5×", "1,000 ms · 2×"],
    ]


def test_who_did_not_paint_keeps_the_row_and_the_reason_stands_below() -> None:
    small = seen(100, crmwidget=Answer((1.0,)), other=Answer((2.0,)))
    large = seen(1_000, crmwidget=Answer((1.0,)), other=Answer(word=peers.NOT_PAINTED, why="no picture"))
    table = paint([*small, *large])
    assert table.rows[1] == ["other", "2 ms · 2×", "not painted"]
    assert table.notes == ("other, not painted at 1,000: no picture",)
    assert "| other | 2 ms · 2× | not painted |" in table.markdown()
    assert table.markdown().endswith("- other, not painted at 1,000: no picture")


def test_without_a_figure_of_ours_there_is_no_ratio() -> None:
    table = paint(seen(100, crmwidget=Answer(word="failed", why="?"), other=Answer((10.0,))))
    assert [row[1] for row in table.rows] == ["failed", "10 ms"]


def test_a_round_that_failed_takes_no_values_from_the_others_and_is_told() -> None:
    rounds = [Answer((1.0,)), Answer(word="failed", why="it fell over"), Answer((3.0,))]
    assert peers.merged(rounds) == Answer((1.0, 3.0), "(2 of 3 rounds)", "failed in the others, it fell over")
    assert peers.merged(rounds[1:2]) == rounds[1]


def test_missing_peers_are_named_with_the_command_that_installs_them(monkeypatch: pytest.MonkeyPatch) -> None:
    ours, *others = peers.LIBRARIES
    absent = [peers.Library(name="no-such-distribution", imports="", show="", view="")]
    monkeypatch.setattr(peers, "LIBRARIES", (ours, *absent))
    assert "no-such-distribution" in peers.advice() and "--group peers" in peers.advice()
    monkeypatch.setattr(peers, "LIBRARIES", (ours,))
    assert peers.advice() == ""
    assert {library.name for library in others} == {"ipycytoscape", "ipysigma", "pyvis", "yfiles_jupyter_graphs"}

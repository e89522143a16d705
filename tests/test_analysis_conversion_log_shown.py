"""What of a conversion by a log may be seen: no count of few follows from those that are shown."""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from segment_logs import counts_of, log_of, paths, visits_of

import crmwidget as crm
from crmwidget.analysis.conversion_log import asked_of, flow_table, stage_table
from crmwidget.analysis.conversion_log_shown import held_back, public_table
from crmwidget.analysis.conversion_visits import Visits
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel

# ---- what may be seen ------------------------------------------------------------------------------------


WAY = MapModel(
    Elements(
        nodes={
            name: {"kind": "stage", "label": name, **more}
            for name, more in (("L", {}), ("O", {}), ("C", {}), ("W", {"outcome": "won"}), ("X", {"outcome": "lost"}))
        },
    )
)


def all_ways(kinds: Iterable[tuple[str, str]], longest: int = 6) -> list[tuple[str, str]]:
    """All ways that cases could have taken, by segment: from where any begins, over flows that any took, to any end.

    That is what somebody knows who sees which flows there are, and not which of them a case took together.
    """
    found: dict[tuple[str, str], None] = dict.fromkeys(kinds)
    for segment in {kind[1] for kind in kinds}:
        ways = [way for way, its in kinds if its == segment]
        flows = {pair for way in ways for pair in itertools.pairwise(way)}
        begun = sorted({way[0] for way in ways})
        while begun:
            found |= {(way, segment): None for way in begun if way[-1] in {other[-1] for other in ways}}
            begun = sorted({way + b for way in begun for a, b in flows if way[-1] == a and len(way) < longest})
    return list(found)


def shown_sums(
    log: crm.EventLog, kinds: list[tuple[str, str]], visits: Visits, public: list[tuple[pd.DataFrame, bool]]
) -> tuple[list[np.ndarray[Any, Any]], list[tuple[str, np.ndarray[Any, Any]]]]:
    """What the shown counts say, and all counts there are, each as a sum over kinds of cases (path, segment)."""
    by_kind = {
        kind: visits_of([("case", letter, day, None) for day, letter in enumerate(kind[0])], visits) for kind in kinds
    }
    ended = {kind: {"W": "Won", "X": "Lost"}.get(kind[0][-1], "open") for kind in kinds}
    known, every = ([np.ones(len(kinds))] if log.n_cases >= 5 else [np.zeros(len(kinds))]), []
    for table, is_split in public:
        for row in table.to_dict("records"):
            stage = row.get("activity", row.get("source"))
            for name in (name for name in row if name.startswith("n_")):
                sums = np.zeros(len(kinds))
                for place, kind in enumerate(kinds):
                    if is_split and row["segment"] != kind[1]:
                        continue
                    seen = [visit for visit in by_kind[kind] if visit.stage == stage]
                    if "target" in row and name == "n_taken":
                        sums[place] = sum(visit.target == row["target"] for visit in seen)
                        continue
                    lettered = [
                        visit._replace(target={"X": "Lost"}.get(str(visit.target), visit.target)) for visit in seen
                    ]
                    counts = counts_of(lettered, {"case": ended[kind]}, 0, 0)
                    sums[place] = counts[name.replace("n_source_", "n_")]
                every.append((f"{name} of {stage} {row.get('target', '')} {row.get('segment', '')}", sums))
                if pd.notna(row[name]):
                    known.append(sums)
    return known, every


@given(
    st.dictionaries(
        st.tuples(st.text("LOC", min_size=1, max_size=4), st.sampled_from(["", "W", "X"]), st.sampled_from("AB")),
        st.sampled_from([1, 3, 9, 20, 50]),
        min_size=2,
        max_size=7,
    ),
    st.sampled_from(["first", "every"]),
    st.booleans(),
)
@settings(max_examples=40, deadline=None)
def test_no_count_of_few_follows_from_those_that_are_shown(
    given_kinds: dict[tuple[str, str, str], int], visits: Visits, is_split: bool
) -> None:
    """Linear algebra over kinds of cases as the oracle; it knows nothing of how it is found what to hold back."""
    n_of: dict[tuple[str, str], int] = defaultdict(int)
    for (way, end, segment), n in given_kinds.items():
        letters = [letter for letter, _ in itertools.groupby(way + end)]
        path = "".join(letters)
        n_of[path, segment if is_split else "all"] += n
    rows = [row for (path, segment), n in n_of.items() for row in paths(segment, **{path: n})]
    log = log_of(rows, ends=[name for name in "WX" if any(row[1] == name for row in rows)])
    asked, _ = asked_of(WAY, log=log, by="segment" if is_split else None, within=None, visits=visits)
    held = held_back(asked)
    public: list[tuple[pd.DataFrame, bool]] = []
    for split in {False, is_split}:  # with segments all together are shown too, on the map
        tables = stage_table(asked, {}, split=split), flow_table(WAY, asked, {}, split=split)
        public += [(public_table(asked, table, held), split) for table in tables]
    kinds = all_ways(n_of)
    sizes = np.array([n_of.get(kind, 0) for kind in kinds])
    known, every = shown_sums(log, kinds, visits, public)
    rank = np.linalg.matrix_rank(np.array(known))
    for name, sums in every:
        if 0 < sums @ sizes < 5:
            more = np.linalg.matrix_rank(np.array([*known, sums]))
            assert more > rank, f"{name} follows from what is shown: {n_of}"


def test_few_that_are_lost_are_shown_nowhere_and_nor_is_what_they_follow_from() -> None:
    m = crm.discover(log := log_of(paths(LOW=60, LX=3, LO=20), ends=["W", "X"]))
    m.update("x", outcome="lost")
    result = crm.conversion(m, log=log).show()
    lead = result.to_dict()["rows"][0]
    assert (lead["n_entered"], lead["n_lost_here"], lead["lost_rate"], lead["n_forward"]) == (83, None, None, None)
    rows = {row["activity"]: row for row in result.to_dict()["rows"]}
    assert rows["O"]["n_entered"] is None  # 83 - 80 would tell
    assert result.table.set_index("activity").loc["L", "n_lost_here"] == 3
    assert m.overlays["conversion"].nodes["x"].text == "… lost"
    said = json.dumps(result.to_dict(), allow_nan=False, default=str) + repr(m.overlays["conversion"])
    assert "3.6" not in said and " 3 " not in said

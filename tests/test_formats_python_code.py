"""A map as Python: run somewhere else, the code gives the same map, and the same bytes when it is saved."""

from __future__ import annotations

import gc
import random
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from graph_edits import EDITS
from hypothesis import given, settings
from hypothesis import strategies as st
from random_maps import values
from wire_edits import Hand

import crmwidget as crm
from crmwidget.formats import map_json


def edited(seed: int, n_edits: int = 200) -> crm.CrmMap:
    """A map after random edits, each by a way of networkx or of the map itself."""
    r = random.Random(seed)
    m = crm.CrmMap(f"Sales {seed}")
    for _ in range(n_edits):
        if r.random() < 0.7:
            with suppress(crm.RuleError):
                r.choice(list(EDITS.values()))(m.graph, r)
                m.flush()
        else:
            with suppress(crm.EditError, crm.RuleError, KeyError):
                by_name(m, r)
    return m


def by_name(m: crm.CrmMap, r: random.Random) -> None:
    nodes, flows = list(m.graph) or ["?"], [key for *_, key in m.graph.edges(keys=True)] or ["?"]
    node, other = r.choice(nodes), r.choice(nodes)
    edits: list[Any] = [
        lambda: m.add(r.choice(["stage", "system", "decision", "group"]), f'Is it "{r.random()}" or ’no’?'),
        lambda: m.add_group("Team", members=r.sample(nodes, min(2, len(nodes))), collapsed=r.random() < 0.5),
        lambda: m.update(node, locked=True),
        lambda: m.update(r.choice(flows), target=other),
        lambda: m.move(node, r.uniform(-900, 900), r.uniform(-900, 900), pinned=r.random() < 0.5),
        lambda: m.comment(node, "Why\nso few?", author=r.choice(["Ann", ""])),
        lambda: m.comment(node, "Because.", reply_to=r.choice(list(m.comments) or ["?"])),
        lambda: m.resolve(r.choice(list(m.comments) or ["?"])),
        lambda: m.vote(node, by=r.choice(["Ada", 'Bo\'s "B"', "Cleo"])),
        lambda: m.take_back_vote(node, by="Ada"),
        lambda: setattr(m, "votes_each", r.choice([None, 3])),
        lambda: m.layout(lanes=r.choice(["owner", ""])),
        lambda: m.graph.graph.update(lens=r.choice(["process", "lifecycle"])),
        lambda: m.graph.nodes[node].update(parent=other),
        lambda: m.remove(node),
        m.undo,
        m.redo,
    ]
    r.choice(edits)()


def run(code: str) -> crm.CrmMap:
    gc.collect()  # the map that the code was made of is gone, and its id is free, as in a kernel of its own
    names: dict[str, Any] = {}
    exec(code, names)
    made: crm.CrmMap = names["m"]
    return made


def saved(m: crm.CrmMap, folder: Path) -> bytes:
    return m.save(folder / "map.crm.json").read_bytes()


@pytest.mark.parametrize("seed", range(20))
def test_code_of_a_map_after_two_hundred_random_edits_makes_it_again_to_the_byte(seed: int, tmp_path: Path) -> None:
    m = edited(seed)
    code, before = m.to_code(), saved(m, tmp_path)
    plain = m.graph.plain()
    del m
    again = run(code)
    assert saved(again, tmp_path) == before
    assert dict(again.graph.nodes(data=True)) == dict(plain.nodes(data=True))
    assert {k: (u, v, d) for u, v, k, d in again.graph.edges(keys=True, data=True)} == {
        k: (u, v, d) for u, v, k, d in plain.edges(keys=True, data=True)
    }
    assert again.to_code() == code


@pytest.mark.parametrize("seed", range(3))
def test_code_of_a_map_after_two_hundred_edits_on_a_canvas_makes_it_again_in_a_process_of_its_own(
    seed: int, tmp_path: Path
) -> None:
    m = crm.from_text("Lead -> Qualified -> Deal -> Won", name="Canvas")
    hand = Hand(m, seed)
    for _ in range(200):
        hand.edit()
    assert len(m.history.done) > 60
    before = saved(m, tmp_path)
    program = m.to_code() + f"m.save({str(tmp_path / 'again.crm.json')!r})\n"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parent.parent)
    assert (tmp_path / "again.crm.json").read_bytes() == before
    again = crm.open(tmp_path / "again.crm.json")
    assert again.positions == m.positions
    assert nx.utils.graphs_equal(again.graph.plain(), m.graph.plain())


@given(st.dictionaries(st.text(max_size=5).filter(str.isprintable).filter(bool), values, max_size=3))
@settings(deadline=None, max_examples=60)
def test_values_of_every_kind_come_back(given_values: dict[str, Any]) -> None:
    apart = {"kind", "label", "source", "target", "name", "lens"}
    own = {f"my {name}": value for name, value in given_values.items() if name not in apart}
    m = crm.CrmMap("Values")
    m.graph.add_node("a")
    m.graph.nodes["a"].update(own)
    m.graph.graph.update(own)
    m.graph.add_edge("a", "a", **own)
    code, before = m.to_code(), map_json.dumps(m.elements)
    del m
    assert map_json.dumps(run(code).elements) == before


def test_the_code_of_a_file_from_before_runs_in_a_kernel_of_its_own(tmp_path: Path) -> None:
    fixture = Path(__file__).parent / "fixtures" / "map_v1.json"
    m = crm.open(fixture)
    program = m.to_code() + f"m.save({str(tmp_path / 'again.crm.json')!r})\n"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=Path(__file__).parent.parent)
    assert (tmp_path / "again.crm.json").read_bytes() == saved(m, tmp_path)


def test_the_code_reads_as_one_would_write_it() -> None:
    m = crm.CrmMap("Legible")
    m.add_text("Lead -> Deal -> Won")
    m.update("lead", owner="Ann", locked=True)
    m.add_group("Selling", members=["lead", "deal"])
    m.graph.nodes["deal"].update(since=datetime(2026, 1, 31, tzinfo=UTC), due=date(2026, 2, 1), wait=timedelta(1))
    m.move_all({"lead": (0, 0), "deal": (250, 0), "won": (500, 0), "selling": (125, 0)}, pinned=["won"])
    m.comment("lead", "Why so few?", author="Ann", at="2026-01-31T09:00:00Z")
    m.vote("deal", by="Ann")
    assert m.to_code() == (
        """\
from datetime import date, datetime, timedelta

import crmwidget as crm

m = crm.CrmMap("Legible")

m.add_stage("Lead", owner="Ann", locked=True)
m.add_stage("Deal")
m.graph.nodes["deal"].update(
    {
        "since": datetime.fromisoformat("2026-01-31T00:00:00+00:00"),
        "due": date(2026, 2, 1),
        "wait": timedelta(days=1),
    },
)
m.add_stage("Won")
m.add_group("Selling", members=["lead", "deal"])

m.add_flow("lead", "deal")
m.add_flow("deal", "won")

m.move_all(
    {
        "lead": (0.0, 0.0),
        "deal": (250.0, 0.0),
        "won": (500.0, 0.0),
        "selling": (125.0, 0.0),
    },
    pinned=["won"],
)

m.comment("lead", "Why so few?", author="Ann", at="2026-01-31T09:00:00Z")

m.vote("deal", by="Ann")
"""
    )


def test_text_of_a_label_is_never_code() -> None:
    evil = "\"); import os; os.abort() # ' \\ \u202e"
    m = crm.CrmMap(evil)
    m.add_stage(evil, id=evil, owner=evil)
    m.add_flow(evil, evil, label=evil)
    code = m.to_code()
    del m
    assert run(code).graph.nodes[evil]["owner"] == evil and "\u202e" not in code


def test_places_are_exactly_as_given_or_nothing_moves() -> None:
    m = crm.CrmMap("Sales")
    m.add_text("Lead -> Won")
    m.add_group("Selling", members=["lead"])
    m.move_all({"lead": (1.5, 2), "selling": (9, 9)}, sizes={"selling": (500, 400)}, pinned=True)
    assert m.positions["lead"] == (1.5, 2.0)
    before = map_json.dumps(m.elements)
    for places, options, message in [
        ({"lead": (1,)}, {}, "pair"),
        ({"lead": 7}, {}, "pair"),
        ({"lad": (1, 2)}, {}, "did you mean 'lead'"),
        ({"lead": (1, 2)}, {"lens": "proces"}, "did you mean 'process'"),
        ({"lead": (1, 2)}, {"pinned": ["won"]}, "given no place"),
        ({"lead": (1, 2), "won": (float("nan"), 0)}, {}, "finite"),
    ]:
        with pytest.raises(crm.EditError, match=message):
            m.move_all(places, **options)  # type: ignore[arg-type]
        assert map_json.dumps(m.elements) == before


def test_an_empty_map_is_two_lines() -> None:
    assert crm.CrmMap("Nothing at all").to_code().splitlines() == [
        "import crmwidget as crm",
        "",
        'm = crm.CrmMap("Nothing at all")',
    ]

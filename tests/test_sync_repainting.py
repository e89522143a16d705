"""An answer that is painted again travels as what is otherwise of it, and every view shows it whole and newest."""

from __future__ import annotations

import copy
import random
from typing import Any

import msgspec
import pytest
from commands import NoCommands
from hypothesis import given, settings
from hypothesis import strategies as st
from view_client import View, apply_wire

from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel
from crmwidget.shown import Effect, Finding, Ghost, Legend, Lever, Levers, Overlay, OverlayTable, Paint
from crmwidget.sync import codec
from crmwidget.sync.repainting import repainting
from crmwidget.sync.session import Session

NAMES = st.sampled_from(["lead", "deal", "won", "lost", "nodes", "levers"])
TEXT = st.text("ab ", max_size=40)
HEAT = st.none() | st.sampled_from([0.0, 0.25, 1.0])
PAINT = st.builds(Paint, heat=HEAT, text=TEXT, detail=TEXT, width=HEAT)
LEVER = st.builds(
    Lever,
    title=TEXT,
    baseline=HEAT,
    value=HEAT,
    least=st.just(0.0),
    most=st.just(9.0),
    step=st.just(1.0),
    unit=TEXT,
    is_given=st.booleans(),
)
OVERLAY = st.builds(
    Overlay,
    title=TEXT,
    subtitle=TEXT,
    legend=st.none() | st.builds(Legend, title=TEXT, unit=TEXT, ticks=st.lists(TEXT, max_size=3)),
    nodes=st.dictionaries(NAMES, PAINT),
    flows=st.dictionaries(NAMES, PAINT),
    findings=st.lists(st.builds(Finding, st.just("info"), TEXT, TEXT, TEXT, st.just([]), st.just([])), max_size=2),
    table=st.none() | st.builds(OverlayTable, st.just(["a"]), st.lists(st.lists(TEXT, min_size=1, max_size=1))),
    levers=st.none()
    | st.builds(
        Levers,
        effects=st.lists(st.builds(Effect, TEXT, TEXT, TEXT), max_size=2),
        nodes=st.dictionaries(NAMES, st.dictionaries(NAMES, LEVER)),
        flows=st.dictionaries(NAMES, LEVER),
        note=TEXT,
    ),
    ghosts=st.lists(st.builds(Ghost, NAMES, NAMES, PAINT, TEXT), max_size=2),
)


def size(value: Any) -> int:
    return len(msgspec.json.encode(value))


@given(OVERLAY, OVERLAY)
@settings(deadline=None)
def test_the_changes_make_the_one_answer_of_the_other_and_are_never_more_than_it(one: Overlay, other: Overlay) -> None:
    before, after = codec.plain(one), codec.plain(other)
    kept = copy.deepcopy(before)
    changes = repainting("x", before, after)
    elements: dict[Any, Any] = {("overlay", "x"): before}
    for change in codec.plain(changes):
        apply_wire(elements, change)
    assert elements["overlay", "x"] == after
    assert before == kept  # what was told may still be read
    assert size(changes) <= size(repainting("x", None, after))
    assert changes[0].at == ["overlay", "x"]


def test_what_one_element_costs_does_not_grow_with_the_answer() -> None:
    def step(n: int) -> int:
        nodes = {f"s{i}": Paint(heat=0.5, text=f"{i} in progress") for i in range(n)}
        before = Overlay("What if", "1 change", None, nodes, {}, [], None)
        after = Overlay(
            "What if", "1 change", None, {**nodes, "s7": Paint(heat=0.75, text="9 in progress")}, {}, [], None
        )
        return size(repainting("what_if", codec.plain(before), codec.plain(after)))

    assert step(1_000) == step(20) < 250


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_lost_of_the_way_a_view_ends_with_what_is_painted(seed: int) -> None:
    draw = random.Random(seed)
    model = MapModel(Elements())
    model.graph.add_edge("lead", "deal")
    model.flush()
    session = Session(model, NoCommands(), lambda message: None)
    view = View(session.document(), "c")
    session._send = view.inbox.append
    for turn in range(60):
        name = draw.choice(["conversion", "what_if"])
        if name in model.overlays and draw.random() < 0.1:
            model.paint(name, None)
        else:
            last = model.overlays.get(name)
            nodes = dict(last.nodes) if last is not None else {f"s{i}": Paint(text=f"{i} of many") for i in range(9)}
            nodes[f"s{draw.randrange(12)}"] = Paint(text=str(turn))
            nodes.pop(f"s{draw.randrange(12)}", None)
            model.paint(name, Overlay(name, str(turn), None, nodes, {}, [], None))
        while view.outbox:
            session.receive(view.outbox.popleft())
        while view.inbox:
            if draw.random() < 0.15:
                view.inbox.popleft()
            else:
                view.receive()
    view.outbox.append({"op": "resync", "client": "c"})  # the last may be what was lost
    while view.outbox or view.inbox:
        while view.outbox:
            session.receive(view.outbox.popleft())
        while view.inbox:
            view.receive()
    shown = {path[1]: value for path, value in view.base.items() if path[0] == "overlay"}
    assert shown == {name: codec.plain(overlay) for name, overlay in model.overlays.items()}
    assert view.gaps > 0

"""One conversation of a view with a real session, recorded step by step for a golden wire script."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from crmwidget.errors import AnalysisError
from crmwidget.graph.changes import Change, Proposal
from crmwidget.graph.elements import Elements
from crmwidget.graph.model import MapModel
from crmwidget.shown import Effect, Lever, Levers, Overlay
from crmwidget.sync import messages
from crmwidget.sync.session import Session
from crmwidget.sync.under_way import UnderWay

__all__ = ["Script"]

INFLOW = Lever("Inflow", baseline=100.0, value=120.0, least=0.0, most=500.0, step=5.0, unit="a month", is_given=True)
TRIED = Levers([Effect("Won a month", "20", "24", is_good=True)], {"lead": {"inflow": INFLOW}}, {}, "")


class _Commands:
    """A question goes on until the script ends it; other numbers are tried at once, where there is something to try."""

    def __init__(self, model: MapModel) -> None:
        self._model = model
        self.under_way: UnderWay | None = None

    def match(self, *, means: Mapping[str, str], add: Sequence[str]) -> None: ...
    def unmatched_after(self, changes: Sequence[Change]) -> list[messages.Unmatched] | None:
        return None

    def arrange(self, *, unpin: bool, lanes: str | None, under_way: UnderWay) -> None: ...
    def build(
        self, *, template: str | None, text: str | None, parent: str | None, at: tuple[float, float] | None
    ) -> None: ...
    def ask(self, question: str, under_way: UnderWay) -> None:
        self.under_way = under_way
        under_way.begin(lambda: None)

    def filter(self, *, values: object, since: str, until: str, outcome: object) -> None: ...
    def what_if(self, *, nodes: Mapping[str, object], flows: object) -> None:
        if "lead" not in nodes:
            raise AnalysisError("There is no such stage; there are: 'lead'")
        self._model.paint("what_if", Overlay("What if", "1 change", None, {}, {}, [], None, TRIED))

    def code(self) -> tuple[int, str]:
        return 1, 'm.update("lead", label="Leads")\n'

    def selected(self, nodes: object, flows: object) -> None: ...
    def is_read_only(self) -> bool:
        return False

    def saved(self) -> str:
        return ""

    def about(self) -> messages.About:
        return messages.About(questions=[], templates=[])


class Script:
    """One conversation of the view `c1` with a real session, recorded."""

    def __init__(self) -> None:
        self.model = MapModel(Elements(id="test", attributes={"name": "Test"}))
        self.model.graph.add_edge("lead", "deal", label="qualified")
        self.model.graph.add_edge("deal", "won")
        self.model.flush()
        self.model.history.done.clear()
        for i, node in enumerate(("lead", "deal", "won")):
            self.model.propose([Proposal(("position", "lifecycle", node), set={"x": 352.0 * i, "y": 0.0})])
        self.model.history.done.clear()
        self.waiting: list[dict[str, Any]] = []
        self.commands = _Commands(self.model)
        self.session = Session(self.model, self.commands, self.waiting.append)
        self.session.epoch = "e1"
        self.document = json.loads(json.dumps(self.session.document()))
        self.steps: list[dict[str, Any]] = []
        self._id = 0
        self._ever: dict[str, set[str]] = {
            "nodes": {"lead", "deal", "won"},
            "flows": {"f1", "f2"},
            "positions": {"lead", "deal", "won"},
            "comments": set(),
            "votes": set(),
        }
        self._hello("c1")

    def _hello(self, client: str) -> None:
        self.session.receive({"op": "hello", "client": client})

    def view(self, op: str, *, deliver: bool = True, seq: int | None = None, **arguments: Any) -> None:
        """The view does something; the message goes to the kernel at once, or (`deliver=False`) is lost."""
        self._id += 1
        message: dict[str, Any] = {"op": op, "client": "c1", "id": self._id}
        if op == "edit":
            message["base"] = self.seq if seq is None else seq
        message |= arguments
        self.steps.append({"from": "view", op: arguments, "expect": message})
        if deliver:
            self.session.receive(message)

    def cancel(self, operation: int) -> None:
        """The view gives up one of its operations; that has no number of its own."""
        message = {"op": "cancel", "client": "c1", "operation": operation}
        self.steps.append({"from": "view", "cancel": {"operation": operation}, "expect": message})
        self.session.receive(message)

    @property
    def under_way(self) -> UnderWay:
        """The question that was asked last."""
        assert self.commands.under_way is not None
        return self.commands.under_way

    @property
    def seq(self) -> int:
        """The step that the view is at: what it has been told, not what waits."""
        told = [s["message"]["seq"] for s in self.steps if s.get("from") == "kernel" and s["message"]["op"] == "patch"]
        shown = [
            s["message"]["document"]["seq"]
            for s in self.steps
            if s.get("from") == "kernel" and s["message"]["op"] == "snapshot"
        ]
        return int(max([0, *told, *shown]))

    def kernel(self, *, lose: int = 0) -> None:
        """What the kernel has sent reaches the view, but for the first `lose` messages."""
        for message in self.waiting[lose:]:
            self.steps.append({"from": "kernel", "message": json.loads(json.dumps(message))})
        self.waiting.clear()

    def resync(self) -> None:
        """The view asks for the whole document, as it must after a gap."""
        message = {"op": "resync", "client": "c1"}
        self.steps[-1]["expect"] = message
        self.session.receive(message)

    def resent(self, *sent: dict[str, Any]) -> None:
        """The view sends operations again, upon the snapshot."""
        self.steps[-1]["expect"] = list(sent)
        for message in sent:
            self.session.receive(message)

    def expect(self, *, unsaved: int, has_painted: bool = False, **overlay: dict[str, Any]) -> None:
        """What the view must show now: the kernel's map, but for what `overlay` says of single elements.

        With `has_painted` also the answers that are painted now, or were when they were looked at before.
        """
        e = self.model.elements
        shown: dict[str, Any] = {
            "nodes": {name: dict(value) for name, value in e.nodes.items()},
            "flows": {name: dict(value) for name, value in e.flows.items()},
            "positions": {name: dict(value) for name, value in e.positions.get("lifecycle", {}).items()},
            "comments": {name: dict(value) for name, value in e.comments.items()},
            "votes": {node: dict(voters) for node, voters in e.votes.items()},
        }
        if has_painted:
            self._ever.setdefault("overlays", set())
            shown["overlays"] = {name: msgspec.to_builtins(value) for name, value in self.model.overlays.items()}
        for shelf, differing in overlay.items():
            for name, value in differing.items():
                shown[shelf][name] = None if value is None else {**shown[shelf].get(name, {}), **value}
        for shelf, names in self._ever.items():
            if shelf not in shown:
                continue
            names.update(shown[shelf])
            shown[shelf].update({name: None for name in names if name not in shown[shelf]})
        shown = {shelf: dict(sorted(values.items())) for shelf, values in shown.items()}
        self.steps.append({"expect": {**json.loads(json.dumps(shown)), "unsaved": unsaved}})

    def edit(self, label: str, *changes: dict[str, Any], deliver: bool = True) -> None:
        self.view("edit", deliver=deliver, label=label, changes=list(changes))

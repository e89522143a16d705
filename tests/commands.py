"""The smallest `Commands` for a session under test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmwidget.graph.changes import Change
from crmwidget.sync import messages
from crmwidget.sync.under_way import UnderWay


class NoCommands:
    def __init__(self) -> None:
        self.selection: tuple[list[str], list[str]] = ([], [])
        self.asked: list[str] = []
        self.running: list[UnderWay] = []
        self.stopped: list[UnderWay] = []
        self.read_only = False

    def arrange(self, *, unpin: bool, lanes: str | None, under_way: UnderWay) -> None:
        raise AssertionError("no layout here")

    def build(
        self, *, template: str | None, text: str | None, parent: str | None, at: tuple[float, float] | None
    ) -> None:
        raise AssertionError("nothing to build here")

    def ask(self, question: str, under_way: UnderWay) -> None:
        """A question called "long" goes on until the test ends it."""
        self.asked.append(question)
        if question == "long":
            self.running.append(under_way)
            under_way.begin(lambda: self.stopped.append(under_way))

    def filter(self, *, values: Mapping[str, Sequence[str]], since: str, until: str, outcome: Sequence[str]) -> None:
        self.asked.append(f"filter {dict(values)}")

    def match(self, *, means: Mapping[str, str], add: Sequence[str]) -> None:
        raise AssertionError("no log to match here")

    def unmatched_after(self, changes: Sequence[Change]) -> list[messages.Unmatched] | None:
        return None

    def what_if(self, *, nodes: Mapping[str, Mapping[str, float | None]], flows: Mapping[str, float]) -> None:
        self.asked.append(f"what if {dict(nodes)} {dict(flows)}")

    def code(self) -> tuple[int, str]:
        raise AssertionError("no code here")

    def is_read_only(self) -> bool:
        return self.read_only

    def about(self) -> messages.About:
        return messages.About(questions=[], templates=[])

    def saved(self) -> str:
        return ""

    def selected(self, nodes: Sequence[str], flows: Sequence[str]) -> None:
        self.selection = (list(nodes), list(flows))

"""The smallest `Commands` for a session under test."""

from __future__ import annotations

from collections.abc import Sequence

from crmwidget.sync import messages


class NoCommands:
    def __init__(self) -> None:
        self.selection: tuple[list[str], list[str]] = ([], [])
        self.asked: list[str] = []
        self.read_only = False

    def arrange(self, *, unpin: bool, lanes: str | None) -> None:
        raise AssertionError("no layout here")

    def cancel(self, client: str, operation: int) -> None:
        raise AssertionError("nothing to cancel here")

    def build(
        self, *, template: str | None, text: str | None, parent: str | None, at: tuple[float, float] | None
    ) -> None:
        raise AssertionError("nothing to build here")

    def ask(self, question: str) -> None:
        self.asked.append(question)

    def is_read_only(self) -> bool:
        return self.read_only

    def about(self) -> messages.About:
        return messages.About(questions=[], templates=[])

    def saved(self) -> str:
        return ""

    def selected(self, nodes: Sequence[str], flows: Sequence[str]) -> None:
        self.selection = (list(nodes), list(flows))

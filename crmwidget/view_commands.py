"""What a view may ask of a map beyond edits: lay out, build, ask, filter, match, try numbers; what there is to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmwidget import catalog
from crmwidget.analysis import menu
from crmwidget.errors import AnalysisError, EditError, nearest, shorten
from crmwidget.graph.changes import Change, Proposal
from crmwidget.graph.elements import Elements
from crmwidget.sync import messages
from crmwidget.sync.under_way import UnderWay
from crmwidget.unmatched import alters_matching, say_what_is_meant, unmatched

if TYPE_CHECKING:
    from crmwidget.asking import Asking
    from crmwidget.crm_map import CrmMap

__all__ = ["ViewCommands"]


class ViewCommands:
    """The commands of one map's session. What loads pandas is imported when it is needed: no canvas waits for it."""

    def __init__(self, model: CrmMap) -> None:
        self._model = model
        self._asking: Asking | None = None

    def arrange(self, *, unpin: bool, lanes: str | None, under_way: UnderWay) -> None:
        """Lay the map out; what is locked stays where it is, even with `unpin`."""
        self._model._placing.arrange_for_view(lanes=lanes, unpin=unpin, under_way=under_way)

    def build(
        self, *, template: str | None, text: str | None, parent: str | None, at: tuple[float, float] | None
    ) -> None:
        """Fill an empty map from a template, or add a text to any, as one step."""
        model = self._model
        if text is not None and template is None:
            with model.edit("add from text"):
                model.add_text(text, parent=parent, at=at)
            return
        if template is None or text is not None:
            raise EditError("build from either a template or a text")
        if model.elements.nodes:
            raise EditError(
                f"the map already holds {len(model.elements.nodes)} nodes; a template can only fill an empty one"
            )
        model.propose(_additions(catalog.build(template)), label=f"build {template}", alone=True)

    def ask(self, question: str, under_way: UnderWay) -> None:
        if self._asking is None:
            from crmwidget.asking import Asking

            self._asking = Asking(self._model)
        self._asking.ask(question, under_way)

    def filter(self, *, values: Mapping[str, Sequence[str]], since: str, until: str, outcome: Sequence[str]) -> None:
        """Narrow the questions; what is painted is asked again while the view goes on."""
        from crmwidget.filter_bar import wished_filter

        chosen = wished_filter(self._model, values=values, since=since, until=until, outcome=outcome)
        self._model.narrow(chosen, at_once=False)

    def match(self, *, means: Mapping[str, str], add: Sequence[str]) -> None:
        """Say what activities mean, as one step; what is painted is asked again, in a moment where the view goes on."""
        model = self._model
        say_what_is_meant(model, means, add)
        for painter in list(model.painters.values()):
            painter.ask_anew(False)

    def unmatched_after(self, changes: Sequence[Change]) -> list[messages.Unmatched] | None:
        """What means no node after an edit, where that may be another now."""
        return unmatched(self._model) if self._model.logs and alters_matching(changes) else None

    def what_if(self, *, nodes: Mapping[str, Mapping[str, float | None]], flows: Mapping[str, float]) -> None:
        """Ask the painted what-if again with these changes and no others; it is painted when the call returns."""
        model = self._model
        painter = model.painters.get("what_if")
        if painter is None or painter.try_out is None:
            raise AnalysisError("no what-if is painted on the map: ask it first, then try other numbers")
        model.flush()
        changes: dict[str | tuple[str, str], Mapping[str, float | None]] = {}
        changes.update(nodes)
        for key, share in flows.items():
            if key not in model.elements.flows:
                raise AnalysisError(f"there is no flow {shorten(key)}; {nearest(key, model.elements.flows)}")
            flow = model.elements.flows[key]
            changes[str(flow["source"]), str(flow["target"])] = {"probability": share}
        painter.try_out(changes)

    def code(self) -> tuple[int, str]:
        """How many edits there are by hand since the last cell, or since they were last copied, and their Python."""
        model = self._model
        model.flush()
        model.ensure_placed()
        n_edits = model.history.n_by_hand()
        if not n_edits:
            raise EditError("nothing was edited here since the last cell: m.to_code() writes the whole map as Python")
        text = model.to_code(last=n_edits)
        model.history.note_copied()
        return n_edits, text

    def is_read_only(self) -> bool:
        widget = self._model._widget
        return widget is not None and widget.read_only

    def about(self) -> messages.About:
        return messages.About(
            questions=[messages.Question(*question) for question in menu.listed(self._model)],
            templates=[messages.TemplateChoice(name, title) for name, title in catalog.templates().items()],
            author=self._model.author,
            filter=self._filter_bar(),
            unmatched=unmatched(self._model),
        )

    def _filter_bar(self) -> messages.FilterBar | None:
        if not (self._model.logs or self._model.filters):
            return None
        from crmwidget.filter_bar import filter_bar

        return filter_bar(self._model)

    def saved(self) -> str:
        return self._model.saved

    def selected(self, nodes: Sequence[str], flows: Sequence[str]) -> None:
        self._model.widget.selected_by_view(nodes, flows)


def _additions(elements: Elements) -> list[Proposal]:
    """Everything in `elements` as additions to an empty map; the map keeps its own name."""
    attributes = {name: value for name, value in elements.attributes.items() if name != "name"}
    proposals = [Proposal(("map",), set=attributes)] if attributes else []
    proposals += [Proposal(("node", node), add=value) for node, value in elements.nodes.items()]
    proposals += [Proposal(("flow", key), add=value) for key, value in elements.flows.items()]
    return proposals

"""What files of other makes have in common: values that fit the vocabulary, a whole map that is checked in the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crmwidget.errors import EditError, FileFormatError
from crmwidget.formats import map_json
from crmwidget.graph.elements import Elements
from crmwidget.graph.importing import fitting
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_LENS, DEFAULT_NODE_KIND, LIMITS

__all__ = ["check_counts", "checked", "flow", "node", "one_line", "shown_lens"]


def shown_lens(elements: Elements) -> str:
    """The lens that a map shows."""
    return str(elements.attributes.get("lens", DEFAULT_LENS))


def check_counts(n_nodes: int, n_flows: int = 0) -> None:
    """A `FileFormatError` for more nodes or flows than a map holds; readers ask on the way, before memory is full."""
    for count, limit, what in ((n_nodes, LIMITS.nodes, "nodes"), (n_flows, LIMITS.flows, "flows")):
        if count > limit:
            raise FileFormatError(f"there are at most {limit:,} {what}; the file has more")


def one_line(text: str) -> str:
    """Text of any shape as a label: one line, not longer than a label may be.

    Examples
    --------
    >>> one_line("  Send the\\n invoice ")
    'Send the invoice'
    """
    return " ".join(text.split())[: LIMITS.label_characters]


def node(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A node's attributes from a foreign file: those that do not fit are kept as `source_<name>`."""
    label = given.get("label")
    if isinstance(label, str):
        given = {**given, "label": one_line(label) if "\n" in label or len(label) > LIMITS.label_characters else label}
    attributes = _fitting(given, on="node", where=f"node {name!r}")
    return {"kind": DEFAULT_NODE_KIND, "label": one_line(name) or "?", **attributes}


def flow(key: str, source: str, target: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """A flow's attributes from a foreign file: those that do not fit are kept as `source_<name>`."""
    attributes = _fitting(given, on="flow", where=f"flow {key!r}")
    return {"source": source, "target": target, "kind": DEFAULT_FLOW_KIND, **attributes}


def _fitting(given: Mapping[str, Any], *, on: str, where: str) -> dict[str, Any]:
    missing = {name: None for name, value in given.items() if value is None and name not in ("kind", "label")}
    try:
        return {**missing, **fitting(given, on=on)}
    except EditError as error:
        raise FileFormatError(f"{where}: {error}") from error


def checked(
    elements: Elements,
    *,
    lenses: Mapping[str, Any] | None = None,
    comments: Sequence[Mapping[str, Any]] | None = None,
    votes: Mapping[str, Any] | None = None,
) -> Elements:
    """The map of a foreign file as it would be read from a file of its own: every id, value and rule is checked.

    `lenses`, `comments` and `votes` are added as they stand in such a file.
    """
    check_counts(len(elements.nodes), len(elements.flows))
    try:
        document = map_json.to_document(elements)
    except ValueError as error:
        raise FileFormatError(str(error)) from error
    document["lenses"] |= dict(lenses or {})
    document["comments"] += list(comments or ())
    document["votes"] = dict(votes or {})
    return map_json.from_document(document)

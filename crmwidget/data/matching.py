"""Which values of a stage column mean which node of the map."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TypeAlias

from crmwidget.data.frames import cell_text, is_missing

__all__ = ["Labels", "NodeLabels", "StageMatch", "UnmatchedStage", "match_counts", "match_stages"]

Labels: TypeAlias = Mapping[str, str | None]

_WORD = re.compile(r"[^\W_]+")


class NodeLabels(dict[str, str | None]):
    """Node id → its label, with what else data calls a node, by its attribute `known_as`."""

    def __init__(self, nodes: Iterable[tuple[object, Mapping[str, object]]]) -> None:
        super().__init__()
        self.known_as: dict[str, str] = {}
        for node, attributes in nodes:
            self[str(node)] = str(attributes.get("label") or node)
            names = attributes.get("known_as")
            for name in names if isinstance(names, (list, tuple)) else ():
                self.known_as.setdefault(str(name), str(node))


@dataclass(frozen=True, slots=True)
class UnmatchedStage:
    """A stage value that means no node, or several: in how many rows it is, and which nodes come near."""

    value: str
    n_rows: int
    nearest: str | None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageMatch:
    """What the values of a stage column mean.

    Attributes
    ----------
    node_of
        Value as text → node id, for the values that mean one node.
    n_rows
        Value as text → in how many rows it is, all values.
    unmatched
        The values that mean no node, most frequent first; `candidates` are the nodes between which one is ambiguous.
    n_missing
        Rows without a value.
    """

    node_of: Mapping[str, str]
    n_rows: Mapping[str, int]
    unmatched: tuple[UnmatchedStage, ...]
    n_missing: int

    @property
    def n_matched(self) -> int:
        """Rows whose value means a node."""
        return sum(self.n_rows[value] for value in self.node_of)


def match_stages(values: Iterable[object], labels: Labels) -> StageMatch:
    """Match the values of a column to nodes: by id, by label, then by both regardless of case, accents and signs.

    Parameters
    ----------
    values
        One per row, of any type; compared as text.
    labels
        Node id → its label, as `dict(m.graph.nodes(data="label"))`.

    Examples
    --------
    >>> stages = ["Closed Won", "closed-won", "Loost", None]
    >>> match = match_stages(stages, {"w": "Closed won", "lost": "Lost"})
    >>> dict(match.node_of), match.n_missing
    ({'Closed Won': 'w', 'closed-won': 'w'}, 1)
    >>> match.unmatched
    (UnmatchedStage(value='Loost', n_rows=1, nearest='lost', candidates=()),)
    """
    counts: Counter[str] = Counter()
    n_missing = 0
    for value in values:
        if is_missing(value):
            n_missing += 1
        else:
            counts[cell_text(value)] += 1
    return match_counts(counts, labels, n_missing=n_missing)


def match_counts(
    counts: Mapping[str, int], labels: Labels, *, n_missing: int = 0, says_nearest: bool = True
) -> StageMatch:
    """The same from values as text with the number of rows of each; `known_as` of `NodeLabels` comes before all else.

    The nearest node takes time in proportion to all labels, for each value: without `says_nearest` it is left out.
    """
    named = {node: label or node for node, label in labels.items()}
    # from the strictest reading to the loosest: the first under which a value means any node decides
    readings: tuple[tuple[Callable[[str], str], dict[str, list[str]]], ...] = (
        (str, _index((node, node) for node in named)),
        (str.strip, _index((label.strip(), node) for node, label in named.items())),
        (_folded, _index((_folded(text), node) for node, label in named.items() for text in (node, label))),
    )
    by_text = {text: node for node, label in reversed(named.items()) for text in (_folded(node), _folded(label))}
    known_as = labels.known_as if isinstance(labels, NodeLabels) else {}
    node_of: dict[str, str] = {value: known_as[value] for value in counts if value in known_as}
    unmatched: list[UnmatchedStage] = []
    for value, n_rows in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if value in node_of:
            continue
        found = next((hits for read, index in readings if (hits := index.get(read(value)))), [])
        if len(found) == 1:
            node_of[value] = found[0]
            continue
        close = get_close_matches(_folded(value)[:200], by_text, n=1, cutoff=0.55) if says_nearest else []
        near = found[0] if found else by_text[close[0]] if close else None
        unmatched.append(UnmatchedStage(value, n_rows, near, tuple(found)))
    return StageMatch(node_of, dict(counts), tuple(unmatched), n_missing)


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    index: dict[str, list[str]] = {}
    for text, node in pairs:
        nodes = index.setdefault(text, [])
        if text and node not in nodes:
            nodes.append(node)
    return index


def _folded(text: str) -> str:
    """Text without case, accents and signs; as ids are made, so that a label's own slug finds it too."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "_".join(_WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c))))

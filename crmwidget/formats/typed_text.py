"""Quick entry: a map from typed or pasted text, such as `Lead -> Qualified -> Won`, a list, or a table."""

from __future__ import annotations

import csv
import itertools
import re
from collections.abc import Sequence

from crmwidget.errors import DataError, EditError, shorten
from crmwidget.formats.table import COLUMNS, from_rows
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.graph.values import admit
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, DEFAULT_NODE_KIND

__all__ = ["from_text"]

_CHARACTERS = 100_000
_STAGES = 5_000
_ARROW = re.compile(r"\s*(?:-{1,3}>|={1,3}>|→|⟶|⇒)\s*")
_BULLET = re.compile(r"(?:[-*+•·–—▪◦‣]|\[[ xX]?\]|\(?\d{1,4}[.)]|\(?[a-zA-Z]\))\s+")
_LABEL = re.compile(r"\s*:\s+|\s*:$")
_RULE = re.compile(r":?-+:?")


def from_text(text: str, *, name: str = "Map") -> Elements:
    """A map from text.

    Parameters
    ----------
    text
        - `Lead -> Qualified -> Won`: a chain of stages (`->`, `=>` or `→`). Several lines make branches: equal names,
          whatever their case, are one stage. `Lead -> Qualified: fits` labels the (last) flow of the line. A line
          without an arrow is a stage without a flow.
        - Without any arrow: a list, one stage per line, becomes a chain; bullets and numbers before it are dropped.
        - A pasted table, its cells set apart by tabs or `|`, with a heading Stage: as `from_table` reads it.
    name
        What the map is called.

    Raises
    ------
    EditError
        If there is nothing in the text, an arrow leads from or to nothing, a name is too long or has control
        characters, or the text is larger than 100,000 characters or 5,000 stages; with the line where that is so.

    Examples
    --------
    >>> drawn = from_text("Lead -> Won: 20 %\\nLead -> Lost")
    >>> list(drawn.nodes), drawn.flows["f1"]["label"]
    (['lead', 'won', 'lost'], '20 %')
    """
    if not isinstance(text, str):
        raise EditError(f"a map is built from text; given {shorten(text)} of type {type(text).__name__}")
    if len(text) > _CHARACTERS:
        raise EditError(f"the text has at most {_CHARACTERS:,} characters; given {len(text):,}")
    whole = [(number, line) for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1) if line.strip()]
    lines = [(number, line.strip()) for number, line in whole]
    if not lines:
        raise EditError("there is nothing in the text; type for example: Lead -> Qualified -> Won")
    table = _table([line for _, line in whole])
    if table is not None:
        try:
            return from_rows(*table, name=name)
        except DataError as error:
            raise EditError(str(error)) from error
    builder = _Builder(name)
    if any(_ARROW.search(line) for _, line in lines):
        for number, line in lines:
            builder.chain(_BULLET.sub("", line, count=1) if _BULLET.match(line) else line, number)
    else:
        builder.plain_list(lines)
    return builder.elements


class _Builder:
    """Stages by name, in order of appearance, and the flows between them."""

    def __init__(self, name: str) -> None:
        self.elements = Elements(attributes={"name": name})
        self._by_name: dict[str, str] = {}
        self._drawn: set[tuple[str, str, str]] = set()
        self._keys = flow_keys()

    def chain(self, line: str, number: int) -> None:
        parts = _ARROW.split(line)
        label = ""
        if len(parts) > 1:
            last, *rest = _LABEL.split(parts[-1], maxsplit=1)
            parts[-1] = last
            label = rest[0].strip() if rest else ""
            if not all(part.strip() for part in parts):
                raise EditError(f"line {number}: an arrow leads from one name to another; given {shorten(line)}")
        nodes = [self._stage(part, number) for part in parts]
        pairs = list(itertools.pairwise(nodes))
        for i, (source, target) in enumerate(pairs):
            self._flow(source, target, label if i == len(pairs) - 1 else "", number)

    def plain_list(self, lines: Sequence[tuple[int, str]]) -> None:
        previous = ""
        for number, line in lines:
            node = self._stage(_BULLET.sub("", line, count=1) if _BULLET.match(line) else line, number)
            if previous and node != previous:
                self._flow(previous, node, "", number)
            previous = node

    def _stage(self, text: str, number: int) -> str:
        label = " ".join(text.split())
        same = label.casefold()
        if same not in self._by_name:
            if len(self._by_name) >= _STAGES:
                raise EditError(f"line {number}: the text names more than {_STAGES:,} stages")
            node = unique(slug(label), self.elements.nodes)
            self.elements.nodes[node] = {"kind": DEFAULT_NODE_KIND, "label": _text("label", label, number)}
            self._by_name[same] = node
        return self._by_name[same]

    def _flow(self, source: str, target: str, label: str, number: int) -> None:
        if (source, target, label) in self._drawn:
            return
        self._drawn.add((source, target, label))
        named = {"label": _text("label", label, number)} if label else {}
        self.elements.flows[next(self._keys)] = {
            "source": source,
            "target": target,
            "kind": DEFAULT_FLOW_KIND,
            **named,
        }


def _text(name: str, value: str, number: int) -> str:
    try:
        admitted: str = admit(name, value, on="node")
    except EditError as error:
        raise EditError(f"line {number}: {error}") from error
    return admitted


def _table(lines: Sequence[str]) -> tuple[list[str], list[list[str | None]]] | None:
    """The cells of a pasted table with its headings first, None if the text is no table with a heading Stage."""
    separator = "\t" if "\t" in lines[0] else "|" if "|" in lines[0] else ""
    if not separator or _ARROW.search(lines[0]):
        return None
    is_framed = lines[0].strip().startswith("|")
    rows = [_cells(line, separator, is_framed=is_framed) for line in lines]
    if not any(cell.casefold() == COLUMNS[0].casefold() for cell in rows[0]):
        return None
    width = len(rows[0])
    body = [row for row in rows[1:] if not all(_RULE.fullmatch(cell) for cell in row if cell)]
    for row in body:
        if len(row) > width:
            raise EditError(f"a row of the table has more cells than the {width} headings; given {shorten(row)}")
    return list(rows[0]), [[cell or None for cell in row] + [None] * (width - len(row)) for row in body]


def _cells(line: str, separator: str, *, is_framed: bool) -> list[str]:
    if separator == "\t":
        return [cell.strip() for cell in next(csv.reader([line], delimiter="\t"))]
    inner = line.strip()
    if is_framed:
        inner = inner.removeprefix("|").removesuffix("|")
    return [cell.replace("\\|", "|").strip() for cell in re.split(r"(?<!\\)\|", inner)]

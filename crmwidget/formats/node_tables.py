"""A map as two tables, of its nodes and of its flows: the rows of CSV files and of an Excel workbook."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from crmwidget.errors import FileFormatError, nearest, shorten
from crmwidget.formats import table
from crmwidget.formats.cell_values import Form, form_of, from_text, plain_form, to_text
from crmwidget.formats.foreign import check_counts, checked, flow, node, one_line, shown_lens
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.vocabulary import ATTRIBUTES

__all__ = ["Row", "flow_rows", "from_tables", "is_flow_table", "node_rows"]

Row = Sequence[str]

_PLACE: dict[str, Form] = {"x": "number", "y": "number", "pinned": "boolean", "width": "number", "height": "number"}
_NODE = ("id", "kind", "label")
_FLOW = ("key", "source", "target", "kind")
_STAGE = tuple(column.lower() for column in table.COLUMNS)
_KNOWN = {*_STAGE, *ATTRIBUTES}  # headings are read without regard to case
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
# What a spreadsheet could take for a formula; behind apostrophes too, so that taking one away again is exact.
_FORMULA = re.compile(r"'*\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|'*[\t\r\n]")
_GUARDED = re.compile(rf"'(?={_FORMULA.pattern})")


def node_rows(elements: Elements) -> list[Row]:
    """The heading and a row for each node: id, kind, label, its place under the shown lens, its other attributes."""
    places = elements.positions.get(shown_lens(elements), {})
    return _rows(elements.nodes, _NODE, [places.get(name, {}) for name in elements.nodes])


def flow_rows(elements: Elements) -> list[Row]:
    """The heading and a row for each flow: key, source, target, kind, its other attributes."""
    return _rows(elements.flows, _FLOW, [])


def _rows(shelf: Mapping[str, Attributes], first: tuple[str, ...], places: list[Attributes]) -> list[Row]:
    items = list(shelf.values())
    columns: list[tuple[str, list[str]]] = [(first[0], list(shelf))]
    columns += [(name, [str(item[name]) for item in items]) for name in first[1:]]
    for name, form in _PLACE.items():
        if any(name in place for place in places):
            columns.append((name, [to_text(place[name], form) if name in place else "" for place in places]))
    reserved = {*first, *(_PLACE if places else ())}
    for name in sorted({name for item in items for name in item} - set(first[1:])):
        form = form_of((item[name] for item in items if name in item), [plain_form(name)])
        lower = name.strip().lower()
        is_taken = lower in reserved or (lower in _KNOWN and name != lower) or name.endswith((" (own)", " (json)"))
        heading = f"{name} (own)" if is_taken else name
        cells = [to_text(item[name], form) if name in item else "" for item in items]
        columns.append((f"{heading} (json)" if form == "json" else heading, cells))
    headings = [_guarded(heading) for heading, _ in columns]
    return [headings, *([_guarded(cell) for cell in row] for row in zip(*(cells for _, cells in columns), strict=True))]


def _guarded(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what it could take for one."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


# ---- reading ---------------------------------------------------------------------------------------


def is_flow_table(heading: Row) -> bool:
    """Whether a table with this heading lists flows."""
    return {"source", "target"} <= {cell.strip().lower() for cell in heading}


def from_tables(nodes: Iterable[Row], flows: Iterable[Row], *, name: str) -> Elements:
    """The map of two tables. Without nodes they are those that the flows name; a column that is no value of its
    attribute's type is kept as `source_<name>`, and a table Stage, Description, Actions is a chain of stages.

    Raises
    ------
    FileFormatError
        For a table without the columns that it needs (with the nearest), an id twice, a flow to no node, or too much.
    """
    node_headings, node_items = _items(nodes, _NODE, "nodes")
    if node_headings and {*node_headings} <= {*_STAGE}:
        for item in node_items:
            if isinstance(item.get("actions"), tuple):
                item["actions"] = table.join_actions(item["actions"])
        rows = [[item.get(column.lower()) for column in table.COLUMNS] for item in node_items]
        return table.from_rows(table.COLUMNS, rows, name=name)
    if node_headings and not {"\0id", "label"} & {*node_headings}:
        raise FileFormatError(f"a table of nodes has a column 'id' or 'label'; {_nearest('label', node_headings)}")
    elements = Elements(attributes={"name": name})
    places: dict[str, Attributes] = {}
    for item in node_items:
        found = item.pop("\0id", None) or unique(slug(str(item.get("label") or "")), elements.nodes)
        if found in elements.nodes:
            raise FileFormatError(f"the node {shorten(found)} stands twice")
        place = {part: item.pop(f"\0{part}") for part in _PLACE if item.get(f"\0{part}") is not None}
        elements.nodes[found] = node(found, item)
        if "x" in place and "y" in place:
            places[found] = {"pinned": True, **place}
    keys = flow_keys()
    flow_headings, flow_items = _items(flows, _FLOW, "flows")
    if flow_headings and not {"source", "target"} <= {*flow_headings}:
        missing = "source" if "source" not in flow_headings else "target"
        raise FileFormatError(f"a table of flows has a column {missing!r}; {_nearest(missing, flow_headings)}")
    for item in flow_items:
        source, target = item.pop("source", ""), item.pop("target", "")
        if not node_headings:
            for end in (source, target):
                elements.nodes.setdefault(end, node(end, {"label": one_line(end) or "?"}))
        key = item.pop("\0key", None) or next(free for free in keys if free not in elements.flows)
        if key in elements.flows:
            raise FileFormatError(f"the flow {shorten(key)} stands twice")
        elements.flows[key] = flow(key, source, target, item)
    if places:
        elements.positions[shown_lens(elements)] = places
    return checked(elements)


def _nearest(wanted: str, headings: list[str]) -> str:
    return nearest(wanted, [heading.removeprefix("\0") for heading in headings], noun="columns here")


def _items(rows: Iterable[Row], first: tuple[str, ...], what: str) -> tuple[list[str], list[dict[str, Any]]]:
    """The names of the columns, and each row's values by name; a place under names that no attribute can have."""
    found = iter(rows)
    heading = [_GUARDED.sub("", cell, count=1) if _GUARDED.match(cell) else cell for cell in next(found, [])]
    columns: list[tuple[str, Form]] = []
    for cell in heading:
        name, form = (cell.removesuffix(" (json)"), "json") if cell.endswith(" (json)") else (cell, "")
        lower = name.strip().lower()
        if name.endswith(" (own)"):
            name = name.removesuffix(" (own)")
        elif lower == first[0]:
            name = f"\0{lower}"
        elif lower in first or lower in _KNOWN:
            name = lower
        elif lower in _PLACE and what == "nodes":
            columns.append((f"\0{lower}", _PLACE[lower]))
            continue
        columns.append((name, "json" if form else "text" if lower in first else plain_form(name)))
    names = [name for name, _ in columns if name]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise FileFormatError(f"the column {shorten(twice)} stands twice in the table of {what}")
    items: list[dict[str, Any]] = []
    for number, row in enumerate(found, start=2):
        check_counts(*((len(items), 0) if what == "nodes" else (0, len(items))))
        cells = zip(columns, row, strict=False)
        item = {name: _value(cell, form, number) for (name, form), cell in cells if cell != "" and name}
        if item:
            items.append(item)
    return names, items


def _value(cell: str, form: Form, row: int) -> Any:
    text = cell[1:] if _GUARDED.match(cell) else cell
    try:
        return from_text(text, form)
    except FileFormatError as error:
        if form == "json":
            raise FileFormatError(f"row {row}: {error}") from error
        return text

"""The business-process table (Stage, Description, Actions) as a map, and back without loss."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from crmwidget.data.frames import cell_text, is_missing, read_frame
from crmwidget.errors import DataError, EditError, nearest, shorten
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys, slug, unique
from crmwidget.graph.values import admit
from crmwidget.vocabulary import LIMITS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "from_frame", "from_rows", "join_actions", "split_actions", "to_frame"]

COLUMNS = ("Stage", "Description", "Actions")


def from_frame(frame: object, *, name: str = "Business process") -> Elements:
    """A map from a table with one row per stage; the stages become a chain of flows in the order of the rows.

    Parameters
    ----------
    frame
        Any table: `Stage` (its name, in every row), `Description` (text) and `Actions` (text, separated by commas; an
        action that holds a comma stands in double quotes). Headings are read without regard to case; Description and
        Actions may be absent. Missing cells stay missing.
    name
        What the map is called.

    Returns
    -------
    Elements
        Nodes of kind "stage" with `label`, `description`, `actions`; their ids are slugs of the stages.

    Raises
    ------
    DataError
        If it is no table, has no rows, no Stage column, a column of another name (with the nearest), one heading twice,
        a row without a stage, or a text that is too long or has control characters.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"Stage": ["Lead", "Won"], "Description": ["Ask", None], "Actions": ["call, mail", None]})
    >>> from_frame(table).nodes["lead"]["actions"]
    ('call', 'mail')
    """
    table = read_frame(frame)
    return from_rows(table.columns, table.iter_rows(), name=name)


def from_rows(headings: Sequence[str], rows: Iterable[Sequence[object]], *, name: str = "Business process") -> Elements:
    """`from_frame` for headings and rows of cells."""
    places = _places(headings)
    elements = Elements(attributes={"name": name})
    keys = flow_keys()
    previous = ""
    for number, row in enumerate(rows, start=1):
        if number > LIMITS.nodes:
            raise DataError(f"A map holds at most {LIMITS.nodes:,} stages; the table has more rows.")
        cells = {column: row[place] for column, place in places.items() if place < len(row)}
        if is_missing(cells.get("Stage")):
            raise DataError(f"Row {number} has no Stage; every row names one.")
        try:
            attributes = _stage(cells)
        except EditError as error:
            raise DataError(f"Row {number}: {error}") from error
        node = unique(slug(attributes["label"]), elements.nodes)
        elements.nodes[node] = attributes
        if previous:
            elements.flows[next(keys)] = {"source": previous, "target": node, "kind": "flow"}
        previous = node
    if not elements.nodes:
        raise DataError("The table has no rows; each row is one stage of the map.")
    return elements


def to_frame(elements: Elements) -> pd.DataFrame:
    """The stages of a map as a table.

    Returns
    -------
    pandas.DataFrame
        Grain: one row per node of kind "stage", in order of adding. Columns, all text: `Stage` (the label),
        `Description`, `Actions` (separated by `", "`; an action that holds a comma stands in double quotes). What a
        stage does not have is missing (None). Nodes of other kinds and the flows are not in the table.

    Examples
    --------
    >>> stage = {"kind": "stage", "label": "Lead", "actions": ("call, then mail", "wait")}
    >>> to_frame(Elements(nodes={"lead": stage}))["Actions"][0]
    '"call, then mail", wait'
    """
    import pandas as pd

    rows = [
        (
            attributes["label"],
            attributes.get("description"),
            None if attributes.get("actions") is None else join_actions(attributes["actions"]),
        )
        for attributes in elements.nodes.values()
        if attributes["kind"] == "stage"
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=object)


def split_actions(text: str) -> tuple[str, ...]:
    """The actions of a cell: split at commas outside double quotes, blanks around them dropped, empty ones left out.

    Examples
    --------
    >>> split_actions('SEO, "call, then mail", ')
    ('SEO', 'call, then mail')
    """
    actions: list[str] = []
    at = 0
    while at <= len(text):
        start = at
        while start < len(text) and text[start].isspace():
            start += 1
        quoted = _quoted(text, start)
        if quoted is not None:
            action, at = quoted
        else:
            end = text.find(",", at)
            end = len(text) if end < 0 else end
            action, at = text[at:end].strip(), end + 1
            if not action:
                continue
        actions.append(action)
    return tuple(actions)


def join_actions(actions: Iterable[str]) -> str:
    """Actions as one cell, so that `split_actions` gives them back.

    Examples
    --------
    >>> join_actions(["SEO", "call, then mail"])
    'SEO, "call, then mail"'
    """
    return ", ".join(
        '"' + action.replace('"', '""') + '"'
        if not action or "," in action or action.startswith('"') or action != action.strip()
        else action
        for action in actions
    )


def _quoted(text: str, start: int) -> tuple[str, int] | None:
    """The action in quotes that begins at `start`, and where the next begins; None for the likes of `"A" team`."""
    if text[start : start + 1] != '"':
        return None
    action = ""
    at = start + 1
    while True:
        end = text.find('"', at)
        if end < 0:
            return None
        action += text[at:end]
        if text[end + 1 : end + 2] != '"':
            break
        action += '"'
        at = end + 2
    after = end + 1
    while after < len(text) and text[after].isspace():
        after += 1
    return (action, after + 1) if after == len(text) or text[after] == "," else None


def _stage(cells: dict[str, object]) -> dict[str, Any]:
    attributes: dict[str, Any] = {
        "kind": "stage",
        "label": admit("label", " ".join(cell_text(cells["Stage"]).split()), on="node"),
    }
    description, actions = cells.get("Description"), cells.get("Actions")
    if isinstance(description, str) or not is_missing(description):
        text = description if isinstance(description, str) else cell_text(description)
        attributes["description"] = admit("description", text.replace("\r\n", "\n"), on="node")
    if isinstance(actions, str) or not is_missing(actions):
        text = actions if isinstance(actions, str) else cell_text(actions)
        attributes["actions"] = admit("actions", split_actions(text.replace("\r\n", "\n")), on="node")
    return attributes


def _places(headings: Sequence[str]) -> dict[str, int]:
    """Which column is where, headings read without regard to case and blanks around them."""
    by_name = {column.casefold(): column for column in COLUMNS}
    places: dict[str, int] = {}
    for place, heading in enumerate(headings):
        column = by_name.get(heading.strip().casefold())
        if column is None:
            raise DataError(
                f"The table has a column {shorten(heading)} that it cannot have; "
                f"{nearest(heading.strip(), COLUMNS, noun='columns')}. "
                "Give only these, e.g. frame[['Stage', 'Description', 'Actions']]."
            )
        if column in places:
            raise DataError(f"The column {column!r} stands twice in the table.")
        places[column] = place
    if "Stage" not in places:
        raise DataError(f"The table has no column 'Stage'; it has {', '.join(map(repr, headings))}.")
    return places

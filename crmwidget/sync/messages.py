"""The wire: every message between the kernel and a view, written once; TypeScript is generated from here.

A *path* names an element: `["map"]`, `["node", id]`, `["flow", key]`, `["position", lens, id]`, `["comment", id]`,
`["vote", node, who]`, and, written by the kernel alone, `["card", id]`, `["overlay", name]`, `["status"]`, `["about"]`.
From an overlay a path may lead on into a part of it, such as `["overlay", name, "nodes"]`, whose attributes are the
elements it speaks of.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from crmwidget.shown import Card, Overlay

__all__ = [
    "About",
    "Ack",
    "Arrange",
    "Ask",
    "Attributes",
    "Build",
    "Cancel",
    "Change",
    "Code",
    "CodeText",
    "Document",
    "Edit",
    "Filter",
    "FilterBar",
    "FilterChoice",
    "FilterField",
    "FromView",
    "Hello",
    "Hide",
    "Match",
    "Notice",
    "Patch",
    "Path",
    "Progress",
    "Question",
    "Redo",
    "Refusal",
    "Resync",
    "Select",
    "Selection",
    "Snapshot",
    "Status",
    "TemplateChoice",
    "ToView",
    "Undo",
    "Unmatched",
    "WhatIf",
]

Path = list[str]
Attributes = dict[str, Any]
Identifier = Annotated[str, Meta(min_length=1, max_length=200)]
Operation = Annotated[int, Meta(ge=1)]


class Change(Struct, omit_defaults=True, forbid_unknown_fields=True):
    """One element added (`add`), changed (`set`, `unset`) or removed (`remove`)."""

    at: Path
    add: Attributes | None = None
    set: Attributes | None = None
    unset: list[str] | None = None
    remove: bool = False


# ---- from a view to the kernel -------------------------------------------------------------------


class Hello(Struct, tag_field="op", tag="hello", forbid_unknown_fields=True):
    """A view has mounted."""

    client: Identifier


class Resync(Struct, tag_field="op", tag="resync", forbid_unknown_fields=True):
    """A view has missed a patch and asks for the whole document."""

    client: Identifier


class Edit(Struct, tag_field="op", tag="edit", forbid_unknown_fields=True):
    """One gesture: proposed changes, all or nothing; ids of new elements start with `~` until the kernel names them."""

    client: Identifier
    id: Operation
    base: int
    label: Annotated[str, Meta(max_length=200)]
    changes: list[Change]


class Undo(Struct, tag_field="op", tag="undo", forbid_unknown_fields=True):
    """Take the last step back, whoever made it."""

    client: Identifier
    id: Operation


class Redo(Struct, tag_field="op", tag="redo", forbid_unknown_fields=True):
    """Make the step that was taken back again."""

    client: Identifier
    id: Operation


class Arrange(Struct, tag_field="op", tag="arrange", forbid_unknown_fields=True):
    """Lay the map out again; pinned nodes stay unless `unpin`. `lanes` names an attribute, or `""` for no lanes."""

    client: Identifier
    id: Operation
    unpin: bool = False
    lanes: str | None = None


class Build(Struct, tag_field="op", tag="build", forbid_unknown_fields=True):
    """Fill an empty map from a template's name, or add typed text (`a -> b -> c`, a list, a table) to any map.

    New nodes of a text belong to `parent`, and lie around (`x`, `y`) where one is given.
    """

    client: Identifier
    id: Operation
    template: str | None = None
    text: Annotated[str, Meta(max_length=100_000)] | None = None
    parent: str | None = None
    x: float | None = None
    y: float | None = None


class Ask(Struct, tag_field="op", tag="ask", forbid_unknown_fields=True):
    """Run a registered question on the live map and paint its answer."""

    client: Identifier
    id: Operation
    question: str


class Cancel(Struct, tag_field="op", tag="cancel", forbid_unknown_fields=True):
    """Give up a question or a layout that the view's `operation` has begun; it is then refused."""

    client: Identifier
    operation: Operation


class Hide(Struct, tag_field="op", tag="hide", forbid_unknown_fields=True):
    """Take a painted answer off the map."""

    client: Identifier
    id: Operation
    overlay: str


class Filter(Struct, tag_field="op", tag="filter", forbid_unknown_fields=True):
    """Ask all questions of these cases only, of all where nothing is said; days are as `2026-01-31`."""

    client: Identifier
    id: Operation
    values: dict[str, list[str]] = {}
    since: Annotated[str, Meta(max_length=40)] = ""
    until: Annotated[str, Meta(max_length=40)] = ""
    outcome: list[str] = []


class Match(Struct, tag_field="op", tag="match", forbid_unknown_fields=True):
    """Say what activities of an event log mean: the node that each is known as, or a new stage; one step of undo.

    All that is painted is asked again.
    """

    client: Identifier
    id: Operation
    means: dict[str, str] = {}
    add: list[str] = []


class WhatIf(Struct, tag_field="op", tag="what_if", forbid_unknown_fields=True):
    """Ask the painted what-if again with all these changes: attributes of nodes, and probabilities of flows by key."""

    client: Identifier
    id: Operation
    nodes: dict[str, dict[str, float | None]] = {}
    flows: dict[str, float] = {}


class Code(Struct, tag_field="op", tag="code", forbid_unknown_fields=True):
    """Write the last edits by hand as Python."""

    client: Identifier
    id: Operation


class Select(Struct, tag_field="op", tag="select", forbid_unknown_fields=True):
    """What is selected in a view now."""

    client: Identifier
    nodes: list[str]
    flows: list[str]


FromView = (
    Hello
    | Resync
    | Edit
    | Undo
    | Redo
    | Arrange
    | Build
    | Ask
    | Cancel
    | Hide
    | Filter
    | Match
    | WhatIf
    | Code
    | Select
)


# ---- the document, as a view gets it ------------------------------------------------------------------


class Status(Struct):
    """The state of the history and of saving."""

    can_undo: bool
    can_redo: bool
    undo_label: str
    redo_label: str
    saved: str
    problem: str


class Question(Struct):
    """A registered question; `missing` says in a sentence what it still needs, empty when it can be asked."""

    name: str
    title: str
    group: str
    missing: str


class TemplateChoice(Struct):
    """A template that an empty map can be filled from."""

    name: str
    title: str


class FilterChoice(Struct):
    """One value of a filter's field; `count` is of how many cases, empty where that is held back."""

    value: str
    title: str
    count: str


class FilterField(Struct):
    """An attribute of cases that can be filtered by, and what is chosen of it."""

    name: str
    title: str
    choices: list[FilterChoice]
    chosen: list[str]


class FilterBar(Struct):
    """What questions are narrowed to, and what else there is to choose; `sentence` says how many cases that leaves."""

    fields: list[FilterField]
    outcomes: list[FilterChoice]
    outcome: list[str]
    since: str
    until: str
    first_day: str
    last_day: str
    sentence: str
    is_on: bool


class Unmatched(Struct):
    """An activity of an event log that means no node, and of how many events it is."""

    activity: str
    count: str


class About(Struct):
    """What can be asked and built, of which cases (None without an event log), and who writes comments here.

    `unmatched` is what of the event logs means no node.
    """

    questions: list[Question]
    templates: list[TemplateChoice]
    author: str = ""
    filter: FilterBar | None = None
    unmatched: list[Unmatched] = []


class Document(Struct):
    """The whole map as a view gets it: elements by path, at one sequence number of one kernel's `epoch`."""

    epoch: str
    seq: int
    map: Attributes
    nodes: dict[str, Attributes]
    flows: dict[str, Attributes]
    positions: dict[str, dict[str, Attributes]]
    comments: dict[str, Attributes]
    votes: dict[str, dict[str, Attributes]]
    cards: dict[str, Card]
    overlays: dict[str, Overlay]
    status: Status
    about: About


# ---- from the kernel to views ----------------------------------------------------------------------


class Patch(Struct, tag_field="op", tag="patch", omit_defaults=True):
    """The next numbered step of the document; `ack` names the view's operation that it answers."""

    seq: int
    changes: list[Change]
    ack: tuple[str, int] | None = None
    ids: dict[str, str] | None = None


class Ack(Struct, tag_field="op", tag="ack", omit_defaults=True):
    """An operation was taken and changed nothing further, or had been taken before; the map is at step `seq`."""

    client: str
    id: int
    seq: int
    ids: dict[str, str] | None = None


class Refusal(Struct, tag_field="op", tag="refusal"):
    """An operation was refused; the view falls back to the document."""

    client: str
    id: int
    reason: str


class Progress(Struct, tag_field="op", tag="progress"):
    """How far a view's operation has come: a fraction from 0 to 1 where it is known, and what is being done."""

    client: str
    id: int
    fraction: float | None
    text: str


class CodeText(Struct, tag_field="op", tag="code_text"):
    """The Python of the last `n_edits` edits, for the view that has asked for it."""

    client: str
    id: int
    n_edits: int
    text: str


class Snapshot(Struct, tag_field="op", tag="snapshot"):
    """The whole document, for the one view that asked; its operations up to `last_id` are all answered."""

    client: str
    document: Document
    last_id: int


class Selection(Struct, tag_field="op", tag="selection"):
    """Python selects these in every view."""

    nodes: list[str]
    flows: list[str]


class Notice(Struct, tag_field="op", tag="notice"):
    """A sentence for whoever looks at the map."""

    level: Literal["info", "warn", "bad"]
    text: str


ToView = Patch | Ack | Refusal | Progress | CodeText | Snapshot | Selection | Notice

"""Kinds of node and flow, their attributes, and the lenses: the one source of the schema."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = [
    "ATTRIBUTES",
    "DEFAULT_FLOW_KIND",
    "DEFAULT_LENS",
    "DEFAULT_NODE_KIND",
    "FLOW_KINDS",
    "LENSES",
    "LIMITS",
    "NODE_KINDS",
    "Attribute",
    "FlowKind",
    "Lens",
    "Limits",
    "NodeKind",
]

ValueType = Literal["text", "paragraph", "number", "integer", "boolean", "date", "texts", "choice"]
Shape = Literal["card", "pill", "diamond", "frame"]
Holds = Literal["", "frame", "map"]


@dataclass(frozen=True, slots=True)
class Attribute:
    """One named property of nodes or flows; the same name has the same type everywhere."""

    name: str
    type: ValueType
    title: str
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    help: str = ""


@dataclass(frozen=True, slots=True)
class NodeKind:
    """A kind of node: what it is called, how it is drawn, which attributes it has.

    `holds` says what becomes of the nodes whose `parent` it is: a *frame* shows them within itself, a *map* is one to
    go into, and of what is neither they are drawn beside it.
    """

    name: str
    title: str
    shape: Shape
    width: int
    height: int
    attributes: tuple[str, ...]
    holds: Holds = ""


@dataclass(frozen=True, slots=True)
class FlowKind:
    """A kind of flow (edge): `connects` lists the (source kinds, target kinds) it may join; empty: any."""

    name: str
    title: str
    attributes: tuple[str, ...]
    dash: tuple[int, ...] = ()
    connects: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Lens:
    """One side of the map: the node kinds that it adds first, and the question that it answers."""

    name: str
    title: str
    node_kinds: tuple[str, ...]
    flow_kind: str
    question: str


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a map, a text and a message may be; beyond them is an error, never a hang."""

    text_characters: int = 20_000
    label_characters: int = 500
    id_characters: int = 200
    attributes: int = 200
    nested_items: int = 10_000
    nested_depth: int = 6
    nodes: int = 100_000
    flows: int = 200_000
    coordinate: float = 10_000_000.0
    message_changes: int = 20_000
    message_bytes: int = 4_000_000
    file_bytes: int = 100_000_000


LIMITS = Limits()


def _attributes(*items: Attribute) -> dict[str, Attribute]:
    return {item.name: item for item in items}


ATTRIBUTES: dict[str, Attribute] = _attributes(
    Attribute("label", "text", "Name"),
    Attribute("description", "paragraph", "Description"),
    Attribute("objective", "paragraph", "Objective"),
    Attribute("actions", "texts", "Activities", help="what is done here, one per line"),
    Attribute("owner", "text", "Owner", help="who answers for it"),
    Attribute("team", "text", "Team", help="the lane that it lies in"),
    Attribute("systems", "texts", "Systems", help="where it lives"),
    Attribute("tags", "texts", "Tags"),
    Attribute("known_as", "texts", "Known as", help="what event logs call it, one name per line"),
    Attribute("parent", "text", "Belongs to", help="the id of the node that holds it"),
    Attribute("collapsed", "boolean", "Collapsed", help="its content is folded away"),
    Attribute("locked", "boolean", "Locked", help="no hand moves or changes it on the canvas; Python may"),
    Attribute("outcome", "choice", "Outcome", choices=("won", "lost"), help="what it means to arrive here"),
    Attribute("capacity", "number", "Capacity", minimum=0, help="cases that can be worked on at once"),
    Attribute("duration_days", "number", "Working time in days", minimum=0, help="for one case, once it is begun"),
    Attribute("delay_days", "number", "Delay in days", minimum=0, help="for one case, whatever the capacity"),
    Attribute("inflow", "number", "Inflow a month", minimum=0, help="new cases that begin here"),
    Attribute("case_value", "number", "Value of a case", help="what each case brings that arrives here"),
    Attribute("target_cases", "number", "Target: cases a month", minimum=0),
    Attribute("target_conversion_rate", "number", "Target: conversion rate", minimum=0, maximum=1),
    Attribute("target_retention_rate", "number", "Target: retention rate", minimum=0, maximum=1),
    Attribute("target_revenue", "number", "Target: revenue a month", minimum=0),
    Attribute("target_satisfaction", "number", "Target: satisfaction"),
    # journey
    Attribute("channel", "text", "Channel"),
    Attribute("department", "text", "Department"),
    Attribute("need", "paragraph", "Need"),
    Attribute("pain_point", "paragraph", "Pain point"),
    Attribute("emotion", "number", "Emotion", minimum=-2, maximum=2, help="−2 upset … +2 delighted"),
    # systems and data
    Attribute("vendor", "text", "Vendor"),
    Attribute(
        "category",
        "choice",
        "Category",
        choices=(
            "CRM",
            "ERP",
            "marketing automation",
            "support",
            "social",
            "web",
            "data warehouse",
            "finance",
            "other",
        ),
    ),
    Attribute("data_type", "text", "Data type"),
    Attribute("is_personal", "boolean", "Personal data"),
    Attribute("is_master", "boolean", "Master record", help="this is where the truth is kept"),
    # capability
    Attribute("current", "number", "Current level", minimum=0, maximum=5),
    Attribute("goal_level", "number", "Target level", minimum=0, maximum=5),
    Attribute("importance", "number", "Importance", minimum=0, maximum=5),
    Attribute("cost", "number", "Cost", minimum=0),
    # governance
    Attribute("responsible", "texts", "Responsible"),
    Attribute("accountable", "text", "Accountable"),
    Attribute("consulted", "texts", "Consulted"),
    Attribute("informed", "texts", "Informed"),
    Attribute("policy", "paragraph", "Policy"),
    Attribute("standard", "paragraph", "Standard"),
    Attribute("goal", "paragraph", "Goal"),
    Attribute("monitor", "paragraph", "Monitor"),
    Attribute("review_date", "date", "Review date"),
    # flows
    Attribute("condition", "text", "Condition", help="when this way is taken"),
    Attribute("volume", "number", "Volume", minimum=0, help="how much goes this way"),
    Attribute("probability", "number", "Probability", minimum=0, maximum=1, help="share of cases that go this way"),
    Attribute("what", "text", "What flows"),
    Attribute("direction", "choice", "Direction", choices=("one way", "both ways")),
    Attribute("mode", "choice", "Mode", choices=("real time", "batch", "manual")),
    Attribute("frequency", "text", "Frequency"),
    Attribute("is_encrypted", "boolean", "Encrypted"),
    Attribute("transform", "paragraph", "Transformation"),
    Attribute("validation", "paragraph", "Validation"),
    # the map itself
    Attribute("votes_each", "integer", "Votes each", minimum=1, help="how many cards each may vote for"),
)

_GOVERNANCE = (
    "responsible",
    "accountable",
    "consulted",
    "informed",
    "policy",
    "standard",
    "goal",
    "monitor",
    "review_date",
)
_COMMON = ("label", "description", "owner", "team", "tags", "known_as", "locked")
_TIMES = ("duration_days", "delay_days", "inflow", "case_value")
_TARGETS = (
    "target_cases",
    "target_conversion_rate",
    "target_retention_rate",
    "target_revenue",
    "target_satisfaction",
)
_WORK = ("objective", "actions", "systems", "capacity", *_TIMES, *_TARGETS, "parent")


def _node(
    name: str,
    title: str,
    own: tuple[str, ...],
    shape: Shape = "card",
    size: tuple[int, int] = (200, 120),
    holds: Holds = "",
) -> NodeKind:
    return NodeKind(name, title, shape, size[0], size[1], _COMMON + own + _GOVERNANCE, holds)


NODE_KINDS: dict[str, NodeKind] = {
    kind.name: kind
    for kind in (
        _node("stage", "Stage", _WORK, holds="map"),
        _node("start", "Start", ("inflow", "parent"), "pill", (184, 48)),
        _node("end", "End", ("outcome", "case_value", *_TARGETS, "parent"), "pill", (184, 48)),
        _node("activity", "Activity", _WORK, holds="map"),
        _node("decision", "Decision", ("parent",), "diamond", (176, 112)),
        _node(
            "touchpoint",
            "Touchpoint",
            (
                "channel",
                "department",
                "need",
                "pain_point",
                "emotion",
                "systems",
                "capacity",
                *_TIMES,
                *_TARGETS,
                "parent",
            ),
            holds="map",
        ),
        _node("system", "System", ("vendor", "category", "cost", "is_personal", "parent"), holds="map"),
        _node("dataset", "Dataset", ("systems", "is_personal", "is_master", "parent")),
        _node("field", "Field", ("parent", "data_type", "is_personal", "is_master"), "card", (200, 88)),
        _node(
            "capability",
            "Capability",
            ("current", "goal_level", "importance", "cost", "systems", "parent"),
            holds="map",
        ),
        _node("group", "Group", ("collapsed", "parent"), "frame", (320, 200), holds="frame"),
    )
}

_DATA_ENDS = ("system", "dataset", "field")
_MAPPING_ENDS = ("field", "dataset")

FLOW_KINDS: dict[str, FlowKind] = {
    kind.name: kind
    for kind in (
        FlowKind("flow", "Flow", ("label", "description", "owner", "condition", "volume", "probability")),
        FlowKind("message", "Message", ("label", "description", "owner", "what", "frequency"), dash=(2, 5)),
        FlowKind(
            "data",
            "Data flow",
            (
                "label",
                "description",
                "owner",
                "what",
                "direction",
                "mode",
                "frequency",
                "is_encrypted",
                "is_personal",
                "volume",
            ),
            dash=(8, 4),
            connects=((_DATA_ENDS, _DATA_ENDS),),
        ),
        FlowKind("depends", "Depends on", ("label", "description", "owner"), dash=(5, 4)),
        FlowKind("supports", "Supports", ("label", "description", "owner"), dash=(1, 4)),
        FlowKind(
            "mapping",
            "Mapping",
            ("label", "description", "owner", "transform", "validation"),
            dash=(10, 4),
            connects=((_MAPPING_ENDS, _MAPPING_ENDS),),
        ),
    )
}

LENSES: dict[str, Lens] = {
    lens.name: lens
    for lens in (
        Lens(
            "lifecycle",
            "Lifecycle",
            ("stage", "group"),
            "flow",
            "How do customers move from first contact to repeat business, and where do they leave?",
        ),
        Lens(
            "process",
            "Process",
            ("start", "activity", "decision", "end", "group"),
            "flow",
            "What are the steps, who does them, where do they wait, loop or hand over?",
        ),
        Lens(
            "journey",
            "Journey",
            ("touchpoint", "group"),
            "flow",
            "What does the customer go through, and where does it hurt?",
        ),
        Lens(
            "system",
            "Systems",
            ("system", "group"),
            "depends",
            "What is the landscape made of, and what falls if this falls?",
        ),
        Lens(
            "integration",
            "Integrations",
            ("system", "group"),
            "data",
            "Which data, process, system and security integrations exist, and which are missing?",
        ),
        Lens(
            "data",
            "Data",
            ("dataset", "field", "group"),
            "mapping",
            "Where does each field come from, where does it go, what is lost on the way?",
        ),
        Lens(
            "capability",
            "Capabilities",
            ("capability", "group"),
            "supports",
            "Where are we, where do we want to be, what do we do first?",
        ),
        Lens(
            "governance",
            "Governance",
            tuple(NODE_KINDS),
            "flow",
            "Who is answerable, what is not governed, what is out of date?",
        ),
    )
}

DEFAULT_NODE_KIND = "stage"
DEFAULT_FLOW_KIND = "flow"
DEFAULT_LENS = "lifecycle"

"""What BPMN calls things, and which kind of node each is on a map."""

from __future__ import annotations

import re

__all__ = [
    "BPMN",
    "CRM",
    "DC",
    "DI",
    "HOLDERS",
    "KINDS",
    "NAMESPACES",
    "SCALE",
    "SHAPE",
    "TAGS",
    "bpmn",
    "called",
]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
WAY = "http://www.omg.org/spec/DD/20100524/DI"
CRM = "urn:crmwidget:map"
NAMESPACES = {"bpmn": BPMN, "bpmndi": DI, "dc": DC, "di": WAY, "crm": CRM}

SCALE = 2  # cards are about twice as large as the shapes of BPMN tools

_TASKS = (
    "task",
    "userTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "manualTask",
    "businessRuleTask",
    "scriptTask",
    "callActivity",
)
HOLDERS = ("subProcess", "transaction", "adHocSubProcess")
_EVENTS = ("intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
_GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway", "complexGateway")
_DATA = ("dataObjectReference", "dataStoreReference")

# The element → the kind of node that it becomes. Of each kind the first is what a new node becomes.
KINDS: dict[str, str] = {
    "startEvent": "start",
    "endEvent": "end",
    **dict.fromkeys((*_TASKS, *HOLDERS, *_EVENTS), "activity"),
    **dict.fromkeys(_GATEWAYS, "decision"),
    **dict.fromkeys(_DATA, "dataset"),
    **dict.fromkeys(("group", "participant", "lane"), "group"),
}
TAGS: dict[str, str] = {
    **{kind: tag for tag, kind in reversed(KINDS.items())},
    "stage": "task",
    "touchpoint": "task",
    "capability": "task",
    "system": "dataStoreReference",
    "field": "dataObjectReference",
}
SHAPE: dict[str, tuple[float, float]] = {
    **dict.fromkeys(_TASKS, (100, 60)),
    **dict.fromkeys(HOLDERS, (100, 60)),
    **dict.fromkeys((*_EVENTS, "startEvent", "endEvent"), (36, 36)),
    **dict.fromkeys(_GATEWAYS, (50, 50)),
    "dataObjectReference": (36, 50),
    "dataStoreReference": (50, 50),
    **dict.fromkeys(("group", "participant", "lane"), (160, 100)),
}


def bpmn(tag: str) -> str:
    """The name of a BPMN element with its namespace."""
    return f"{{{BPMN}}}{tag}"


def called(tag: str) -> str:
    """What an element without a name is called.

    Examples
    --------
    >>> called("exclusiveGateway"), called("participant")
    ('Exclusive gateway', 'Pool')
    """
    if tag == "participant":
        return "Pool"
    return re.sub("(?<=[a-z])(?=[A-Z])", " ", tag).capitalize()

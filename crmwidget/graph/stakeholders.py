"""The stakeholder register of a map: who is involved, who signed it, and how the signed state differs from today's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import Any

from crmwidget.errors import EditError, shorten
from crmwidget.graph.elements import Attributes, Elements
from crmwidget.graph.votes import EACH
from crmwidget.json_values import encode
from crmwidget.vocabulary import LIMITS

__all__ = [
    "ATTRIBUTE",
    "Register",
    "SignOff",
    "Stakeholder",
    "State",
    "digests_to_keep",
    "register_of",
    "state_of",
    "without_register",
]

ATTRIBUTE = "stakeholders"  # of the map: so the register is in its file, its code and its history
_OF_THE_VIEW = ("lens", "lanes", "bpmn", EACH, ATTRIBUTE)  # attributes of the map that say nothing about customers
_OF_THE_CARD = ("locked", "collapsed")


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who signed, when (an ISO time in UTC), and the fingerprint of the map that was signed."""

    by: str
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """Somebody involved: a name as it was typed, a role, the ids of the stages to care for, perhaps a sign-off."""

    name: str
    role: str = ""
    stages: tuple[str, ...] = ()
    signed: SignOff | None = None


@dataclass(frozen=True, slots=True)
class State:
    """What a map says at a moment: a digest of each node and flow, and the `fingerprint` of them all.

    It is about content: nodes, flows, the map's name and attributes. Where cards lie, what is folded or locked, the
    order of adding, comments, votes and the register itself make no other state of it.
    """

    fingerprint: str
    digests: Mapping[str, str]

    def changed_since(self, before: Mapping[str, str]) -> list[str]:
        """What came, went or is another now: `"node lead"`, `"flow f1"`, `"map"`, in the order of today's map."""
        names = [*self.digests, *(name for name in before if name not in self.digests)]
        return [name for name in names if self.digests.get(name) != before.get(name)]


@dataclass(frozen=True, slots=True)
class Register:
    """The people of a register, by name, and the digests of the states that they signed, by fingerprint."""

    people: Mapping[str, Stakeholder] = field(default_factory=dict)
    states: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def n_changes(self, signed: SignOff, now: State) -> int | None:
        """How many elements have changed since it was signed; None where that was not kept."""
        if signed.state == now.fingerprint:
            return 0
        before = self.states.get(signed.state)
        return len(now.changed_since(before)) if before else None

    def kept(self) -> dict[str, Any]:
        """The register as an attribute of the map; states that nobody's sign-off is for any more are left out."""
        people = []
        for person in self.people.values():
            said: dict[str, Any] = {"name": person.name, "role": person.role, "stages": person.stages}
            if person.signed is not None:
                said["signed"] = {"by": person.signed.by, "at": person.signed.at, "state": person.signed.state}
            people.append(said)
        used = {person.signed.state for person in self.people.values() if person.signed is not None}
        return {"people": people, "states": {name: kept for name, kept in self.states.items() if name in used}}


def state_of(elements: Elements) -> State:
    """The state of a map as it is now.

    Examples
    --------
    >>> one = state_of(Elements(nodes={"lead": {"kind": "stage", "label": "Lead"}}))
    >>> other = state_of(Elements(nodes={"lead": {"kind": "stage", "label": "Lead", "owner": "Ann"}}))
    >>> one.fingerprint == other.fingerprint, other.changed_since(one.digests)
    (False, ['node lead'])
    """
    digests = {f"node {node}": _digest(attributes, _OF_THE_CARD) for node, attributes in elements.nodes.items()}
    digests |= {f"flow {key}": _digest(attributes, ()) for key, attributes in elements.flows.items()}
    digests["map"] = _digest(elements.attributes, _OF_THE_VIEW)
    return State(_hash(sorted(digests.items()), size=6), digests)


def register_of(elements: Elements) -> Register:
    """The register that a map holds, an empty one if it holds none.

    Raises
    ------
    EditError
        If the map's attribute `stakeholders` is something else.
    """
    found = elements.attributes.get(ATTRIBUTE)
    if found is None:
        return Register()
    try:
        people = {said["name"]: _stakeholder(said) for said in found["people"]}
        states = {_text(name): {_text(k): _text(v) for k, v in kept.items()} for name, kept in found["states"].items()}
    except (AttributeError, IndexError, KeyError, TypeError):
        raise EditError(
            f"the map's attribute {ATTRIBUTE!r} is no register: {shorten(found)}; "
            f"give it another name, m.graph.graph['my_{ATTRIBUTE}'] = m.graph.graph.pop({ATTRIBUTE!r})"
        ) from None
    return Register(people, states)


def without_register(elements: Elements) -> Elements:
    """The same map without the register, to be handed on."""
    return replace(elements, attributes={name: v for name, v in elements.attributes.items() if name != ATTRIBUTE})


def digests_to_keep(state: State) -> Mapping[str, str]:
    """What is kept of a state that is signed; nothing of a map so large that an attribute could not hold it."""
    return state.digests if len(state.digests) <= LIMITS.nested_items else {}


def _stakeholder(said: Mapping[str, Any]) -> Stakeholder:
    signed = said.get("signed")
    return Stakeholder(
        _text(said["name"]),
        _text(said["role"]),
        tuple(_text(stage) for stage in _listed(said["stages"])),
        None if signed is None else SignOff(_text(signed["by"]), _text(signed["at"]), _text(signed["state"])),
    )


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _listed(value: object) -> tuple[Any, ...]:
    if not isinstance(value, tuple):
        raise TypeError
    return value


def _digest(attributes: Attributes, without: tuple[str, ...]) -> str:
    return _hash(encode({name: value for name, value in attributes.items() if name not in without}), size=4)


def _hash(value: object, *, size: int) -> str:
    return blake2b(json.dumps(value, sort_keys=True).encode(), digest_size=size).hexdigest()

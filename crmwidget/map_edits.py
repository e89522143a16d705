"""What can be done to a map by name: nodes, flows and places, each a call that is checked and can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmwidget.adding_text import Addition
from crmwidget.errors import EditError, nearest, shorten
from crmwidget.graph.changes import Proposal
from crmwidget.graph.elements import Elements, above
from crmwidget.graph.ids import check_id, slug, unique
from crmwidget.graph.proposing import SIZES, check_position
from crmwidget.map_votes import MapVotes
from crmwidget.placing import Placing
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, FLOW_KINDS, NODE_KINDS

__all__ = ["MapEdits"]


class MapEdits(MapVotes):
    """The editing half of a `CrmMap`."""

    def __init__(self, elements: Elements) -> None:
        super().__init__(elements)
        self._placing = Placing(self)

    def ensure_placed(self) -> None:
        """From now on, keep a place for every node; nothing else moves but what a growing frame would cover.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.ensure_placed()
        >>> "lead" in m.elements.positions[m.lens]
        True
        """
        self._placing.ensure()

    def add(self, kind: str, label: str, *, id: str | None = None, **attributes: Any) -> str:
        """Add a node of `kind` and return its id.

        Parameters
        ----------
        kind
            A kind of `crmwidget.vocabulary.NODE_KINDS`, such as `"stage"` or `"system"`.
        label
            What is written on its card: one line of text.
        id
            Its id; made from the label if not given.
        **attributes
            Attributes that this kind has. A value of None is left out.

        Raises
        ------
        EditError
            For an unknown kind or attribute (with the nearest), a taken id, a wrong or mutable value.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add("system", "HubSpot", owner="Ann")
        'hubspot'
        """
        addition = self._addition(kind, label, id, attributes)
        self.propose([addition], label=f"add {label}"[:80])
        return addition.path[1]

    def _addition(self, kind: str, label: str, id: str | None, attributes: Mapping[str, Any]) -> Proposal:
        if kind not in NODE_KINDS:
            raise EditError(f"unknown node kind {shorten(kind)}; {nearest(kind, NODE_KINDS)}")
        _check_names(attributes, NODE_KINDS[kind].attributes, f"a {kind}")
        self.flush()
        if not isinstance(label, str) or not label.strip():
            raise EditError(f"a node's label is a text that says something; given {shorten(label)}")
        node = unique(slug(label), self.graph) if id is None else check_id(id)
        given = {name: value for name, value in attributes.items() if value is not None}
        return Proposal(("node", node), add={"kind": kind, "label": label, **given})

    def add_stage(self, label: str, *, id: str | None = None, **attributes: Any) -> str:
        """Add a stage and return its id: `add("stage", label, …)`.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> CrmMap("Sales").add_stage("Lead generation", team="Marketing")
        'lead_generation'
        """
        return self.add("stage", label, id=id, **attributes)

    def add_flow(
        self, source: str, target: str, *, kind: str = DEFAULT_FLOW_KIND, key: str | None = None, **attributes: Any
    ) -> str:
        """Add a flow between two nodes that exist, and return its key, which is unique in the whole map.

        Raises
        ------
        EditError
            For a missing node, an unknown kind or attribute (with the nearest), or a taken key.
        RuleError
            If flows of this kind may not join nodes of these kinds.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.add("end", "Lost", outcome="lost")
        'lost'
        >>> m.add_flow("lead", "lost", label="no budget")
        'f2'
        """
        if kind not in FLOW_KINDS:
            raise EditError(f"unknown flow kind {shorten(kind)}; {nearest(kind, FLOW_KINDS)}")
        _check_names(attributes, FLOW_KINDS[kind].attributes, f"a {kind} flow")
        given = {name: value for name, value in attributes.items() if value is not None}
        add = {"source": source, "target": target, "kind": kind, **given}
        wanted = "~flow" if key is None else check_id(key, what="flow key")
        ids = self.propose([Proposal(("flow", wanted), add=add)], label="add flow")
        return ids.get(wanted, wanted)

    def add_group(
        self, label: str, *, members: str | Iterable[str] = (), id: str | None = None, **attributes: Any
    ) -> str:
        """Add a group around nodes and return its id: a node of kind "group" that is the `parent` of its members.

        Parameters
        ----------
        label
            What is written on its frame.
        members
            The nodes that belong to it. A group among them comes along with what it holds.
        id
            Its id; made from the label if not given.
        **attributes
            Attributes that a group has. Without `parent` it belongs to what all its members belonged to.

        Raises
        ------
        EditError
            For a member that is not there, and as `add` does.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add_text("Lead -> Deal -> Won")
        ('lead', 'deal', 'won')
        >>> m.add_group("Selling", members=["lead", "deal"], collapsed=True)
        'selling'
        >>> m.graph.nodes["deal"]["parent"]
        'selling'
        >>> m.ungroup("selling")
        >>> m.graph.nodes["deal"].get("parent"), "selling" in m.graph
        (None, False)
        """
        self.flush()
        nodes = self.elements.nodes
        chosen = dict.fromkeys([members] if isinstance(members, str) else members)
        for member in chosen:
            if not isinstance(member, str) or member not in nodes:
                raise EditError(f"there is no node {shorten(member)}; {nearest(member, nodes, noun='nodes')}")
        around = {member: above(nodes, member) for member in chosen}
        outermost = [member for member in chosen if not chosen.keys() & set(around[member])]
        if outermost and "parent" not in attributes:
            shared = set(around[outermost[0]]).intersection(*(around[member] for member in outermost))
            attributes["parent"] = next((node for node in around[outermost[0]] if node in shared), None)
        addition = self._addition("group", label, id, attributes)
        group = addition.path[1]
        belonging = [Proposal(("node", member), set={"parent": group}) for member in outermost]
        places = self._in_the_middle(group, outermost)
        self.propose([addition, *belonging, *places], label=f"group {label}"[:80])
        return group

    def _in_the_middle(self, group: str, members: Sequence[str]) -> Iterator[Proposal]:
        """A group lies where its members do, in every lens that has placed them."""
        for lens, shelf in self.elements.positions.items():
            xs, ys = ([shelf[member][axis] for member in members if member in shelf] for axis in ("x", "y"))
            if xs:
                middle = {"x": (min(xs) + max(xs)) / 2, "y": (min(ys) + max(ys)) / 2}
                yield Proposal(("position", lens, group), set=middle)

    def ungroup(self, group: str) -> None:
        """Take a group away; what it holds stays, one level up.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.ungroup(m.add_group("Selling", members=["lead"]))
        >>> list(m.graph)
        ['lead', 'won']
        """
        path, kind, _ = self._element(group)
        if path[0] != "node" or NODE_KINDS[kind].holds != "frame":
            raise EditError(f"{group!r} is a {kind}, no group: m.remove({group!r}) takes it away")
        self.propose([Proposal(path, remove=True)], label=f"ungroup {group}"[:80])

    def add_text(
        self, text: str, *, parent: str | None = None, at: tuple[float, float] | None = None
    ) -> tuple[str, ...]:
        """Add what a text says, as one step, and return the ids of the nodes that it names, in its order.

        Parameters
        ----------
        text
            `Lead -> Qualified -> Won`, a list or a table, as `crm.from_text` reads it. A name that is on the map
            already, whatever its case, is that node, with all that it has; of its flows only the missing ones are
            added.
        parent
            The node that new ones belong to, such as a group.
        at
            Where they go: around this point, or at the nearest place with room for them. By default beside what they
            are joined to. With lanes they lie in theirs.

        Raises
        ------
        EditError
            As `crm.from_text` does, for a parent that is not there or a point that is none; nothing is added.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add_text("Lead -> Won")
        ('lead', 'won')
        >>> m.add_text("lead -> Lost: too dear")
        ('lead', 'lost')
        >>> m
        <CrmMap 'Sales': 3 nodes, 2 flows>
        """
        self.flush()
        if at is not None:
            if not isinstance(at, (tuple, list)) or len(at) != 2:
                raise EditError(f"a point is a pair (x, y); given {shorten(at)}")
            place = check_position({"x": at[0], "y": at[1]}, node="the text")
            at = (place["x"], place["y"])
            self.ensure_placed()
        addition = Addition(self.elements, text, parent=parent, at=at, lens=self.lens)
        ids = self.propose(addition.proposals, label="add from text")
        return tuple(ids.get(name, name) for name in addition.names)

    def update(self, element: str, **attributes: Any) -> None:
        """Change attributes of a node (by its id) or a flow (by its key); None removes one.

        A flow is reconnected by `source=` and `target=`; it keeps its key. A known attribute is checked; for a name
        that the kind does not have, use `m.graph.nodes[id][name] = value`.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.update("lead", owner="Ann", label="New lead")
        >>> m.update("lead", owner=None)
        >>> m.graph.nodes["lead"]
        {'kind': 'stage', 'label': 'New lead'}
        """
        path, kind, allowed = self._element(element)
        ends = ("source", "target") if path[0] == "flow" else ()
        new_kind = attributes.get("kind", kind)
        if path[0] == "node" and new_kind in NODE_KINDS:
            allowed = NODE_KINDS[new_kind].attributes
        _check_names(attributes, (*allowed, *ends, "kind", *self._present(path)), f"a {kind}")
        wanted = {name: value for name, value in attributes.items() if value is not None}
        unset = [name for name, value in attributes.items() if value is None]
        self.propose([Proposal(path, set=wanted, unset=unset)], label=f"change {element}"[:80])

    def remove(self, *elements: str) -> None:
        """Remove nodes (with their flows, positions, comments and votes) and flows, as one step.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.remove("won")
        >>> m
        <CrmMap 'Map': 1 node, 0 flows>
        """
        paths = [self._element(element)[0] for element in elements]
        self.propose([Proposal(path, remove=True) for path in paths], label=f"remove {', '.join(elements)}"[:80])

    def move(self, node: str, x: float, y: float, *, pinned: bool = True) -> None:
        """Put the centre of a node at (x, y) in the current lens; a pinned node stays when the map is laid out.

        A group takes along what lies in its frame, whose middle comes to lie there.

        Examples
        --------
        >>> from crmwidget import from_text
        >>> m = from_text("Lead -> Won")
        >>> m.move("won", 600, 200)
        >>> m.positions["won"]
        (600.0, 200.0)
        """
        self.ensure_placed()
        at = check_position({"x": x, "y": y, "pinned": pinned}, node=node)
        places = self._placing.moved(node, (at["x"], at["y"])) if node in self.elements.nodes else {node: (x, y)}
        positions = [
            Proposal(
                ("position", self.lens, other), set={"x": x, "y": y, **({"pinned": pinned} if other == node else {})}
            )
            for other, (x, y) in places.items()
        ]
        self.propose(positions, label=f"move {node}"[:80])

    def move_all(
        self,
        places: Mapping[str, tuple[float, float]],
        *,
        pinned: bool | Iterable[str] = False,
        sizes: Mapping[str, tuple[float, float] | None] | None = None,
        lens: str | None = None,
    ) -> None:
        """Put the centres of nodes exactly where `places` says, as one step; a group takes nothing along.

        Parameters
        ----------
        places
            Node id → (x, y).
        pinned
            Which of them stay when the map is laid out: all, none, or these.
        sizes
            Group id → (width, height), for frames that are larger than what they hold; None for one that is as large
            as that again.
        lens
            The lens whose places they are; by default the one that the map shows.

        Raises
        ------
        EditError
            For a missing node or lens (with the nearest), or a place that is none; nothing is moved.

        Examples
        --------
        >>> from crmwidget import CrmMap
        >>> m = CrmMap("Sales")
        >>> m.add_text("Lead -> Won")
        ('lead', 'won')
        >>> m.move_all({"lead": (0, 0), "won": (300, 0)}, pinned=["won"])
        >>> m.positions["won"]
        (300.0, 0.0)
        """
        self.flush()  # which lens it shows may have been said just now
        held = set(places if pinned is True else ()) if isinstance(pinned, bool) else {*pinned}
        sizes = sizes or {}
        for node in (*held, *sizes):
            if node not in places:
                raise EditError(f"{shorten(node)} is given no place; {nearest(node, places, noun='nodes')}")
        proposals = []
        for node, place in places.items():
            if not isinstance(place, (tuple, list)) or len(place) != 2:
                raise EditError(f"the place of {node!r} is a pair (x, y); given {shorten(place)}")
            size = dict(zip(SIZES, sizes.get(node) or (), strict=False))
            values = {"x": place[0], "y": place[1], "pinned": node in held, **size}
            unset = SIZES if node in sizes and not size else ()
            path = ("position", self.lens if lens is None else lens, node)
            proposals.append(Proposal(path, set=values, unset=unset))
        self.propose(proposals, label="move")

    def _element(self, element: object) -> tuple[tuple[str, str], str, tuple[str, ...]]:
        """The path, kind and allowed attributes of a node or flow that exists."""
        self.flush()
        nodes, flows = self.elements.nodes, self.elements.flows
        if not isinstance(element, str) or (element not in nodes and element not in flows):
            both = [*nodes, *flows]
            raise EditError(f"there is no node or flow {shorten(element)}; {nearest(element, both, noun='ids')}")
        if element in nodes and element in flows:
            raise EditError(f"{element!r} names a node and a flow: use m.graph for one of them")
        if element in nodes:
            kind = nodes[element]["kind"]
            return ("node", element), kind, NODE_KINDS[kind].attributes
        kind = flows[element]["kind"]
        return ("flow", element), kind, FLOW_KINDS[kind].attributes

    def _present(self, path: tuple[str, str]) -> tuple[str, ...]:
        return tuple(self.elements.nodes[path[1]] if path[0] == "node" else self.elements.flows[path[1]])


def _check_names(given: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
    for name in given:
        if name not in allowed:
            raise EditError(f"{what} has no attribute {name!r}; {nearest(name, allowed)}")

"""The structural rules of a map, checked on what a batch of edits changed."""

from __future__ import annotations

from collections.abc import Iterable

from crmwidget.errors import RuleError, nearest, shorten
from crmwidget.graph.changes import Change
from crmwidget.graph.comments import check_threads
from crmwidget.graph.elements import Elements
from crmwidget.graph.votes import EACH, check_limit
from crmwidget.vocabulary import FLOW_KINDS, LIMITS, NODE_KINDS

__all__ = ["check", "check_ends"]


def check_ends(flow_kind: str, source_kind: str, target_kind: str, *, flow: str) -> None:
    """Raise a `RuleError` if a flow of this kind may not join nodes of these kinds."""
    allowed = FLOW_KINDS[flow_kind].connects
    if not allowed or any(source_kind in sources and target_kind in targets for sources, targets in allowed):
        return
    ways = " or ".join(f"{'/'.join(sources)} → {'/'.join(targets)}" for sources, targets in allowed)
    raise RuleError(
        f"a {flow_kind!r} flow cannot lead from a {source_kind} to a {target_kind} (flow {flow!r}); allowed: {ways}"
    )


def check(elements: Elements, changes: Iterable[Change]) -> None:
    """Raise a `RuleError` if `elements`, with `changes` applied, break a rule. Only what changed is looked at."""
    if len(elements.nodes) > LIMITS.nodes:
        raise RuleError(f"a map holds at most {LIMITS.nodes:,} nodes; this would make {len(elements.nodes):,}")
    if len(elements.flows) > LIMITS.flows:
        raise RuleError(f"a map holds at most {LIMITS.flows:,} flows; this would make {len(elements.flows):,}")
    kind_changed: set[str] = set()
    commented: set[str] = set()
    voting: set[str] = set()
    is_limit_changed = False
    for change in changes:
        if change.path[0] == "comment":
            commented.add(change.path[1])
        elif change.path[0] == "vote":
            voting.add(change.path[2])
        elif change.path[0] == "map":
            is_limit_changed = (change.before or {}).get(EACH) != (change.after or {}).get(EACH)
        if change.after is None:
            continue
        if len(change.after) > LIMITS.attributes:
            _check_attributes(change)
        if change.path[0] == "flow":
            _check_flow(elements, change.path[1])
        elif change.path[0] == "node":
            if change.before is not None and change.before["kind"] != change.after["kind"]:
                kind_changed.add(change.path[1])
            if change.after.get("parent") is not None:
                _check_parents(elements, change.path[1])
    if commented:
        check_threads(elements, commented)
    if voting or is_limit_changed:
        check_limit(elements, None if is_limit_changed else sorted(voting))
    if kind_changed:
        for key, flow in elements.flows.items():
            if flow["source"] in kind_changed or flow["target"] in kind_changed:
                _check_flow(elements, key)
        for node, attributes in elements.nodes.items():
            if attributes.get("parent") in kind_changed:
                _check_holder(elements, node)


def _check_attributes(change: Change) -> None:
    """As many attributes as the map's file may hold; what says where an element belongs is not counted."""
    fixed = {"node": ("kind",), "flow": ("kind", "source", "target")}.get(change.path[0], ("name",))
    given = sum(name not in fixed for name in change.after or ())
    if given > LIMITS.attributes:
        raise RuleError(f"{' '.join(change.path)} has at most {LIMITS.attributes:,} attributes; given {given:,}")


def _check_flow(elements: Elements, key: str) -> None:
    flow = elements.flows[key]
    source, target = elements.nodes[flow["source"]], elements.nodes[flow["target"]]
    check_ends(flow["kind"], source["kind"], target["kind"], flow=key)


def _check_parents(elements: Elements, node: str) -> None:
    seen = [node]
    while (parent := elements.nodes[seen[-1]].get("parent")) is not None:
        if parent not in elements.nodes:
            raise RuleError(
                f"{seen[-1]!r} cannot belong to {shorten(parent)}, which is no node; {nearest(parent, elements.nodes)}"
            )
        if parent in seen:
            raise RuleError(f"{node!r} cannot belong to itself, by way of {' → '.join([*seen, parent])}")
        seen.append(parent)
    _check_holder(elements, node)


def _check_holder(elements: Elements, node: str) -> None:
    """A group or what has a map behind it may hold nodes; a dataset holds its fields."""
    kind, parent = elements.nodes[node]["kind"], elements.nodes[node]["parent"]
    holder = elements.nodes[parent]["kind"]
    if NODE_KINDS[holder].holds or (holder, kind) == ("dataset", "field"):
        return
    holding = ", ".join(name for name, found in NODE_KINDS.items() if found.holds)
    only = "a dataset holds fields alone" if holder == "dataset" else f"what is of kind {holder!r} holds no nodes"
    raise RuleError(f"{node!r} cannot belong to {parent!r}: {only}; allowed: {holding}")

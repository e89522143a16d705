"""DOT: a map as a drawing for Graphviz."""

from __future__ import annotations

from collections.abc import Iterator

from crmwidget.formats.foreign import shown_lens
from crmwidget.graph.elements import Elements
from crmwidget.graph.nesting import Nesting
from crmwidget.vocabulary import FLOW_KINDS, NODE_KINDS

__all__ = ["dumps"]

_SHAPES = {"card": "box", "pill": "oval", "diamond": "diamond", "frame": "box"}


def dumps(elements: Elements) -> bytes:
    """A map as DOT: ids, labels, kinds as shapes and line styles, groups as clusters, places where they are known.

    Examples
    --------
    >>> nodes = {"lead": {"kind": "stage", "label": "Lead"}}
    >>> print(dumps(Elements(attributes={"name": "Sales"}, nodes=nodes)).decode())
    digraph "Sales" {
      compound=true;
      "lead" [label="Lead", class="stage", shape="box"];
    }
    <BLANKLINE>
    """
    nesting = Nesting(elements.nodes)
    places = elements.positions.get(shown_lens(elements), {})

    def nodes(holder: str | None, indent: str) -> Iterator[str]:
        for name in nesting.content.get(holder, []):
            attributes = elements.nodes[name]
            told = {"label": attributes["label"], "class": attributes["kind"]}
            if name in nesting.frames:
                yield f"{indent}subgraph {_quoted(f'cluster_{name}')} {{"
                yield f"{indent}  label={_quoted(attributes['label'])};"
                yield f'{indent}  {_quoted(name)} [label="", class="group", shape="point", style="invis"];'
                yield from nodes(name, indent + "  ")
                yield f"{indent}}}"
                continue
            told["shape"] = _SHAPES[NODE_KINDS[attributes["kind"]].shape]
            if name in places:  # points, with the y axis upwards
                told["pos"] = f"{places[name]['x']:g},{-places[name]['y']:g}!"
            yield f"{indent}{_quoted(name)} [{_listed(told)}];"
            yield from nodes(name, indent)

    def flows() -> Iterator[str]:
        for key, attributes in elements.flows.items():
            kind = attributes["kind"]
            told = {"id": key, "class": kind}
            if attributes.get("label"):
                told["label"] = attributes["label"]
            if FLOW_KINDS[kind].dash:
                told["style"] = "dashed"
            for end, side in (("source", "ltail"), ("target", "lhead")):
                if attributes[end] in nesting.frames:
                    told[side] = f"cluster_{attributes[end]}"
            yield f"  {_quoted(attributes['source'])} -> {_quoted(attributes['target'])} [{_listed(told)}];"

    name = str(elements.attributes.get("name", "Map"))
    return "\n".join(
        [f"digraph {_quoted(name)} {{", "  compound=true;", *nodes(None, "  "), *flows(), "}", ""]
    ).encode()


def _listed(attributes: dict[str, str]) -> str:
    return ", ".join(f"{name}={_quoted(value)}" for name, value in attributes.items())


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'

"""Mermaid: a map as a flowchart, and the flowcharts that people write, read as far as they are in common use."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from crmwidget.errors import FileFormatError, shorten
from crmwidget.formats.foreign import check_counts, checked, flow, node, one_line
from crmwidget.graph.elements import Elements
from crmwidget.graph.ids import flow_keys, unique
from crmwidget.graph.nesting import Nesting
from crmwidget.vocabulary import DEFAULT_FLOW_KIND, NODE_KINDS

__all__ = ["dumps", "loads"]

MERMAID_BYTES = 5_000_000
MERMAID_LINE = 20_000  # characters
MERMAID_DEPTH = 50  # of subgraphs in each other

_SHAPES = {"pill": ("([", "])"), "diamond": ("{", "}"), "card": ("[", "]"), "frame": ("[", "]")}
_ARROWS = {"flow": "-->", "message": "-.->", "data": "==>"}
# Longest first. The kind of node that a shape says where no class says it; none is the plainest.
_BRACKETS: tuple[tuple[str, str, str], ...] = (
    ("(((", ")))", "end"),
    ("([", "])", "start"),
    ("((", "))", "start"),
    ("[[", "]]", ""),
    ("[(", ")]", "dataset"),
    ("[/", "/]", ""),
    ("[\\", "\\]", ""),
    ("{{", "}}", ""),
    ("[", "]", ""),
    ("(", ")", ""),
    ("{", "}", "decision"),
    (">", "]", ""),
)
_ID = re.compile(r"[^\W_](?:[\w.]|-(?![-.>]))*|_\w*")
_PLAIN_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_RESERVED = {"end", "graph", "subgraph", "flowchart", "style", "class", "click", "default", "direction", "linkstyle"}
_LINK = re.compile(
    r"\s*<?(?:(?P<dots>-\.+->?|-\.(?P<dotted>[^|.]+)\.->?)"
    r"|(?P<thick>==(?![=>])(?P<bold>[^|=>]+)==+>?|==+>?)"
    r"|--(?:\s+|(?![-\s>ox|]))(?P<text>[^|\-][^|]*?)\s*--+[>ox]?|--+[>ox]?"
    r"|(?P<hidden>~~~+))(?:\s*\|(?P<label>[^|]*)\|)?\s*"
)
_IGNORED = ("classdef ", "class ", "style ", "click ", "linkstyle ", "direction ", "acctitle", "accdescr")
_ENTITY = re.compile(r"#(\w+);")
_ENTITIES = {"quot": '"', "amp": "&", "lt": "<", "gt": ">", "num": "#"}


def dumps(elements: Elements) -> bytes:
    """A map as a flowchart: names, labels, kinds (as shapes and classes), groups as subgraphs, flows with their labels.

    Examples
    --------
    >>> nodes = {"lead": {"kind": "stage", "label": "Lead"}, "won": {"kind": "end", "label": "Won"}}
    >>> print(dumps(Elements(nodes=nodes, flows={"f1": {"source": "lead", "target": "won", "kind": "flow"}})).decode())
    flowchart LR
      lead["Lead"]:::stage
      won(["Won"]):::end_
      lead --> won
    <BLANKLINE>
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for name in elements.nodes:
        is_plain = _PLAIN_ID.fullmatch(name) and name.lower() not in _RESERVED
        names[name] = unique(
            name if is_plain else f"n{len(names) + 1}", {*taken, *(elements.nodes if not is_plain else ())}
        )
        taken.add(names[name])
    nesting = Nesting(elements.nodes)

    def nodes(holder: str | None, indent: str) -> Iterator[str]:
        for name in nesting.content.get(holder, []):
            attributes = elements.nodes[name]
            label = _escaped(attributes["label"])
            if name in nesting.frames:
                yield f'{indent}subgraph {names[name]}["{label}"]'
                yield from nodes(name, indent + "  ")
                yield f"{indent}end"
                continue
            before, after = _SHAPES[NODE_KINDS[attributes["kind"]].shape]
            kind = f"{attributes['kind']}_" if attributes["kind"] in _RESERVED else attributes["kind"]
            yield f'{indent}{names[name]}{before}"{label}"{after}:::{kind}'
            yield from nodes(name, indent)

    def flows() -> Iterator[str]:
        for attributes in elements.flows.values():
            arrow = _ARROWS.get(attributes["kind"], _ARROWS[DEFAULT_FLOW_KIND])
            text = f'|"{_escaped(str(attributes["label"]))}"|' if attributes.get("label") else ""
            yield f"  {names[attributes['source']]} {arrow}{text} {names[attributes['target']]}"

    return "\n".join(["flowchart LR", *nodes(None, "  "), *flows(), ""]).encode()


def _escaped(text: str) -> str:
    text = text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
    return text.replace("\n", " ").replace("`", "#96;").replace("|", "#124;")


# ---- reading ---------------------------------------------------------------------------------------


def loads(content: bytes) -> Elements:
    """The map of a flowchart: nodes and their shapes, links and their labels, subgraphs, classes that name a kind.

    Styles, clicks, directions and comments are left out. What follows a label in backquotes is its text.

    Raises
    ------
    FileFormatError
        For another kind of diagram, or a line that is not understood, with its number.
    """
    if len(content) > MERMAID_BYTES:
        raise FileFormatError(f"a Mermaid file has at most {MERMAID_BYTES:,} bytes; this one has {len(content):,}")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileFormatError(f"the file is not UTF-8 text: byte {error.start:,} is no part of it") from None
    return _Reading().whole(text)


class _Reading:
    def __init__(self) -> None:
        self._nodes: dict[str, dict[str, Any]] = {}
        self._flows: dict[str, dict[str, Any]] = {}
        self._keys = flow_keys()
        self._inside: list[str] = []

    def whole(self, text: str) -> Elements:
        has_begun, title = False, "Map"
        in_heading = text.lstrip().startswith("---")
        n_rules = 0
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            if in_heading:
                n_rules += stripped == "---"
                in_heading = n_rules < 2
                if stripped.startswith("title:"):
                    title = one_line(stripped.removeprefix("title:").strip(" \"'")) or title
                continue
            if not stripped or stripped.startswith("%%"):
                continue
            if len(stripped) > MERMAID_LINE:
                raise FileFormatError(
                    f"line {number}: a line has at most {MERMAID_LINE:,} characters; this one has {len(stripped):,}"
                )
            for part in _statements(stripped):
                if not has_begun:
                    if not re.match(r"(flowchart|graph)\b", part):
                        raise FileFormatError(
                            f"line {number}: a Mermaid flowchart begins with 'flowchart' or 'graph'; "
                            f"this one with {shorten(part)}"
                        )
                    has_begun = True
                    continue
                try:
                    self._statement(part)
                except FileFormatError as error:
                    raise FileFormatError(f"line {number}: {error}") from error
        if not has_begun:
            raise FileFormatError("the file is empty, not a flowchart")
        if self._inside:
            raise FileFormatError(f"the subgraph {shorten(self._inside[-1])} has no 'end'")
        elements = Elements(attributes={"name": title})
        for name, given in self._nodes.items():
            elements.nodes[name] = node(name, given)
        for key, given in self._flows.items():
            elements.flows[key] = flow(key, given.pop("source"), given.pop("target"), given)
        return checked(elements)

    def _statement(self, text: str) -> None:
        lower = text.lower()
        if lower == "end":
            if not self._inside:
                raise FileFormatError("there is no subgraph that this 'end' could end")
            self._inside.pop()
        elif lower.startswith("subgraph"):
            self._subgraph(text[len("subgraph") :].strip())
        elif not lower.startswith(_IGNORED):
            self._chain(text)

    def _subgraph(self, text: str) -> None:
        found = _ID.match(text)
        name, label = (found[0], text[found.end() :].strip()) if found else ("", text)
        if label.startswith("[") and label.endswith("]"):
            label = label[1:-1]
        elif label or not name:  # a title alone
            name, label = unique(f"subgraph{len(self._nodes) + 1}", self._nodes), text
        if len(self._inside) >= MERMAID_DEPTH:
            raise FileFormatError(f"subgraphs lie at most {MERMAID_DEPTH} deep in each other")
        attributes = self._node(name, {"label": _unescaped(label)} if label else {})
        attributes["kind"] = "group"
        self._inside.append(name)

    def _chain(self, text: str) -> None:
        at, sources = self._group(text, 0)
        while at < len(text):
            link = _LINK.match(text, at)
            if link is None or link.end() == at:
                raise FileFormatError(f"cannot read {shorten(text[at : at + 60])}")
            at, targets = self._group(text, link.end())
            if not link["hidden"]:
                for source in sources:
                    for target in targets:
                        self._flow(source, target, link)
            sources = targets

    def _flow(self, source: str, target: str, link: re.Match[str]) -> None:
        check_counts(0, len(self._flows) + 1)
        given: dict[str, Any] = {"source": source, "target": target}
        label = _unescaped(next((link[name] for name in ("label", "dotted", "bold", "text") if link[name]), ""))
        if label:
            given["label"] = label
        if link["dots"]:
            given["kind"] = "message"
        elif link["thick"] and all(
            self._nodes[end].get("kind") in ("system", "dataset", "field") for end in (source, target)
        ):
            given["kind"] = "data"
        self._flows[next(self._keys)] = given

    def _group(self, text: str, at: int) -> tuple[int, list[str]]:
        """The nodes of `A & B`, and where what follows begins."""
        names = []
        while True:
            at, name = self._one(text, at)
            names.append(name)
            more = re.compile(r"\s*&\s*").match(text, at)
            if more is None:
                return len(text) if not text[at:].strip() else at, names
            at = more.end()

    def _one(self, text: str, at: int) -> tuple[int, str]:
        found = _ID.match(text, at)
        if found is None:
            raise FileFormatError(f"a node was expected at {shorten(text[at : at + 60])}")
        name, at = found[0], found.end()
        given: dict[str, Any] = {}
        for before, after, kind in _BRACKETS:
            if text.startswith(before, at):
                at, label = _bracketed(text, at + len(before), after)
                given["label"] = _unescaped(label)
                if kind:
                    given["kind"] = kind
                break
        if text.startswith(":::", at) and (styled := re.compile(r":::([\w-]+)").match(text, at)):
            at = styled.end()
            kind = styled[1].removesuffix("_") if styled[1].endswith("_") else styled[1]
            if kind in NODE_KINDS:
                given["kind"] = kind
        self._node(name, given)
        return at, name

    def _node(self, name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        if name not in self._nodes:
            check_counts(len(self._nodes) + 1)
            self._nodes[name] = {"parent": self._inside[-1]} if self._inside else {}
        elif self._inside and "parent" not in self._nodes[name] and name not in self._inside:
            self._nodes[name]["parent"] = self._inside[-1]
        self._nodes[name].update({key: value for key, value in given.items() if value != ""})
        return self._nodes[name]


def _statements(line: str) -> Iterator[str]:
    """The statements of a line, which semicolons set apart where they end no entity and stand in no quotes."""
    begin, is_quoted = 0, False
    for found in re.finditer(r'"|#\w{1,10};|;', line):
        if found[0] == '"':
            is_quoted = not is_quoted
        elif found[0] == ";" and not is_quoted:
            if statement := line[begin : found.start()].strip():
                yield statement
            begin = found.end()
    if statement := line[begin:].strip():
        yield statement


def _bracketed(text: str, at: int, after: str) -> tuple[int, str]:
    """The text up to the closing bracket, and where what follows begins; brackets in quotes close nothing."""
    if text.startswith('"', at):
        end = text.find('"', at + 1)
        if end >= 0 and text.startswith(after, end + 1):
            return end + 1 + len(after), text[at + 1 : end]
    end = text.find(after, at)
    if end < 0:
        raise FileFormatError(f"a bracket is not closed in {shorten(text[max(0, at - 20) :])}")
    return end + len(after), text[at:end]


def _unescaped(text: str) -> str:
    text = text.strip().strip('"').strip("`")
    text = re.sub(r"<br\s*/?>", " ", text, flags=re.IGNORECASE)

    def character(found: re.Match[str]) -> str:
        code = found[1]
        if code.isascii() and code.isdigit() and 31 < int(code) < 0x110000 and not 0xD800 <= int(code) <= 0xDFFF:
            return chr(int(code))
        return _ENTITIES.get(code, found[0])

    return one_line(_ENTITY.sub(character, text))

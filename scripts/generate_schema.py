"""Write `js/src/generated/schema.ts` from the Python vocabulary, design tokens and wire types.

`python scripts/generate_schema.py` writes it; with `--check` it only says whether it is current.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from crmwidget import design, shown, vocabulary
from crmwidget.sync import messages

TARGET = Path(__file__).parent.parent / "js" / "src" / "generated" / "schema.ts"
HEADER = """// Generated from crmwidget/vocabulary.py, design.py and sync/messages.py. Do not edit: run `make schema`.
"""
PRIMITIVES = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", typing.Any: "unknown"}
Source = str
"""A piece of TypeScript."""


def typescript(hint: object) -> str:
    """The TypeScript for one Python annotation."""
    if hint in PRIMITIVES:
        return PRIMITIVES[hint]
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint.__name__
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return typescript(arguments[0])
    if origin is typing.Literal:
        return " | ".join(json.dumps(value) for value in arguments)
    if origin in (typing.Union, types.UnionType):
        return " | ".join(typescript(a) for a in arguments)
    if origin is list:
        inner = typescript(arguments[0])
        return f"({inner})[]" if "|" in inner else f"{inner}[]"
    if origin is tuple:
        return f"[{', '.join(typescript(a) for a in arguments)}]"
    if origin is dict:
        return f"Record<{typescript(arguments[0])}, {typescript(arguments[1])}>"
    raise TypeError(f"no TypeScript for {hint!r}")


def interface(struct: type[msgspec.Struct]) -> str:
    lines = [f"/** {struct.__doc__.strip().splitlines()[0]} */"] if struct.__doc__ else []
    lines.append(f"export interface {struct.__name__} {{")
    config = struct.__struct_config__
    if config.tag_field:
        lines.append(f"  {config.tag_field}: {json.dumps(config.tag)};")
    hints = typing.get_type_hints(struct, include_extras=True)
    outgoing = config.omit_defaults or config.forbid_unknown_fields
    for field in msgspec.structs.fields(struct):
        optional = "?" if outgoing and not field.required else ""
        lines.append(f"  {field.encode_name}{optional}: {typescript(hints[field.name])};")
    return "\n".join([*lines, "}"])


def constant(name: str, value: object, type_name: str = "") -> str:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    return f"export const {name}{': ' + type_name if type_name else ''} = {text};"


def numbers(name: str, values: Mapping[str, float]) -> str:
    """An enum, whose members the bundler writes as plain numbers where they are used."""
    return "\n".join([f"export enum {name} {{", *(f"  {key} = {value}," for key, value in values.items()), "}"])


def humanised(name: str) -> str:
    """The title that a name has if none is stated; the same rule is `titleOf` in js/src/model/kinds.ts."""
    return name[:1].upper() + name[1:].replace("_", " ")


def record(items: Mapping[str, object], **replaced: Callable[[typing.Any], Source]) -> str:
    """Each item as an object without what goes without saying: its name, a title that the name gives, defaults."""
    lines = []
    for name, item in items.items():
        entries = []
        for field in dataclasses.fields(item):  # type: ignore[arg-type]
            value = getattr(item, field.name)
            is_said = field.name == "name" or value == field.default
            if is_said or (field.name == "title" and value == humanised(name)):
                continue
            if field.name in replaced:
                entries.append(replaced[field.name](item))
            else:
                entries.append(f"{field.name}: {json.dumps(value, ensure_ascii=False)}")
        lines.append(f"  {name}: {{ {', '.join(filter(None, entries))} }},")
    return "\n".join(["{", *lines, "}"])


def shared_attributes() -> tuple[list[str], list[str]]:
    """What all kinds of node have in common: the attributes before their own, and those after."""
    all_kinds = [kind.attributes for kind in vocabulary.NODE_KINDS.values()]
    return common_start(all_kinds), common_start([attributes[::-1] for attributes in all_kinds])[::-1]


def common_start(lists: Sequence[Sequence[str]]) -> list[str]:
    columns = itertools.takewhile(lambda column: len(set(column)) == 1, zip(*lists, strict=False))
    return [column[0] for column in columns]


def node_kinds() -> str:
    first, last = shared_attributes()
    default = vocabulary.NODE_KINDS[vocabulary.DEFAULT_NODE_KIND]
    measures = ("shape", "width", "height")

    def outline(kind: vocabulary.NodeKind) -> Source:
        own = {name: getattr(kind, name) for name in measures if getattr(kind, name) != getattr(default, name)}
        return ", ".join(["...CARD", *(f"{name}: {json.dumps(value)}" for name, value in own.items())])

    def attributes(kind: vocabulary.NodeKind) -> Source:
        own = [json.dumps(name) for name in kind.attributes[len(first) : -len(last)]]
        return f"attributes: [{', '.join(['...COMMON', *own, '...GOVERNANCE'])}]"

    outlines = {"shape": outline, "width": lambda _: "", "height": lambda _: ""}
    kinds = record(vocabulary.NODE_KINDS, **outlines, attributes=attributes)
    card = ", ".join(f"{name}: {json.dumps(getattr(default, name))}" for name in measures)
    return "\n\n".join(
        [
            constant("COMMON", first),
            constant("GOVERNANCE", last, "readonly string[]"),
            f"/** The outline of the default kind. */\nexport const CARD = {{ {card} }} as const;",
            f"export const NODE_KINDS: Record<string, NodeKind> = {kinds};",
        ]
    )


def lenses() -> str:
    def kinds(lens: vocabulary.Lens) -> Source:
        is_all = lens.node_kinds == tuple(vocabulary.NODE_KINDS)
        return f"node_kinds: {'Object.keys(NODE_KINDS)' if is_all else json.dumps(lens.node_kinds)}"

    def flow_kind(lens: vocabulary.Lens) -> Source:
        return "" if lens.flow_kind == vocabulary.DEFAULT_FLOW_KIND else f"flow_kind: {json.dumps(lens.flow_kind)}"

    return record(vocabulary.LENSES, node_kinds=kinds, flow_kind=flow_kind)


def generate() -> str:
    structs = [
        value
        for value in {**vars(shown), **vars(messages)}.values()
        if isinstance(value, type) and issubclass(value, msgspec.Struct) and value is not msgspec.Struct
    ]
    unions = {
        name: " | ".join(typescript(a) for a in typing.get_args(getattr(messages, name)))
        for name in ("FromView", "ToView")
    }
    literals = {name: typing.get_args(getattr(vocabulary, name)) for name in ("ValueType", "Shape", "Holds")}
    parts = [
        HEADER,
        "export type Path = string[];",
        "export type Attributes = Record<string, unknown>;",
        *(interface(struct) for struct in structs),
        *(f"export type {name} = {text};" for name, text in unions.items()),
        *(f"export type {name} = {' | '.join(map(json.dumps, values))};" for name, values in literals.items()),
        "// A title that is not stated is the name with a capital; what else is not stated has its default.",
        "export interface Attribute { type: ValueType; title?: string; choices?: string[]; "
        "minimum?: number; maximum?: number; help?: string }",
        "export interface NodeKind { title?: string; shape: Shape; width: number; height: number; "
        "attributes: string[]; holds?: Holds }",
        "export interface FlowKind { title?: string; attributes: string[]; dash?: number[]; connects?: string[][][] }",
        "export interface Lens { title?: string; node_kinds: string[]; flow_kind?: string; question: string }",
        f"export const ATTRIBUTES: Record<string, Attribute> = {record(vocabulary.ATTRIBUTES)};",
        node_kinds(),
        f"export const FLOW_KINDS: Record<string, FlowKind> = {record(vocabulary.FLOW_KINDS)};",
        f"export const LENSES: Record<string, Lens> = {lenses()};",
        numbers("LIMITS", dataclasses.asdict(vocabulary.LIMITS)),
        constant("DEFAULT_NODE_KIND", vocabulary.DEFAULT_NODE_KIND, "string"),
        constant("DEFAULT_FLOW_KIND", vocabulary.DEFAULT_FLOW_KIND, "string"),
        constant("DEFAULT_LENS", vocabulary.DEFAULT_LENS, "string"),
        "export type ThemeName = " + " | ".join(map(json.dumps, design.THEMES)) + ";",
        "export type Tokens = Record<" + " | ".join(map(json.dumps, design.THEMES["light"])) + ", string>;",
        constant("THEMES", design.THEMES, "Record<ThemeName, Tokens>"),
        constant("CATEGORIES", design.CATEGORIES, "Record<ThemeName, string[]>"),
        constant("HEAT", design.HEAT, "Record<ThemeName, string[]>"),
        "export interface Shadow { y: number; blur: number; colour: string }",
        constant("SHADOWS", design.SHADOWS, "Record<ThemeName, Shadow[]>"),
        numbers("GEOMETRY", design.GEOMETRY),
        "/** Marks that the still picture has too: strokes on a field of 20 by 20. */",
        constant("MARKS", design.MARKS, "Record<string, string>"),
    ]
    return "\n\n".join(parts) + "\n"


def main() -> int:
    wanted = generate()
    current = TARGET.read_text(encoding="utf-8") if TARGET.exists() else ""
    if "--check" in sys.argv[1:]:
        if current != wanted:
            print(f"{TARGET} is not what the Python sources say: run `make schema`", file=sys.stderr)
            return 1
        return 0
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_text(wanted, encoding="utf-8")
    print(f"wrote {TARGET}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

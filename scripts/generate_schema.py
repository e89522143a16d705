"""Write `js/src/generated/schema.ts` from the Python vocabulary, design tokens and wire types.

`python scripts/generate_schema.py` writes it; with `--check` it only says whether it is current.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import types
import typing
from collections.abc import Mapping
from pathlib import Path

import msgspec

from crmwidget import design, shown, vocabulary
from crmwidget.sync import messages

TARGET = Path(__file__).parent.parent / "js" / "src" / "generated" / "schema.ts"
HEADER = """// Generated from crmwidget/vocabulary.py, design.py and sync/messages.py. Do not edit: run `make schema`.
"""
PRIMITIVES = {str: "string", int: "number", float: "number", bool: "boolean", type(None): "null", typing.Any: "unknown"}
ALIASES = {"Path": "Path", "Attributes": "Attributes"}


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
    return f"export const {name}{': ' + type_name if type_name else ''} = {text}{'' if type_name else ' as const'};"


def record(items: Mapping[str, object]) -> dict[str, object]:
    return {name: dataclasses.asdict(item) for name, item in items.items()}  # type: ignore[call-overload]


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
    literals = {name: typing.get_args(getattr(vocabulary, name)) for name in ("ValueType", "Shape")}
    parts = [
        HEADER,
        "export type Path = string[];",
        "export type Attributes = Record<string, unknown>;",
        *(interface(struct) for struct in structs),
        *(f"export type {name} = {text};" for name, text in unions.items()),
        *(f"export type {name} = {' | '.join(map(json.dumps, values))};" for name, values in literals.items()),
        "export interface Attribute { name: string; type: ValueType; title: string; choices: string[]; "
        "minimum: number | null; maximum: number | null; help: string }",
        "export interface NodeKind { name: string; title: string; shape: Shape; width: number; height: number; "
        "attributes: string[] }",
        "export interface FlowKind { name: string; title: string; attributes: string[]; dash: number[]; "
        "connects: string[][][] }",
        "export interface Lens { name: string; title: string; node_kinds: string[]; flow_kind: string; "
        "question: string }",
        constant("ATTRIBUTES", record(vocabulary.ATTRIBUTES), "Record<string, Attribute>"),
        constant("NODE_KINDS", record(vocabulary.NODE_KINDS), "Record<string, NodeKind>"),
        constant("FLOW_KINDS", record(vocabulary.FLOW_KINDS), "Record<string, FlowKind>"),
        constant("LENSES", record(vocabulary.LENSES), "Record<string, Lens>"),
        constant("LIMITS", dataclasses.asdict(vocabulary.LIMITS)),
        constant("DEFAULT_NODE_KIND", vocabulary.DEFAULT_NODE_KIND, "string"),
        constant("DEFAULT_FLOW_KIND", vocabulary.DEFAULT_FLOW_KIND, "string"),
        constant("DEFAULT_LENS", vocabulary.DEFAULT_LENS, "string"),
        "export type ThemeName = " + " | ".join(map(json.dumps, design.THEMES)) + ";",
        "export type Tokens = Record<" + " | ".join(map(json.dumps, design.THEMES["light"])) + ", string>;",
        constant("THEMES", design.THEMES, "Record<ThemeName, Tokens>"),
        constant("CATEGORIES", design.CATEGORIES, "Record<ThemeName, string[]>"),
        constant("HEAT", design.HEAT, "Record<ThemeName, string[]>"),
        constant("GEOMETRY", design.GEOMETRY),
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

"""The rooms import only downward, the public names are whole, and nothing that is locked names where it came from."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "crmwidget"

GROUND = {"errors", "vocabulary", "design", "shown", "json_values"}
MAP = GROUND | {"data", "graph"}
BESIDE_THE_MAP = {"layout", "sync", "analysis", "formats"}
IN_THE_NOTEBOOK = {
    "autosaving",
    "adding_text",
    "catalog",
    "map_data",
    "map_edits",
    "map_files",
    "map_filter",
    "map_pictures",
    "metric_cards",
    "notebook",
    "placing",
    "standing_picture",
    "widget",
}
# Each room, and the rooms it may import. A room that is missing here fails: where it stands has to be decided.
MAY_IMPORT = {
    "errors": set[str](),
    "vocabulary": {"errors"},
    "design": {"errors", "vocabulary"},
    "shown": {"errors", "vocabulary"},
    "json_values": {"errors", "vocabulary"},
    "warming": set[str](),
    "data": GROUND,
    "graph": MAP,
    "layout": MAP,
    "sync": MAP,
    "analysis": MAP,
    "formats": MAP | {"layout"},
    "metric_cards": MAP,
    "autosaving": MAP | {"formats"},
    "notebook": MAP,
    "slow": MAP | {"sync"},
    "placing": MAP | {"layout", "notebook", "slow", "sync"},
    "adding_text": MAP | {"formats", "layout"},
    "map_comments": MAP | {"notebook"},
    "map_votes": MAP | {"map_comments"},
    "map_edits": MAP | {"adding_text", "map_votes", "placing"},
    "map_files": MAP | {"autosaving", "formats", "map_edits", "widget"},
    "map_pictures": MAP | {"formats", "map_files", "sync", "widget"},
    "map_filter": MAP | {"crm_map", "following", "map_pictures"},
    "map_data": MAP | {"map_filter", "metric_cards"},
    "catalog": MAP | BESIDE_THE_MAP,
    "workshop": MAP | {"analysis"},
    "widget": MAP | BESIDE_THE_MAP | {"notebook"},
    # The commands are a part of the map's face in files of their own: they name its type, it makes them.
    "view_commands": MAP | BESIDE_THE_MAP | {"asking", "catalog", "crm_map", "filter_bar", "unmatched"},
    "filter_bar": MAP | {"analysis", "crm_map", "sync"},
    "unmatched": MAP | {"crm_map", "sync"},
    "following": MAP | {"crm_map", "notebook", "still_map"},
    "asking": MAP | {"analysis", "crm_map", "notebook", "slow", "still_map", "sync"},
    "standing_picture": MAP | {"crm_map", "formats", "notebook", "widget"},
    "still_map": MAP | {"crm_map", "widget"},
    "crm_map": MAP | BESIDE_THE_MAP | IN_THE_NOTEBOOK | {"view_commands"},
    "making": MAP | BESIDE_THE_MAP | {"autosaving", "catalog", "crm_map"},
    "reporting": MAP | {"analysis", "crm_map", "formats", "layout"},
    "report_command": MAP | {"analysis", "making", "reporting"},
    "demo_command": MAP | {"crm_map", "formats", "making"},
    "command_line": MAP | BESIDE_THE_MAP | {"catalog", "demo_command", "making", "report_command"},
}
EVERYTHING = {*MAY_IMPORT, "__init__"}

JS = ROOT / "js" / "src"
JS_STOREYS = {"generated": 0, "model": 1, "drawing": 2, "a11y": 2, "gestures": 3, "panels": 4, "host": 5}


def room_of(module: str) -> str:
    """`crmwidget.graph.live` is in the room `graph`; the package itself is `__init__`."""
    return [*module.split("."), "__init__"][1]


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every crmwidget module that a file imports, also inside functions and for types only."""
    package = dotted(path) if path.name == "__init__.py" else dotted(path).rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*parents, *filter(None, [node.module])])
            # `from crmwidget import errors` imports a room too.
            names = [f"{base}.{alias.name}" for alias in node.names] if base == "crmwidget" else [base]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name.split(".")[0] == "crmwidget")


@pytest.mark.parametrize("path", modules(), ids=dotted)
def test_a_room_imports_only_rooms_below_it(path: Path) -> None:
    room = room_of(dotted(path))
    allowed = EVERYTHING if room == "__init__" else MAY_IMPORT[room] | {room}
    wrong = [f"{path.name}:{line} imports {name}" for line, name in imported(path) if room_of(name) not in allowed]
    assert not wrong, f"{room} may import {sorted(allowed)}: {wrong}"


def test_every_room_has_its_storey() -> None:
    rooms = {room_of(dotted(path)) for path in modules()}
    assert rooms <= EVERYTHING, f"not in MAY_IMPORT: {sorted(rooms - EVERYTHING)}"


def test_only_the_widget_knows_anywidget() -> None:
    for path in modules():
        if room_of(dotted(path)) in {"widget", "crm_map"}:
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"^\s*(from|import) (anywidget|ipywidgets|traitlets)\b", text, re.MULTILINE), path


@pytest.mark.skipif(not JS.is_dir(), reason="the JS sources are not beside this test")
def test_a_js_folder_imports_only_folders_below_it() -> None:
    wrong = []
    for path in sorted([*JS.rglob("*.ts"), *JS.rglob("*.tsx")]):
        here = path.relative_to(JS).parts
        storey = JS_STOREYS[here[0]] if len(here) > 1 else max(JS_STOREYS.values()) + 1
        for target in re.findall(r"""(?:from|import)\s*\(?["'](\.[^"']*)["']""", path.read_text(encoding="utf-8")):
            there = (path.parent / target).resolve().relative_to(JS).parts
            if len(there) > 1 and there[0] != here[0] and JS_STOREYS[there[0]] >= storey:
                wrong.append(f"{'/'.join(here)} imports {target}")
    assert not wrong


def test_every_public_name_is_the_same_thing_when_asked_for_twice() -> None:
    crmwidget = importlib.import_module("crmwidget")
    first = {name: getattr(crmwidget, name) for name in crmwidget.__all__}
    # A module of the same name, imported in the meantime, would now stand in a name's place.
    for path in modules():
        importlib.import_module(dotted(path))
    second = {name: getattr(crmwidget, name) for name in crmwidget.__all__}
    assert [name for name in first if first[name] is not second[name]] == []


def test_no_public_name_is_that_of_a_room_unless_it_is_the_room() -> None:
    crmwidget = importlib.import_module("crmwidget")
    rooms = {p.stem for p in PACKAGE.iterdir() if p.suffix == ".py" or (p / "__init__.py").is_file()}
    shadowed = [
        name
        for name in crmwidget.__all__
        if name in rooms and getattr(crmwidget, name) is not sys.modules.get(f"crmwidget.{name}")
    ]
    assert shadowed == []


def test_public_names_are_listed_once_and_by_dir() -> None:
    crmwidget = importlib.import_module("crmwidget")
    assert len(set(crmwidget.__all__)) == len(crmwidget.__all__)
    assert set(crmwidget.__all__) <= set(dir(crmwidget))


def test_an_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        importlib.import_module("crmwidget").no_such_name  # noqa: B018


def test_importing_the_package_alone_loads_no_heavy_module() -> None:
    """Checked in a process of its own: here everything is loaded already."""
    program = "import sys, crmwidget; print(*sorted({'pandas', 'networkx', 'anywidget', 'IPython'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_in_a_kernel_what_the_first_map_needs_is_loaded_once_the_importing_cell_has_ended() -> None:
    program = (
        "import asyncio, sys, types\n"
        "sys.modules['ipykernel'] = types.ModuleType('ipykernel')\n"
        "needed = {'crmwidget.crm_map', 'crmwidget.view_commands', 'crmwidget.widget'}\n"
        "async def kernel():\n"
        "    import crmwidget\n"
        "    print(*sorted(needed & set(sys.modules)), sep=',')\n"
        "    while not needed <= set(sys.modules): await asyncio.sleep(0)\n"
        "asyncio.run(kernel())\n"
    )
    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert (ran.stdout, ran.stderr) == ("\n", "")


def test_no_module_needs_an_extra_to_be_imported() -> None:
    program = (
        "import sys\n"
        "for name in ('sqlalchemy', 'psycopg', 'pyspark', 'py4j', 'openpyxl', 'vl_convert'): sys.modules[name] = None\n"
        "import importlib\n"
        f"for name in {[dotted(path) for path in modules()]}: importlib.import_module(name)\n"
    )
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True)


@pytest.mark.parametrize("name", ["constraints.txt", "js/package-lock.json", "js/.npmrc", "pyproject.toml"])
def test_nothing_locked_names_where_it_was_downloaded(name: str) -> None:
    path = ROOT / name
    if not path.is_file():
        pytest.skip(f"{name} is not beside this test")
    text = path.read_text(encoding="utf-8")
    # Where to send thanks is no download address.
    text = re.sub(r'"funding": (\{[^}]*\}|\[[^\]]*\]|"[^"]*")', "", text)
    assert re.findall(r'"resolved"|\w+://\S+|--index-url|--find-links|registry\s*=', text) == []

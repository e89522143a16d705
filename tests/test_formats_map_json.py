"""The saved map: what was written is read, a bad file is refused with a reason, a failing write loses nothing."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_maps import maps

from crmwidget.errors import FileFormatError
from crmwidget.formats import map_json, whole_file
from crmwidget.formats.map_json import dumps, loads, read, write
from crmwidget.graph.elements import Elements
from crmwidget.vocabulary import LIMITS

FIXTURE = Path(__file__).parent / "fixtures" / "map_v1.json"
Edit = Callable[[dict[str, Any]], object]


def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(FIXTURE.read_text("utf-8"))
    return found


@given(maps())
@settings(deadline=None)
def test_a_map_comes_back_as_it_was_written_in_its_order(elements: Elements) -> None:
    text = dumps(elements)
    again = loads(text)
    if not elements.positions.get("lifecycle"):
        elements.positions.clear()
    assert again == elements
    assert (list(again.nodes), list(again.flows)) == (list(elements.nodes), list(elements.flows))
    assert dumps(again) == text


def test_the_file_of_version_1_still_opens_and_is_written_the_same() -> None:
    assert dumps(read(FIXTURE)) == FIXTURE.read_text("utf-8")
    nodes = read(FIXTURE).nodes
    assert nodes["lead"]["source_id"] == 7 and nodes["lead"]["review_date"].isoformat() == "2026-03-01"


def test_equal_maps_give_equal_bytes_whatever_the_order_of_their_attributes() -> None:
    one = Elements(
        attributes={"name": "x", "b": {"q": 1, "p": 2}, "a": 1}, nodes={"n": {"kind": "stage", "label": "n"}}
    )
    other = Elements(
        attributes={"a": 1, "b": {"p": 2, "q": 1}, "name": "x"}, nodes={"n": {"label": "n", "kind": "stage"}}
    )
    assert one == other and dumps(one) == dumps(other)


def broken(edit: Edit) -> str:
    found = document()
    edit(found)
    return json.dumps(found)


BAD_DOCUMENTS: dict[str, tuple[Edit, str]] = {
    "another format": (lambda d: d.update(format="drawio"), "'format' is 'drawio'"),
    "newer": (lambda d: d.update(version=2), "newer crmwidget .* upgrade"),
    "no version": (lambda d: d.pop("version"), "'version' is a whole number"),
    "version as text": (lambda d: d.update(version="1"), "'version' is a whole number"),
    "unknown key": (lambda d: d.update(node={}), "unknown key 'node'; did you mean 'nodes'"),
    "no nodes": (lambda d: d.pop("nodes"), "the key 'nodes' is missing"),
    "nodes as list": (lambda d: d.update(nodes=[]), "'nodes' must be an object"),
    "node as text": (lambda d: d["nodes"].update(lead="x"), "node 'lead' must be an object"),
    "unknown kind": (lambda d: d["nodes"]["lead"].update(kind="stge"), "unknown kind 'stge'; did you mean 'stage'"),
    "unknown flow kind": (lambda d: d["flows"]["f1"].update(kind="flwo"), "did you mean 'flow'"),
    "label as number": (lambda d: d["nodes"]["lead"].update(label=7), "'label' must be a text"),
    "label of 1 MB": (lambda d: d["nodes"]["lead"].update(label="x" * 1_000_000), "at most 500 characters"),
    "control character": (lambda d: d["nodes"]["lead"].update(label="a\x07b"), "control character"),
    "control character in an id": (
        lambda d: d["nodes"].update({"a\x00b": {"kind": "stage", "label": "x"}}),
        "cannot hold control characters",
    ),
    "wrong type": (lambda d: d["nodes"]["nurture"].update(capacity="four"), "'capacity' must be a number"),
    "no date": (lambda d: d["nodes"]["lead"].update(review_date="soon"), "'review_date' must be a date"),
    "unknown special value": (lambda d: d["nodes"]["lead"]["other"].update(x={"$dat": "1"}), r"did you mean '\$date'"),
    "too deep": (lambda d: d["nodes"]["lead"]["other"].update(x=json.loads("[" * 40 + "]" * 40)), "nested deeper"),
    "twice": (lambda d: d["nodes"]["lead"]["other"].update(owner="x"), "'owner' stands under 'other'"),
    "flow to nowhere": (lambda d: d["flows"]["f1"].update(target="nurtre"), "no node; did you mean 'nurture'"),
    "flow that may not be": (lambda d: d["flows"]["f1"].update(kind="data"), "breaks a rule"),
    "position of nothing": (
        lambda d: d["lenses"]["lifecycle"]["positions"].update(ghost={"x": 0, "y": 0}),
        "there is no such node",
    ),
    "position as text": (lambda d: d["lenses"]["lifecycle"]["positions"]["lead"].update(x="0"), "'x' must be a number"),
    "position far away": (
        lambda d: d["lenses"]["lifecycle"]["positions"]["lead"].update(x=1e300),
        "at most 10,000,000",
    ),
    "comment on nothing": (lambda d: d["comments"][0].update(on="ghost"), "which is no node"),
    "comments as object": (lambda d: d.update(comments={}), "'comments' must be a list"),
    "reply to nothing": (lambda d: d["comments"][0].update(reply_to="c9"), "breaks a rule: .* cannot reply to 'c9'"),
    "reply elsewhere": (
        lambda d: d["comments"].append({"id": "c2", "on": "crm", "text": "x", "reply_to": "c1"}),
        "a thread lies on one node",
    ),
    "resolved as text": (lambda d: d["comments"][0].update(resolved="yes"), "'resolved' must be true, or left out"),
    "not resolved": (lambda d: d["comments"][0].update(resolved=False), "'resolved' must be true, or left out"),
    "comment twice": (lambda d: d["comments"].append(d["comments"][0]), "stands twice"),
    "name twice": (lambda d: d["attributes"].update(name="x"), "again in 'attributes'"),
}


@pytest.mark.parametrize("case", BAD_DOCUMENTS)
def test_a_wrong_file_is_refused_with_what_is_wrong_in_it(case: str) -> None:
    edit, message = BAD_DOCUMENTS[case]
    with pytest.raises(FileFormatError, match=message):
        loads(broken(edit))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ("hello", "not JSON at line 1, column 1"),
        ("[]", "must be an object"),
        ('{"format": NaN}', "the file holds NaN"),
        ('{"format": -Infinity}', "the file holds -Infinity"),
        ('{"format": 1e999}', "the file holds '1e999'"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "key 'c' stands twice"),
        ("[" * 100_000, "nested too deep"),
        ('{"version": ' + "9" * 10_000 + "}", "not JSON that can be read"),
    ],
)
def test_a_text_that_is_no_map_is_refused(text: str, message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        loads(text)


def test_a_file_cut_off_anywhere_is_refused_and_nothing_else_is_raised() -> None:
    text = FIXTURE.read_text("utf-8").rstrip()
    for end in range(1, len(text), 7):
        with pytest.raises(FileFormatError):
            loads(text[:end])
    with pytest.raises(FileFormatError, match=r"cut off at line \d+, column \d+"):
        loads(text[: len(text) // 2])


@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_with_a_sentence(content: bytes) -> None:
    with pytest.raises(FileFormatError):
        loads(content.decode("utf-8", "replace"))


def test_a_file_that_is_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.crm.json"
    with path.open("wb") as file:
        file.truncate(LIMITS.file_bytes * 2)
    with pytest.raises(FileFormatError, match="at most 100,000,000 bytes"):
        read(path)


def test_a_file_that_is_not_text_names_itself(tmp_path: Path) -> None:
    path = tmp_path / "photo.crm.json"
    path.write_bytes(b"\x89PNG\xff")
    with pytest.raises(FileFormatError, match=r"photo\.crm\.json.*not UTF-8"):
        read(path)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "map.crm.json"
    path.write_bytes(b"\xef\xbb\xbf" + FIXTURE.read_bytes())
    assert read(path) == read(FIXTURE)


def test_writing_replaces_the_file_and_keeps_its_permissions_and_link(tmp_path: Path) -> None:
    path, link = tmp_path / "map.crm.json", tmp_path / "link.crm.json"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    write(read(FIXTURE), link)
    assert link.is_symlink() and read(path) == read(FIXTURE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["link.crm.json", "map.crm.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    path = tmp_path / "map.crm.json"
    path.write_text("old")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OSError, match="disk full"):
        write(read(FIXTURE), path)
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_a_map_that_could_not_be_read_again_is_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_file, "LIMITS", replace(LIMITS, file_bytes=100))
    with pytest.raises(FileFormatError, match="at most 100 bytes"):
        write(Elements(attributes={"name": "x" * 100}), tmp_path / "map.crm.json")
    assert list(tmp_path.iterdir()) == []


def test_a_map_with_a_value_that_json_has_not_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be written"):
        write(Elements(attributes={"name": "x", "rate": float("nan")}), tmp_path / "map.crm.json")
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_is_migrated_on_the_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_json, "VERSION", 2)
    monkeypatch.setitem(map_json.MIGRATIONS, 1, lambda old: {**old, "name": old["name"] + ", migrated"})
    assert loads(FIXTURE.read_text("utf-8")).attributes["name"] == "Sales, migrated"

"""Pictures of a map for readers without a notebook: SVG by itself, PNG and PDF by the extra `report`."""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import crmwidget as crm
from crmwidget.formats import rendered
from crmwidget.shown import Overlay

METHODS = ("to_svg", "to_png", "to_pdf")


@pytest.fixture
def m() -> crm.CrmMap:
    m = crm.from_text("Prospecting -> Qualification -> Demo -> Proposal -> Negotiation -> Won", name="Sales")
    m.attach(crm.samples.opportunities(400, seed=7), key="opportunity_id", stage="stage")
    m.show_metric("proposal", label="open", value=("amount", "sum"), unit="€")
    crm.conversion(m).show()
    return m


def pixels(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def words_of(picture: str) -> str:
    return " ".join(ElementTree.fromstring(picture).itertext())


def test_the_picture_is_the_one_that_stands_beside_the_canvas(m: crm.CrmMap) -> None:
    bundle: Any = m._repr_mimebundle_()
    assert m.to_svg() == bundle[0]["image/svg+xml"]


def test_the_painted_answer_is_chosen_by_its_name_or_left_away(m: crm.CrmMap) -> None:
    conversion = m.overlays["conversion"].title
    m.paint("later", Overlay("Painted later", "", None, {}, {}, [], None))
    assert "Painted later" in words_of(m.to_svg()) and conversion not in words_of(m.to_svg())
    assert conversion in words_of(m.to_svg(overlay="conversion"))
    plain = words_of(m.to_svg(overlay=False))
    assert "6 nodes · 5 flows" in plain and "€" in plain and conversion not in plain


def test_an_answer_that_is_not_painted_is_told_with_the_nearest(m: crm.CrmMap) -> None:
    with pytest.raises(crm.EditError, match=r"nothing is painted as 'convesion'.*conversion"):
        m.to_svg(overlay="convesion")
    with pytest.raises(crm.EditError, match=r"no answer is: crm\.conversion"):
        crm.CrmMap("Empty").to_png(overlay="conversion")


def test_an_unknown_theme_is_told_with_the_nearest(m: crm.CrmMap) -> None:
    with pytest.raises(crm.EditError, match="did you mean 'dark'"):
        m.to_pdf(theme="darc")


def test_what_lies_within_a_group_is_drawn_alone() -> None:
    m = crm.from_text("Lead -> Deal", name="Sales")
    m.add("group", "Closing")
    m.graph.nodes["deal"]["parent"] = "closing"
    said = words_of(m.to_svg(within="closing"))
    assert "Sales › Closing" in said and "Lead" not in said


def test_making_a_picture_is_no_step_and_writes_nothing_into_the_graph(m: crm.CrmMap) -> None:
    m.ensure_placed()
    revision, done = m.revision, len(m.history.done)
    for method in METHODS:
        getattr(m, method)()
    assert (m.revision, len(m.history.done)) == (revision, done)


@pytest.mark.parametrize("method", METHODS)
def test_a_file_holds_what_is_returned_without_one(m: crm.CrmMap, method: str, tmp_path: Path) -> None:
    content, path = getattr(m, method)(), tmp_path / "sales"
    assert getattr(m, method)(path) == path
    written = path.read_bytes()
    if method == "to_pdf":  # it says when it was made
        assert written[:8] == content[:8] and written.rstrip().endswith(b"%%EOF")
    else:
        assert written == (content.encode() if isinstance(content, str) else content)


@pytest.mark.parametrize("scale", [0.5, 1, 2, 3.25])
def test_a_png_has_scale_times_the_pixels_of_the_picture(m: crm.CrmMap, scale: float) -> None:
    root = ElementTree.fromstring(m.to_svg())
    wanted = [float(root.attrib[side]) * scale for side in ("width", "height")]
    assert pixels(m.to_png(scale=scale)) == pytest.approx(wanted, abs=1)


@pytest.mark.parametrize("scale", [0, -1, float("nan"), float("inf"), "2", True, None])
def test_a_scale_that_is_no_number_above_zero_is_refused(m: crm.CrmMap, scale: Any) -> None:
    with pytest.raises(crm.EditError, match="scale= is a number above 0"):
        m.to_png(scale=scale)


def test_a_png_beyond_all_memory_is_refused_with_the_scale_that_fits(m: crm.CrmMap) -> None:
    with pytest.raises(crm.EditError, match=r"at most 100,000,000 fit, which is scale=\d+"):
        m.to_png(scale=100)


def test_titles_are_bold_in_png_too(m: crm.CrmMap) -> None:
    picture = m.to_svg()
    assert rendered.to_png(picture) != rendered.to_png(picture.replace(' font-weight="650"', ""))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_map_without_nodes_and_one_with_hostile_names_have_pictures_too(theme: str) -> None:
    hostile = crm.CrmMap('<script>alert(1)</script> "&amp;" font-weight="650"')
    hostile.add_stage("]]> \u202e <b>")
    for m in (crm.CrmMap("Empty"), hostile):
        assert m.to_png(theme=theme).startswith(b"\x89PNG")
        assert m.to_pdf(theme=theme).startswith(b"%PDF-")


@pytest.mark.parametrize("method", ["to_png", "to_pdf"])
def test_without_the_extra_the_error_names_it(m: crm.CrmMap, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(crm.MissingExtraError, match=r"pip install 'crmwidget\[report\]'"):
        getattr(m, method)()
    assert m.to_svg().startswith("<svg ")

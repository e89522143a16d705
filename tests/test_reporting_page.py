"""The page of a report: anyone can read it, and what it says is whole and no more than may be told."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pandas as pd
import pytest
from report_reading import Read, secret_map, voted_map

import crmwidget as crm
from crmwidget.analysis import registry
from crmwidget.data.privacy import count_text

COUNTED = re.compile(r"\d (open )?(cases|opportunities|rows)")


@pytest.fixture(scope="module")
def sales() -> crm.CrmMap:
    return voted_map()


@pytest.fixture(scope="module")
def made(sales: crm.CrmMap) -> Any:
    return crm.report(sales)


@pytest.fixture(scope="module")
def read(made: Any) -> Read:
    return Read(made.html)


# ---- a page that anyone can read -------------------------------------------------------------------


def test_a_report_has_a_language_headings_in_order_captions_scopes_and_alternatives(read: Read) -> None:
    assert read.tags("html")[0].attributes["lang"] == "en"
    levels = [int(heading.tag[1]) for heading in read.tags("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    for table in read.tags("table"):
        (caption,) = read.within(table, "caption")
        assert caption.text.strip()
        assert all(cell.attributes["scope"] in ("col", "row") for cell in read.within(table, "th"))
        widths = {len(row) for row in read.rows(table)}
        assert len(widths) == 1
    assert read.tags("table") and read.tags("img")
    for picture in read.tags("img"):
        assert picture.attributes["alt"].startswith("Chart: ")
    for section in read.tags("section"):
        assert section.attributes["aria-labelledby"] in {h.attributes.get("id") for h in read.tags("h2")}


def test_every_link_leads_to_a_place_of_the_page_and_every_place_is_there_once(read: Read) -> None:
    ids = [one.attributes["id"] for one in read.all if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    targets = [one.attributes["href"] for one in read.all if "href" in one.attributes]
    assert len(targets) > 50 and all(target.startswith("#") and target[1:] in ids for target in targets)
    labelled = [one.attributes["aria-labelledby"] for one in read.all if "aria-labelledby" in one.attributes]
    assert set(labelled) <= set(ids)


def test_a_report_has_nothing_to_fetch_and_nothing_to_run_and_its_policy_would_let_nothing_in(
    read: Read, made: Any
) -> None:
    assert {one.tag for one in read.all} <= {
        *("html", "head", "meta", "title", "style", "body", "main", "header", "nav", "section", "figure", "figcaption"),
        *("h1", "h2", "h3", "p", "ul", "li", "a", "div", "span", "strong", "b", "dl", "dt", "dd", "img"),
        *("table", "caption", "thead", "tbody", "tr", "th", "td"),
        *("svg", "desc", "g", "rect", "path", "text", "tspan", "polyline"),
    }
    assert not any(name.startswith("on") or name == "style" for one in read.all for name in one.attributes)
    assert all(one.attributes["src"].startswith("data:image/svg+xml,") for one in read.tags("img"))
    page = unquote(made.html)
    assert set(re.findall(r"\w+://[^\"'\s<&]*", page)) == {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert "@import" not in page and not re.search(r"url\((?!#)", page)
    digest = base64.b64encode(hashlib.sha256(read.tags("style")[0].text.encode()).digest()).decode()
    policy = next(one.attributes["content"] for one in read.tags("meta") if "http-equiv" in one.attributes)
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def test_its_pictures_are_whole_and_there_in_light_and_dark(read: Read, made: Any) -> None:
    charts = [unquote(one.attributes["src"].partition(",")[2]) for one in read.tags("img")]
    maps = re.findall(r"<svg .*?</svg>", made.html, re.DOTALL)
    assert len(maps) == 3 and len(charts) % 2 == 0
    for picture in (*charts, *maps):
        ElementTree.fromstring(picture)
    for name in ("light", "dark"):
        assert len(read.of_class(name)) == 1 + len(charts) // 2


def test_the_same_map_gives_the_same_bytes_whatever_the_process() -> None:
    program = (
        "import sys; sys.path.insert(0, 'tests')\n"
        "from report_reading import secret_map, crm\n"
        "m = secret_map(100)\n"
        "sys.stdout.buffer.write(crm.report(m, ['rework', 'bottlenecks', 'conformance', 'kpis']).html.encode())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": "."}
    root = Path(__file__).parent.parent
    ran = subprocess.run([sys.executable, "-c", program], cwd=root, env=environment, capture_output=True)
    assert ran.returncode == 0, ran.stderr.decode()
    here = crm.report(secret_map(100), ["rework", "bottlenecks", "conformance", "kpis"]).html
    assert ran.stdout == here.encode() and len(here) > 30_000


def test_asking_again_gives_the_same_page_and_leaves_the_map_as_it_was(sales: crm.CrmMap, made: Any) -> None:
    revision, painted = sales.revision, dict(sales.overlays)
    assert crm.report(sales).html == made.html
    assert (sales.revision, dict(sales.overlays)) == (revision, painted)


# ---- whole truths ------------------------------------------------------------------------------------


def test_every_question_says_how_much_it_is_of(read: Read) -> None:
    titles = [question.title for question in registry.questions().values() if question.origin.startswith("crmwidget.")]
    for title in titles:
        section = read.section(title)
        bases = [one.text for one in read.within(section, "p") if one.attributes.get("class") == "base"]
        assert len(bases) == 1 and COUNTED.search(bases[0]), title
        for caption in read.within(section, "caption"):
            assert COUNTED.search(caption.text), title


def test_every_share_in_a_table_stands_beside_the_count_that_it_is_of(sales: crm.CrmMap, read: Read) -> None:
    n_shares = 0
    for name, question in registry.questions().items():
        tables = read.within(read.section(question.title), "table")
        for cells in (row for table in tables for row in read.rows(table)[1:]):
            shares = [cell for cell in cells[1:] if re.fullmatch(r"[\d.]+\u202f%", cell)]
            counts = [cell for cell in cells[1:] if re.fullmatch(r"[\d\u202f]+|<5", cell)]
            n_shares += len(shares)
            assert counts or not shares, (name, cells)
    assert n_shares > 50
    # Of the figures over periods it is the base of the period that is shown.
    kpis = crm.kpis(sales)
    (table,) = read.within(read.section("Performance against targets"), "table")
    head, *rows = read.rows(table)
    assert head[:4] == ["Stage", "Figure", "Of", "Latest"]
    public = pd.DataFrame(kpis.to_dict()["rows"])
    for label, figure, base, *_ in rows:
        known = public[(public["label"] == label) & (public["kpi"] == figure) & public["value"].notna()]
        n_base = known["n_base"].iloc[-1]
        assert base == ("–" if pd.isna(n_base) else count_text(int(n_base)))


def test_the_numbers_at_the_beginning_are_those_of_the_log_each_with_what_it_is_of(
    sales: crm.CrmMap, read: Read
) -> None:
    tiles = [one for one in read.tags("div") if read.within(one, "dt") and one.attributes == {}]
    told = {
        read.within(tile, "dt")[0].text: [dd.text.replace("\u202f", "") for dd in read.within(tile, "dd")]
        for tile in tiles
    }
    events = sales.logs["log"].log.to_frame()
    last = events.groupby("case", sort=False)["activity"].last()
    first_at, last_at = (getattr(events.groupby("case")["timestamp"], how)() for how in ("min", "max"))
    closed = last.isin(["Won", "Lost"])
    n, n_closed, n_won = len(last), int(closed.sum()), int((last == "Won").sum())
    days = (last_at - first_at)[closed[closed].index].median() / pd.Timedelta(days=1)
    assert told["Cases"] == [str(n), f"with {len(events)} events"]
    assert told["Closed"] == [f"{100 * n_closed / n:.3g}%", f"{n_closed} of {n} cases"]
    assert told["Won"] == [f"{100 * n_won / n_closed:.3g}%", f"{n_won} of {n_closed} closed"]
    assert told["Throughput time"] == [f"{days:.3g}d", f"median of {n_closed} closed cases"]
    assert told["Rows"] == ["300", "in the table “deals”, one per opportunity_id"]
    assert read.of_class("of")[0].text == "Data of January to October 2025 · 300 cases"


def test_every_node_that_a_finding_speaks_of_is_linked_from_it_and_links_back(sales: crm.CrmMap, read: Read) -> None:
    by_id = {one.attributes["id"]: one for one in read.all if "id" in one.attributes}
    n_checked = 0
    for place, (name, _) in enumerate(registry.questions().items()):
        for n, finding in enumerate(registry.ask(sales, name).findings):
            anchor = f"finding-{place + 1}-{n + 1}"
            told = by_id[anchor]
            assert finding.sentence in told.text and finding.evidence in told.text
            ends = [sales.graph.edges[e] for e in sales.graph.edges(keys=True) if e[2] in finding.flows]
            assert len(ends) == len(finding.flows)
            targets = {link.attributes["href"] for link in read.within(told, "a")}
            for node in finding.nodes:
                assert f"#node-{node}" in targets
                back = {link.attributes["href"] for link in read.within(by_id[f"node-{node}"], "a")}
                assert {f"#{anchor}", f"#map-{node}"} <= back
                assert by_id[f"map-{node}"].attributes["href"] == f"#node-{node}"
                n_checked += 1
    assert n_checked > 20


def test_a_place_in_the_picture_lies_on_the_card_of_its_node(sales: crm.CrmMap, made: Any) -> None:
    layers = re.findall(r"<svg .*?</svg>", made.html, re.DOTALL)
    light, _, places = map(ElementTree.fromstring, layers)
    assert light.get("viewBox") == places.get("viewBox")
    space = "{http://www.w3.org/2000/svg}"
    for link in places.iter(f"{space}a"):
        node = link.get("id", "").removeprefix("map-")
        (rect,) = link
        x, y = sales.positions[node]
        assert abs(float(rect.get("x", 0)) + float(rect.get("width", 0)) / 2 - x) < 0.2
        assert abs(float(rect.get("y", 0)) + float(rect.get("height", 0)) / 2 - y) < 0.2


def test_no_row_of_a_table_or_a_log_is_in_any_byte(made: Any) -> None:
    for text in (
        made.html,
        unquote(made.html),
        made._repr_html_(),
        repr(made),
        made.plan.to_csv(),
        made.findings.to_csv(),
    ):
        assert "ZoraQuill" not in text and "private.example" not in text
    assert "@" not in re.sub(r"@media|@page|@bottom-right", "", unquote(made.html))


def test_what_is_too_small_to_be_told_is_not_told_at_the_beginning_either() -> None:
    def lost(n_lost: int, n_open: int) -> list[str]:
        endings = ["Won"] * (40 - n_lost - n_open) + ["Lost"] * n_lost + ["Offer"] * n_open
        rows = [
            {"case": i, "what": what, "at": pd.Timestamp("2026-01-01") + pd.Timedelta(days=day)}
            for i, end in enumerate(endings)
            for day, what in enumerate(("Lead", end))
        ]
        m = crm.from_text("Lead -> Offer -> Won", name="Small")
        ends = sorted({*endings} - {"Offer"})
        m.attach(crm.EventLog(pd.DataFrame(rows), case="case", activity="what", timestamp="at", ends=ends))
        read = Read(crm.report(m, ["flows"]).html)
        return [one.text.replace("\u202f", " ") for one in read.tags("dd")]

    assert lost(10, 0)[4:6] == ["75 %", "30 of 40 closed"]
    assert lost(3, 0)[4:6] == ["…", "of 40 closed; too few to be told apart"]
    assert lost(10, 2)[2:4] == ["…", "of 40 cases; too few to be told apart"]
    assert lost(0, 3) == ["40", "with 80 events", "…", "of 40 cases; too few to be told apart"]
    assert not any("37" in text for text in lost(3, 0))

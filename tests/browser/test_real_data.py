"""The main job on real input: 8 800 opportunities, mapped, attached, asked and edited in JupyterLab."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from lab import Notebook
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_the_main_job_on_real_opportunities(
    real_data: Path, notebook: Callable[[Sequence[str]], Notebook], shots: Path
) -> None:
    folder = real_data / "crm_opportunities"
    nb = notebook(
        [
            f"""
import pandas as pd
import crmwidget as crm
deals = pd.read_csv(r"{folder / "sales_pipeline.csv"}", parse_dates=["engage_date", "close_date"])
products = pd.read_csv(r"{folder / "products.csv"}")
accounts = pd.read_csv(r"{folder / "accounts.csv"}")
m = crm.CrmMap("Hardware sales")
m.add_stage("Prospecting", team="Sales")
m.add_stage("Engaging", team="Sales")
m.add("end", "Won", outcome="won")
m.add("end", "Lost", outcome="lost")
for source, target in (("prospecting", "engaging"), ("engaging", "won"), ("engaging", "lost")):
    m.add_flow(source, target)
m.attach(deals, key="opportunity_id", stage="deal_stage", name="opportunities")
m.attach(accounts, to="engaging", key="account", name="accounts")
m.attach(products, to="engaging", key="product", name="products")
m.show_metric("won", label="won", value=("close_value", "sum"), unit="$", table="opportunities", over="close_date")
m.show_metric("engaging", label="no account", value=lambda rows: rows["account"].isna().mean() * 100, unit="%",
              table="opportunities")
""",
            "m",
        ]
    )
    nb.run_all(2)
    facts = "[len(deals), int(deals.account.isna().sum()), int(deals.engage_date.isna().sum()), len(m.tables)]"
    assert nb.value(facts) == [8800, 1425, 500, 3]
    assert nb.value("sorted(set(deals['product']) - set(products['product']))") == ["GTXPro"]
    assert nb.value("'technolgy' in set(accounts['sector'])") is True
    view = nb.view()
    view.show()
    view.locator("button").filter(has_text="Ask the map").click()
    view.locator("[role=menuitem], .crm-item").filter(has_text="onversion").first.click()
    view.until("v.store.overlays.has('conversion')")
    view.locator(".crm-legend").wait_for()
    side = view.locator(".crm-side")
    side.wait_for()
    expect(side).to_contain_text(re.compile("8[\u202f ]800"))
    row = "crm.conversion(m).table.set_index('node').loc[{!r}, {!r}].round(4).tolist()"
    assert nb.value(row.format("prospecting", ["n_entered", "n_forward", "n_open"])) == [8800, 8300, 500]
    engaging = nb.value(row.format("engaging", ["n_entered", "n_won", "n_lost", "n_open"]))
    assert engaging == [8300, 4238, 2473, 1589]
    assert nb.value(row.format("engaging", ["won_of_entered", "win_rate_of_closed"])) == [0.5106, 0.6315]
    assert nb.value(row.format("engaging", ["won_amount"])) == [10005534.0]

    # The analyst goes on with the mouse: moves, renames, draws a new way out; the data stays and is asked again.
    k = view.js("v.surface.camera.k")
    x, y = view.at("lost", 0, -0.3)
    view.drag((x, y), (x, y + 80 * k))
    view.page.mouse.dblclick(*view.at("engaging", 0, -0.6))
    view.page.keyboard.press("Control+a")
    view.page.keyboard.type("Engaging the customer")
    view.page.keyboard.press("Enter")
    nb.await_value("m.graph.nodes['engaging']['label']", "Engaging the customer")
    view.page.keyboard.press("Escape")
    view.page.mouse.move(*view.at("prospecting", 0, -0.3))
    view.drag(view.at("prospecting", 0, 1), view.at("lost", 0, 0.2))
    view.until("[...v.store.flows.values()].some(f => f.source === 'prospecting' && f.target === 'lost')")
    view.settled()
    view.host.screenshot(path=str(shots / "real-opportunities.png"))
    assert nb.value("m.graph.has_edge('prospecting', 'lost')") is True
    # Lost can now be reached from two stages: where those 2 473 were lost is no longer known, and it says so.
    table = "crm.conversion(m).table.set_index('node')"
    assert nb.value(f"{table}.loc['engaging', ['n_won', 'n_lost']].tolist()") == [4238, 0]
    assert nb.value(f"int({table}.loc['prospecting', 'n_lost'])") == 2473


def test_an_event_log_goes_from_its_file_to_painted_bottlenecks(
    real_data: Path, notebook: Callable[[Sequence[str]], Notebook], shots: Path
) -> None:
    nb = notebook(
        [
            f"""
import crmwidget as crm
log = crm.EventLog(r"{real_data / "eventlogs" / "receipt.csv"}", case="case:concept:name",
                   activity="concept:name", timestamp="time:timestamp")
m = crm.discover(log, name="Permits", coverage=0.9)
print(m.logs["log"].unmatched, len(crm.flows(m).table))
""",
            "m",
        ]
    )
    nb.run_all(2)
    view = nb.view()
    view.show()
    view.locator("button").filter(has_text="Ask the map").click()
    view.locator("[role=menuitem], .crm-item").filter(has_text="Bottlenecks").first.click()
    view.until("v.store.overlays.has('bottlenecks')")
    view.locator(".crm-legend").wait_for()
    expected = nb.value("[f.sentence for f in crm.bottlenecks(m).findings]")
    assert "takes the most time" in expected[0]
    finding = view.locator(".crm-side").get_by_text(expected[0])
    finding.wait_for()
    finding.click()
    worst = nb.value("list(crm.bottlenecks(m).findings[0].nodes)")
    view.until("v.view.session.nodes.has(arg)", worst[0])
    view.settled()
    view.host.screenshot(path=str(shots / "real-bottlenecks.png"))


def test_opportunities_without_a_date_are_told_as_such(
    real_data: Path, notebook: Callable[[Sequence[str]], Notebook]
) -> None:
    nb = notebook(
        [
            f"""
import crmwidget as crm
log = crm.EventLog.from_stage_dates(
    r"{real_data / "crm_opportunities" / "sales_pipeline.csv"}", case="opportunity_id",
    stages={{"engage_date": "Engaging"}}, closed="close_date", outcome="deal_stage",
)
log.issues["sentence"].to_list()
""",
            "m = crm.discover(log); m",
        ]
    )
    nb.run_all(2)
    expect(nb.page.locator(".jp-OutputArea-output").first).to_contain_text(
        "500 cases without any event that has a time"
    )
    view = nb.view()
    assert {"Engaging", "Won", "Lost"} <= set(view.labels().values())
    assert nb.value("[log.n_cases, int(log.issues.set_index('issue').loc['undated_case', 'n_cases'])]") == [8300, 500]

"""Cells that make maps of any size, with real names, figures, labels and a painted answer."""

from __future__ import annotations

SALES = """
import crmwidget as crm
m = crm.CrmMap("Sales")
for label in ("Lead", "Qualified", "Deal"):
    m.add_stage(label, owner="Sales")
m.add_flow("lead", "qualified", label="62 %")
m.add_flow("qualified", "deal")
for i, node in enumerate(("lead", "qualified", "deal")):
    m.move(node, 352 * i, 0)
m.history.done.clear()
"""


def cell(n: int, *, height: int = 700, figures: bool = True, paint: bool = False) -> str:
    """Python that makes `m`: n nodes in layers, about 1.5 flows a node, some of them leading back."""
    return f"""
import random
import pandas as pd
import crmwidget as crm
r = random.Random(7)
words = ["Lead intake", "Qualify", "Discovery call", "Proposal", "Negotiation", "Contract sign", "Onboarding",
         "First invoice", "Renewal", "Upsell offer", "Churn risk review", "Support case"]
teams = ["Marketing", "Sales", "Success", "Finance"]
tools = dict(zip(teams, ["HubSpot", "Salesforce", "Zendesk", "SAP"]))
m = crm.CrmMap("Map of {n}")
ids = []
with m.edit("build"):
    for i in range({n}):
        team = teams[i * 4 // {n}]
        label = words[i % 12] + ("" if {n} <= 12 else f" {{i}}")
        ids.append(m.add("stage", label, team=team, systems=[tools[team]], objective="Get on with it, and well"))
    for i in range(1, {n}):
        m.add_flow(ids[max(0, i - 1 - r.randrange(max(3, {n} // 12)))], ids[i], volume=r.randrange(10, 9000))
    for _ in range({n} // 2):
        a = r.randrange({n}); b = min({n} - 1, a + 1 + r.randrange(6))
        if r.random() < 0.15: a, b = b, a
        if a != b: m.add_flow(ids[a], ids[b], label=f"{{r.randrange(10, 99)}} %")
if {figures}:
    for node in ids[:200]:
        rows = pd.DataFrame({{"amount": [r.random() * 9000 for _ in range(30)],
                              "at": pd.date_range("2026-01-01", periods=30, freq="6D")}})
        m.attach(rows, to=node, name=f"rows of {{node}}")
        m.show_metric(node, label="pipeline", value=("amount", "sum"), unit="€", target=150_000, over="at")
if {paint}:
    heat = {{node: crm.shown.Paint(heat=r.random(), text=f"{{r.randrange(99)}} %") for node in ids}}
    m.paint("wait", crm.shown.Overlay("Waiting time", "Invented for a picture",
        crm.shown.Legend("Share of waiting time", "%", ["0", "30", "60"]), heat, {{}}, [], None))
m.widget.height = {height}
m.history.done.clear()
"""

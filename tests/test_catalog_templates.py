"""The templates hold exactly what they promise."""

from __future__ import annotations

from itertools import pairwise

import pytest

from crmwidget.catalog import build, templates
from crmwidget.errors import EditError
from crmwidget.formats.table import to_frame
from crmwidget.graph.values import admit
from crmwidget.vocabulary import NODE_KINDS

LIFECYCLE = [
    ("lead_generation", "Lead generation and prospecting", 3),
    ("nurture", "Lead nurture and qualification", 3),
    ("opportunity", "Opportunity management", 4),
    ("pipeline", "Sales pipeline management", 3),
    ("onboarding", "Customer onboarding", 3),
    ("support", "Customer support and service", 3),
    ("cross_sell", "Cross-selling and upselling", 2),
]


def test_the_lifecycle_has_its_seven_stages_with_objective_and_activities() -> None:
    nodes = build("lifecycle").nodes
    assert [(node, a["label"], len(a["actions"])) for node, a in nodes.items()] == LIFECYCLE
    assert all(a["kind"] == "stage" and a["objective"] for a in nodes.values())
    assert nodes["opportunity"]["actions"] == (
        "needs discovery",
        "product demonstrations",
        "negotiation",
        "proposal creation",
    )


def test_the_lifecycle_loops_back_into_opportunities() -> None:
    ids = [node for node, _, _ in LIFECYCLE]
    flows = [(flow["source"], flow["target"]) for flow in build("lifecycle").flows.values()]
    assert flows == [*pairwise(ids), ("cross_sell", "opportunity")]


def test_the_process_table_is_the_reference_table() -> None:
    table = to_frame(build("process_table"))
    assert list(table.columns) == ["Stage", "Description", "Actions"]
    assert len(table) == 7
    assert list(table.iloc[0]) == [
        "Lead Generation",
        "Identify potential customers",
        "Marketing campaigns, SEO, social media",
    ]
    assert list(table.iloc[6]) == [
        "Retention and Upselling",
        "Retain customers and increase revenue",
        "CRM software, loyalty programs, upselling campaigns",
    ]


@pytest.mark.parametrize("name", templates())
def test_a_template_obeys_the_vocabulary_and_is_built_anew_each_time(name: str) -> None:
    first, second = build(name), build(name)
    assert first == second and first.nodes is not second.nodes
    assert first.attributes["name"] == templates()[name]
    for attributes in first.nodes.values():
        assert set(attributes) <= {"kind", *NODE_KINDS[attributes["kind"]].attributes}
        assert all(admit(key, value, on="node") == value for key, value in attributes.items())


def test_an_unknown_template_is_refused_with_the_nearest() -> None:
    with pytest.raises(EditError, match="did you mean 'lifecycle'"):
        build("lifecylce")

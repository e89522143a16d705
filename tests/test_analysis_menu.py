"""The list of questions that is known before their modules are loaded is the one that the modules themselves give."""

from __future__ import annotations

import subprocess
import sys

import pytest

import crmwidget as crm
from crmwidget.analysis import menu, registry

# In a process of its own, where nothing has loaded the questions yet.
SHOWN = """
import sys
import crmwidget as crm

m = crm.template("lifecycle")
m.widget
m._repr_mimebundle_()
print(*sorted({"pandas", "duckdb", "crmwidget.analysis.registry"} & set(sys.modules)))
"""


def empty() -> crm.CrmMap:
    return crm.CrmMap("Empty")


def drawn() -> crm.CrmMap:
    return crm.from_text("Lead -> Won")


def voted() -> crm.CrmMap:
    m = drawn()
    m.vote("lead", by="Ada")
    return m


@pytest.mark.parametrize("make", [empty, drawn, voted])
def test_the_list_of_a_map_without_data_is_what_the_questions_themselves_say(make: type[crm.CrmMap]) -> None:
    m = make()
    m.flush()
    built_in = {name: q for name, q in registry.questions().items() if q.origin.startswith("crmwidget.")}
    said = [(name, q.title, q.group, registry.missing(m, name)) for name, q in built_in.items()]
    assert [tuple(question) for question in menu.listed_without_data(m)] == said


def test_a_question_of_ones_own_and_what_data_allow_are_listed() -> None:
    import pandas as pd

    m = drawn()
    m.attach(pd.DataFrame({"stage": ["Lead", "Won"]}), stage="stage")
    assert {q.name: q.missing for q in menu.listed(m)}["conversion"] == ""

    @crm.question(title="Mine")
    def mine(m: crm.CrmMap) -> crm.Result:
        raise NotImplementedError

    try:
        assert ("mine", "Mine", "own", "") in menu.listed(drawn())
    finally:
        registry.forget("mine")


def test_a_map_without_data_is_shown_without_loading_what_questions_need() -> None:
    done = subprocess.run([sys.executable, "-c", SHOWN], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""

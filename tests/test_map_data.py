"""Figures on cards: they follow their tables and the locale, and rows stay in the kernel."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from small_maps import lead_and_deal

import crmwidget as crm


@pytest.fixture
def m() -> crm.CrmMap:
    return lead_and_deal()


def test_figures_follow_their_table_and_rows_stay_in_the_kernel(m: crm.CrmMap) -> None:
    frame = pd.DataFrame({"id": range(10), "amount": [10.0] * 10, "who": ["secret@example.com"] * 10})
    m.attach(frame, to="lead", key="id", name="leads")
    m.show_metric("lead", label="amount", value=("amount", "sum"), unit="€", target=200)
    figure = m.cards["lead"].figures[0]
    assert (figure.value, figure.progress, figure.status) == (100.0, 0.5, "bad")
    assert m.cards["lead"].tables == ["leads"]
    document = json.dumps(m.widget.session.document()) + repr(m.tables) + json.dumps(m._repr_mimebundle_()[0])
    assert "secret" not in document
    m.detach("leads")
    m.attach(pd.concat([frame, frame]).reset_index(), to="lead", name="leads")
    assert m.cards["lead"].figures[0].value == 200.0


def test_a_locale_writes_figures_and_painted_answers_anew_and_the_house_style_comes_back(m: crm.CrmMap) -> None:
    m.add("end", "Lost", outcome="lost")
    m.add_flow("lead", "lost")
    frame = pd.DataFrame({"stage": ["Deal"] * 1500 + ["Lost"] * 500, "amount": [10.0] * 2000})
    m.attach(frame, stage="stage", name="deals")
    m.show_metric("deal", label="worth", value=("amount", "sum"), unit="€")
    result = crm.conversion(m).show()
    house = m.cards["deal"].figures[0].text, m.overlays["conversion"], result.findings
    assert house[0] == "€\u202f15\u202f000"
    m.widget.locale = "de-DE"
    assert m.cards["deal"].figures[0].text == "15.000\u00a0€"
    assert m.overlays["conversion"].nodes["lead"].text == "2.000 · 25\u00a0% lost"
    assert "25\u00a0%" in result.findings[0].sentence and "2.000" in result._repr_html_()
    assert m.widget.session.document()["cards"]["deal"]["figures"][0]["text"] == "15.000\u00a0€"
    m.update("f1", volume=1234, label=None)
    result.hide()
    assert "15.000" in m._picture() and "1.234" in m._picture()
    result.show()
    m.update("lead", label="Leads")
    m.widget.locale = ""
    assert (m.cards["deal"].figures[0].text, m.overlays["conversion"].nodes["lead"].text) == (
        house[0],
        house[1].nodes["lead"].text,
    )
    result.hide()
    m.write_in("en_US")
    assert m.widget.locale == "en-US" and "conversion" not in m.overlays
    assert m.cards["deal"].figures[0].text == "€15,000"
    first = m.widget
    first.close()
    assert m.widget.locale == "en-US"


def test_an_answer_that_has_none_any_more_stays_when_the_locale_changes(m: crm.CrmMap) -> None:
    m.attach(pd.DataFrame({"stage": ["Deal"] * 9}), stage="stage", name="deals")
    crm.conversion(m).show()
    before = m.overlays["conversion"]
    m.detach("deals")
    m.widget.locale = "fr-FR"
    assert m.overlays == {"conversion": before}


def test_a_question_that_fails_when_it_is_asked_anew_is_told_and_its_answer_stays(m: crm.CrmMap) -> None:
    from crmwidget.analysis import registry

    calls: list[str] = []

    @crm.question(title="Once")
    def once(m: crm.CrmMap) -> crm.Result:
        calls.append(m.locale)
        return crm.Result("once", "Once", pd.DataFrame({"a": [1 / (len(calls) < 2)]}))

    once(m).show()
    before = dict(m.overlays)
    with pytest.warns(RuntimeWarning, match="'once' failed"):
        m.widget.locale = "fr-FR"
    assert calls == ["", "fr-FR"] and m.overlays == before
    registry.forget("once")


def test_an_unknown_locale_is_refused_and_what_was_set_stays(m: crm.CrmMap) -> None:
    from traitlets import TraitError

    m.widget.locale = "de-DE"
    with pytest.raises(TraitError, match="there is no locale 'xx-YY'"):
        m.widget.locale = "xx-YY"
    with pytest.raises(crm.EditError, match="there is no locale"):
        m.write_in("german")
    assert (m.widget.locale, m.locale) == ("de-DE", "de-DE")


def test_a_card_has_room_for_three_figures(m: crm.CrmMap) -> None:
    m.attach(pd.DataFrame({"a": range(9)}), to="lead")
    for label in ("one", "two", "three", "three"):
        m.show_metric("lead", label=label, value="count")
    with pytest.raises(crm.DataError, match="at most 3 figures"):
        m.show_metric("lead", label="four", value="count")
    m.hide_metric("lead", "one")
    assert [f.label for f in m.cards["lead"].figures] == ["two", "three"]
